package demo_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/demo"
	"makassartidakrantasa.com/portal/internal/demo/scene"
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
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/reseal"
	"makassartidakrantasa.com/portal/internal/platform/sign"
	"makassartidakrantasa.com/portal/internal/survey"
)

const (
	password = "kapal-pinisi-41"
	reports  = 60
)

// plain stands in for the drawing of a scene: one colour.
func plain(s scene.Scene) []byte {
	m := image.NewGray(image.Rect(0, 0, 40, 30))
	draw.Draw(m, m.Rect, image.NewUniform(color.Gray{uint8(s.Kind)*20 + uint8(s.Seed%20)}), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// report is what a story leaves of one report.
type report struct {
	Number, Title, Status string
	SubmittedAt           time.Time
	Events                int
	Photos                int
}

// story is what is told of reports, and one line about each resident and each letter.
type story struct {
	reports []report
	others  []string
}

// build tells the story of a day in an empty portal.
func build(t *testing.T, d demo.Deps, at time.Time) {
	d.Password = password
	progress := 0
	d.Progress = func(done, all int) {
		if done != progress+1 || done > all {
			t.Errorf("progress %d after %d of %d", done, progress, all)
		}
		progress = done
	}
	if err := demo.Build(t.Context(), d, at, reports); err != nil {
		t.Fatal(err)
	}
}

// told reads a story back, and looks whether it has something of everything.
func told(t *testing.T, db *pgtest.DB) (s story) {
	t.Helper()
	var err error
	s.reports, err = pg.Many[report](t.Context(), db.Pool, `SELECT r.number, r.title, r.status, r.submitted_at, r.seq AS events,
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
		"a letter sent back to its drafter": stands("perbaikan"), "a letter withdrawn": stands("dibatalkan"), "a letter destroyed": stands("dimusnahkan"),
		"a letter that came back": recipient("dikembalikan"), "a letter posted": recipient("dikirim_pos"), "a letter whose receipt is proved": recipient("bukti_terima"),
		"an order called back": order("dibatalkan"), "an order closed": order("ditutup"),
		"a report of SP4N-LAPOR! at a unit": `SELECT count(*) FROM mtr_origin o JOIN mtr_report r ON r.id = o.report_id WHERE o.channel = 'sp4n' AND r.unit_id IS NOT NULL`,
		"a report of a caller":              `SELECT count(*) FROM mtr_origin WHERE neighbourhood <> ''`, "a block": `SELECT count(*) FROM mtr_block`,
		"a held report with an objection": `SELECT count(*) FROM mtr_report r WHERE r.status = 'belum_konfirmasi' AND EXISTS (SELECT FROM mtr_event e WHERE e.report_id = r.id AND e.action = 'appeal')`,
		"a witness's answer":              `SELECT count(*) FROM kuciniki_log WHERE answered_at IS NOT NULL`, "a day of attendance": `SELECT count(*) FROM kuciniki_attendance WHERE came IS NOT NULL`,
		"a day elsewhere by a letter": `SELECT count(*) FROM kuciniki_leave WHERE letter_id IS NOT NULL`,
		"a group of the city":         `SELECT count(*) FROM eoffice_group g JOIN org_unit u ON u.id = g.unit_id WHERE u.parent_id IS NULL`,
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
	return s
}

func tie(kind string) string {
	return `SELECT count(*) FROM eoffice_link k WHERE k.kind = '` + kind + `'`
}

func stands(status string) string {
	return `SELECT count(*) FROM eoffice_letter WHERE status = '` + status + `'`
}

func recipient(status string) string {
	return `SELECT count(*) FROM eoffice_recipient WHERE status = '` + status + `'`
}

func order(status string) string {
	return `SELECT count(*) FROM eoffice_disposition WHERE status = '` + status + `'`
}

func block(seat string) string {
	return `SELECT count(*) FROM eoffice_letter WHERE status IN ('terkirim', 'diarsipkan') AND blocks @> '[{"sebagai": "` + seat + `"}]'`
}

// sealed are all sealed columns: each module has named its own.
func sealed() []crypt.Column {
	return slices.Concat(authn.Sealed(), notify.Sealed(), sign.Sealed(), mtr.Sealed(), misconduct.Sealed(), survey.Sealed(), epemerintahan.Sealed(), letter.Sealed(),
		epuskesmas.Sealed(), bpjs.Sealed(), eoffice.Sealed(), kuciniki.Sealed(), evidence.Sealed())
}

// sealedAnew rotates the keys under a city's data: each module has named under what it seals.
func sealedAnew(t *testing.T, db *pgtest.DB, box *crypt.Box, secret string) {
	t.Helper()
	if err := errors.Join(crypt.AddKey(secret), crypt.UseKey(secret, time.Now())); err != nil {
		t.Fatal(err)
	}
	box.Reread()
	columns := sealed()
	out, err := (&reseal.Rotation{DB: db.Owner(), Box: box, Columns: columns}).Run(t.Context())
	if err != nil || out.Done < 1000 || len(out.Unreadable) > 0 {
		t.Errorf("%d values sealed anew, these not: %v, %v", out.Done, out.Unreadable, err)
	}
	uses, err := reseal.Count(t.Context(), db.Owner(), columns)
	if err != nil || len(uses) < 20 {
		t.Errorf("the story has values in %d columns only, %v", len(uses), err)
	}
}

// A day's story is the same at whatever hour it is told; and in the city that it leaves,
// everybody finds their work and the keys can be changed.
func TestTheSameDayTellsTheSameStory(t *testing.T) {
	t.Parallel()
	var one, other story
	t.Run("telling", func(t *testing.T) {
		t.Run("a portal", func(t *testing.T) {
			t.Parallel()
			s := apptest.New(t)
			build(t, demo.Deps{DB: s.Pool, Box: s.App.Box, Blobs: s.App.Blobs, Photos: media.New(media.Options{}), Draw: plain, BaseURL: s.URL}, s.Clock.Now())
			one = told(t, s.DB)
			everybodyWorks(t, s)
			made := pagesAskLittle(t, s)
			everyKindIsEvidence(t, s)
			whatIsOthersDoesNotExist(t, s, made)
			mobileJKN(t, s)
			hostileFilesAreRefused(t, s)
		})
		t.Run("in the evening", func(t *testing.T) {
			t.Parallel()
			db := pgtest.New(t)
			secret := filepath.Join(t.TempDir(), "rahasia")
			box, err := crypt.Load(secret, true)
			if err != nil {
				t.Fatal(err)
			}
			files := t.TempDir()
			blobs, err := blob.Open("file://" + files)
			if err != nil {
				t.Fatal(err)
			}
			build(t, demo.Deps{DB: db.Pool, Box: box, Blobs: blobs, Photos: media.New(media.Options{})}, apptest.Start.Add(11*time.Hour))
			other = told(t, db)
			nobodyIsInADump(t, db, box, sealed(), files)
			sealedAnew(t, db, box, secret)
		})
	})
	if t.Failed() {
		return
	}
	if len(one.reports) != reports+demo.Arrived || !slices.EqualFunc(one.reports, other.reports, func(a, b report) bool {
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
	if withPhoto < reports/2 {
		t.Errorf("only %d of %d have photos", withPhoto, reports)
	}
}

// everybodyWorks has everybody of the demo sign in with the password and find a desk.
func everybodyWorks(t *testing.T, s *apptest.Server) {
	t.Helper()
	for _, a := range demo.Accounts() {
		c := s.Client(t)
		c.Get("/masuk").Want(200)
		c.Post("/masuk", url.Values{"nama": {a.Address()}, "sandi": {password}})
		home := "/meja"
		if a.User == "warga" || a.User == "warga2" {
			home = "/akun"
		}
		if p := c.Get(home).Want(200); p.Has(`input[name="sandi"]`) {
			t.Errorf("%s is not signed in", a.User)
		}
	}
	for user, paths := range map[string][]string{
		"dispatcher":     {"/meja/mtr", "/meja/mtr?antrean=verifikasi"},
		"validator":      {"/meja/mtr"},
		"petugas.dishub": {"/meja/mtr"},
		"admin":          {"/meja/admin"},
		"konseptor":      {"/meja/kuciniki", "/meja/kuciniki/log"},
		"walikota":       {"/meja/mtr", "/meja/kuciniki/angka"},
		"inspektorat":    {"/meja/kuciniki/pola"},
		"bkpsdm":         {"/meja/kuciniki/kelengkapan", "/meja/kuciniki/tpp"},
	} {
		c := s.Client(t)
		c.Get("/masuk")
		c.Post("/masuk", url.Values{"nama": {user + "@" + demo.Domain}, "sandi": {password}})
		for _, path := range paths {
			c.Get(path).Want(200)
		}
	}
	plans, err := pg.Scalar[int](t.Context(), s.Pool, `SELECT count(*) FROM kuciniki_skp s JOIN kuciniki_evaluation e ON e.skp_id = s.id WHERE s.status = 'disepakati' AND e.status = 'diterima'`)
	if err != nil || plans == 0 {
		t.Errorf("%d judged plans, %v", plans, err)
	}
	seen, err := pg.Scalars[string](t.Context(), s.Pool, `SELECT DISTINCT status FROM mtr_report ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	for _, status := range mtr.Statuses {
		if !slices.Contains(seen, string(status)) {
			t.Errorf("no report is %s", status)
		}
	}
	for _, path := range []string{"/", "/mtr", "/mtr/peta"} {
		s.Client(t).Get(path).Want(200)
	}
}

// mobileJKN takes tomorrow's first number at Kassi-Kassi with the catalogue's own request.
func mobileJKN(t *testing.T, s *apptest.Server) {
	t.Helper()
	for _, wrong := range [][2]string{{"", "kata-sandi-uji"}, {"dua kata", "kata-sandi-uji"}, {"penguji", "pendek"}} {
		if err := s.App.BPJS.SetDemo(t.Context(), "kassi-kassi", wrong[0], wrong[1]); err == nil {
			t.Errorf("%q was taken for an account", wrong)
		}
	}
	if err := s.App.BPJS.SetDemo(t.Context(), "kassi-kassi", "penguji", "kata-sandi-uji"); err != nil {
		t.Fatal(err)
	}
	header := http.Header{"X-Username": {"penguji"}, "X-Password": {"kata-sandi-uji"}}
	ask := func(method, path, body string) string {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, s.URL+"/bpjs/antrean-fktp"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = header
		return s.Client(t).Do(req).Want(200).Body
	}
	_, token, _ := strings.Cut(ask("GET", "/auth", ""), `"token":"`)
	token, _, _ = strings.Cut(token, `"`)
	header = http.Header{"X-Username": {"penguji"}, "X-Token": {token}}
	read := func(name string) string {
		t.Helper()
		b, err := os.ReadFile("../epuskesmas/bpjs/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return strings.NewReplacer("2020-01-28", s.Clock.Now().AddDate(0, 0, 1).Format(time.DateOnly), `"00012345678"`, `"0000012345678"`,
			`"nik": "3212345678987654"`, `"nik": "3212345678987653"`).Replace(string(b))
	}
	for _, step := range [][3]string{{"/antrean", "ambil_v2_request.json", `"code":202`}, {"/peserta", "peserta_request.json", `"code":200`}, {"/antrean", "ambil_v2_request.json", `"namapoli":"Poli Umum"`}} {
		if got := ask("POST", step[0], read(step[1])); !strings.Contains(got, step[2]) {
			t.Errorf("%s %s: %s", step[0], step[1], got)
		}
	}
}
