package epuskesmasweb_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/config"
)

const (
	antrean = "/bpjs/antrean-fktp"
	today   = "2026-11-24"
	doctor  = 123456
	allDay  = "00:00-23:59"
)

// jkn is Mobile JKN before a puskesmas.
type jkn struct {
	t              *testing.T
	s              *apptest.Server
	user, password string
	token          string
}

// account makes the credentials of a puskesmas and returns Mobile JKN with them.
func account(t *testing.T, s *apptest.Server, boss authz.Actor, slug string, change func(*bpjs.Account)) *jkn {
	t.Helper()
	ctx, b := context.Background(), s.App.BPJS
	j := &jkn{t: t, s: s, user: "mjkn." + slug}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	save := func(on bool) {
		t.Helper()
		_, acc, err := b.Setting(ctx, boss, slug)
		must(err)
		acc.Inbound.User, acc.Inbound.Enabled = j.user, on
		if change != nil {
			change(&acc)
		}
		must(b.Save(ctx, boss, slug, acc, bpjs.Secrets{}))
	}
	save(false)
	var err error
	j.password, err = b.NewPassword(ctx, boss, slug)
	must(err)
	save(true)
	return j
}

// mobile opens Puskesmas Kassi-Kassi with poli 001 and Mobile JKN signed in.
func mobile(t *testing.T, change func(*bpjs.Account)) (*apptest.Puskesmas, *jkn) {
	t.Helper()
	p := openHouse(t)
	codes(t, p)
	j := account(t, p.Server, p.Boss, p.Slug, change)
	j.signIn()
	return p, j
}

func (j *jkn) signIn() {
	j.t.Helper()
	got := j.call(http.MethodGet, "/auth", "", "x-username", j.user, "x-password", j.password)
	j.token, _ = got.response()["token"].(string)
	if got.code() != 200 || j.token == "" {
		j.t.Fatalf("auth: %s", got.body)
	}
}

type reply struct {
	t      *testing.T
	status int
	body   string
	json   map[string]any
}

func (r reply) metadata() map[string]any { m, _ := r.json["metadata"].(map[string]any); return m }
func (r reply) response() map[string]any { m, _ := r.json["response"].(map[string]any); return m }
func (r reply) code() int                { n, _ := r.metadata()["code"].(float64); return int(n) }
func (r reply) message() string          { s, _ := r.metadata()["message"].(string); return s }

func (r reply) want(code int, message string) reply {
	r.t.Helper()
	if r.code() != code || r.message() != message {
		r.t.Fatalf("got %d %s, want %d %q", r.status, r.body, code, message)
	}
	return r
}

func (r reply) ok() reply { r.t.Helper(); return r.want(200, "Ok") }

// call asks with headers in pairs.
func (j *jkn) call(method, path, body string, headers ...string) reply {
	j.t.Helper()
	base := antrean
	if strings.HasPrefix(path, "/bpjs/") {
		base = ""
	}
	req, err := http.NewRequest(method, j.s.URL+base+path, strings.NewReader(body))
	if err != nil {
		j.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		j.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		j.t.Fatal(err)
	}
	r := reply{t: j.t, status: resp.StatusCode, body: strings.TrimSpace(string(b))}
	if err := json.Unmarshal(b, &r.json); err != nil || !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") || r.message() == "" {
		j.t.Fatalf("%s %s: not their envelope: %d %s", method, path, resp.StatusCode, b)
	}
	if len(resp.Header.Values("Set-Cookie")) > 0 || resp.Header.Get("Cache-Control") != "no-store" {
		j.t.Errorf("%s %s: headers %v", method, path, resp.Header)
	}
	return r
}

// ask is call with the token.
func (j *jkn) ask(method, path, body string) reply {
	j.t.Helper()
	return j.call(method, path, body, "x-username", j.user, "x-token", j.token)
}

func sample(t *testing.T, name string) map[string]any {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "bpjs", "testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// with is a sample with other values; nil takes one out.
func with(m map[string]any, pairs ...any) string {
	m = maps.Clone(m)
	for i := 0; i < len(pairs); i += 2 {
		if k := pairs[i].(string); pairs[i+1] == nil {
			delete(m, k)
		} else {
			m[k] = pairs[i+1]
		}
	}
	b, _ := json.Marshal(m)
	return string(b)
}

// sameShape fails unless got has the keys of want, no others, with values of their types.
func sameShape(t *testing.T, at string, got, want any) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok || !slices.Equal(slices.Sorted(maps.Keys(g)), slices.Sorted(maps.Keys(w))) {
			t.Errorf("%s is %v, want the keys of %v", at, got, want)
			return
		}
		for k := range w {
			sameShape(t, at+"."+k, g[k], w[k])
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) == 0 {
			t.Errorf("%s is %v, want a list", at, got)
			return
		}
		for i := range g {
			sameShape(t, fmt.Sprint(at, "[", i, "]"), g[i], w[0])
		}
	default:
		if reflect.TypeOf(got) != reflect.TypeOf(want) {
			t.Errorf("%s is %T %v, want a %T as in %v", at, got, got, want, want)
		}
	}
}

// codes gives the clinic and its doctor their codes at BPJS.
func codes(t *testing.T, p *apptest.Puskesmas) {
	t.Helper()
	ctx, m := context.Background(), p.App.Queues
	_, polis, err := m.StaffSite(ctx, p.Boss, p.Slug, epuskesmas.PermManage)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(polis, func(o epuskesmas.Poli) bool { return o.ID == p.Clinic })
	polis[i].BPJSCode = "001"
	if _, err := m.SavePoli(ctx, p.Boss, polis[i]); err != nil {
		t.Fatal(err)
	}
	code := doctor
	if _, err := m.SaveDoctor(ctx, p.Boss, epuskesmas.Doctor{ID: p.Doctor, UnitID: p.Unit, Name: "dr. Aulia Rahman", BPJSCode: &code, Active: true}); err != nil {
		t.Fatal(err)
	}
}

// enter registers somebody with a card and a NIK of thirteen and sixteen digits.
func (j *jkn) enter(n int) (card, nik string) {
	j.t.Helper()
	card, nik = fmt.Sprintf("%013d", n), fmt.Sprintf("3212345678%06d", n)
	j.ask(http.MethodPost, "/peserta", with(sample(j.t, "peserta_request"), "nomorkartu", card, "nik", nik)).ok()
	return card, nik
}

func (j *jkn) takeV1(card, nik string) reply {
	j.t.Helper()
	return j.ask(http.MethodPost, "/antrean", with(sample(j.t, "ambil_v1_request"), "nomorkartu", card, "nik", nik, "tanggalperiksa", today))
}

// The samples of the catalogue from the first token to the end, with the types of each
// answer.
func TestTheCatalogueOfBPJS(t *testing.T) {
	for _, v := range []string{"", "/v1", "/v2"} {
		t.Run("at "+antrean+v, func(t *testing.T) {
			p, j := mobile(t, func(a *bpjs.Account) { a.Inbound.Version = 1 })
			two := v == "/v2"
			auth := j.call(http.MethodGet, v+"/auth", "", "X-UserName", j.user, "X-PassWord", j.password).ok()
			sameShape(t, "auth", auth.json, sample(t, "auth_response"))

			request := with(sample(t, "ambil_v1_request"), "nomorkartu", "0000012345678", "tanggalperiksa", today)
			taken := "ambil_v1_response"
			if two {
				request, taken = with(sample(t, "ambil_v2_request"), "tanggalperiksa", today, "jampraktek", allDay, "yang_baru", []int{1}), "ambil_v2_response"
			}
			j.ask(http.MethodPost, v+"/antrean", request).want(202, "Pasien Baru")
			entered := j.ask(http.MethodPost, v+"/peserta", with(sample(t, "peserta_request"), "nomorkartu", "0000012345678", "nik", "3212345678987654")).ok()
			sameShape(t, "peserta", entered.json, sample(t, "peserta_response"))
			j.ask(http.MethodPost, v+"/peserta", with(sample(t, "peserta_request"), "nomorkartu", "0000012345678", "nik", "3212345678987654")).ok()

			got := j.ask(http.MethodPost, v+"/antrean", request).ok()
			sameShape(t, "ambil", got.json, sample(t, taken))
			r := got.response()
			if r["nomorantrean"] != "A-001" || r["namapoli"] != "Poli Umum" || r["sisaantrean"] != "0" || r["antreanpanggil"] != "" ||
				fmt.Sprint(r["angkaantrean"]) != "1" || !strings.HasPrefix(r["keterangan"].(string), "Perkiraan dilayani ") {
				t.Errorf("ambil: %s", got.body)
			}
			j.ask(http.MethodPost, v+"/antrean", request).want(201, "Nomor Antrean Hanya Dapat Diambil 1 Kali Pada Tanggal dan Poli Yang Sama")

			status := j.ask(http.MethodGet, v+"/antrean/status/001/"+today, "").ok()
			shape := "status_v1_response"
			if two {
				shape = "status_v2_response"
			}
			sameShape(t, "status", status.json, sample(t, shape))
			if two {
				s := status.json["response"].([]any)[0].(map[string]any)
				if s["totalantrean"] != "1" || s["sisaantrean"] != 1.0 || s["kodedokter"] != float64(doctor) || s["jampraktek"] != allDay || s["namadokter"] != "dr. Aulia Rahman" {
					t.Errorf("status: %s", status.body)
				}
			} else if s := status.response(); s["totalantrean"] != "1" || s["sisaantrean"] != "1" || s["antreanpanggil"] != "" {
				t.Errorf("status: %s", status.body)
			}

			// Two from the desk stand behind; a call moves what is told.
			p.Walk(t, "Sitti Aminah")
			rest := j.ask(http.MethodGet, v+"/antrean/sisapeserta/0000012345678/001/"+today, "").ok()
			sameShape(t, "sisapeserta", rest.json, sample(t, "sisapeserta_response"))
			if _, err := p.App.Queues.Next(context.Background(), p.Actor(t, p.Doc.AccountID), p.Room1, p.Doctor); err != nil {
				t.Fatal(err)
			}
			rest = j.ask(http.MethodGet, v+"/antrean/sisapeserta/0000012345678/001/"+today, "").ok()
			if s := rest.response(); s["sisaantrean"] != "1" || s["antreanpanggil"] != "A-002" {
				t.Errorf("after a call: %s", rest.body)
			}

			cancel := with(sample(t, "batal_v1_request"), "nomorkartu", "0000012345678", "tanggalperiksa", today)
			if two {
				j.ask(http.MethodPut, v+"/antrean/batal", cancel).want(201, "Keterangan tidak boleh kosong")
				cancel = with(sample(t, "batal_v2_request"), "nomorkartu", "0000012345678", "tanggalperiksa", today)
			}
			gone := j.ask(http.MethodPut, v+"/antrean/batal", cancel).ok()
			sameShape(t, "batal", gone.json, sample(t, "batal_response"))
			j.ask(http.MethodPut, v+"/antrean/batal", cancel).want(201, "Antrean sudah dibatalkan")
			j.ask(http.MethodGet, v+"/antrean/sisapeserta/0000012345678/001/"+today, "").want(201, "Antrean sudah dibatalkan")

			// Who gave the number up may take another one; the first is never given again.
			if got := j.ask(http.MethodPost, v+"/antrean", request).ok(); got.response()["nomorantrean"] != "A-003" {
				t.Errorf("after giving up: %s", got.body)
			}
		})
	}
}

// At the bare address the body says which version a booking is of, and the setting of the
// puskesmas how the status is told.
func TestTheBareAddressOfBPJS(t *testing.T) {
	p, j := mobile(t, nil)
	card, nik := j.enter(7)
	two := j.ask(http.MethodPost, "/antrean", with(sample(t, "ambil_v2_request"), "nomorkartu", card, "nik", nik, "tanggalperiksa", today, "jampraktek", allDay)).ok()
	sameShape(t, "ambil", two.json, sample(t, "ambil_v2_response"))
	sameShape(t, "status", j.ask(http.MethodGet, "/antrean/status/001/"+today, "").ok().json, sample(t, "status_v2_response"))
	j.ask(http.MethodPut, "/antrean/batal", with(sample(t, "batal_v2_request"), "nomorkartu", card, "tanggalperiksa", today, "keterangan", " ")).want(201, "Keterangan tidak boleh kosong")
	j.ask(http.MethodPut, "/antrean/batal", with(sample(t, "batal_v1_request"), "nomorkartu", card, "tanggalperiksa", today)).ok()
	sameShape(t, "ambil", j.takeV1(card, nik).ok().json, sample(t, "ambil_v1_response"))

	// Whoever calls the patient sees which doctor they asked for.
	card, nik = j.enter(8)
	j.ask(http.MethodPost, "/antrean", with(sample(t, "ambil_v2_request"), "nomorkartu", card, "nik", nik, "tanggalperiksa", today, "jampraktek", "00:00 - 23:59")).ok()
	var ticket int64
	if err := p.DB.Owner().QueryRow(t.Context(), `SELECT max(id) FROM epuskesmas_ticket`).Scan(&ticket); err != nil {
		t.Fatal(err)
	}
	if err := p.App.Queues.Act(t.Context(), p.Actor(t, p.Clerk.AccountID), ticket, 0, epuskesmas.ActCheckIn, ""); err != nil {
		t.Fatal(err)
	}
	doc := p.SignedIn(t, p.Doc.AccountID)
	contains(t, doc.Get(room(p.Room1)).Want(http.StatusOK).Submit(`form[action$="/panggil"]`, nil).Want(http.StatusOK), "main", "meminta dr. Aulia Rahman")
}

// Every refusal has the words that patients know.
func TestTheWordsOfBPJS(t *testing.T) {
	p, j := mobile(t, nil)
	card, nik := j.enter(1)
	past := p.Clock.Now().AddDate(0, 0, -1).Format(time.DateOnly)
	far := p.Clock.Now().AddDate(0, 0, 60).Format(time.DateOnly)
	take := sample(t, "ambil_v2_request")
	right := []any{"nomorkartu", card, "nik", nik, "tanggalperiksa", today, "jampraktek", allDay}
	for _, c := range []struct {
		want  string
		pairs []any
	}{
		{"Nomor kartu Tidak Boleh Kosong", []any{"nomorkartu", nil}},
		{"Nomor kartu Tidak Boleh Kosong", []any{"nomorkartu", ""}},
		{"Nomor kartu Tidak Boleh Kosong", []any{"nomorkartu", "\x00"}},
		{"Nomor kartu harus 13 digit", []any{"nomorkartu", "00012345678"}},
		{"Nomor kartu harus 13 digit", []any{"nomorkartu", 12345678}},
		{"Format Nomor Kartu Tidak Sesuai", []any{"nomorkartu", "000001234567x"}},
		{"Format Nomor Kartu Tidak Sesuai", []any{"nomorkartu", "٠١٢٣٤٥٦٧٨٩٠١٢"}},
		{"NIK Tidak Boleh Kosong", []any{"nik", ""}},
		{"NIK harus 16 digit", []any{"nik", "321234567898765"}},
		{"Format NIK Tidak Sesuai", []any{"nik", "321234567898765O"}},
		{"Kode Poli Tidak Boleh Kosong", []any{"kodepoli", ""}},
		{"Poli Tidak Ditemukan", []any{"kodepoli", "999"}},
		{"Poli Tidak Ditemukan", []any{"kodepoli", "001' OR '1'='1"}},
		{"Tanggal Tidak Boleh Kosong", []any{"tanggalperiksa", nil}},
		{"Format Tanggal Tidak Sesuai, format yang benar adalah yyyy-mm-dd", []any{"tanggalperiksa", "24-11-2026"}},
		{"Format Tanggal Tidak Sesuai, format yang benar adalah yyyy-mm-dd", []any{"tanggalperiksa", "2026-02-31"}},
		{"Tanggal Periksa Tidak Berlaku (Mundur)", []any{"tanggalperiksa", past}},
		{"Pendaftaran ke Poli Ini Sedang Tutup", []any{"tanggalperiksa", far}},
		{"Kode Dokter Tidak Boleh Kosong", []any{"kodedokter", nil}},
		{"Kode Dokter Tidak Boleh Kosong", []any{"kodedokter", 0}},
		{"Format Kode Dokter Tidak Sesuai", []any{"kodedokter", "abc"}},
		{"Format Kode Dokter Tidak Sesuai", []any{"kodedokter", 1e12}},
		{"Jam Praktek Tidak Boleh Kosong", []any{"jampraktek", ""}},
		{"Format Jam Praktek Tidak Sesuai, format yang benar adalah HH:MM-HH:MM", []any{"jampraktek", "pagi"}},
		{"Format Jam Praktek Tidak Sesuai, format yang benar adalah HH:MM-HH:MM", []any{"jampraktek", "08:00-25:00"}},
		{"Jadwal Dokter Tersebut Belum Tersedia, Silahkan Reschedule Tanggal dan Jam Praktek Lainnya", []any{"kodedokter", 99}},
		{"Jadwal Dokter Tersebut Belum Tersedia, Silahkan Reschedule Tanggal dan Jam Praktek Lainnya", []any{"jampraktek", "08:00-12:00"}},
		{"Format JSON Tidak Sesuai", []any{"nomorkartu", []string{card}}},
		{"Format JSON Tidak Sesuai", []any{"keluhan", true}},
	} {
		j.ask(http.MethodPost, "/antrean", with(take, slices.Concat(right, c.pairs)...)).want(201, c.want)
	}
	for _, body := range []string{"", "{", "[]", `"x"`, "null", "nomorkartu=1", "\xff\xfe", `{"nomorkartu":"\ud800"`, strings.Repeat("[", 5000), strings.Repeat(`{"a":`, 3000)} {
		for path, method := range map[string]string{"/antrean": http.MethodPost, "/peserta": http.MethodPost, "/antrean/batal": http.MethodPut} {
			j.ask(method, path, body).want(201, "Format JSON Tidak Sesuai")
		}
	}
	j.ask(http.MethodPost, "/antrean", `{"keluhan":"`+strings.Repeat("x", 20<<10)+`"}`).want(201, "Kiriman Terlalu Besar")
	j.ask(http.MethodPost, "/antrean", with(take, slices.Concat(right, []any{"keluhan", strings.Repeat("pusing ", 500)})...)).ok()

	for want, path := range map[string]string{
		"Poli Tidak Ditemukan": "/antrean/status/x%00%ff/" + today,
		"Format Tanggal Tidak Sesuai, format yang benar adalah yyyy-mm-dd": "/antrean/status/001/besok",
		"Tanggal Periksa Tidak Berlaku (Mundur)":                           "/antrean/status/001/" + past,
		"Pendaftaran ke Poli Ini Sedang Tutup":                             "/antrean/status/001/" + far,
		"Nomor kartu harus 13 digit":                                       "/antrean/sisapeserta/00012345678/001/" + today,
		"Format Nomor Kartu Tidak Sesuai":                                  "/antrean/sisapeserta/000012345678x/001/" + today,
		"Antrean Tidak Ditemukan":                                          "/antrean/sisapeserta/9999999999999/001/" + today,
	} {
		j.ask(http.MethodGet, path, "").want(201, want)
	}

	cancel := sample(t, "batal_v2_request")
	for want, pairs := range map[string][]any{
		"Nomor kartu harus 13 digit":             {},
		"Antrean Tidak Ditemukan":                {"nomorkartu", "9999999999999", "tanggalperiksa", today},
		"Poli Tidak Ditemukan":                   {"nomorkartu", card, "tanggalperiksa", today, "kodepoli", "9"},
		"Tanggal Periksa Tidak Berlaku (Mundur)": {"nomorkartu", card},
		"Keterangan tidak boleh kosong":          {"nomorkartu", card, "tanggalperiksa", today, "keterangan", ""},
	} {
		j.ask(http.MethodPut, "/antrean/batal", with(cancel, pairs...)).want(201, want)
	}

	patient := sample(t, "peserta_request")
	for want, pairs := range map[string][]any{
		"Nomor kartu harus 13 digit":                                             {},
		"NIK harus 16 digit":                                                     {"nomorkartu", card, "nik", "1"},
		"Nama Tidak Boleh Kosong":                                                {"nomorkartu", card, "nama", " "},
		"Jenis Kelamin Tidak Boleh Kosong":                                       {"nomorkartu", card, "jeniskelamin", nil},
		"Format Jenis Kelamin Tidak Sesuai, isi L atau P":                        {"nomorkartu", card, "jeniskelamin", "X"},
		"Tanggal Lahir Tidak Boleh Kosong":                                       {"nomorkartu", card, "tanggallahir", ""},
		"Format Tanggal Lahir Tidak Sesuai, format yang benar adalah yyyy-mm-dd": {"nomorkartu", card, "tanggallahir", "1 Maret"},
		"Tanggal lahir belum tiba. Periksa tahunnya.":                            {"nomorkartu", card, "tanggallahir", far},
		"Tulis nama pasien.":                                                     {"nomorkartu", card, "nama", strings.Repeat("a", 200)},
		"Data Peserta Sudah Pernah Dientrikan":                                   {"nomorkartu", card, "nik", nik, "nama", "Orang Lain"},
	} {
		j.ask(http.MethodPost, "/peserta", with(patient, pairs...)).want(201, want)
	}

	// Served, called and gone patients keep their numbers.
	ctx, doc := context.Background(), p.Actor(t, p.Doc.AccountID)
	batal := with(cancel, "nomorkartu", card, "tanggalperiksa", today)
	clerk := p.Actor(t, p.Clerk.AccountID)
	var ticket int64
	if err := p.DB.Owner().QueryRow(ctx, `SELECT id FROM epuskesmas_ticket WHERE status = 'dipesan'`).Scan(&ticket); err != nil {
		t.Fatal(err)
	}
	for _, a := range []epuskesmas.Action{epuskesmas.ActCheckIn, "", epuskesmas.ActServe, epuskesmas.ActFinish} {
		var err error
		if a == "" {
			_, err = p.App.Queues.Next(ctx, doc, p.Room1, p.Doctor)
		} else {
			err = p.App.Queues.Act(ctx, map[bool]authz.Actor{true: clerk, false: doc}[a == epuskesmas.ActCheckIn], ticket, 0, a, "")
		}
		if err != nil {
			t.Fatal(a, err)
		}
		if a != epuskesmas.ActCheckIn {
			j.ask(http.MethodPut, "/antrean/batal", batal).want(201, "Pasien Sudah Dilayani, Antrean Tidak Dapat Dibatalkan")
		}
		j.ask(http.MethodGet, "/antrean/sisapeserta/"+card+"/001/"+today, "").ok()
	}
	j.takeV1(card, nik).want(201, "Nomor Antrean Hanya Dapat Diambil 1 Kali Pada Tanggal dan Poli Yang Sama")

	// The evening: closed, with the hour.
	p.Clock.Set(time.Date(2026, 11, 24, 23, 59, 30, 0, clock.Makassar))
	j.signIn()
	j.takeV1(j.enter(2)).want(201, "Pendaftaran Ke Poli Umum Sudah Tutup Jam 23:59:00")
}

// Who comes in, with what, and for how long.
func TestTheDoorOfBPJS(t *testing.T) {
	p, j := mobile(t, nil)
	const wrong, bad = "Nama User / Password / Token ada yang salah ..!!", "Token salah/expired..!!"
	for _, h := range [][]string{
		{}, {"x-username", j.user}, {"x-password", j.password}, {"x-username", j.user, "x-password", "salah"},
		{"x-username", "bukan-kami", "x-password", j.password}, {"x-username", "a\xffb", "x-password", "x"}, {"x-username", strings.Repeat("u", 5000), "x-password", "x"},
		{"x-username", "' OR 1=1 --", "x-password", "x"}, {"x-username", strings.ToUpper(j.user), "x-password", j.password},
	} {
		j.call(http.MethodGet, "/auth", "", h...).want(201, wrong)
	}
	status := "/antrean/status/001/" + today
	j.call(http.MethodGet, status, "").want(201, wrong)
	j.call(http.MethodGet, status, "", "x-token", j.token).want(201, wrong)
	j.call(http.MethodGet, status, "", "x-username", j.user).want(201, wrong)
	for _, token := range []string{"x", j.password, strings.Repeat("A", len(j.token)), j.token[:len(j.token)-4] + "AAAA", "BBBB" + j.token[4:], j.token + "A"} {
		j.call(http.MethodGet, status, "", "x-username", j.user, "x-token", token).want(201, bad)
	}
	j.ask(http.MethodGet, status, "").ok()
	if strings.Contains(j.token, j.password) {
		t.Error("the password is in the token")
	}
	p.Clock.Advance(299 * time.Second)
	j.ask(http.MethodGet, status, "").ok()
	p.Clock.Advance(time.Second)
	j.ask(http.MethodGet, status, "").want(201, "Token Expired")

	// A new password ends the tokens of the old one, and so does switching off.
	j.signIn()
	old, ctx := *j, context.Background()
	var err error
	if j.password, err = p.App.BPJS.NewPassword(ctx, p.Boss, p.Slug); err != nil {
		t.Fatal(err)
	}
	old.ask(http.MethodGet, status, "").want(201, bad)
	old.call(http.MethodGet, "/auth", "", "x-username", old.user, "x-password", old.password).want(201, wrong)
	j.signIn()
	_, acc, err := p.App.BPJS.Setting(ctx, p.Boss, p.Slug)
	if err != nil {
		t.Fatal(err)
	}
	acc.Inbound.Enabled, acc.Inbound.FailStatus = false, 201
	if err := p.App.BPJS.Save(ctx, p.Boss, p.Slug, acc, bpjs.Secrets{}); err != nil {
		t.Fatal(err)
	}
	// With the other policy a refusal has its code as the HTTP status.
	if got := j.ask(http.MethodGet, status, "").want(201, wrong); got.status != 201 {
		t.Errorf("status %d, want 201", got.status)
	}
	if got := j.call(http.MethodGet, "/auth", "", "x-username", j.user, "x-password", j.password).want(201, wrong); got.status != 201 {
		t.Errorf("status %d, want 201", got.status)
	}
	for _, path := range []string{"/", "/x", "/auth/x", "/v3/auth", "/antrean"} {
		j.call(http.MethodGet, path, "").want(201, "Alamat Tidak Ditemukan")
	}
	j.call(http.MethodDelete, "/antrean/batal", "").want(201, "Alamat Tidak Ditemukan")
}

// A password is guessed slowly, and guessing does not shut out who knows it.
func TestGuessingAtBPJS(t *testing.T) {
	p, j := mobile(t, nil)
	guess := func() string {
		return j.call(http.MethodGet, "/auth", "", "x-username", j.user, "x-password", "tebakan-salah").message()
	}
	for range 10 {
		if m := guess(); !strings.HasPrefix(m, "Nama User") {
			t.Fatalf("a guess is answered with %q", m)
		}
	}
	if m := guess(); !strings.HasPrefix(m, "Terlalu banyak percobaan") {
		t.Errorf("the eleventh guess is answered with %q", m)
	}
	j.signIn() // it was right before
	p.Clock.Advance(16 * time.Minute)
	if m := guess(); !strings.HasPrefix(m, "Nama User") {
		t.Errorf("after waiting: %q", m)
	}
}

// What belongs to another puskesmas does not exist.
func TestPuskesmasOfBPJSAreApart(t *testing.T) {
	p, j := mobile(t, nil)
	card, nik := j.enter(5)
	j.takeV1(card, nik).ok()
	other := p.Hire(t, apptest.Staff{Email: "kapus@lain.example", Name: "Kapus Lain", Title: "Kepala", UnitCode: "PKM-BATUA", Permissions: []authz.Permission{epuskesmas.PermManage}})
	boss := p.Actor(t, other.AccountID)
	b := account(t, p.Server, boss, "batua", func(a *bpjs.Account) { a.Inbound.FailStatus = 201 })
	b.signIn()
	b.ask(http.MethodGet, "/antrean/sisapeserta/"+card+"/001/"+today, "").want(201, "Poli Tidak Ditemukan")
	if _, err := p.App.Queues.SavePoli(context.Background(), boss, epuskesmas.Poli{UnitID: other.UnitID, Kind: epuskesmas.KindClinic, Letter: "A", Name: "Poli Umum", BPJSCode: "001", PriorityRatio: 2, Active: true}); err != nil {
		t.Fatal(err)
	}
	b.ask(http.MethodGet, "/antrean/sisapeserta/"+card+"/001/"+today, "").want(201, "Antrean Tidak Ditemukan")
	b.ask(http.MethodPut, "/antrean/batal", with(sample(t, "batal_v1_request"), "nomorkartu", card, "tanggalperiksa", today)).want(201, "Antrean Tidak Ditemukan")
	b.ask(http.MethodGet, "/antrean/status/001/"+today, "").want(201, "Pendaftaran ke Poli Ini Sedang Tutup") // not open
	b.call(http.MethodGet, "/antrean/status/001/"+today, "", "x-username", b.user, "x-token", j.token).want(201, "Token salah/expired..!!")
	b.call(http.MethodGet, "/antrean/status/001/"+today, "", "x-username", j.user, "x-token", b.token).want(201, "Token salah/expired..!!")
	j.ask(http.MethodGet, "/antrean/sisapeserta/"+card+"/001/"+today, "").ok()

	// Nobody else changes how a puskesmas is known.
	for _, a := range []authz.Actor{{}, boss, p.Actor(t, p.Clerk.AccountID)} {
		if _, _, err := p.App.BPJS.Setting(context.Background(), a, p.Slug); err == nil {
			t.Error("somebody else read the account")
		}
		if _, err := p.App.BPJS.NewPassword(context.Background(), a, p.Slug); err == nil {
			t.Error("somebody else made a password")
		}
	}
}

// Mobile JKN and people on the web take from the same places: never more, never twice.
func TestBPJSAndTheWebShareThePlaces(t *testing.T) {
	p, j := mobile(t, nil)
	const places, each = 12, 20
	if _, err := p.DB.Owner().Exec(t.Context(), `UPDATE epuskesmas_plan SET quota = $1, quota_online = $1`, places); err != nil {
		t.Fatal(err)
	}
	cards := make([][2]string, each)
	for i := range cards {
		cards[i][0], cards[i][1] = j.enter(100 + i)
	}
	starts := time.Date(2026, 11, 25, 0, 0, 0, 0, clock.Makassar)
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken, full := 0, 0
	count := func(ok bool) {
		mu.Lock()
		defer mu.Unlock()
		if ok {
			taken++
		} else {
			full++
		}
	}
	for i := range each {
		for range 2 { // each card twice at once
			wg.Go(func() {
				r := j.ask(http.MethodPost, "/antrean", with(sample(t, "ambil_v1_request"), "nomorkartu", cards[i][0], "nik", cards[i][1], "tanggalperiksa", "2026-11-25"))
				switch m := r.message(); {
				case r.code() == 200:
					count(true)
				case m == "Kuota penuh":
					count(false)
				case m != "Nomor Antrean Hanya Dapat Diambil 1 Kali Pada Tanggal dan Poli Yang Sama":
					t.Errorf("%s", r.body)
				}
			})
		}
		wg.Go(func() {
			_, err := p.App.Queues.Book(context.Background(), authz.Actor{}, epuskesmas.Booking{
				Key: fmt.Sprint("web-", i), PoliID: p.Clinic, StartsAt: starts, Name: fmt.Sprint("Warga Daring ", string(rune('A'+i))), BirthDate: time.Date(1990, 1, 1+i, 0, 0, 0, 0, time.UTC),
				Payer: epuskesmas.General, Contact: fmt.Sprintf("warga%d@daring.example", i), Origin: epuskesmas.OriginOnline,
			})
			if err != nil && !epuskesmas.IsFull(err) {
				t.Errorf("web: %v", err)
			}
			count(err == nil)
		})
	}
	wg.Wait()
	var n, lowest, highest, patients int
	err := p.DB.Owner().QueryRow(t.Context(), `SELECT count(*), min(number), max(number), count(DISTINCT patient_id) FROM epuskesmas_ticket WHERE day = '2026-11-25'`).
		Scan(&n, &lowest, &highest, &patients)
	if err != nil || taken != places || n != places || lowest != 1 || highest != places || patients != places {
		t.Errorf("%d were told yes; %d tickets %d–%d of %d patients, %v; want %d", taken, n, lowest, highest, patients, err, places)
	}
	if full == 0 {
		t.Error("nobody was told that it is full")
	}
}

// A card that somebody else has typed does not lead to them; the NIK does.
func TestWhoseCardItIs(t *testing.T) {
	p, j := mobile(t, nil)
	ctx := context.Background()
	book := func(name, card, nik string, born time.Time) {
		t.Helper()
		_, err := p.App.Queues.Book(ctx, authz.Actor{}, epuskesmas.Booking{
			Key: name, PoliID: p.Clinic, StartsAt: time.Date(2026, 11, 25, 0, 0, 0, 0, clock.Makassar), Name: name, BirthDate: born, NIK: nik, BPJS: card,
			Contact: "a@daring.example", Origin: epuskesmas.OriginOnline,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	born := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, clock.Makassar) }
	book("Baso Salah", "0000000000001", "", born(1970, 1, 2)) // typed Siti's card
	j.takeV1("0000000000001", "7371135203860001").want(202, "Pasien Baru")
	book("Ali Benar", "0000000000002", "", born(1985, 8, 17)) // his own, without a NIK
	j.takeV1("0000000000002", "7371131708850002").ok()
	j.takeV1("0000000000009", "7371131708850002").want(201, "Nomor Antrean Hanya Dapat Diambil 1 Kali Pada Tanggal dan Poli Yang Sama") // a new card
	j.ask(http.MethodGet, "/antrean/sisapeserta/0000000000009/001/"+today, "").ok()
}

// Floods are told so in their envelope.
func TestFloodsOfBPJS(t *testing.T) {
	t.Parallel()
	s := apptest.New(t, apptest.WithConfig(func(c *config.Config) { c.RateLimits = "on" }))
	j := &jkn{t: t, s: s}
	for range 1300 {
		if got := j.call(http.MethodGet, "/v1/auth", ""); strings.HasPrefix(got.message(), "Terlalu banyak permintaan") {
			got.want(201, got.message())
			return
		}
	}
	t.Error("nobody was ever too fast")
}

// The head of a puskesmas makes the account by hand: the password is seen once, secrets
// never, and what was typed stays when something is wrong.
func TestTheAccountAtBPJSByHand(t *testing.T) {
	p := openHouse(t)
	codes(t, p)
	path := "/meja/puskesmas/atur/" + p.Slug + "/bpjs"
	p.SignedIn(t, p.Clerk.AccountID).Get(path).Want(http.StatusNotFound)
	head := p.SignedIn(t, p.Head.AccountID)
	page := head.Get(path).Want(http.StatusOK)
	contains(t, page, "main", p.URL+antrean)
	contains(t, page, ".facts", "001")
	contains(t, page.Submit(`form[action$="/sandi"]`, nil).Want(http.StatusUnprocessableEntity), "main", "Isi dan simpan nama pengguna dulu")

	const save = `form[action$="/bpjs"]`
	for _, c := range [][3]string{
		{"pengguna", "dua kata", "tanpa spasi"}, {"masuk", "1", "Isi nama pengguna dulu"}, {"keluar", "1", "baru pengirimannya bisa dinyalakan"},
		{"satusehat", "1", "baru pengirimannya bisa dinyalakan"}, {"secret_key", "a b", "tanpa spasi"}, {"kode_faskes", "x/y", "huruf dan angka"},
		{"versi_katalog", "3", "Pilih versinya"}, {"status_http", "404", "Pilih status"},
	} {
		wrong := page.Submit(save, values(c[0], c[1], "organisasi", "100012345", "cons_id", "7777")).Want(http.StatusUnprocessableEntity)
		contains(t, wrong, "main", c[2])
		if wrong.Doc.Find("#organisasi").AttrOr("value", "") != "100012345" || wrong.Doc.Find("#cons_id").AttrOr("value", "") != "7777" {
			t.Errorf("with %s=%s what was typed is lost", c[0], c[1])
		}
	}
	page = page.Submit(save, values("pengguna", "mjkn.kassi", "cons_id", "17432", "secret_key", "1rAhAs1A", "user_key", "kunc1", "keluar", "1")).Want(http.StatusOK)
	for _, secret := range []string{"17432", "1rAhAs1A", "kunc1"} {
		if strings.Contains(page.Body, secret) {
			t.Errorf("the page shows %s", secret)
		}
	}
	contains(t, page, "main", "Sudah diisi")
	page = page.Submit(`form[action$="/sandi"]`, nil).Want(http.StatusOK)
	j := &jkn{t: t, s: p.Server, user: "mjkn.kassi", password: page.Text("#sandi")}
	if again := head.Get(path).Want(http.StatusOK); j.password == "" || strings.Contains(again.Body, j.password) {
		t.Errorf("the password %q is shown again", j.password)
	}
	j.call(http.MethodGet, "/auth", "", "x-username", j.user, "x-password", j.password).want(201, "Nama User / Password / Token ada yang salah ..!!")
	page.Submit(save, values("masuk", "1")).Want(http.StatusOK)
	j.signIn()
	acc, err := bpjs.LoadAccount(t.Context(), p.Pool, p.App.Box, p.Unit)
	if err != nil || acc.Outbound != (bpjs.Outbound{ConsID: "17432", Secret: "1rAhAs1A", UserKey: "kunc1", Enabled: true}) || !acc.Inbound.Enabled {
		t.Errorf("kept %+v, %v", acc, err)
	}
	// Somebody who was faster is not overwritten.
	page.Submit(save, values("pengguna", "lain")).Want(http.StatusConflict)
	rows, err := p.DB.Owner().Query(t.Context(), `SELECT action || detail::text FROM audit_entry WHERE action LIKE 'epuskesmas.bpjs.%' ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	trail := ""
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		trail += line + "\n"
	}
	for _, secret := range []string{"17432", "1rAhAs1A", "kunc1", j.password} {
		if strings.Contains(trail, secret) {
			t.Errorf("the trail has %s", secret)
		}
	}
	for _, act := range []string{"save", "password", "refuse"} {
		if !strings.Contains(trail, "epuskesmas.bpjs."+act) {
			t.Errorf("the trail lacks %s:\n%s", act, trail)
		}
	}
}

// Whoever has a token may still send rubbish: it gets an answer in the envelope, and is
// never our fault.
func TestRubbishWithATokenAtBPJS(t *testing.T) {
	_, j := mobile(t, nil)
	bad := []any{nil, "", " ", "\x00", "a\x00b", "-1", -1, 0, 1e300, "99999999999999999999", true, []any{}, map[string]any{"a": 1}, strings.Repeat("9", 13), strings.Repeat("9", 16),
		strings.Repeat("x", 9000), "💩", "' OR 1=1", "2026-02-31", "0000-00-00", "9999-12-31", "25:00-26:00", "12:00-08:00", "\u202e", "%00"}
	for path, name := range map[string]string{"/antrean": "ambil_v2_request", "/peserta": "peserta_request", "/antrean/batal": "batal_v2_request"} {
		method, request := http.MethodPost, sample(t, name)
		if path == "/antrean/batal" {
			method = http.MethodPut
		}
		request["nomorkartu"], request["nik"] = "0000012345678", "3212345678987654"
		if _, dated := request["tanggalperiksa"]; dated {
			request["tanggalperiksa"] = today
		}
		for field := range request {
			for _, v := range bad {
				if got := j.ask(method, path, with(request, field, v)); got.status >= 400 {
					t.Errorf("%s with %s = %.20v: %d %s", path, field, v, got.status, got.body)
				}
			}
		}
	}
	for _, v := range []string{"%00", "%ff%fe", "..%2f..", "%2e%2e", strings.Repeat("9", 4000), "-1", "%25", "%F0%9F%92%A9", "9999-12-31", "0000-01-01"} {
		for _, path := range []string{"/antrean/status/" + v + "/" + today, "/antrean/status/001/" + v, "/antrean/sisapeserta/" + v + "/001/" + today,
			"/antrean/sisapeserta/0000012345678/" + v + "/" + today, "/antrean/sisapeserta/0000012345678/001/" + v} {
			if got := j.ask(http.MethodGet, path, ""); got.status >= 500 {
				t.Errorf("%.80s: %d %s", path, got.status, got.body)
			}
		}
	}
}
