package portalweb

import (
	"net/http"
	"net/url"
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

type unitsView struct {
	Desk   *ui.Desk
	Words  string
	Closed bool
	Units  []portal.UnitRow
	MayAdd bool
}

func (h *admin) units(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	v := unitsView{Desk: h.desk(r), Words: q.Line("cari", form.Max(200)), Closed: q.Bool("tutup"), MayAdd: a.Has(portal.PermUnits)}
	if !q.OK() {
		return q.Err()
	}
	if v.Units, err = h.Admin.Units(r.Context(), a, v.Words, v.Closed); err != nil {
		return err
	}
	// Whoever manages one unit begins there.
	if v.Words == "" && len(v.Units) == 1 {
		return web.Redirect(w, r, adminHref("unit", v.Units[0].ID))
	}
	return web.Render(w, r, http.StatusOK, unitsPage(v))
}

type unitView struct {
	Desk *ui.Desk
	portal.UnitDetail
	MayUnits, MayPeople, MayCalendar bool
}

func (h *admin) unitDetail(r *http.Request) (portal.UnitDetail, error) {
	id, err := web.PathInt(r, "unit")
	if err != nil {
		return portal.UnitDetail{}, err
	}
	return h.Admin.Unit(r.Context(), web.ActorOf(r.Context()), id)
}

func (h *admin) unit(w http.ResponseWriter, r *http.Request) error {
	d, err := h.unitDetail(r)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	return web.Render(w, r, http.StatusOK, unitPage(unitView{
		Desk: h.desk(r), UnitDetail: d,
		MayUnits: a.HasIn(portal.PermUnits, d.Ancestors), MayPeople: a.HasIn(portal.PermPeople, d.Ancestors),
		MayCalendar: a.HasIn(portal.PermCalendar, d.Ancestors),
	}))
}

// unitFields are the controls of a unit; the names are org.UnitInput's.
func unitFields(u org.Unit, parent, area string) []adminField {
	kinds := org.Kinds()
	if u.Kind != org.KindCity {
		kinds = kinds[1:]
	}
	fields := []adminField{
		{Control: ui.Control{Name: "nama", Label: "Nama resmi", Hint: "Seperti pada surat, misalnya Bidang Jalan dan Jembatan.", Value: u.Name, Required: true}},
		{Control: ui.Control{Name: "singkatan", Label: "Nama pendek", Hint: "Untuk tabel, misalnya Bidang Jalan.", Value: u.ShortName, Optional: true, Width: "medium"}},
		{As: "select", Control: ui.Control{Name: "jenis", Label: "Jenis", Value: u.Kind, Options: kindOptions(kinds, "Pilih jenis"), Width: "medium"}},
		{Control: ui.Control{Name: "kode", Label: "Kode", Hint: "Kode Kemendagri untuk kecamatan dan kelurahan; selain itu singkatan seperti DPU.", Value: u.Code, Required: true, Width: "medium"}},
	}
	if u.Kind != org.KindCity {
		fields = append(fields, adminField{Suggest: true, Control: ui.Control{
			Name: "induk", Label: "Unit induk", Hint: "Kode atau nama unit di atasnya.", Value: parent, Required: true, Width: "medium"}})
	}
	return append(fields,
		adminField{Suggest: true, Control: ui.Control{Name: "wilayah", Label: "Kecamatan tempatnya", Hint: "Untuk puskesmas dan UPT yang tidak berada di bawah kecamatan.", Value: area, Optional: true, Width: "medium"}},
		adminField{As: "area", Control: ui.Control{Name: "alamat", Label: "Alamat kantor", Value: u.Address, Optional: true, Rows: 2}},
		adminField{Control: ui.Control{Name: "telepon", Label: "Telepon", Value: u.Phone, Optional: true, Width: "short", InputMode: "tel"}},
		adminField{Control: ui.Control{Name: "lat", Label: "Lintang titik pusat", Hint: "Derajat desimal, misalnya -5,17071.", Value: degrees(u.Lat), Optional: true, Width: "short"}},
		adminField{Control: ui.Control{Name: "lng", Label: "Bujur titik pusat", Value: degrees(u.Lng), Optional: true, Width: "short"}},
		adminField{As: "check", Control: ui.Control{Name: "pulau", Label: "Hanya dipilih menurut nama", Hint: "Untuk pulau: titiknya bisa lebih dekat ke pantai kelurahan lain.", Values: ticked(u.ByNameOnly)}},
	)
}

func degrees(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

func ticked(b bool) []string {
	if b {
		return []string{"1"}
	}
	return nil
}

func readUnit(f *form.Form) portal.UnitForm {
	in := portal.UnitForm{UnitInput: org.UnitInput{
		Kind: f.Line("jenis"), Code: f.Line("kode"), Name: f.Line("nama"), ShortName: f.Line("singkatan"),
		Address: f.Line("alamat"), Phone: f.Line("telepon"), ByNameOnly: f.Bool("pulau"),
	}, Parent: f.Line("induk"), Area: f.Line("wilayah")}
	const message = "Tulis derajat desimal seperti -5,17071."
	if lat, ok := f.Float("lat", -90, 90, message); ok {
		in.Lat = &lat
	}
	if lng, ok := f.Float("lng", -180, 180, message); ok {
		in.Lng = &lng
	}
	return in
}

func (h *admin) addUnit(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	parent, back := "", adminHref("unit")
	if id, err := strconv.ParseInt(r.URL.Query().Get("induk"), 10, 64); err == nil {
		d, err := h.Admin.Unit(r.Context(), a, id)
		if err != nil {
			return err
		}
		parent, back = d.Code, adminHref("unit", id)
	}
	suggest, err := h.Admin.SuggestUnits(r.Context(), a, portal.PermUnits)
	if err != nil {
		return err
	}
	fields := append(unitFields(org.Unit{}, parent, ""), adminField{As: "date", Control: ui.Control{
		Name: "mulai", Label: "Berlaku mulai", Hint: "Kosong berarti hari ini.", Optional: true}})
	v := adminForm{Desk: h.desk(r), Back: back, Title: "Unit baru", Fields: fields, Submit: "Simpan unit", Suggest: suggest}.keyed()
	return h.serve(w, r, v, func(f *form.Form) (string, error) {
		in := readUnit(f)
		in.ValidFrom = portal.DateOf(f.Date("mulai", ""))
		if !f.OK() {
			return "", nil
		}
		id, err := h.Admin.AddUnit(r.Context(), a, f.Value(controlKey), in)
		if err == nil {
			web.Flash(r, "success", in.Name+" ditambahkan.")
		}
		return adminHref("unit", id), err
	})
}

func (h *admin) editUnit(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	d, err := h.unitDetail(r)
	if err != nil {
		return err
	}
	suggest, err := h.Admin.SuggestUnits(r.Context(), a, portal.PermUnits)
	if err != nil {
		return err
	}
	parent := ""
	if n := len(d.Path); n > 0 {
		parent = d.Path[n-1].Code
	}
	fields := unitFields(d.Unit, parent, d.AreaName)
	if parent == "" { // the head of the actor's realm does not move
		for i := range fields {
			if fields[i].Name == "induk" {
				fields = append(fields[:i:i], fields[i+1:]...)
				break
			}
		}
	}
	v := adminForm{
		Desk: h.desk(r), Back: adminHref("unit", d.ID), Title: "Ubah " + d.Name,
		Lead: "Nama lama tetap tersimpan untuk surat yang sudah terbit.", Fields: fields, Submit: "Simpan", Suggest: suggest,
	}.versioned(portal.Version(d.UpdatedAt))
	return h.serve(w, r, v, func(f *form.Form) (string, error) {
		in := readUnit(f)
		in.Version = version(f)
		if !f.OK() {
			return "", nil
		}
		err := h.Admin.UpdateUnit(r.Context(), a, d.ID, in)
		if err == nil {
			web.Flash(r, "success", "Perubahan disimpan.")
		}
		return adminHref("unit", d.ID), err
	})
}

func (h *admin) closeUnit(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	d, err := h.unitDetail(r)
	if err != nil {
		return err
	}
	suggest, err := h.Admin.SuggestUnits(r.Context(), a, portal.PermUnits)
	if err != nil {
		return err
	}
	v := adminForm{
		Desk: h.desk(r), Back: adminHref("unit", d.ID), Title: "Tutup " + d.Name, Submit: "Tutup unit", Danger: true, Suggest: suggest,
		Lead: "Jabatan di unit ini ikut ditutup dan penempatannya berakhir pada tanggal itu. Unit tidak dihapus: surat lama tetap menyebut namanya.",
		Fields: []adminField{
			{As: "date", Control: ui.Control{Name: "tanggal", Label: "Mulai tanggal", Hint: "Pada hari ini unit sudah tidak ada.", Required: true}},
			{Suggest: true, Control: ui.Control{Name: "penerus", Label: "Unit penerus", Hint: "Kode atau nama unit yang melanjutkan pekerjaannya.", Optional: true, Width: "medium"}},
		},
	}
	return h.serve(w, r, v, func(f *form.Form) (string, error) {
		day, next := f.Date("tanggal", "Isi tanggal penutupan."), f.Line("penerus")
		if !f.OK() {
			return "", nil
		}
		err := h.Admin.CloseUnit(r.Context(), a, d.ID, day, next)
		if err == nil {
			web.Flash(r, "success", d.Name+" ditutup mulai "+indo.Date(day)+".")
		}
		return adminHref("unit", d.ID), err
	})
}

// neighbourhood is what may be added below a unit by number: RW, RT or nothing.
func neighbourhood(kind string) string {
	switch kind {
	case org.KindKelurahan:
		return "RW"
	case org.KindRW:
		return "RT"
	}
	return ""
}

func (h *admin) addNeighbourhood(w http.ResponseWriter, r *http.Request) error {
	d, err := h.unitDetail(r)
	if err != nil {
		return err
	}
	what := orElse(neighbourhood(d.Kind), "RW")
	v := adminForm{
		Desk: h.desk(r), Back: adminHref("unit", d.ID), Title: "Tambah " + what + " di " + d.Name, Submit: "Tambah " + what,
		Lead:   "Jabatan ketuanya dibuat sekaligus.",
		Fields: []adminField{{Control: ui.Control{Name: "nomor", Label: "Nomor " + what, InputMode: "numeric", Width: "short", Required: true}}},
	}
	return h.serve(w, r, v, func(f *form.Form) (string, error) {
		n := f.Int("nomor", 1, 999, "Tulis nomor dari 1 sampai 999.")
		if !f.OK() {
			return "", nil
		}
		_, err := h.Admin.AddNeighbourhood(r.Context(), web.ActorOf(r.Context()), d.ID, n)
		if err == nil {
			web.Flash(r, "success", what+" "+strconv.Itoa(n)+" ditambahkan.")
		}
		return adminHref("unit", d.ID), err
	})
}

func (h *admin) unitSchedule(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "unit")
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	c, err := h.Admin.UnitCalendar(r.Context(), a, id)
	if err != nil {
		return err
	}
	options := []ui.Option{{Value: "0", Label: "Ikut unit di atasnya"}}
	for _, s := range c.Schedules {
		options = append(options, ui.Option{Value: idOf(s.ID), Label: s.Name, Hint: s.Note})
	}
	value := "0"
	if c.Own {
		value = idOf(c.Schedule.ID)
	}
	v := adminForm{
		Desk: h.desk(r), Back: adminHref("unit", id), Title: "Jadwal kerja " + c.Unit.Name, Submit: "Simpan jadwal",
		Lead:   "Berlaku juga bagi unit di bawahnya yang tidak punya jadwal sendiri. Tenggat baru dihitung dengan jadwal ini.",
		Fields: []adminField{{As: "radios", Control: ui.Control{Name: "jadwal", Label: "Jadwal", Options: options, Value: value}}},
	}
	return h.serve(w, r, v, func(f *form.Form) (string, error) {
		schedule := int64(f.Int("jadwal", 0, 1<<31, "Pilih jadwal kerja dari daftar."))
		if !f.OK() {
			return "", nil
		}
		err := h.Admin.SetSchedule(r.Context(), a, id, schedule)
		if err == nil {
			web.Flash(r, "success", "Jadwal kerja disimpan.")
		}
		return adminHref("unit", id), err
	})
}

// holders are the occupancies of one position.
func (v unitView) holders(position int64) (os []org.Occupancy) {
	for _, o := range v.Occupancies {
		if o.PositionID == position {
			os = append(os, o)
		}
	}
	return os
}

func (v unitView) crumbs() (ls []ui.Link) {
	for _, u := range v.Path {
		ls = append(ls, ui.Link{Label: u.ShortName, Href: adminHref("unit", u.ID)})
	}
	return append(ls, ui.Link{Label: v.ShortName})
}

// facts are the unit's own particulars.
func (v unitView) facts() []ui.SummaryRow {
	rows := []ui.SummaryRow{{Key: "Jenis", Value: kindLabel(org.Kinds(), v.Kind)}, {Key: "Kode", Value: v.Code}, {Key: "Nama pendek", Value: v.ShortName}}
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Key: key, Value: value})
		}
	}
	add("Kecamatan", v.AreaName)
	add("Alamat", v.Address)
	if v.Phone != "" {
		add("Telepon", indo.FormatPhone(v.Phone))
	}
	if v.Lat != nil {
		add("Titik pusat", indo.Decimal(*v.Lat, 5)+"; "+indo.Decimal(*v.Lng, 5))
	}
	if v.Kind == org.KindKelurahan {
		add("Batas wilayah", map[bool]string{true: "Sudah dimuat", false: "Belum dimuat"}[v.HasBoundary])
	}
	if v.ByNameOnly {
		add("Pencarian lokasi", "Hanya menurut nama")
	}
	jadwal := v.Schedule.Name
	if !v.OwnSchedule {
		jadwal += " (ikut unit di atasnya)"
	}
	add("Jadwal kerja", jadwal)
	if v.ValidTo != nil {
		add("Ditutup mulai", indo.Date(*v.ValidTo))
		add("Penerus", v.Successor)
	}
	return rows
}

func searchHref(path, words string) string { return path + "?" + url.Values{"cari": {words}}.Encode() }
