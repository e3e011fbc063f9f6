package demo

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/mtr/misconduct"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/reseal"
	"makassartidakrantasa.com/portal/internal/platform/sign"
	"makassartidakrantasa.com/portal/internal/survey"
)

var day = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)

// told is what a story leaves of one report.
type told struct {
	Number, Title, Status string
	SubmittedAt           time.Time
	Events                int
	Photos                int
}

// story is what is told of reports, and one line about each resident and each letter.
type story struct {
	reports []told
	others  []string
}

func tell(t *testing.T, at time.Time, n int) (s story) {
	db := pgtest.New(t)
	secret := filepath.Join(t.TempDir(), "rahasia")
	box, err := crypt.Load(secret, true)
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
	s.reports, err = pg.Many[told](t.Context(), db.Pool, `SELECT r.number, r.title, r.status, r.submitted_at, r.seq AS events,
		(SELECT count(*) FROM mtr_photo p WHERE p.report_id = r.id AND p.stored)::int AS photos FROM mtr_report r ORDER BY r.number`)
	if err != nil {
		t.Fatal(err)
	}
	s.others, err = pg.Scalars[string](t.Context(), db.Pool, `(SELECT name || status || to_char(birth_date, 'YYYYMMDD') || to_char(status_on, 'YYYYMMDD') FROM epemerintahan_resident ORDER BY id)
		UNION ALL (SELECT concat_ws(' ', request_number, kind_code, status, subject_name, letter_number) FROM epemerintahan_letter ORDER BY id)`)
	if err != nil {
		t.Fatal(err)
	}
	for what, sql := range map[string]string{
		"an opinion given": `SELECT count(*) FROM eoffice_opinion WHERE status = 'dijawab'`, "a kept number taken": `SELECT count(*) FROM eoffice_booking WHERE letter_id IS NOT NULL`,
		"a kept number let go": `SELECT count(*) FROM eoffice_booking WHERE ended_at IS NOT NULL`, "a kept number open": `SELECT count(*) FROM eoffice_booking WHERE letter_id IS NULL AND ended_at IS NULL`,
		"a letter that answers": tie("membalas"), "a letter that follows up": tie("menindaklanjuti"), "a letter that changes another": tie("mengubah"),
		"a letter that was revoked":  tie("mencabut") + ` AND EXISTS (SELECT FROM eoffice_letter o WHERE o.id = k.other_id AND o.status = 'dicabut')`,
		"a thread of four":           `SELECT count(*) FROM eoffice_link a JOIN eoffice_link b ON b.letter_id = a.other_id JOIN eoffice_link c ON c.letter_id = b.other_id`,
		"an order three levels deep": `SELECT count(*) FROM eoffice_disposition a JOIN eoffice_disposition b ON b.parent_id = a.id JOIN eoffice_disposition c ON c.parent_id = b.id`,
		"an order given":             order("dikirim"), "an order started": order("dikerjakan"), "an order passed on": order("diteruskan"), "an order reported": order("dilaporkan"),
		"an order done": order("selesai"), "a question for guidance": order("minta_arahan"), "an order refused": order("ditolak"), "a refusal that waits": order("menolak"),
		"an order read for information": order("selesai") + ` AND for_info`, "an order with a letter that answers": `SELECT count(*) FROM eoffice_disposition WHERE reply_id IS NOT NULL`,
		"an order on a secret letter":                 `SELECT count(*) FROM eoffice_disposition d JOIN eoffice_letter l ON l.id = d.letter_id WHERE l.secrecy = 'R'`,
		"a most secret letter sent":                   `SELECT count(*) FROM eoffice_letter WHERE secrecy = 'SR' AND mode = 'basah' AND status = 'terkirim' AND origin = 'keluar'`,
		"a most secret letter that waits for its ink": `SELECT count(*) FROM eoffice_letter WHERE secrecy = 'SR' AND status = 'dicetak'`,
		"a letter signed by a Plh":                    block("plh"), "a letter signed by a Plt": block("plt"),
		"a group of the city": `SELECT count(*) FROM eoffice_group g JOIN org_unit u ON u.id = g.unit_id WHERE u.parent_id IS NULL`,
	} {
		var n int
		if err := db.Pool.QueryRow(t.Context(), sql).Scan(&n); err != nil || n == 0 {
			t.Errorf("there is not %s, %v", what, err)
		}
	}
	var waiting int
	if err := db.Pool.QueryRow(t.Context(), `SELECT count(*) FROM notify_message WHERE status = 'queued'`).Scan(&waiting); err != nil || waiting != 0 {
		t.Errorf("%d letters would go out now, %v", waiting, err)
	}
	if at.Equal(day) {
		sealedAnew(t, db, box, secret)
	}
	return s
}

func tie(kind string) string {
	return `SELECT count(*) FROM eoffice_link k WHERE k.kind = '` + kind + `'`
}

func order(status string) string {
	return `SELECT count(*) FROM eoffice_disposition WHERE status = '` + status + `'`
}

func block(seat string) string {
	return `SELECT count(*) FROM eoffice_letter WHERE status IN ('terkirim', 'diarsipkan') AND blocks @> '[{"sebagai": "` + seat + `"}]'`
}

// sealedAnew rotates the keys under a city's data: each module has named under what it seals.
func sealedAnew(t *testing.T, db *pgtest.DB, box *crypt.Box, secret string) {
	t.Helper()
	if err := errors.Join(crypt.AddKey(secret), crypt.UseKey(secret, time.Now())); err != nil {
		t.Fatal(err)
	}
	box.Reread()
	columns := slices.Concat(authn.Sealed(), notify.Sealed(), sign.Sealed(), mtr.Sealed(), misconduct.Sealed(), survey.Sealed(), epemerintahan.Sealed(), letter.Sealed(),
		epuskesmas.Sealed(), bpjs.Sealed(), eoffice.Sealed(), kuciniki.Sealed(), evidence.Sealed())
	out, err := (&reseal.Rotation{DB: db.Owner(), Box: box, Columns: columns}).Run(t.Context())
	if err != nil || out.Done < 1000 || len(out.Unreadable) > 0 {
		t.Errorf("%d values sealed anew, these not: %v, %v", out.Done, out.Unreadable, err)
	}
	uses, err := reseal.Count(t.Context(), db.Owner(), columns)
	if err != nil || len(uses) < 20 {
		t.Errorf("the story has values in %d columns only, %v", len(uses), err)
	}
}

func TestTheSameDayTellsTheSameStory(t *testing.T) {
	t.Parallel()
	const n = 40
	var stories [2]story
	var wg sync.WaitGroup
	for i, at := range []time.Time{day, day.Add(11 * time.Hour)} {
		wg.Go(func() { stories[i] = tell(t, at, n) })
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	one, other := stories[0], stories[1]
	if len(one.reports) != n || !slices.EqualFunc(one.reports, other.reports, func(a, b told) bool {
		a.SubmittedAt, b.SubmittedAt = a.SubmittedAt.UTC(), b.SubmittedAt.UTC()
		return a == b
	}) {
		t.Errorf("two tellings differ:\n%v\n%v", one.reports, other.reports)
	}
	if len(one.others) < 600 || len(one.others) != len(other.others) {
		t.Fatalf("%d and %d residents and letters", len(one.others), len(other.others))
	}
	for i, line := range one.others {
		if other.others[i] != line {
			t.Fatalf("residents or letters, line %d: %s, then %s", i, line, other.others[i])
		}
	}
	withPhoto := 0
	for i, r := range one.reports {
		if i > 0 && r.SubmittedAt.Before(one.reports[i-1].SubmittedAt) {
			t.Errorf("%s came before %s", r.Number, one.reports[i-1].Number)
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
