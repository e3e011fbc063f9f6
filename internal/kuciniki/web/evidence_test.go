package kucinikiweb_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// Twelve parafs in one second are a figure to who did them, with the steps behind it, and to
// their head; a pattern that they explain and BKPSDM judges; and nothing to anybody else.
func TestTheEvidenceThroughThePages(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	head := s.Hire(t, apptest.Staff{Email: "orang1@portal.example", Name: "Hasanuddin Rewa", UnitCode: "DPU", Kind: "kepala"})
	staff := s.Hire(t, apptest.Staff{Email: "orang2@portal.example", Name: "Wahyuni Rauf", UnitCode: "DPU", Title: "Penyusun Naskah"})
	stranger := s.Hire(t, apptest.Staff{Email: "orang3@portal.example", Name: "Zainal Mattu", UnitCode: "DISHUB", Title: "Petugas Rambu"})
	personnel := s.Hire(t, apptest.Staff{Email: "orang4@portal.example", Name: "Yusran Halim", UnitCode: "BKPSDM", Title: "Analis", Permissions: []authz.Permission{kuciniki.PermPersonnel}, City: true})
	mayor := s.Hire(t, apptest.Staff{Email: "orang5@portal.example", Name: "Andi Baso", UnitCode: "73.71", Kind: "kepala", Permissions: []authz.Permission{kuciniki.PermFigures}, City: true})
	for below, above := range map[int64]int64{staff.PositionID: head.PositionID, head.PositionID: mayor.PositionID} {
		_, err := s.DB.Owner().Exec(ctx, `UPDATE org_position SET superior_id = $2 WHERE id = $1`, below, above)
		must(err)
	}
	at := s.Clock.Now().Add(-time.Hour)
	since, due := at.Add(-2*time.Hour), at.Add(time.Hour)
	a := s.Actor(t, staff.AccountID)
	for i := range int64(12) {
		must(workledger.Record(ctx, s.Pool, at, workledger.Event{Actor: a, Position: a.MainPosition(), UnitID: staff.UnitID, Module: "eoffice", Kind: "naskah_paraf", Object: "eoffice_letter",
			ObjectID: 900_000 + i, HolderID: staff.PositionID, Outcome: "menunggu_ttd", StartedAt: &since, DueAt: &due, NextDueAt: &due, WorkingMinutes: 90}))
	}
	must((&audit.Sealer{Pool: s.Pool, Box: s.App.Box}).Seal(ctx))
	_, err := s.App.Evidence.Fold(ctx)
	must(err)

	theirs := "/meja/kuciniki/bukti/" + strconv.FormatInt(a.PersonID, 10)
	own := s.SignedIn(t, staff.AccountID).Get("/meja/kuciniki/bukti").Want(http.StatusOK)
	row := own.Doc.Find("tbody tr").First()
	if text := row.Text(); !strings.Contains(text, "12 dari 12") || strings.Contains(text, "data belum cukup") {
		t.Errorf("the first figure says %q", text)
	}
	for _, c := range []*apptest.Client{s.SignedIn(t, staff.AccountID), s.SignedIn(t, head.AccountID), s.SignedIn(t, personnel.AccountID)} {
		c.Get(theirs).Want(http.StatusOK)
		if n := c.Get(row.Find("a").AttrOr("href", "")).Want(http.StatusOK).Doc.Find("tbody tr").Length(); n != 12 {
			t.Errorf("%d steps are behind it", n)
		}
		c.Get(theirs + "/E8").Want(http.StatusNotFound) // patients are never listed
		c.Get(theirs + "/E99").Want(http.StatusNotFound)
		c.Get(theirs + "/E14").Want(http.StatusOK)
		c.Get(theirs + "?bulan=kemarin").Want(http.StatusUnprocessableEntity)
	}
	team := s.SignedIn(t, head.AccountID).Get("/meja/kuciniki/pekerjaan-tim").Want(http.StatusOK)
	desk := team.Doc.Find(`td[data-label="Terbuka"] a[href*="meja=` + strconv.FormatInt(staff.PositionID, 10) + `"]`)
	if text := team.Text("tbody"); !strings.Contains(text, "Penyusun Naskah Wahyuni Rauf") || !strings.HasPrefix(desk.Text(), "12") {
		t.Errorf("on the desks below lies %q", text)
	}
	if n := s.SignedIn(t, head.AccountID).Get(desk.AttrOr("href", "")).Want(http.StatusOK).Doc.Find("tbody tr").Length(); n != 12 {
		t.Errorf("%d are in the list behind it", n)
	}
	if text := s.SignedIn(t, mayor.AccountID).Get("/meja/kuciniki/angka").Want(http.StatusOK).Text("main"); !strings.Contains(text, "Dinas Pekerjaan Umum") {
		t.Errorf("the mayor reads %q", text)
	}
	// The pattern: they see it first and explain it, BKPSDM judges it.
	_, err = s.App.Evidence.Look(ctx)
	must(err)
	hr, me := s.SignedIn(t, personnel.AccountID), s.SignedIn(t, staff.AccountID)
	patterns := "/meja/kuciniki/pola?unit=" + strconv.FormatInt(staff.UnitID, 10)
	if p := hr.Get(patterns).Want(http.StatusOK); !strings.Contains(p.Text("main"), "1 pola lain menunggu dibaca") || strings.Contains(p.Text("main"), "Wahyuni Rauf") {
		t.Errorf("before they saw it BKPSDM reads %q", p.Text("main"))
	}
	file := me.Get("/meja/kuciniki").Want(http.StatusOK).Doc.Find(`a[href^="/meja/kuciniki/pola/"]`).AttrOr("href", "")
	page := me.Get(file).Want(http.StatusOK)
	if n := page.Doc.Find("tbody tr").Length(); n != 12 {
		t.Errorf("%d steps are behind the pattern", n)
	}
	if p := page.Submit(`form[action$="/jawab"]`, url.Values{"kata": {"Sibuk."}}).Want(http.StatusUnprocessableEntity); p.Text("textarea") != "Sibuk." {
		t.Errorf("what was typed is lost: %q", p.Text("textarea"))
	}
	page.Submit(`form[action$="/jawab"]`, url.Values{"kata": {"Dua belas undangan yang sama, dibaca sekali bersama kabid."}}).Want(http.StatusOK)
	if p := hr.Get(patterns).Want(http.StatusOK); !strings.Contains(p.Text("main"), "Paraf beruntun") || !strings.Contains(p.Text("main"), "Wahyuni Rauf") {
		t.Errorf("the patterns are %q", p.Text("main"))
	}
	hr.Get(file).Want(http.StatusOK).Submit(`form[action$="/nilai"]`, url.Values{"kata": {"Penjelasannya sesuai dengan isi naskah."}, "putusan": {"wajar"}}).Want(http.StatusOK)
	if text := me.Get(file).Want(http.StatusOK).Text("main"); !strings.Contains(text, "Ada penjelasan yang wajar") || !strings.Contains(text, "Yusran Halim") || !strings.Contains(text, "dibaca sekali") {
		t.Errorf("they read %q", text)
	}
	if p := hr.Get("/meja/kuciniki/pola?unit=" + strconv.FormatInt(stranger.UnitID, 10)).Want(http.StatusOK); !strings.Contains(p.Text("main"), "Tidak ada pola") {
		t.Errorf("the patterns of another unit are %q", p.Text("main"))
	}
	hr.Get("/meja/kuciniki/pola?unit=lain").Want(http.StatusNotFound)
	hr.Get("/meja/kuciniki/selisih").Want(http.StatusOK)
	hr.Get("/meja/kuciniki/selisih?bulan=2026").Want(http.StatusOK)
	hr.Get("/meja/kuciniki/selisih?bulan=2026-13").Want(http.StatusUnprocessableEntity)
	inspector := s.Hire(t, apptest.Staff{Email: "orang6@portal.example", Name: "Irwan Basri", UnitCode: "INSP", Title: "Auditor", Permissions: []authz.Permission{kuciniki.PermInspect}, City: true})
	s.Assign(t, inspector, "kuciniki")
	must(s.App.Kuciniki.OpenYear(ctx, s.Actor(t, personnel.AccountID), s.App.Kuciniki.Year()))
	agreed(t, s, s.Actor(t, head.AccountID), s.Actor(t, mayor.AccountID))
	skp := agreed(t, s, a, s.Actor(t, head.AccountID))
	// Who may open cases of other modules is asked of those; of what is not there, nothing comes back.
	for _, who := range []int64{personnel.AccountID, s.Hire(t, apptest.Staff{Email: "orang7@portal.example", Name: "Sitti Rabiah", UnitCode: "DPU", Title: "Pengawas",
		Permissions: []authz.Permission{mtr.PermOverview, mtr.PermHandle, letter.PermView}}).AccountID} {
		for name, numbers := range map[string]func(context.Context, authz.Actor, []int64) (map[int64]string, error){
			"reports": s.App.MTR.DeskNumbers, "requests": s.App.Letters.DeskNumbers, "letters": s.App.Office.DeskNumbers,
		} {
			if got, err := numbers(ctx, s.Actor(t, who), []int64{900_000, 900_001}); err != nil || len(got) != 0 {
				t.Errorf("the numbers of %s are %v: %v", name, got, err)
			}
		}
	}
	judged(t, s, skp, a, s.Actor(t, head.AccountID))
	// Beside the rating each figure opens the list behind it, of the same time.
	beside := s.SignedIn(t, head.AccountID).Get("/meja/kuciniki/skp/"+strconv.FormatInt(skp, 10)+"/penilaian/0").Want(http.StatusOK).Doc.Find(`a[href*="/E1?bulan=`+strconv.Itoa(s.App.Kuciniki.Year())+`"]`).AttrOr("href", "")
	if n := s.SignedIn(t, head.AccountID).Get(beside).Want(http.StatusOK).Doc.Find("tbody tr").Length(); n != 12 {
		t.Errorf("%d steps are behind the figure beside the rating", n)
	}
	flag, err := strconv.ParseInt(file[strings.LastIndex(file, "/")+1:], 10, 64)
	must(err)
	// Absence is justified by a letter that e-Office knows.
	_, err = s.DB.Owner().Exec(ctx, `UPDATE org_person SET staff_number = '198001012005011001' WHERE id = $1`, a.PersonID)
	must(err)
	var letterID int64
	err = s.DB.Owner().QueryRow(ctx, `INSERT INTO eoffice_letter (origin, kind_code, unit_id, drafter_id, drafted_by, status, status_at, sender, sender_number, letter_date, received_on, channel, created_at, updated_at)
		VALUES ('masuk', 'SD', $1, $2, $3, 'tercatat', now(), 'RSUD', '445/12/RSUD/2026', '2026-03-01', '2026-03-02', 'kertas', now(), now()) RETURNING id`, staff.UnitID, staff.PositionID, staff.AccountID).Scan(&letterID)
	must(err)
	if numbers, err := s.App.Office.Numbers(ctx, []int64{letterID}); err != nil || numbers[letterID] != "445/12/RSUD/2026" {
		t.Errorf("for who looks at a sample its number is %v: %v", numbers, err)
	}
	note := func(number string) *apptest.Page {
		return hr.Get("/meja/kuciniki/kehadiran").Want(http.StatusOK).Submit(`form[action$="/kehadiran/surat"]`,
			url.Values{"nip": {"198001012005011001"}, "jenis": {"sakit"}, "mulai": {"2026-03-03"}, "sampai": {"2026-03-05"}, "nomor": {number}})
	}
	if p := note("445/99/RSUD/2026").Want(http.StatusUnprocessableEntity); !strings.Contains(p.Text("main"), "tidak ada di e-Office") {
		t.Errorf("a number that is none is answered %q", p.Text("main"))
	}
	noted := note("445/12/rsud/2026").Want(http.StatusOK)
	if text := noted.Text("main"); !strings.Contains(text, "445/12/RSUD/2026") {
		t.Errorf("what was noted is %q", text)
	}
	// Work that was drawn by lot: the Inspektorat looks at it, and they read what was wrong.
	month := evidence.MonthOf(at.AddDate(0, -1, 0))
	for hour, kind := range []string{"submit_proof", "validate"} {
		must(workledger.Record(ctx, s.Pool, month.Start().AddDate(0, 0, 9).Add(time.Duration(hour)*time.Hour), workledger.Event{Actor: a, Position: a.MainPosition(), UnitID: staff.UnitID,
			Module: "mtr", Kind: kind, Object: "mtr_report", ObjectID: 900_100, Outcome: "selesai"}))
	}
	n, err := s.App.Evidence.Draw(ctx, month)
	if must(err); n != 1 {
		t.Fatalf("%d are drawn", n)
	}
	list := s.SignedIn(t, inspector.AccountID).Get("/meja/kuciniki/sampel").Want(http.StatusOK)
	sample := list.Doc.Find(`tbody a[href^="/meja/kuciniki/sampel/"]`).AttrOr("href", "")
	look := s.SignedIn(t, inspector.AccountID).Get(sample).Want(http.StatusOK)
	if strings.Contains(look.Text("main"), "Wahyuni Rauf") || !strings.Contains(look.Text("main"), "Isi pekerjaan ini tidak terbuka bagi Anda") {
		t.Errorf("who looks reads %q", look.Text("main"))
	}
	look.Submit(`form[action="`+sample+`"]`, url.Values{"hasil": {"dibina"}, "kata": {"Kurang."}}).Want(http.StatusUnprocessableEntity).
		Submit(`form[action="`+sample+`"]`, url.Values{"hasil": {"dibina"}, "kata": {"Lubang itu masih ada pada tanggal 3."}}).Want(http.StatusOK)
	if hr.Get(sample).Want(http.StatusOK).Doc.Find(`a[href^="/meja/kuciniki/pola/"]`).Length() != 1 {
		t.Error("BKPSDM does not find why")
	}
	words := me.Get(me.Get("/meja/kuciniki/bukti").Want(http.StatusOK).Doc.Find(`a[href^="/meja/kuciniki/pola/"]`).AttrOr("href", "")).Want(http.StatusOK)
	if text := words.Text("main"); !strings.Contains(text, "masih ada pada tanggal 3") || words.Doc.Find(`form[action$="/sanggah"]`).Length() != 1 {
		t.Errorf("they read %q", text)
	}
	id, err := strconv.ParseInt(sample[strings.LastIndex(sample, "/")+1:], 10, 64)
	must(err)
	// Behind coaching lie whom they coach and how often, never what was said.
	must(s.App.Kuciniki.Remark(ctx, s.Actor(t, head.AccountID), skp, kuciniki.Note{Kind: kuciniki.Talk, Text: "Tentang beban kerja tim."}, "satu"))
	coached := s.SignedIn(t, mayor.AccountID).Get("/meja/kuciniki/bukti/" + strconv.FormatInt(s.Actor(t, head.AccountID).PersonID, 10) + "/E13").Want(http.StatusOK)
	if text := coached.Text("main"); !strings.Contains(text, "Wahyuni Rauf") || !strings.Contains(text, "Semuanya 1, di antaranya 1 baik") || strings.Contains(text, "beban kerja") {
		t.Errorf("behind their coaching lies %q", text)
	}
	people{staff, head, mayor, personnel, inspector, stranger}.see(t, s, skp, flag, id, a.PersonID)
}
