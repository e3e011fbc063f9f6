package portalweb_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/portal"
)

// known is a citizen of whom every part of the portal knows something.
func known(t *testing.T, s *apptest.Server) (account int64, c *apptest.Client) {
	t.Helper()
	v, clinic := s.Village(t, "73.71.13.1002"), s.Puskesmas(t)
	account = s.Citizen(t, "rahma@contoh.id", "Sitti Rahma")
	s.Password(t, account, good)
	v.Prove(t, account, 0)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, a, m := t.Context(), s.Actor(t, account), s.App.MTR
	one := func(sql string) int64 {
		t.Helper()
		id, err := pg.Scalar[int64](ctx, s.Pool, sql)
		must(err)
		return id
	}
	token, err := m.CreateDraft(ctx, a)
	must(err)
	must(m.FinishPhotos(ctx, token))
	must(m.SavePlace(ctx, token, mtr.PlaceInput{KelurahanID: v.Kelurahan, Landmark: "Dekat gapura"}))
	must(m.SaveDraftCategory(ctx, token, mtr.CategoryInput{CategoryID: one(`SELECT id FROM mtr_category c WHERE active AND emergency = ''
		AND NOT EXISTS (SELECT FROM mtr_question q WHERE q.category_id = c.id) ORDER BY id LIMIT 1`)}))
	must(m.SaveWords(ctx, token, mtr.WordsInput{Title: "Lampu gang mati", Body: "Tiang depan gapura gelap sejak dua minggu."}))
	must(m.SaveWho(ctx, token, mtr.WhoInput{Name: "Sitti Rahma", Email: "rahma@contoh.id"}))
	if page := s.SignedIn(t, account).Post("/mtr/lapor/"+token+"/kirim", nil); page.Status >= 400 {
		t.Fatalf("sending the report: %d", page.Status)
	}
	must(m.Follow(ctx, a, mtr.FollowInput{Subject: "kelurahan", ID: v.Kelurahan, Pace: mtr.PaceNow}))
	_, err = s.App.Letters.StartDraft(ctx, a, "DOM", v.Family[0])
	must(err)
	sessions, err := s.App.Queues.Sessions(ctx, clinic.Clinic)
	must(err)
	_, err = s.App.Queues.Book(ctx, authz.Actor{}, epuskesmas.Booking{PoliID: clinic.Clinic, StartsAt: sessions[len(sessions)-1].StartsAt, Name: "Sitti Rahma",
		BirthDate: time.Date(1985, 3, 12, 0, 0, 0, 0, time.UTC), Contact: "rahma@contoh.id", AccountID: account, Payer: epuskesmas.General, Origin: epuskesmas.OriginOnline, Complaint: "Batuk"})
	must(err)
	return account, s.SignedIn(t, account)
}

// held counts what every part has of an account.
func held(t *testing.T, s *apptest.Server, account int64) map[string]int {
	t.Helper()
	parts, err := s.App.Personal.Parts(t.Context(), account)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, p := range parts {
		out[p.Code] = len(p.Records)
	}
	return out
}

func TestDataOfOnesOwnAreShownTakenAlongAndErased(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	account, c := known(t, s)
	other := s.Citizen(t, "lain@contoh.id", "Orang Lain")

	p := c.Get("/akun/data").Want(200)
	for _, want := range []string{"Lampu gang mati", "Surat", "NIK", "Sitti Rahmawati", "Batuk"} {
		if !strings.Contains(p.Text("main"), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if n := held(t, s, other); n["laporan"]+n["surat"]+n["penduduk"]+n["puskesmas"] != 0 {
		t.Errorf("somebody else is told: %v", n)
	}

	if p := p.Submit("form[action='/akun/data/unduh']", url.Values{"sandi-lama": {"bukan ini"}}); p.Status != 422 {
		t.Errorf("a wrong password gives %d", p.Status)
	}
	req, err := http.NewRequest(http.MethodPost, s.URL+"/akun/data/unduh", strings.NewReader(url.Values{"sandi-lama": {good}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := c.Raw(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Bagian []struct {
			Judul   string
			Catatan []struct{ Judul string }
		}
	}
	if err := json.Unmarshal(body, &file); err != nil || len(file.Bagian) != 6 || !strings.Contains(string(body), "Tiang depan gapura gelap") ||
		!strings.Contains(resp.Header.Get("Content-Disposition"), "data-saya.json") {
		t.Errorf("the file: %v, %q, %s", err, resp.Header.Get("Content-Disposition"), body)
	}

	// Asked for twice at once it is one request, and nobody without the permission sees it.
	ask := func() int {
		return c.Get("/akun/data/hapus").Submit("form[action='/akun/data/hapus']", url.Values{"sandi-lama": {good}}).Status
	}
	if got := ask(); got != 200 {
		t.Fatalf("asking: %d", got)
	}
	if err := s.App.Personal.AskErasure(t.Context(), s.Actor(t, account)); err != nil {
		t.Error(err)
	}
	requests, err := pg.Scalars[int64](t.Context(), s.Pool, `SELECT id FROM portal_erasure`)
	if err != nil || len(requests) != 1 {
		t.Fatalf("requests %v, %v", requests, err)
	}
	clerk := s.Hire(t, apptest.Staff{Email: "kantor@portal.example", Name: "Hasnah", UnitCode: "DPU", Permissions: []authz.Permission{portal.PermPrivacy}})
	s.SignedIn(t, clerk.AccountID).Get(fmt.Sprintf("/meja/admin/data-pribadi/%d", requests[0])).Want(404)

	officers := make([]int64, 2)
	for i := range officers {
		officers[i] = s.Hire(t, apptest.Staff{Email: fmt.Sprintf("pdp%d@portal.example", i), Name: fmt.Sprint("Petugas Data ", i), UnitCode: "KOMINFO", City: true,
			Permissions: []authz.Permission{portal.PermPrivacy}}).AccountID
	}
	desk := s.SignedIn(t, officers[0])
	if list := desk.Get("/meja/admin/data-pribadi").Want(200); !strings.Contains(list.Text("main"), "Sitti Rahma") {
		t.Error("the officer does not see who asks")
	}
	page := desk.Get(fmt.Sprintf("/meja/admin/data-pribadi/%d", requests[0])).Want(200)
	if text := page.Text("main"); strings.Contains(text, "Lampu gang mati") || strings.Contains(text, "Batuk") {
		t.Error("the officer reads what is held")
	}
	refused := page.Submit(adminForm, url.Values{"alasan-penduduk": {" "}})
	if refused.Status != 422 || !strings.Contains(refused.Text("main"), "tetap disimpan") {
		t.Errorf("keeping without a reason: %d", refused.Status)
	}
	if n := held(t, s, account); n["laporan"] != 2 || n["akun"] == 0 {
		t.Errorf("a refused decision changed something: %v", n)
	}

	// Two officers decide at once: one decision holds.
	s.Mail.Forget()
	var all sync.WaitGroup
	var won atomic.Int64
	verdicts := []portal.Verdict{
		{Part: "laporan", Erased: true}, {Part: "surat", Erased: true}, {Part: "penduduk", Reason: "Wajib disimpan kelurahan"},
		{Part: "puskesmas", Erased: true}, {Part: "jejak", Reason: "Jejak audit wajib ada"}, {Part: "akun", Erased: true},
	}
	for _, o := range officers {
		actor := s.Actor(t, o)
		all.Go(func() {
			if err := s.App.Personal.Decide(t.Context(), actor, requests[0], verdicts); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Fatalf("%d decisions hold", won.Load())
	}
	n := held(t, s, account)
	if n["laporan"] != 0 || n["puskesmas"] != 0 || n["penduduk"] != 0 || n["jejak"] == 0 {
		t.Errorf("left of the account: %v", n)
	}
	for what, sql := range map[string]string{
		"a contact of the report": `SELECT count(*) FROM mtr_contact WHERE num_nonnulls(name_sealed, email_sealed, email_hash, phone_sealed) > 0`,
		"a contact of the ticket": `SELECT count(*) FROM epuskesmas_visit WHERE contact_sealed IS NOT NULL`,
		"a proved identity":       `SELECT count(*) FROM epemerintahan_identity WHERE status = 'sah'`,
		"the account's name":      `SELECT count(*) FROM authn_account WHERE name = 'Sitti Rahma' OR email = 'rahma@contoh.id'`,
		"the report gone":         `SELECT 1 - count(*) FROM mtr_report WHERE title = 'Lampu gang mati' AND status <> ''`,
		"the resident gone":       `SELECT 1 - count(*) FROM epemerintahan_resident WHERE name = 'Sitti Rahmawati'`,
		"a verdict too few":       `SELECT 6 - count(*) FROM portal_erasure_part WHERE reason <> '' OR erased`,
	} {
		if got, err := pg.Scalar[int](t.Context(), s.Pool, sql); err != nil || got != 0 {
			t.Errorf("%s: %d, %v", what, got, err)
		}
	}
	s.Deliver(t)
	told := s.Mail.To("rahma@contoh.id")
	if len(told) != 1 || !strings.Contains(told[0].Text, "Wajib disimpan kelurahan") {
		t.Errorf("the person was told %v", told)
	}
	desk.Get(fmt.Sprintf("/meja/admin/data-pribadi/%d", requests[0])).Want(200)
	c.NoRedirects()
	if p := c.Get("/akun/data"); p.Status != http.StatusSeeOther {
		t.Errorf("the session lives on: %d", p.Status)
	}
	if n, err := s.App.Letters.PurgeDrafts(t.Context()); err != nil || n != 1 {
		t.Errorf("the sweeper takes %d drafts, %v", n, err)
	}
}

func TestARequestToEraseIsTakenBack(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	a := s.Actor(t, s.Citizen(t, "rahma@contoh.id", "Sitti Rahma"))
	staff := s.Hire(t, apptest.Staff{Email: "pdp@portal.example", Name: "Petugas Data", UnitCode: "KOMINFO", City: true, Permissions: []authz.Permission{portal.PermPrivacy}})
	if err := s.App.Personal.AskErasure(t.Context(), s.Actor(t, staff.AccountID)); err == nil {
		t.Error("staff ask for their own")
	}
	if err := s.App.Personal.AskErasure(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if err := s.App.Personal.WithdrawErasure(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if err := s.App.Personal.WithdrawErasure(t.Context(), a); err == nil {
		t.Error("taken back twice")
	}
	e, _, err := s.App.Personal.Latest(t.Context(), a)
	if err != nil || e.Status != portal.ErasureWithdrawn {
		t.Fatalf("%+v, %v", e, err)
	}
	var verdicts []portal.Verdict
	for code := range held(t, s, a.AccountID) {
		verdicts = append(verdicts, portal.Verdict{Part: code, Reason: "x"})
	}
	if err := s.App.Personal.Decide(t.Context(), s.Actor(t, staff.AccountID), e.ID, verdicts); err == nil {
		t.Error("what was taken back is decided")
	}
}
