package epuskesmasweb

import (
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	controlKeep   = "tetap"
	controlMerge  = "gabungan"
	controlTheirs = "kunjungan" // visits since a merging that are of the one who was merged
)

// mergeRoutes make one patient of two who were entered twice, and two again.
func (k *desk) mergeRoutes(may web.Access) []web.Route {
	return []web.Route{
		get(patientPath+"/{id}/gabung", may, k.twins), post(patientPath+"/{id}/gabung", may, k.searchTwins),
		get(patientPath+"/{id}/gabung/{lain}", may, k.compare), post(patientPath+"/{id}/gabung/{lain}", may, k.merge),
		post(patientPath+"/{id}/pisah", may, k.unmerge),
	}
}

func patientHref(id int64, slug string) string { return inSite(patientPath+"/"+itoa(id), slug) }

// twinsView is who may be the same person as a patient.
type twinsView struct {
	Desk  *ui.Desk
	Site  epuskesmas.Site
	P     epuskesmas.Known
	Alike []epuskesmas.Known
	Query string
	Found []epuskesmas.Known
}

func (v twinsView) href(other epuskesmas.Known) string {
	return inSite(patientPath+"/"+itoa(v.P.ID)+"/gabung/"+itoa(other.ID), v.Site.Slug)
}

func (k *desk) loadTwins(r *http.Request, asked string) (v twinsView, err error) {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return v, err
	}
	if v.Site, err = k.siteOf(r, asked); err != nil {
		return v, err
	}
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.P, err = k.Queue.Patient(ctx, a, v.Site.UnitID, id); err != nil {
		return v, err
	}
	v.Alike, err = k.Queue.AlikeOf(ctx, a, v.Site.Slug, v.P.ID)
	v.Desk = reportSide(a, v.Site, patientPath)
	return v, err
}

func (k *desk) twins(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadTwins(r, r.URL.Query().Get("di"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, twinsPage(v))
}

func (k *desk) searchTwins(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.loadTwins(r, f.Line("di"))
	if err != nil {
		return err
	}
	v.Query = f.Line("cari", form.Max(200))
	found, err := k.Queue.FindPatients(r.Context(), web.ActorOf(r.Context()), v.Site.UnitID, v.Query)
	for _, p := range found {
		if p.ID != v.P.ID {
			v.Found = append(v.Found, p)
		}
	}
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, twinsPage(v))
}

// compareView shows two patients beside each other.
type compareView struct {
	Desk     *ui.Desk
	Site     epuskesmas.Site
	A, B     epuskesmas.Known
	Visits   [2]int
	Form     *form.Form
	Conflict string
}

func (k *desk) loadCompare(r *http.Request, asked string) (v compareView, err error) {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return v, err
	}
	other, err := web.PathInt(r, "lain")
	if err != nil {
		return v, err
	}
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Site, err = k.siteOf(r, asked); err != nil {
		return v, err
	}
	for i, of := range []struct {
		id int64
		to *epuskesmas.Known
	}{{id, &v.A}, {other, &v.B}} {
		_, p, past, err := k.Queue.History(ctx, a, v.Site.Slug, of.id)
		if err != nil {
			return v, err
		}
		*of.to = p
		days := map[string]bool{}
		for _, x := range past {
			days[indo.ShortDate(x.Day)] = true
		}
		v.Visits[i] = len(days)
	}
	v.Desk = reportSide(a, v.Site, patientPath)
	return v, nil
}

func (k *desk) compare(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadCompare(r, r.URL.Query().Get("di"))
	if err != nil {
		return err
	}
	if v.A.ID == v.B.ID {
		return web.Redirect(w, r, patientHref(v.A.ID, v.Site.Slug))
	}
	return web.Render(w, r, http.StatusOK, comparePage(v))
}

func (k *desk) merge(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.loadCompare(r, f.Line("di"))
	if err != nil {
		return err
	}
	if v.A.ID == v.B.ID {
		return web.Redirect(w, r, patientHref(v.A.ID, v.Site.Slug))
	}
	const reload = "Muat ulang halaman, lalu bandingkan lagi."
	in := epuskesmas.Merging{
		Keep: f.ID(controlKeep, "Pilih data yang tetap dipakai."), KeepVersion: f.Int("versi", 0, 1<<30, reload), GoneVersion: f.Int("versi_lain", 0, 1<<30, reload),
	}
	gone := v.B
	switch in.Keep {
	case v.A.ID:
	case v.B.ID:
		gone, in.KeepVersion, in.GoneVersion = v.A, in.GoneVersion, in.KeepVersion
	default:
		f.Fail(controlKeep, "Pilih data yang tetap dipakai.")
	}
	in.Gone = gone.ID
	status := http.StatusUnprocessableEntity
	if f.OK() {
		err := k.Queue.Merge(r.Context(), web.ActorOf(r.Context()), v.Site.Slug, in)
		switch {
		case err == nil:
			web.Flash(r, "success", "Data digabung. "+recordWords(gone)+" sekarang menunjuk ke pasien ini.")
			return web.Redirect(w, r, patientHref(in.Keep, v.Site.Slug))
		case errs.KindOf(err) == errs.Conflict:
			v.Conflict, status = errs.MessageOf(err), http.StatusConflict
		default:
			return err
		}
	}
	v.Form = f
	return web.Render(w, r, status, comparePage(v))
}

func (k *desk) unmerge(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	slug := f.Line("di")
	gone, kept, err := k.Queue.Unmerge(r.Context(), web.ActorOf(r.Context()), slug, epuskesmas.Unmerging{
		MergeID: f.ID(controlMerge, ""), Seen: f.IDs(controlSeen), Theirs: f.IDs(controlTheirs),
	})
	switch {
	case err == nil && kept:
		web.Flash(r, "warning", "Data dipisahkan lagi. Datanya pernah diubah sesudah digabung, jadi NIK, kartu BPJS, dan faskes tetap di pasien yang satunya: periksa keduanya.")
		return web.Redirect(w, r, patientHref(gone, slug))
	case err == nil:
		web.Flash(r, "success", "Data dipisahkan lagi. Ini pasien yang tadinya digabung.")
		return web.Redirect(w, r, patientHref(gone, slug))
	case errs.KindOf(err) == errs.Conflict:
		web.Flash(r, "warning", errs.MessageOf(err))
		return web.Redirect(w, r, patientHref(id, slug))
	}
	return err
}

// sinceControl asks which visits since a merging are of the one who was merged.
func sinceControl(g epuskesmas.Merged) ui.Control {
	c := ui.Control{Name: controlTheirs, ID: controlTheirs + "-" + itoa(g.ID), Label: "Kunjungan sesudah digabung: centang yang milik " + mergedName(g),
		Hint: "Yang tidak dicentang tetap milik pasien ini."}
	for _, v := range g.Since {
		c.Options = append(c.Options, ui.Option{Value: itoa(v.ID), Label: indo.ShortDate(v.Day) + ", " + v.Code + " " + v.Poli})
	}
	return c
}

// mergedName names the one who was merged.
func mergedName(g epuskesmas.Merged) string {
	if g.RecordNo == 0 {
		return g.Name + ", tanpa nomor RM"
	}
	return g.Name + ", RM " + recordNo(g.RecordNo)
}

// keep asks which of both stays: the one who has a medical-record number, else the older.
func (v compareView) keep() ui.Control {
	c := ui.Control{Name: controlKeep, Label: "Data yang tetap dipakai", Required: true, Value: itoa(v.A.ID), Options: []ui.Option{
		{Value: itoa(v.A.ID), Label: v.A.Name, Hint: recordWords(v.A)}, {Value: itoa(v.B.ID), Label: v.B.Name, Hint: recordWords(v.B)},
	}}
	if v.B.RecordNo != 0 && (v.A.RecordNo == 0 || v.B.RecordNo < v.A.RecordNo) {
		c.Value = itoa(v.B.ID)
	}
	if v.Form != nil {
		c.Value, c.Error = v.Form.Value(controlKeep), v.Form.Errors().Get(controlKeep)
	}
	return c
}

// recordWords names a patient by the number of their record.
func recordWords(p epuskesmas.Known) string {
	if p.RecordNo == 0 {
		return "Tanpa nomor RM"
	}
	return "RM " + recordNo(p.RecordNo)
}

// compareRow is one fact of two patients.
type compareRow struct{ Label, A, B string }

// rows are the facts beside each other; numbers by their last digits.
func (v compareView) rows() []compareRow {
	last := func(p epuskesmas.Known) string {
		if p.LastDay == nil {
			return "belum pernah"
		}
		return indo.ShortDate(*p.LastDay)
	}
	today := func(p epuskesmas.Known) string {
		s := ""
		for i, t := range p.Today {
			if i > 0 {
				s += ", "
			}
			s += t.Code + " " + t.PoliName
		}
		if s == "" {
			return "tidak ada"
		}
		return s
	}
	return []compareRow{
		{"Nama", v.A.Name, v.B.Name},
		{"Tanggal lahir", indo.Date(v.A.BirthDate), indo.Date(v.B.BirthDate)}, {"NIK", ending(v.A.NIK), ending(v.B.NIK)},
		{"Kartu BPJS", ending(v.A.BPJS), ending(v.B.BPJS)}, {"Faskes terdaftar", orDash(v.A.Faskes), orDash(v.B.Faskes)},
		{"Hari kunjungan", strconv.Itoa(v.Visits[0]), strconv.Itoa(v.Visits[1])}, {"Kunjungan terakhir", last(v.A), last(v.B)},
		{"Nomor hari ini", today(v.A), today(v.B)},
	}
}
