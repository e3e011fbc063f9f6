package estimate_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate/world"
)

// record of some days of a scenario, a line an event.
func record(t *testing.T, scenario, days int) []byte {
	t.Helper()
	w := world.New(world.Scenarios()[scenario], 42)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	for range days {
		for _, e := range w.NextDay().Events {
			if err := enc.Encode(e); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out.Bytes()
}

func backtest(t *testing.T, in []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := estimate.Backtest(bytes.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestABacktestAnswersEachQuestionInOrder(t *testing.T) {
	t.Parallel()
	in := record(t, 1, 3)
	out := backtest(t, in)
	var asked, answered []string
	for line := range bytes.Lines(in) {
		if e, err := estimate.ParseEvent(line); err != nil {
			t.Fatal(err)
		} else if e.Kind == estimate.Asked {
			asked = append(asked, e.ID)
		}
	}
	for line := range bytes.Lines(out) {
		var a estimate.Answer
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatal(err)
		}
		answered = append(answered, a.ID)
		if a.P10.Before(a.At) || a.P50.Before(a.P10) || a.P90.Before(a.P50) {
			t.Errorf("%s asked at %v: %v, %v, %v", a.ID, a.At, a.P10, a.P50, a.P90)
		}
	}
	if len(asked) == 0 || strings.Join(asked, "\n") != strings.Join(answered, "\n") {
		t.Errorf("%d questions, %d answers, or not in their order", len(asked), len(answered))
	}
	if !bytes.Equal(out, backtest(t, in)) {
		t.Error("a second run answers differently")
	}
}

// What comes after a question does not change its answer.
func TestABacktestDoesNotLookAhead(t *testing.T) {
	t.Parallel()
	in := record(t, 0, 2)
	half := in[:bytes.LastIndexByte(in[:len(in)/2], '\n')+1]
	if whole, part := backtest(t, in), backtest(t, half); !bytes.HasPrefix(whole, part) || len(part) == 0 {
		t.Error("the answers to the first half depend on the second")
	}
}

const day = `{"t":"2026-11-02T06:00:00+08:00","e":"sesi","sesi":"s","poli":"umum","mulai":"2026-11-02T08:00:00+08:00","selesai":"2026-11-02T12:00:00+08:00","dokter":["d1"]}
{"t":"2026-11-02T07:00:00+08:00","e":"pesan","sesi":"s","tiket":"A-001","nomor":"A-001","asal":"daring","prioritas":"biasa"}
{"t":"2026-11-02T07:41:00+08:00","e":"hadir","sesi":"s","tiket":"A-001"}
`

func TestALineThatCannotBeEndsTheRun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, says string }{
		{`{"t":"2026-11-02T07:42:00+08:00"`, "not a line"},
		{`{"t":"2026-11-02T07:42:00+08:00","e":"hadir","sesi":"lain","tiket":"A-001"}`, "not known"},
		{`{"t":"2026-11-02T07:42:00+08:00","e":"panggil","sesi":"s","tiket":"A-009","dokter":"d1"}`, "not known"},
		{`{"t":"2026-11-02T07:42:00+08:00","e":"tanya","sesi":"s","tiket":"A-009","id":"q"}`, "not known"},
		{`{"t":"2026-11-02T07:42:00+08:00","e":"tanya","sesi":"s","tiket":"A-001"}`, "without id"},
		{`{"t":"2026-11-02T07:42:00+08:00","e":"terbang","sesi":"s"}`, "unknown event"},
		{`{"t":"2026-11-02T06:42:00+08:00","e":"tutup","sesi":"s"}`, "before the line above"},
		{`{"t":"2026-11-02T07:42:00+08:00","e":"pesan","sesi":"s","tiket":"A-001","asal":"daring","prioritas":"biasa"}`, "before"},
		{`{"t":"pagi","e":"tutup","sesi":"s"}`, "not a line"},
	} {
		err := estimate.Backtest(strings.NewReader(day+c.line+"\n"), &bytes.Buffer{})
		var wrong *estimate.LineError
		if !errors.As(err, &wrong) || wrong.Line != 4 || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.line, err)
		}
	}
}

// Staff forget to click and click twice; that is no error, and a waiting patient still
// gets an answer.
func TestWhatStaffForgetIsNoError(t *testing.T) {
	t.Parallel()
	kinds := []estimate.EventKind{
		estimate.CheckedIn, estimate.Called, estimate.Started, estimate.Finished, estimate.Unanswered, estimate.NoShow, estimate.Withdrawn,
		estimate.Paused, estimate.Resumed, estimate.DoctorHere, estimate.DoctorAbsent, estimate.Asked,
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC)
		begins, ends := at.Add(2*time.Hour), at.Add(6*time.Hour)
		r := estimate.NewReplay()
		next := func(e estimate.Event) *estimate.Answer {
			e.At, e.Session = at, "s"
			a, err := r.Next(e)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		next(estimate.Event{Kind: estimate.Announced, Poli: "umum", Begins: &begins, Ends: &ends, Doctors: []string{"a", "b"}})
		for i := range 4 {
			class := rapid.SampledFrom([]estimate.Class{estimate.Regular, estimate.Priority, estimate.Emergency}).Draw(t, "class")
			next(estimate.Event{Kind: estimate.Booked, Ticket: fmt.Sprint(i), Origin: estimate.Online, Class: class})
		}
		for range rapid.IntRange(1, 30).Draw(t, "clicks") {
			at = at.Add(time.Duration(rapid.IntRange(0, 30*60).Draw(t, "wait")) * time.Second)
			e := estimate.Event{
				Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), ID: "q", Ticket: fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "ticket")),
				Doctors: []string{rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "doctor")},
			}
			if a := next(e); a != nil && (a.P10.Before(a.At) || a.P50.Before(a.P10) || a.P90.Before(a.P50)) {
				t.Fatalf("asked at %v: %v, %v, %v", a.At, a.P10, a.P50, a.P90)
			}
		}
	})
}
