package walk_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/demo"
	"makassartidakrantasa.com/portal/internal/demo/scene"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pg"
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

// Everybody of the demo signs in with the password and finds a desk, also those
// whose module does not exist yet.
func TestEveryDemoAccountWorks(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	err := demo.Build(t.Context(), demo.Deps{
		DB: s.Pool, Box: s.App.Box, Blobs: s.App.Blobs, Photos: media.New(media.Options{}), Draw: plain, BaseURL: s.URL, Password: "kapal-pinisi-41",
	}, s.Clock.Now(), 60)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range demo.Accounts() {
		c := s.Client(t)
		c.Get("/masuk").Want(200)
		c.Post("/masuk", url.Values{"nama": {a.Address()}, "sandi": {"kapal-pinisi-41"}})
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
		c.Post("/masuk", url.Values{"nama": {user + "@" + demo.Domain}, "sandi": {"kapal-pinisi-41"}})
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
	mobileJKN(t, s)
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
		b, err := os.ReadFile("../../epuskesmas/bpjs/testdata/" + name)
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
