package oversightweb

import (
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/oversight"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	paramBefore = "sebelum"

	controlNIK      = "nik"
	controlPassword = "passphrase"

	rows = 50
)

type listView struct {
	Desk  *ui.Desk
	Items []authz.Assignment
	New   bool // the viewer registers
	Next  string
	Now   time.Time
}

// state says where an assignment stands, and in which colour.
func state(x authz.Assignment, now time.Time) (color, text string) {
	switch {
	case x.RevokedAt != nil:
		return "danger", "Dicabut"
	case now.Before(x.StartsAt):
		return "neutral", "Belum mulai"
	case x.Runs(now):
		return "success", "Berjalan"
	}
	return "neutral", "Berakhir"
}

func days(x authz.Assignment) string {
	return indo.DateRange(x.StartsAt, x.LastDay())
}

func (d Deps) list(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	var before int64
	if q.Value(paramBefore) != "" {
		before = q.ID(paramBefore, "Halaman ini tidak ada.")
		if err := q.Err(); err != nil {
			return errs.Wrap(errs.BadRequest, err, "Halaman ini tidak ada.")
		}
	}
	a := web.ActorOf(r.Context())
	v := listView{Now: d.Clock.Now()}
	if v.New, err = d.Oversight.Registers(r.Context(), a); err != nil {
		return err
	}
	if v.Items, err = d.Oversight.Assignments(r.Context(), a, before, rows+1); err != nil {
		return err
	}
	if len(v.Items) == 0 && !v.New {
		return errs.New(errs.NotFound, "")
	}
	if len(v.Items) > rows {
		v.Items = v.Items[:rows]
		v.Next = deskPath + "?" + paramBefore + "=" + strconv.FormatInt(v.Items[rows-1].ID, 10)
	}
	if v.Desk, err = d.side(r); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, listPage(v))
}

type formView struct {
	Desk    *ui.Desk
	Form    *form.Form // what was typed, when it was refused
	Members []authz.Member
	Units   []org.Unit
}

func (v formView) control(c ui.Control) ui.Control { return c.Typed(v.Form) }

func (v formView) checks(c ui.Control) ui.Control {
	c.Error = v.Form.Errors().Get(c.Name)
	if v.Form != nil {
		c.Values = v.Form.Multi(c.Name)
	}
	return c
}

func (v formView) modules() ui.Control {
	c := ui.Control{Name: oversight.ControlModules, Label: "Bagian portal yang diperiksa", Hint: "Pilih sesempit mungkin. Anggota hanya dapat membuka yang tercakup, sejauh wewenang jabatannya.", Required: true}
	for _, module := range authz.Overseen {
		c.Options = append(c.Options, ui.Option{Value: module, Label: oversight.Label(module)})
	}
	return v.checks(c)
}

func (v formView) members() ui.Control {
	c := ui.Control{Name: oversight.ControlMembers, Label: "Anggota", Hint: "Pegawai Inspektorat. Surat tugas untuk Anda sendiri dicatat orang lain.", Required: true}
	for _, p := range v.Members {
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(p.PersonID, 10), Label: p.Name})
	}
	return v.checks(c)
}

func (d Deps) form(w http.ResponseWriter, r *http.Request) error {
	return d.showForm(w, r, http.StatusOK, nil)
}

func (d Deps) showForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form) (err error) {
	v := formView{Form: f}
	if v.Members, err = d.Oversight.Colleagues(r.Context(), web.ActorOf(r.Context())); err != nil {
		return err
	}
	kinds := []string{org.KindTechnicalUnit, org.KindPuskesmas, org.KindBureau, org.KindDivision, org.KindSubdivision, org.KindSection, org.KindCity, org.KindKecamatan, org.KindKelurahan}
	if v.Units, err = org.Units(r.Context(), d.DB, org.UnitFilter{Kinds: append(kinds, org.OPDKinds()...), At: d.Clock.Now()}); err != nil {
		return err
	}
	if v.Desk, err = d.side(r); err != nil {
		return err
	}
	return web.Render(w, r, status, formPage(v))
}

func (d Deps) register(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	in := oversight.Input{
		Number: f.Line(oversight.ControlNumber), IssuedOn: f.Date(oversight.ControlIssued, "Isi tanggal surat tugas."), Subject: f.Text(oversight.ControlSubject),
		From: f.Date(oversight.ControlFrom, "Isi hari pertama."), Until: f.Date(oversight.ControlUntil, "Isi hari terakhir."),
		Modules: f.Multi(oversight.ControlModules), Members: f.IDs(oversight.ControlMembers),
		UnitCodes: strings.FieldsFunc(f.Value(oversight.ControlUnits), func(c rune) bool { return c == ',' || c == ';' || c == '\n' || c == '\r' || c == ' ' }),
	}
	id := int64(0)
	if err = f.Err(); err == nil {
		id, err = d.Oversight.Register(r.Context(), web.ActorOf(r.Context()), in)
	}
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		return d.showForm(w, r, web.Status(err), f)
	}
	web.Flash(r, "success", "Surat tugas tercatat. Anggotanya dapat membuka yang tercakup selama berlaku.")
	return web.Redirect(w, r, href(id))
}

type detailView struct {
	Desk       *ui.Desk
	Detail     oversight.Detail
	Form       *form.Form // what was typed, when it was refused
	Open       string     // the form that was refused
	Now        time.Time
	Passphrase bool
}

func (v detailView) control(of string, c ui.Control) ui.Control {
	if v.Open != of {
		return c
	}
	return c.Typed(v.Form)
}

func (v detailView) path(rest string) string { return href(v.Detail.ID) + rest }

func (v detailView) facts() []ui.SummaryRow {
	x := v.Detail
	names := make([]string, len(x.Members))
	for i, p := range x.Members {
		names[i] = p.Name
	}
	out := []ui.SummaryRow{{Key: "Tanggal", Value: indo.LongDate(x.IssuedOn)}, {Key: "Berlaku", Value: days(x.Assignment)}, {Key: "Anggota", Value: strings.Join(names, ", ")},
		{Key: "Dicatat", Value: x.RegisteredBy + ", " + indo.LongDateTime(x.RegisteredAt)}}
	if x.RevokedAt != nil {
		out = append(out, ui.SummaryRow{Key: "Dicabut", Value: x.RevokedBy + ", " + indo.LongDateTime(*x.RevokedAt) + ": " + x.RevokedWhy})
	}
	return out
}

// covered are the modules with their units.
func (v detailView) covered() (out []ui.SummaryRow) {
	for _, s := range v.Detail.Scopes {
		name := oversight.Label(s.Module)
		if i := slices.IndexFunc(out, func(r ui.SummaryRow) bool { return r.Key == name }); i >= 0 {
			out[i].Value += ", " + s.UnitName
			continue
		}
		out = append(out, ui.SummaryRow{Key: name, Value: s.UnitName})
	}
	return out
}

func (d Deps) view(w http.ResponseWriter, r *http.Request) error {
	return d.show(w, r, http.StatusOK, detailView{})
}

func (d Deps) show(w http.ResponseWriter, r *http.Request, status int, v detailView) error {
	id, err := web.PathInt(r, "tugas")
	if err != nil {
		return err
	}
	if v.Detail, err = d.Oversight.View(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	if v.Desk, err = d.side(r); err != nil {
		return err
	}
	v.Now, v.Passphrase = d.Clock.Now(), d.Oversight.NeedsPassphrase()
	return web.Render(w, r, status, detailPage(v))
}

// act carries out one form of the page of an assignment.
func (d Deps) act(w http.ResponseWriter, r *http.Request, open, done string, do func(a authz.Actor, id int64, f *form.Form) error) error {
	id, err := web.PathInt(r, "tugas")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if err = f.Err(); err == nil {
		err = do(web.ActorOf(r.Context()), id, f)
	}
	if err != nil {
		return d.refuse(w, r, f, open, err)
	}
	web.Flash(r, "success", done)
	return web.Redirect(w, r, href(id))
}

func (d Deps) refuse(w http.ResponseWriter, r *http.Request, f *form.Form, open string, err error) error {
	if !f.Refuse(err) {
		return err
	}
	return d.show(w, r, web.Status(err), detailView{Form: f, Open: open})
}

func (d Deps) revoke(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, "cabut", "Surat tugas dicabut. Anggotanya tidak dapat lagi membuka apa pun dengannya.", func(a authz.Actor, id int64, f *form.Form) error {
		return d.Oversight.Revoke(r.Context(), a, id, f.Text(oversight.ControlReason))
	})
}

func (d Deps) mark(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, "bukti", "Ditandai sebagai bukti.", func(a authz.Actor, id int64, f *form.Form) error {
		return d.Oversight.Mark(r.Context(), a, id, f.Line(oversight.ControlRef), f.Text(oversight.ControlNote))
	})
}

func (d Deps) unmark(w http.ResponseWriter, r *http.Request) error {
	mark, err := web.PathInt(r, "bukti")
	if err != nil {
		return err
	}
	return d.act(w, r, "", "Tanda bukti dihapus.", func(a authz.Actor, id int64, _ *form.Form) error {
		return d.Oversight.Unmark(r.Context(), a, id, mark)
	})
}

// pack sends the package once it is whole: what cannot be signed is a page, not half a file.
func (d Deps) pack(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "tugas")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp("", "bukti-*.zip")
	if err != nil {
		return err
	}
	defer func() {
		file.Close()
		_ = os.Remove(file.Name()) // the system clears what is left
	}()
	secret := oversight.Secret{NIK: f.Line(controlNIK), Passphrase: f.Value(controlPassword)}
	if err := d.Oversight.Pack(r.Context(), web.ActorOf(r.Context()), id, secret, file); err != nil {
		return d.refuse(w, r, f, "paket", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(web.NewDownload(w, "application/zip", "bukti-surat-tugas-"+strconv.FormatInt(id, 10)+".zip"), file)
	return err
}
