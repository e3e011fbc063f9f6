package demo

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

var day = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)

// told is what a story leaves of one report.
type told struct {
	Number, Title, Status string
	SubmittedAt           time.Time
	Events                int
	Photos                int
}

func tell(t *testing.T, at time.Time, n int) (all []told) {
	db := pgtest.New(t)
	box, err := crypt.Load(filepath.Join(t.TempDir(), "rahasia"), true)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open("file://" + t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	progress := 0
	err = Build(t.Context(), Deps{
		DB: db.Pool, Box: box, Blobs: blobs, Photos: media.New(media.Options{}), Password: "coba-coba",
		Progress: func(done, all int) {
			if done != progress+1 || done > all {
				t.Errorf("progress %d after %d of %d", done, progress, all)
			}
			progress = done
		},
	}, at, n)
	if err != nil {
		t.Fatal(err)
	}
	all, err = pg.Many[told](t.Context(), db.Pool, `SELECT r.number, r.title, r.status, r.submitted_at, r.seq AS events,
		(SELECT count(*) FROM mtr_photo p WHERE p.report_id = r.id AND p.stored)::int AS photos FROM mtr_report r ORDER BY r.number`)
	if err != nil {
		t.Fatal(err)
	}
	var waiting int
	if err := db.Pool.QueryRow(t.Context(), `SELECT count(*) FROM notify_message WHERE status = 'queued'`).Scan(&waiting); err != nil || waiting != 0 {
		t.Errorf("%d letters would go out now, %v", waiting, err)
	}
	return all
}

func TestTheSameDayTellsTheSameStory(t *testing.T) {
	t.Parallel()
	const n = 40
	var stories [2][]told
	var wg sync.WaitGroup
	for i, at := range []time.Time{day, day.Add(11 * time.Hour)} {
		wg.Go(func() { stories[i] = tell(t, at, n) })
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	if len(stories[0]) != n || !slices.EqualFunc(stories[0], stories[1], func(a, b told) bool {
		a.SubmittedAt, b.SubmittedAt = a.SubmittedAt.UTC(), b.SubmittedAt.UTC()
		return a == b
	}) {
		t.Errorf("two tellings differ:\n%v\n%v", stories[0], stories[1])
	}
	withPhoto := 0
	for i, r := range stories[0] {
		if i > 0 && r.SubmittedAt.Before(stories[0][i-1].SubmittedAt) {
			t.Errorf("%s came before %s", r.Number, stories[0][i-1].Number)
		}
		if r.Photos > 0 {
			withPhoto++
		}
	}
	if withPhoto < n/2 {
		t.Errorf("only %d of %d have photos", withPhoto, n)
	}
}

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
		if unclear > 0 {
			t.Errorf("%s: %d reports have unfilled words", end.Format(time.DateOnly), unclear)
		}
	}
}

func TestTheCast(t *testing.T) {
	t.Parallel()
	want := "warga warga2 operator sekretaris lurah lurah.lain camat dispatcher validator petugas.dishub kepala.dishub petugas.dpu " +
		"loket perawat dokter farmasi kapus konseptor kabid kadis tu sekda walikota arsiparis bkpsdm inspektorat admin"
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
