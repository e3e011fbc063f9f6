package org

import "fmt"

// Report tells what an import did, or in a dry run would do. With Problems
// nothing was written, whatever was asked.
type Report struct {
	Applied  bool
	Rows     int
	Added    int // units, people or boundaries that are new
	Changed  int
	Moved    int // people who change their post
	Left     int // people who leave
	Same     int
	Problems []Problem
	Warnings []Problem
}

// Problem is what is wrong in one row: the line of the sheet or the number of
// the feature, both counted from 1 and the sheet's header included.
type Problem struct {
	Row     int
	Column  string
	Value   string
	Message string
}

// OK tells whether the file may be applied.
func (r Report) OK() bool { return len(r.Problems) == 0 }

func (r *Report) fail(row int, column, value, format string, args ...any) {
	r.Problems = append(r.Problems, Problem{row, column, value, fmt.Sprintf(format, args...)})
}

func (r *Report) warn(row int, column, value, format string, args ...any) {
	r.Warnings = append(r.Warnings, Problem{row, column, value, fmt.Sprintf(format, args...)})
}

// String writes the problem as one line: `baris 7, NIP "123": …`.
func (p Problem) String() string {
	s := ""
	if p.Row > 0 {
		s = fmt.Sprintf("baris %d", p.Row)
	}
	if p.Column != "" {
		if s != "" {
			s += ", "
		}
		s += p.Column
	}
	if p.Value != "" {
		s += fmt.Sprintf(" %q", p.Value)
	}
	if s == "" {
		return p.Message
	}
	return s + ": " + p.Message
}

// clip shortens a value for a message: a cell may hold a whole page.
func clip(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
