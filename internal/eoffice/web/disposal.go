package eofficeweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
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
	disposalPath = archivePath + "/penyusutan"
	panelPath    = archivePath + "/penilaian"
	keeperPath   = setPath + "/kearsipan"
)

func disposalHref(id int64) string { return disposalPath + "/" + itoa(id) }

// newDisposalView is a case as it is put together.
type newDisposalView struct {
	Desk    *ui.Desk
	Kind    eoffice.Proposal
	UnitID  int64
	Folders []eoffice.Folder
	Panel   []eoffice.Place // chosen
	Found   []eoffice.Place // of the search
	Asked   bool
	Keepers []eoffice.ArchiveOffice
	Least   int // desks of the panel
	Form    *form.Form
}

var disposalTitles = map[eoffice.Proposal]string{eoffice.ToInactive: "Usul pemindahan arsip inaktif", eoffice.ToDestroy: "Usul pemusnahan arsip", eoffice.ToHandOver: "Usul penyerahan arsip statis"}

// loadNewDisposal reads what is put together: the folders, the panel chosen so far, what the
// search for more of it found.
func (k *desk) loadNewDisposal(r *http.Request, f *form.Form) (v newDisposalView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v.Kind, v.UnitID, v.Form = eoffice.Proposal(f.Line(paramKind)), f.ID(paramUnit, ""), f
	if disposalTitles[v.Kind] == "" {
		return v, errs.New(errs.NotFound, "Usul ini tidak ada.")
	}
	all, err := k.Office.Proposed(ctx, a, v.UnitID)
	if err != nil {
		return v, err
	}
	chosen := f.IDs(eoffice.ControlFolder)
	for _, x := range all {
		if x.Proposed == v.Kind && slices.Contains(chosen, x.ID) {
			v.Folders = append(v.Folders, x)
		}
	}
	if len(v.Folders) == 0 {
		return v, errs.New(errs.BadRequest, "Pilih dahulu berkasnya di halaman Usul penyusutan.")
	}
	panel := f.IDs(eoffice.ControlPanel)
	if !f.Has(eoffice.ControlPanel) && !f.Has(controlFind) && v.Folders[0].HeadID != 0 && v.needsPanel() {
		panel = []int64{v.Folders[0].HeadID}
	}
	places, err := k.Office.Places(ctx, panel)
	if err != nil {
		return v, err
	}
	for _, p := range panel {
		if place, ok := places[p]; ok {
			v.Panel = append(v.Panel, place)
		}
	}
	if text := f.Line(controlFind); text != "" {
		v.Asked = true
		if v.Found, err = k.Office.FindPlaces(ctx, text); err != nil {
			return v, err
		}
		v.Found = slices.DeleteFunc(v.Found, func(p eoffice.Place) bool { return places[p.PositionID].PositionID != 0 })
	}
	if v.Kind != eoffice.ToDestroy {
		if v.Keepers, err = k.Office.Keepers(ctx); err != nil {
			return v, err
		}
		if v.Kind == eoffice.ToInactive && !slices.ContainsFunc(v.Keepers, func(o eoffice.ArchiveOffice) bool { return o.ID == v.UnitID }) {
			v.Keepers = append([]eoffice.ArchiveOffice{{ID: v.UnitID, Name: v.Folders[0].UnitName + " (tetap di kantor ini)"}}, v.Keepers...)
		}
	}
	if v.Least, err = k.Office.PanelLeast(ctx); err != nil {
		return v, err
	}
	v.Desk, err = k.side(ctx, a, proposalPath)
	return v, err
}

// needsPanel tells whether the case is judged by a panel.
func (v newDisposalView) needsPanel() bool {
	return v.Kind != eoffice.ToInactive || slices.ContainsFunc(v.Folders, func(f eoffice.Folder) bool { return f.Confidential })
}

func (v newDisposalView) keeperControl() ui.Control {
	c := ui.Control{Name: eoffice.ControlKeeper, Label: "Diserahkan kepada", Required: true, Value: v.Form.Value(eoffice.ControlKeeper), Error: v.Form.Errors().Get(eoffice.ControlKeeper)}
	for _, o := range v.Keepers {
		c.Options = append(c.Options, ui.Option{Value: itoa(o.ID), Label: o.Name})
	}
	return c
}

func (k *desk) newDisposal(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := k.loadNewDisposal(r, f)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, newDisposalPage(v))
}

func (k *desk) makeDisposal(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.loadNewDisposal(r, f)
	if err != nil {
		return err
	}
	if f.Value(controlDo) == "cari" {
		return web.Render(w, r, http.StatusOK, newDisposalPage(v))
	}
	n := eoffice.NewDisposal{UnitID: v.UnitID, Kind: v.Kind, Folders: f.IDs(eoffice.ControlFolder), Panel: f.IDs(eoffice.ControlPanel), KeeperID: f.ID(eoffice.ControlKeeper, "")}
	id, err := k.Office.ProposeDisposal(r.Context(), web.ActorOf(r.Context()), n)
	if err == nil {
		web.Flash(r, "success", "Usul disimpan.")
		return web.Redirect(w, r, disposalHref(id))
	}
	if errs.KindOf(err) == errs.Conflict {
		f.Fail("", errs.MessageOf(err))
	} else if !f.FailWith(err) {
		return err
	}
	return web.Render(w, r, web.Status(err), newDisposalPage(v))
}

// disposalView is one case.
type disposalView struct {
	Desk *ui.Desk
	D    eoffice.DisposalDetail
	Form *form.Form
	Open string
	Now  time.Time
}

func (v disposalView) may(a eoffice.Action) bool { return slices.Contains(v.D.Actions, a) }

func (v disposalView) action(act string) string { return disposalHref(v.D.ID) + "/" + act }

func (v disposalView) control(act string, c ui.Control) ui.Control {
	return oneOf(act, v.Open, v.Form, c)
}

func (v disposalView) facts() []ui.SummaryRow {
	d := v.D
	out := []ui.SummaryRow{{Key: "Kantor", Value: d.UnitName}, {Key: "Isi", Value: strconv.Itoa(d.Folders) + " berkas, " + indo.Int(d.Letters) + " naskah"},
		{Key: "Diusulkan", Value: indo.Date(d.CreatedAt)}}
	if d.KeeperName != "" {
		out = append(out, ui.SummaryRow{Key: "Kepada", Value: d.KeeperName})
	}
	if d.NeedsANRI() {
		note := d.ANRINote
		if note == "" {
			note = "belum ditulis"
		}
		out = append(out, ui.SummaryRow{Key: "Persetujuan ANRI", Value: note})
	}
	if d.ReportID != 0 {
		number := d.ReportNumber
		if number == "" {
			number = "belum bernomor"
		}
		out = append(out, ui.SummaryRow{Key: "Berita acara", Body: deedLink(d.ReportID, number+", "+d.ReportStatus.Label())})
	}
	if d.DoneAt != nil {
		out = append(out, ui.SummaryRow{Key: "Berakhir", Value: indo.Date(*d.DoneAt)})
	}
	return out
}

// missing says what still stands between an agreed case and its carrying out.
func (v disposalView) missing() string {
	switch d := v.D; {
	case d.Status != eoffice.DisposalAgreed || v.may(eoffice.ActCarryOut):
		return ""
	case d.NeedsReport() && (d.ReportID == 0 || d.ReportStatus == eoffice.Cancelled):
		return "Tinggal berita acaranya: tulis, atau tautkan yang sudah ditandatangani."
	case d.NeedsReport() && d.ReportNumber == "":
		return "Berita acaranya menunggu ditandatangani."
	case d.NeedsANRI() && d.ANRINote == "":
		return "Arsip dengan masa simpan 10 tahun atau lebih dimusnahkan dengan persetujuan ANRI. Tulis nomor dan tanggalnya di bawah."
	}
	return ""
}

var disposalHappened = map[eoffice.Action]string{
	eoffice.ActCaseMake: "Diusulkan", eoffice.ActVoteYes: "Anggota panitia setuju", eoffice.ActVoteNo: "Anggota panitia berkeberatan", eoffice.ActSetReport: "Berita acara ditautkan",
	eoffice.ActSetANRI: "Persetujuan ANRI ditulis", eoffice.ActCarryOut: "Dilaksanakan", eoffice.ActCancel: "Dibatalkan",
}

func (v disposalView) moments() (out []ui.Moment) {
	for _, e := range v.D.Events {
		m := ui.Moment{Title: disposalHappened[e.Action], At: e.At, Text: e.Reason, Who: e.Name}
		if e.Title != "" {
			m.Who += ", " + e.Title
		}
		out = append(out, m)
	}
	return out
}

func disposalTone(s eoffice.Status) string {
	switch s {
	case eoffice.DisposalAgreed:
		return "success"
	case eoffice.DisposalJudged:
		return "info"
	case eoffice.Refused:
		return "danger"
	}
	return "neutral"
}

func (k *desk) disposal(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	v, err := k.loadDisposal(r, id)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, disposalPage(v))
}

func (k *desk) loadDisposal(r *http.Request, id int64) (v disposalView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v.Now = k.Clock.Now()
	if v.D, err = k.Office.DisposalOf(ctx, a, id); err != nil {
		return v, err
	}
	v.Desk, err = k.side(ctx, a, proposalPath)
	return v, err
}

// disposalActs are what may be done to a case, by the last part of the address.
var disposalActs = []struct {
	Path, Done string
	Do         func(ctx context.Context, k *desk, a authz.Actor, id int64, f *form.Form) error
}{
	{"setuju", "Pendapat Anda disimpan.", func(ctx context.Context, k *desk, a authz.Actor, id int64, f *form.Form) error {
		return k.Office.VoteOnDisposal(ctx, a, id, true, f.Text(eoffice.ControlWords))
	}},
	{"keberatan", "Keberatan Anda disimpan. Usul ini berakhir.", func(ctx context.Context, k *desk, a authz.Actor, id int64, f *form.Form) error {
		return k.Office.VoteOnDisposal(ctx, a, id, false, f.Text(eoffice.ControlWords))
	}},
	{"tautkan", "Berita acara ditautkan.", func(ctx context.Context, k *desk, a authz.Actor, id int64, f *form.Form) error {
		return k.Office.LinkDeed(ctx, a, id, f.Line(eoffice.ControlDeed))
	}},
	{"anri", "Persetujuan ANRI disimpan.", func(ctx context.Context, k *desk, a authz.Actor, id int64, f *form.Form) error {
		return k.Office.NoteANRI(ctx, a, id, f.Line(eoffice.ControlANRI))
	}},
	{"laksanakan", "Usul dilaksanakan.", func(ctx context.Context, k *desk, a authz.Actor, id int64, _ *form.Form) error {
		return k.Office.CarryOut(ctx, a, id)
	}},
	{"batalkan", "Usul dibatalkan.", func(ctx context.Context, k *desk, a authz.Actor, id int64, f *form.Form) error {
		return k.Office.CancelDisposal(ctx, a, id, f.Text(eoffice.ControlReason))
	}},
}

func (k *desk) disposalAct(path, done string, do func(context.Context, *desk, authz.Actor, int64, *form.Form) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := web.PathInt(r, "id")
		if err != nil {
			return err
		}
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		if err = do(r.Context(), k, web.ActorOf(r.Context()), id, f); err == nil {
			web.Flash(r, "success", done)
			return web.Redirect(w, r, disposalHref(id))
		}
		return k.disposalRefused(w, r, id, path, f, err)
	}
}

func (k *desk) disposalRefused(w http.ResponseWriter, r *http.Request, id int64, path string, f *form.Form, cause error) error {
	if !f.Refuse(cause) {
		return cause
	}
	v, err := k.loadDisposal(r, id)
	if err != nil {
		return err
	}
	v.Form, v.Open = f, path
	return web.Render(w, r, web.Status(cause), disposalPage(v))
}

// writeDeed begins the berita acara of a case, or leads to the one that was begun.
func (k *desk) writeDeed(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	letter, err := k.Office.WriteDeed(r.Context(), web.ActorOf(r.Context()), id)
	if err != nil {
		return k.disposalRefused(w, r, id, "tulis", f, err)
	}
	return web.Redirect(w, r, letterHref(letter)+"/ubah")
}

// panelView lists the cases that wait for somebody's word.
type panelView struct {
	Desk  *ui.Desk
	Cases []eoffice.Disposal
}

func (k *desk) panelWaits(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	var v panelView
	if v.Cases, err = k.Office.PanelWaits(ctx, a); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, panelPath); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, panelPage(v))
}

// keepersView sets which offices keep what others hand over.
type keepersView struct {
	Desk    *ui.Desk
	Keepers []eoffice.ArchiveOffice
	Offers  []eoffice.ArchiveOffice
	Least   int // desks of a panel
	Form    *form.Form
}

func (v keepersView) leastControl() ui.Control {
	return ui.Control{Name: eoffice.ControlPanelLeast, Label: "Anggota panitia penilai paling sedikit", Value: strconv.Itoa(v.Least), InputMode: "numeric", Required: true, Width: "short",
		Hint: "Untuk pemusnahan dan penyerahan arsip, menurut peraturan kota. Usul yang sudah dibuat tidak berubah."}.Kept(v.Form)
}

func (v keepersView) offerControl() ui.Control {
	c := ui.Control{Name: paramSetUnit, Label: "Tambah kantor", Required: true, Options: []ui.Option{{Label: "Pilih kantor"}}, Attrs: map[string]any{"data-typeahead": "Ketik nama kantor"}}
	for _, o := range v.Offers {
		c.Options = append(c.Options, ui.Option{Value: itoa(o.ID), Label: o.Name})
	}
	return c
}

func (k *desk) keepers(w http.ResponseWriter, r *http.Request) error {
	return k.showKeepers(w, r, http.StatusOK, nil)
}

func (k *desk) showKeepers(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	ok, err := k.Office.SetsCity(ctx, a)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.NotFound, "Pengaturan ini milik kota.")
	}
	v := keepersView{Form: f}
	if v.Least, err = k.Office.PanelLeast(ctx); err != nil {
		return err
	}
	if v.Keepers, err = k.Office.Keepers(ctx); err != nil {
		return err
	}
	if v.Offers, err = k.Office.KeeperOffers(ctx); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, keeperPath); err != nil {
		return err
	}
	return web.Render(w, r, status, keepersPage(v))
}

// setPanel sets how many desks judge at least.
func (k *desk) setPanel(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	n := f.Int(eoffice.ControlPanelLeast, 1, eoffice.LargestPanel, "Isi 1 sampai 15 jabatan.")
	if err = f.Err(); err == nil {
		err = k.Office.SetPanelLeast(r.Context(), web.ActorOf(r.Context()), n)
	}
	if f.FailWith(err) {
		return k.showKeepers(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	web.Flash(r, "success", "Ukuran panitia disimpan.")
	return web.Redirect(w, r, keeperPath)
}

func (k *desk) setKeeper(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if err := k.Office.SetKeeper(r.Context(), web.ActorOf(r.Context()), f.ID(paramSetUnit, ""), f.Value(controlDo) != "hapus"); err != nil {
		return err
	}
	web.Flash(r, "success", "Daftar unit kearsipan disimpan.")
	return web.Redirect(w, r, keeperPath)
}

func newDisposalHref() string { return disposalPath + "/baru" }
