package epuskesmasweb

import (
	"fmt"
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const patientPath = deskPath + "/pasien"

// patientWork is who looks patients up.
var patientWork = []authz.Permission{epuskesmas.PermPatient}

// PatientRoutes are the list of patients and what is known of each.
func PatientRoutes(d Deps) []web.Route {
	k := &desk{d}
	may := web.Needs(patientWork...)
	export := post(patientPath+"/unduh", may, k.exportPatients)
	export.Stream = true
	return append([]web.Route{
		get(patientPath, may, k.patients), post(patientPath, may, k.searchPatients), export,
		get(patientPath+"/{id}", may, k.patient), post(patientPath+"/{id}", may, k.savePatient),
	}, k.mergeRoutes(may)...)
}

type patientsView struct {
	Desk  *ui.Desk
	Site  epuskesmas.Site
	List  []epuskesmas.Known
	Next  string
	Query string
	Form  *form.Form // of the download that was refused
}

// siteOf is the puskesmas that a form is about. Where it must be chosen first it is
// errs.BadRequest.
func (k *desk) siteOf(r *http.Request, asked string) (s epuskesmas.Site, err error) {
	slug, _, err := k.choose(r, asked, patientWork...)
	if err != nil {
		return s, err
	}
	if slug == "" {
		return s, errs.New(errs.BadRequest, "Pilih puskesmas dahulu.")
	}
	s, _, err = k.Queue.StaffSite(r.Context(), web.ActorOf(r.Context()), slug, patientWork...)
	return s, err
}

func (k *desk) patients(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	slug, err := k.chooseOr(w, r, f.Line("di"), patientPath, "Pasien", patientWork...)
	if err != nil || slug == "" {
		return err
	}
	return k.showPatients(w, r, http.StatusOK, patientsView{Site: epuskesmas.Site{Slug: slug}}, f.Line("sesudah"))
}

func (k *desk) showPatients(w http.ResponseWriter, r *http.Request, status int, v patientsView, cursor string) error {
	var after epuskesmas.PatientCursor
	if cursor != "" {
		if err := web.DecodeCursor(cursor, &after); err != nil {
			return err
		}
	}
	a := web.ActorOf(r.Context())
	if v.Query != "" {
		list, err := k.Queue.FindPatients(r.Context(), a, v.Site.UnitID, v.Query)
		if err != nil {
			return err
		}
		v.List = list
	} else {
		site, list, next, err := k.Queue.Patients(r.Context(), a, v.Site.Slug, after)
		if err != nil {
			return err
		}
		v.Site, v.List = site, list
		if next != nil {
			v.Next = inSite(patientPath, v.Site.Slug) + "&sesudah=" + web.EncodeCursor(next)
		}
	}
	v.Desk = reportSide(a, v.Site, patientPath)
	return web.Render(w, r, status, patientsPage(v))
}

// searchPatients finds by what stands in the body: what people are called and their
// numbers belong in no address.
func (k *desk) searchPatients(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	site, err := k.siteOf(r, f.Line("di"))
	if err != nil {
		return err
	}
	return k.showPatients(w, r, http.StatusOK, patientsView{Site: site, Query: f.Line("cari")}, "")
}

func (k *desk) exportPatients(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	site, err := k.siteOf(r, f.Line("di"))
	if err != nil {
		return err
	}
	format := f.Choice("format", []string{sheet.XLSX, sheet.CSV}, "Pilih XLSX atau CSV.")
	out := web.NewDownload(w, sheet.Types[format], "pasien-"+k.Clock.Now().In(clock.Makassar).Format(time.DateOnly)+"."+format)
	if f.OK() {
		err = k.Queue.ExportPatients(r.Context(), web.ActorOf(r.Context()), site.Slug, format, f.Text(epuskesmas.ControlPurpose), out)
		if out.Begun() || !f.FailWith(err) {
			return err
		}
	}
	return k.showPatients(w, r, http.StatusUnprocessableEntity, patientsView{Site: site, Form: f}, "")
}

type patientView struct {
	Desk     *ui.Desk
	Site     epuskesmas.Site
	P        epuskesmas.Known
	Past     []epuskesmas.Past
	Merged   []epuskesmas.Merged
	Form     *form.Form
	Conflict string
}

func (k *desk) loadPatient(r *http.Request, asked string) (v patientView, err error) {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return v, err
	}
	a := web.ActorOf(r.Context())
	slug, _, err := k.choose(r, asked, patientWork...)
	if err != nil {
		return v, err
	}
	if v.Site, v.P, v.Past, err = k.Queue.History(r.Context(), a, slug, id); err != nil {
		return v, err
	}
	v.Desk = reportSide(a, v.Site, patientPath)
	v.Merged, err = k.Queue.MergedInto(r.Context(), a, v.Site.Slug, v.P.ID)
	return v, err
}

func (k *desk) patient(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadPatient(r, r.URL.Query().Get("di"))
	if err != nil {
		return err
	}
	if id, _ := web.PathInt(r, "id"); id != v.P.ID {
		web.Flash(r, "info", "Data yang dicari digabung ke "+recordWords(v.P)+".")
		return web.Redirect(w, r, patientHref(v.P.ID, v.Site.Slug))
	}
	return web.Render(w, r, http.StatusOK, patientPage(v))
}

func (k *desk) savePatient(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	slug := f.Line("di")
	in := epuskesmas.PatientInput{
		Name: f.Line(epuskesmas.ControlName), BirthDate: f.Date(epuskesmas.ControlBirth, "Isi tanggal lahir pasien."), NIK: f.Line(epuskesmas.ControlNIK),
		BPJS: f.Line(epuskesmas.ControlBPJS), Faskes: f.Line(epuskesmas.ControlFaskes), Version: f.Int("versi", 0, 1<<30, "Muat ulang halaman, lalu simpan lagi."),
	}
	if f.OK() {
		err = k.Queue.SavePatient(r.Context(), web.ActorOf(r.Context()), slug, id, in)
		if err == nil {
			web.Flash(r, "success", "Data pasien disimpan.")
			return web.Redirect(w, r, inSite(patientPath+"/"+itoa(id), slug))
		}
	}
	v, loadErr := k.loadPatient(r, slug)
	if loadErr != nil {
		return loadErr
	}
	status := http.StatusUnprocessableEntity
	switch {
	case err == nil || f.FailWith(err):
	case errs.KindOf(err) == errs.Conflict:
		v.Conflict, status = errs.MessageOf(err), http.StatusConflict
	default:
		return err
	}
	v.Form = f
	return web.Render(w, r, status, patientPage(v))
}

// control is a control with what was typed and what was wrong with it.
func (v patientView) control(c ui.Control) ui.Control {
	return c.Typed(v.Form)
}

// ending shows a number by its last digits.
func ending(last string) string {
	if last == "" {
		return "tidak ada"
	}
	return "••••" + last
}

func recordText(n int) string {
	if n == 0 {
		return "belum ada"
	}
	return fmt.Sprintf("%06d", n)
}

func payerText(p epuskesmas.Payer) string {
	if p == epuskesmas.JKN {
		return "JKN"
	}
	return "Umum"
}

func (v patientsView) purpose() ui.Control {
	c := ui.Control{Name: epuskesmas.ControlPurpose, Label: "Untuk apa", Rows: 2, MaxLength: 300, Hint: "NIK dan kartu hanya empat angka terakhir. Unduhan tercatat."}
	return c.Typed(v.Form)
}
