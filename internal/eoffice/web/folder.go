package eofficeweb

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	archivePath = deskPath + "/arsip"
	folderPath  = archivePath + "/berkas"
	waitPath    = archivePath + "/persetujuan"
	paramStatus = "status"
	paramOnly   = "hanya" // the one letter to file
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func folderHref(id int64) string { return folderPath + "/" + itoa(id) }

func filingHref(unit, letter int64) string {
	q := url.Values{paramUnit: {itoa(unit)}}
	if letter != 0 {
		q.Set(paramOnly, itoa(letter))
	}
	return archivePath + "?" + q.Encode()
}

// archiveHead is the office whose archive a page shows, among those the reader keeps.
type archiveHead struct {
	Desk    *ui.Desk
	Offices []eoffice.ArchiveOffice
	UnitID  int64
	Office  string
	Form    *form.Form
	Now     time.Time
}

func (v archiveHead) officeControl() ui.Control {
	c := ui.Control{Name: paramUnit, Label: "Kantor", Value: itoa(v.UnitID)}
	for _, o := range v.Offices {
		c.Options = append(c.Options, ui.Option{Value: itoa(o.ID), Label: o.Name})
	}
	return c
}

func (v archiveHead) control(c ui.Control) ui.Control {
	return c.Kept(v.Form)
}

// at turns the page to one of the reader's offices; to no other.
func (v *archiveHead) at(unit int64) {
	for _, o := range v.Offices {
		if o.ID == unit {
			v.UnitID, v.Office = o.ID, o.Name
		}
	}
}

// archiveOf reads which office of the reader's a page of the archive is about.
func (k *desk) archiveOf(r *http.Request, f *form.Form, current string) (v archiveHead, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v.Now, v.UnitID = k.Clock.Now(), f.ID(paramUnit, "")
	if v.Offices, err = k.Office.ArchiveOffices(ctx, a); err != nil {
		return v, err
	}
	if v.UnitID == 0 && len(v.Offices) > 0 {
		v.UnitID = v.Offices[0].ID
		for _, o := range v.Offices { // one's own before the others of the city
			if o.ID == a.MainPosition().UnitID {
				v.UnitID = o.ID
			}
		}
	}
	v.at(v.UnitID)
	if v.Office == "" && (v.UnitID != 0 || !a.HasAny(eoffice.PermArchive, eoffice.PermRegister)) {
		return v, errs.New(errs.NotFound, "Arsip ini tidak ada di kantor Anda.")
	}
	v.Desk, err = k.side(ctx, a, current)
	return v, err
}

// filingView is what an office has finished and not filed.
type filingView struct {
	archiveHead
	Rows     []eoffice.Unfiled
	Letter   int64 // the only one that is asked for, 0: all
	Next     string
	Folders  []eoffice.FolderChoice
	Problems []eoffice.FilingProblem
}

func (k *desk) filing(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := k.loadFiling(r, f)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, filingPage(v))
}

func (k *desk) loadFiling(r *http.Request, f *form.Form) (v filingView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.archiveHead, err = k.archiveOf(r, f, archivePath); err != nil || v.UnitID == 0 {
		return v, err
	}
	v.Letter = f.ID(paramOnly, "")
	var next int64
	if v.Rows, next, err = k.Office.Unfiled(ctx, a, v.UnitID, f.ID(paramAfter, ""), v.Letter); err != nil {
		return v, err
	}
	if next != 0 {
		v.Next = archivePath + "?" + url.Values{paramUnit: {itoa(v.UnitID)}, paramAfter: {itoa(next)}}.Encode()
	}
	v.Folders, err = k.Office.OpenFolders(ctx, a, v.UnitID)
	return v, err
}

func (v filingView) folderControl() ui.Control {
	c := v.control(ui.Control{Name: eoffice.ControlFolder, Label: "Masukkan ke", Options: []ui.Option{{Value: "0", Label: "Berkas yang diusulkan untuk setiap naskah"}}})
	if v.Letter != 0 && len(v.Rows) == 0 { // it moves from one folder to another
		c.Options = nil
	}
	for _, f := range v.Folders {
		label := f.Code() + " " + f.Title
		if f.Confidential {
			label += " (rahasia)"
		}
		c.Options = append(c.Options, ui.Option{Value: itoa(f.ID), Label: label, Group: "Tahun " + strconv.Itoa(f.Year)})
	}
	return c
}

// file files what was chosen and says what could not be filed.
func (k *desk) fileLetters(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.loadFiling(r, f)
	if err != nil {
		return err
	}
	chosen := f.IDs(controlLetters)
	if len(chosen) == 0 || len(chosen) > 200 {
		f.Fail("", "Pilih naskah yang diberkaskan.")
		v.Form = f
		return web.Render(w, r, http.StatusUnprocessableEntity, filingPage(v))
	}
	done, err := k.Office.FileLetters(r.Context(), web.ActorOf(r.Context()), v.UnitID, chosen, f.ID(eoffice.ControlFolder, ""))
	if err != nil {
		return err
	}
	said := strconv.Itoa(done.Done) + " naskah diberkaskan."
	if done.Waiting > 0 {
		said += " " + strconv.Itoa(done.Waiting) + " naskah rahasia menunggu persetujuan kepala kantor."
	}
	if len(done.Problems) == 0 {
		web.Flash(r, "success", said)
		if v.Letter != 0 {
			return web.Redirect(w, r, letterHref(v.Letter))
		}
		return web.Redirect(w, r, filingHref(v.UnitID, 0))
	}
	if done.Done > 0 {
		web.Flash(r, "success", said)
	}
	if v, err = k.loadFiling(r, f); err != nil {
		return err
	}
	v.Problems = done.Problems
	return web.Render(w, r, http.StatusConflict, filingPage(v))
}

// foldersView is the list of an office's folders.
type foldersView struct {
	archiveHead
	Filter eoffice.FolderFilter
	Rows   []eoffice.Folder
	Next   string
	KKA    []eoffice.KKA
}

func (k *desk) folders(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := k.loadFolders(r, f)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, foldersPage(v))
}

func (k *desk) loadFolders(r *http.Request, f *form.Form) (v foldersView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.archiveHead, err = k.archiveOf(r, f, folderPath); err != nil || v.UnitID == 0 {
		return v, err
	}
	v.Filter = eoffice.FolderFilter{UnitID: v.UnitID, Text: f.Line(paramText), Status: eoffice.Status(f.Line(paramStatus)), After: f.ID(paramAfter, "")}
	v.Filter.Year, _ = strconv.Atoi(f.Line(paramYear))
	var next int64
	if v.Rows, next, err = k.Office.Folders(ctx, a, v.Filter); err != nil {
		return v, err
	}
	if len(v.Rows) == 0 && len(v.Offices) > 1 && !f.Has(paramUnit) { // begins where there are folders
		unit, err := k.Office.FolderOffice(ctx, a)
		if err != nil {
			return v, err
		}
		v.at(unit)
		v.Filter.UnitID = v.UnitID
		if v.Rows, next, err = k.Office.Folders(ctx, a, v.Filter); err != nil {
			return v, err
		}
	}
	if next != 0 {
		q := url.Values{paramUnit: {itoa(v.UnitID)}, paramText: {v.Filter.Text}, paramStatus: {string(v.Filter.Status)}, paramAfter: {itoa(next)}}
		if v.Filter.Year != 0 {
			q.Set(paramYear, strconv.Itoa(v.Filter.Year))
		}
		v.Next = folderPath + "?" + q.Encode()
	}
	v.KKA, err = k.Office.Classification(ctx)
	return v, err
}

func (v foldersView) statusControl() ui.Control {
	c := ui.Control{Name: paramStatus, Label: "Keadaan", Value: string(v.Filter.Status), Options: []ui.Option{{Value: "", Label: "Semua"}}}
	for _, s := range eoffice.FolderStatuses {
		c.Options = append(c.Options, ui.Option{Value: string(s), Label: sentence(s.Label())})
	}
	return c
}

func (v foldersView) filterYear() ui.Control {
	c := ui.Control{Name: paramYear, ID: "saring-tahun", Label: "Tahun", Options: []ui.Option{{Value: "", Label: "Semua"}}}
	if v.Filter.Year != 0 {
		c.Value = strconv.Itoa(v.Filter.Year)
	}
	for this, y := v.Now.In(indo.WITA).Year(), 0; y < 30; y++ {
		c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(this - y), Label: strconv.Itoa(this - y)})
	}
	return c
}

func (v foldersView) confidentialControl() ui.Control {
	c := ui.Control{Name: eoffice.ControlSecrecy, Label: "Untuk naskah rahasia dan sangat rahasia", Hint: "Judulnya selalu nama klasifikasinya."}
	if v.Form != nil && v.Form.Bool(c.Name) {
		c.Values = []string{"1"}
	}
	return c
}

func (k *desk) openFolder(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	n := eoffice.NewFolder{UnitID: f.ID(paramUnit, ""), KKA: f.Line(eoffice.ControlKKA), Title: f.Line(eoffice.ControlTitle), Place: f.Line(eoffice.ControlPlace),
		Confidential: f.Bool(eoffice.ControlSecrecy), Year: f.Int(eoffice.ControlYear, 1945, k.Clock.Now().In(indo.WITA).Year(), "Isi tahun sampai tahun ini.")}
	id, err := int64(0), f.Err()
	if err == nil {
		id, err = k.Office.OpenFolder(r.Context(), web.ActorOf(r.Context()), n)
	}
	if err == nil {
		web.Flash(r, "success", "Berkas dibuka.")
		return web.Redirect(w, r, folderHref(id))
	}
	if !f.FailWith(err) {
		return err
	}
	v, err := k.loadFolders(r, f)
	if err != nil {
		return err
	}
	v.Form = f
	return web.Render(w, r, http.StatusUnprocessableEntity, foldersPage(v))
}

// folderView is one folder.
type folderView struct {
	Desk *ui.Desk
	D    eoffice.FolderDetail
	Next string
	Form *form.Form
	Open string // the act whose form was refused
	Now  time.Time
}

func (v folderView) may(a eoffice.Action) bool { return slices.Contains(v.D.Actions, a) }

func (v folderView) control(act string, c ui.Control) ui.Control {
	return oneOf(act, v.Open, v.Form, c)
}

func (v folderView) action(act string) string { return folderHref(v.D.ID) + "/" + act }

func (k *desk) folder(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := k.loadFolder(r, id, f.ID(paramAfter, ""))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, folderPageOf(v))
}

func (k *desk) loadFolder(r *http.Request, id, after int64) (v folderView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v.Now = k.Clock.Now()
	if v.D, err = k.Office.FolderOf(ctx, a, id, after); err != nil {
		return v, err
	}
	if v.D.Next != 0 {
		v.Next = folderHref(id) + "?" + url.Values{paramAfter: {itoa(v.D.Next)}}.Encode()
	}
	v.Desk, err = k.side(ctx, a, folderPath)
	return v, err
}

// facts are what is written on the folder.
func (v folderView) facts() []ui.SummaryRow {
	d := v.D
	out := []ui.SummaryRow{{Key: "Kantor", Value: d.UnitName}, {Key: "Klasifikasi", Value: d.KKA + " " + d.ClassName}, {Key: "Tahun", Value: strconv.Itoa(d.Year)},
		{Key: "Dibuka", Value: indo.Date(d.OpenedOn)}}
	if d.ClosedOn != nil {
		out = append(out, ui.SummaryRow{Key: "Ditutup", Value: indo.Date(*d.ClosedOn)})
	}
	if d.Rule != "" {
		out = append(out, ui.SummaryRow{Key: "Masa simpan", Value: fmt.Sprintf("%d tahun aktif, %d tahun inaktif (aturan kode %s)", d.ActiveYears, d.InactiveYears, d.Rule)},
			ui.SummaryRow{Key: "Inaktif sejak", Value: indo.Date(*d.InactiveOn)}, ui.SummaryRow{Key: "Habis masa simpan", Value: indo.Date(*d.EndsOn)},
			ui.SummaryRow{Key: "Sesudah itu", Value: eoffice.FateLabel(d.Fate)})
	}
	if d.PostponedUntil != nil {
		out = append(out, ui.SummaryRow{Key: "Usul ditunda sampai", Value: indo.Date(*d.PostponedUntil)})
	}
	if d.KeeperName != "" {
		out = append(out, ui.SummaryRow{Key: "Disimpan", Value: d.KeeperName})
	}
	if d.CaseID != 0 {
		out = append(out, ui.SummaryRow{Key: "Dalam usul", Body: disposalLink(d.CaseID)})
	}
	place := d.Place
	if place == "" {
		place = "belum ditulis"
	}
	return append(out, ui.SummaryRow{Key: "Tempat kertas", Value: place}, ui.SummaryRow{Key: "Isi", Value: indo.Int(d.Letters) + " naskah"})
}

var folderHappened = map[eoffice.Action]string{
	eoffice.ActFolderMake: "Berkas dibuka", eoffice.ActCorrect: "Keterangannya diubah", eoffice.ActClose: "Ditutup", eoffice.ActReopen: "Dibuka lagi",
	eoffice.ActPropose: "Diperiksa masa simpannya", eoffice.ActPostpone: "Usul ditunda", eoffice.ActAppraise: "Dinilai kembali",
	eoffice.ActHold: "Ditahan untuk keperluan hukum", eoffice.ActLift: "Penahanan dilepas", eoffice.ActMove: "Dipindahkan ke arsip inaktif", eoffice.ActHandOver: "Diserahkan",
	eoffice.ActDestroy:     "Dimusnahkan",
	eoffice.ActAgreeFiling: "Kepala kantor menyetujui pemberkasan naskah rahasia", eoffice.ActRefuseFiling: "Kepala kantor menolak pemberkasan naskah rahasia",
}

func (v folderView) moments() (out []ui.Moment) {
	for _, e := range v.D.Events {
		m := ui.Moment{Title: folderHappened[e.Action], At: e.At, Text: e.Reason, Who: e.Name}
		if e.Action == eoffice.ActPropose {
			if m.Who, m.Text = "Portal", "Diusulkan: "+strings.ToLower(e.Reason); e.Reason == "" {
				m.Text = "Usul ditarik: masa simpannya belum habis."
			}
		}
		if e.Title != "" {
			m.Who += ", " + e.Title
		}
		out = append(out, m)
	}
	return out
}

// folderActs are what may be done to a folder, by the last part of the address.
var folderActs = []struct {
	Path, Done string
	Do         func(ctx context.Context, k *desk, a authz.Actor, on eoffice.OnFolder, f *form.Form) error
}{
	{"tutup", "Berkas ditutup. Masa simpannya mulai dihitung.", func(ctx context.Context, k *desk, a authz.Actor, on eoffice.OnFolder, f *form.Form) error {
		day := f.Date(eoffice.ControlDay, "Isi tanggal penutupan.")
		if err := f.Err(); err != nil {
			return err
		}
		return k.Office.CloseFolder(ctx, a, on, day)
	}},
	{"buka", "Berkas dibuka lagi.", func(ctx context.Context, k *desk, a authz.Actor, on eoffice.OnFolder, _ *form.Form) error {
		return k.Office.ReopenFolder(ctx, a, on)
	}},
	{"tunda", "Usul ditunda.", func(ctx context.Context, k *desk, a authz.Actor, on eoffice.OnFolder, f *form.Form) error {
		day := f.Date(eoffice.ControlUntil, "Isi sampai kapan ditunda.")
		if err := f.Err(); err != nil {
			return err
		}
		return k.Office.Postpone(ctx, a, on, day)
	}},
	{"nilai", "Putusan disimpan.", func(ctx context.Context, k *desk, a authz.Actor, on eoffice.OnFolder, f *form.Form) error {
		outcome, day := f.Line(eoffice.ControlOutcome), time.Time{}
		if outcome == eoffice.KeepOn {
			day = f.Date(eoffice.ControlUntil, "Isi sampai kapan disimpan.")
		}
		if err := f.Err(); err != nil {
			return err
		}
		return k.Office.Appraise(ctx, a, on, outcome, day)
	}},
	{"tahan", "Berkas ditahan.", func(ctx context.Context, k *desk, a authz.Actor, on eoffice.OnFolder, f *form.Form) error {
		var until *time.Time
		if f.Value(eoffice.ControlUntil) != "" {
			day := f.Date(eoffice.ControlUntil, "Isi tanggal, atau kosongkan.")
			until = &day
		}
		if err := f.Err(); err != nil {
			return err
		}
		return k.Office.SetHold(ctx, a, on, f.Line(eoffice.ControlAskedBy), until)
	}},
	{"lepas", "Penahanan dilepas.", func(ctx context.Context, k *desk, a authz.Actor, on eoffice.OnFolder, f *form.Form) error {
		return k.Office.LiftHold(ctx, a, on, f.ID("tahanan", ""))
	}},
	{"betulkan", "Keterangan berkas disimpan.", func(ctx context.Context, k *desk, a authz.Actor, on eoffice.OnFolder, f *form.Form) error {
		return k.Office.CorrectFolder(ctx, a, on, f.Line(eoffice.ControlTitle), f.Line(eoffice.ControlPlace))
	}},
	{"setujui", "Pemberkasan disetujui.", func(ctx context.Context, k *desk, a authz.Actor, on eoffice.OnFolder, f *form.Form) error {
		return k.Office.AgreeFiling(ctx, a, on.ID, f.ID(controlLetter, ""), true)
	}},
	{"tolak", "Naskah dikembalikan kepada arsiparis.", func(ctx context.Context, k *desk, a authz.Actor, on eoffice.OnFolder, f *form.Form) error {
		return k.Office.AgreeFiling(ctx, a, on.ID, f.ID(controlLetter, ""), false)
	}},
}

func (k *desk) folderAct(path, done string, do func(context.Context, *desk, authz.Actor, eoffice.OnFolder, *form.Form) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := web.PathInt(r, "id")
		if err != nil {
			return err
		}
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		on := eoffice.OnFolder{ID: id, Reason: f.Text(eoffice.ControlReason)}
		on.Seq, _ = strconv.Atoi(f.Value(controlEvent))
		if err = do(r.Context(), k, web.ActorOf(r.Context()), on, f); err == nil {
			web.Flash(r, "success", done)
			return web.Redirect(w, r, folderHref(id))
		}
		if !f.Refuse(err) {
			return err
		}
		v, err2 := k.loadFolder(r, id, 0)
		if err2 != nil {
			return err2
		}
		v.Form, v.Open = f, path
		return web.Render(w, r, web.Status(err), folderPageOf(v))
	}
}

// headView lists the folders in which something waits for the head of an office.
type headView struct {
	Desk    *ui.Desk
	Folders []eoffice.FolderDetail
}

func (k *desk) headWaits(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	ids, err := k.Office.HeadWaits(ctx, a)
	if err != nil {
		return err
	}
	var v headView
	for _, id := range ids {
		d, err := k.Office.FolderOf(ctx, a, id, 0)
		if err != nil {
			return err
		}
		v.Folders = append(v.Folders, d)
	}
	if v.Desk, err = k.side(ctx, a, waitPath); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, headPage(v))
}

func folderTone(s eoffice.Status) string {
	switch s {
	case eoffice.FolderOpen:
		return "info"
	case eoffice.Destroyed:
		return "danger"
	}
	return "neutral"
}

// lies tells whether the letter lies in a folder of an office.
func (v letterView) lies(unitID int64) bool {
	return slices.ContainsFunc(v.D.Folders, func(f eoffice.LetterFolder) bool { return f.UnitID == unitID })
}

// loadArchives adds the offices in whose archive the reader may put the letter, or move it.
func (k *desk) loadArchives(ctx context.Context, a authz.Actor, v *letterView) (err error) {
	if !slices.Contains([]eoffice.Status{eoffice.Sent, eoffice.Directed, eoffice.Archived, eoffice.Revoked}, v.D.Status) {
		return nil
	}
	if v.Archives, err = k.Office.FilingOffices(ctx, a, v.D.ID); err != nil {
		return err
	}
	v.Archives = slices.DeleteFunc(v.Archives, func(o eoffice.ArchiveOffice) bool {
		return slices.ContainsFunc(v.D.Folders, func(f eoffice.LetterFolder) bool { return f.UnitID == o.ID && f.Status != eoffice.FolderOpen })
	})
	return nil
}

// today is the day in the city, as the database has days.
func today(now time.Time) time.Time {
	y, m, d := now.In(indo.WITA).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// download writes a folder as a zip while it is read.
func (k *desk) download(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	out := web.NewDownload(w, "application/zip", "berkas-"+itoa(id)+".zip")
	err = k.Office.ExportFolder(r.Context(), web.ActorOf(r.Context()), id, out)
	if err != nil && out.Begun() {
		slog.WarnContext(r.Context(), "export of a folder broke off", "folder", id, "err", err)
		panic(http.ErrAbortHandler) // so that the reader does not take it for whole
	}
	return err
}
