package demo

import (
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

var day = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)

// TestEveryDayHasEverything plans the story of many days, among them holidays
// and Mondays, and looks how it would end.
func TestEveryDayHasEverything(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	city, err := org.Root(t.Context(), db.Pool)
	if err != nil {
		t.Fatal(err)
	}
	cal, err := calendar.Load(t.Context(), db.Pool, city.ID)
	if err != nil {
		t.Fatal(err)
	}
	areas, err := org.Areas(t.Context(), db.Pool)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		end := midnight(day.AddDate(0, 0, 9*i))
		last := map[string]int{}
		unclear := 0
		for _, tale := range plan(end, Reports, cal, areas) {
			for j, s := range tale.steps {
				if j > 0 && s.at.Before(tale.steps[j-1].at) || !s.at.Before(end) {
					t.Fatalf("%s: %s of %q at %s", end, s.does, tale.title, s.at)
				}
			}
			does := tale.steps[len(tale.steps)-1].does
			last[strings.TrimSuffix(strings.TrimPrefix(does, "unit "), "s")]++
			if strings.ContainsAny(tale.title+tale.body+tale.answer, "{}~") {
				unclear++
			}
		}
		for does, least := range map[string]int{
			"submit": 12, "ask": 2, "forward": 8, "start": 12, "schedule": 1, "proof": 3, "validate": 40,
			"rate": 60, "reject": 4, "refer": 1, "agency answer": 1, "cancel": 3, "duplicate": 3, "dispute": 1,
		} {
			if last[does] < least {
				t.Errorf("%s: only %d reports end with %q, want %d", end.Format(time.DateOnly), last[does], does, least)
			}
		}
		letters, n := affairs(nil, nil, bureaus(players{}), players{}, cal, end)
		for _, h := range letters {
			if h.at.Before(end.AddDate(0, 0, -storyDays)) || !h.at.Before(end) {
				t.Errorf("%s: %q would be on %s, outside the story", end.Format(time.DateOnly), h.does, h.at)
			}
		}
		if n < 30 || n > 60 {
			t.Errorf("%s: %d letters in affairs", end.Format(time.DateOnly), n)
		}
		if unclear > 0 {
			t.Errorf("%s: %d reports have unfilled words", end.Format(time.DateOnly), unclear)
		}
	}
}

func TestTheCast(t *testing.T) {
	t.Parallel()
	want := "warga warga2 operator sekretaris lurah lurah.lain camat dispatcher validator petugas.dishub kepala.dishub petugas.dpu " +
		"loket perawat dokter farmasi kapus konseptor kabid kadis tu kepala.bappeda sekda walikota arsiparis bkpsdm inspektorat admin"
	var got []string
	for _, a := range Accounts() {
		got = append(got, a.User)
		if a.Name == "" || a.Does == "" {
			t.Errorf("%s is nobody", a.User)
		}
	}
	if strings.Join(got, " ") != want {
		t.Errorf("accounts:\n%s\nwant\n%s", strings.Join(got, " "), want)
	}
	for _, m := range matters {
		if m.extra != nil && len(m.extra) != len(m.said) {
			t.Errorf("%s: %d texts, %d answers", m.category, len(m.said), len(m.extra))
		}
	}
	db := pgtest.New(t)
	areas, err := org.Areas(t.Context(), db.Pool)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range areas {
		if len(streets[a.KecamatanName]) == 0 {
			t.Errorf("no streets in %s (%s)", a.KecamatanName, indo.Fold(a.Name))
		}
	}
}
