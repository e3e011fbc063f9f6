package bench

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

// Line is one figure: what was measured, what it is held against, and what it
// should reach. Verdict is "reached", "MISSED" or "" where nothing is asked.
type Line struct{ What, Figure, Beside, Target, Verdict string }

// Table is the outcome of a run.
type Table struct {
	lines []Line
	where string // on which machine it ran, and how much of it others took
}

func (t *Table) heading(what string) { t.lines = append(t.lines, Line{What: "\n" + what}) }

// note adds a figure of which nothing is asked.
func (t *Table) note(what, figure, beside string) {
	t.lines = append(t.lines, Line{What: what, Figure: figure, Beside: beside})
}

// claim adds a figure with what it should reach.
func (t *Table) claim(what, figure, beside, target string, reached bool) {
	verdict := "MISSED"
	if reached {
		verdict = "reached"
	}
	t.lines = append(t.lines, Line{what, figure, beside, target, verdict})
}

// Missed counts the figures that should be better.
func (t *Table) Missed() (n int) {
	for _, l := range t.lines {
		if l.Verdict == "MISSED" {
			n++
		}
	}
	return n
}

// Write prints the table with its columns in line.
func (t *Table) Write(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, l := range t.lines {
		if strings.HasPrefix(l.What, "\n") {
			fmt.Fprintf(tw, "\n%s\tmeasured\tbeside\tto reach\t\n", strings.ToUpper(l.What[1:]))
			continue
		}
		fmt.Fprintf(tw, "  %s\t%s\t%s\t%s\t%s\n", l.What, l.Figure, l.Beside, l.Target, l.Verdict)
	}
	return tw.Flush()
}

// Append adds what the run promises to a history of runs, a line for each figure: when and of
// which state of the program, how and on which machine it was measured.
func (t *Table) Append(file string, at time.Time, state, how string) error {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	under := ""
	for _, l := range t.lines {
		if strings.HasPrefix(l.What, "\n") {
			under = l.What[1:]
		}
		if l.Verdict != "" {
			_, err = fmt.Fprintln(f, strings.Join([]string{at.UTC().Format("2006-01-02 15:04"), state, how, t.where, under + ": " + strings.TrimSpace(l.What), l.Figure, l.Beside, l.Target, l.Verdict}, "\t"))
		}
		if err != nil {
			break
		}
	}
	return errors.Join(err, f.Close())
}

func ms(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.2f ms", d.Seconds()*1000)
	}
	return fmt.Sprintf("%.0f ms", d.Seconds()*1000)
}

func rate(perSecond float64) string {
	if perSecond < 100 {
		return fmt.Sprintf("%.1f/s", perSecond)
	}
	return fmt.Sprintf("%.0f/s", perSecond)
}
