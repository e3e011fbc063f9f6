package portalweb

import (
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

type positionView struct {
	Desk *ui.Desk
	portal.PositionDetail
	Now                           time.Time
	MayUnits, MayPeople, MayRoles bool
}

func (h *admin) positionDetail(r *http.Request) (portal.PositionDetail, error) {
	id, err := web.PathInt(r, "jabatan")
	if err != nil {
		return portal.PositionDetail{}, err
	}
	return h.Admin.Position(r.Context(), web.ActorOf(r.Context()), id)
}

func (h *admin) position(w http.ResponseWriter, r *http.Request) error {
	d, err := h.positionDetail(r)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	return web.Render(w, r, http.StatusOK, positionPage(positionView{
		Desk: h.desk(r), PositionDetail: d, Now: h.Admin.Clock.Now(),
		MayUnits: a.HasIn(portal.PermUnits, d.Ancestors), MayPeople: a.HasIn(portal.PermPeople, d.Ancestors), MayRoles: a.Has(portal.PermRoles),
	}))
}

// savePosition serves the form of a new position of a unit and of one that exists.
func (h *admin) savePosition(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	var d portal.PositionDetail
	v := adminForm{Desk: h.desk(r), Submit: "Simpan jabatan"}
	if web.Path(r, "unit") != "" {
		u, err := h.unitDetail(r)
		if err != nil {
			return err
		}
		d.UnitID, d.Seats, d.Kind = u.ID, 1, org.PositionClerk
		v.Title, v.Back = "Jabatan baru di "+u.Name, adminHref("unit", u.ID)
	} else {
		var err error
		if d, err = h.positionDetail(r); err != nil {
			return err
		}
		v.Title, v.Back = "Ubah "+d.Title, adminHref("jabatan", d.ID)
	}
	var err error
	if v.Suggest, err = h.Admin.SuggestTitles(r.Context(), a, d.UnitID); err != nil {
		return err
	}
	v.Fields = []adminField{
		{Control: ui.Control{Name: "jabatan", Label: "Nama jabatan", Hint: "Misalnya Kepala Seksi Pemerintahan.", Value: d.Title, Required: true}},
		{As: "select", Control: ui.Control{Name: "jenis", Label: "Jenis", Value: d.Kind, Options: kindOptions(org.PositionKinds(), ""), Width: "medium"}},
		{Suggest: true, Control: ui.Control{Name: "atasan", Label: "Jabatan atasan", Value: text(d.SuperiorTitle), Optional: true}},
		{Control: ui.Control{Name: "kursi", Label: "Jumlah kursi", Hint: "Berapa orang dapat memegang jabatan ini sekaligus.", Value: idOf(int64(d.Seats)), InputMode: "numeric", Width: "short"}},
	}
	return h.serve(w, r, v.keyed(), func(f *form.Form) (string, error) {
		in := portal.PositionForm{PositionInput: org.PositionInput{
			UnitID: d.UnitID, Title: f.Line("jabatan"), Kind: f.Line("jenis"),
			Seats: f.Int("kursi", 1, 1000, "Isi jumlah kursi dari 1 sampai 1.000; kepala unit hanya satu."),
		}, Superior: f.Line("atasan")}
		if !f.OK() {
			return "", nil
		}
		id, err := h.Admin.SavePosition(r.Context(), a, f.Value(controlKey), d.ID, in)
		if err == nil {
			web.Flash(r, "success", "Jabatan "+in.Title+" disimpan.")
		}
		return adminHref("jabatan", id), err
	})
}

func (h *admin) closePosition(w http.ResponseWriter, r *http.Request) error {
	d, err := h.positionDetail(r)
	if err != nil {
		return err
	}
	v := adminForm{
		Desk: h.desk(r), Back: adminHref("jabatan", d.ID), Title: "Tutup " + d.Title, Submit: "Tutup jabatan", Danger: true,
		Lead: "Penempatan di jabatan ini berakhir pada tanggal itu.",
		Fields: []adminField{{As: "date", Control: ui.Control{
			Name: "tanggal", Label: "Mulai tanggal", Hint: "Pada hari ini jabatan sudah tidak ada.", Required: true}}},
	}
	return h.serve(w, r, v, func(f *form.Form) (string, error) {
		day := f.Date("tanggal", "Isi tanggal penutupan.")
		if !f.OK() {
			return "", nil
		}
		err := h.Admin.ClosePosition(r.Context(), web.ActorOf(r.Context()), d.ID, day)
		if err == nil {
			web.Flash(r, "success", d.Title+" ditutup mulai "+indo.Date(day)+".")
		}
		return adminHref("unit", d.UnitID), err
	})
}

// appointFields are the controls of an appointment besides the person.
func appointFields() []adminField {
	return []adminField{
		{As: "radios", Control: ui.Control{Name: "bentuk", Label: "Bentuk penempatan", Value: org.Definitive, Options: []ui.Option{
			{Value: org.Definitive, Label: "Definitif"},
			{Value: org.Plt, Label: "Plt", Hint: "Pelaksana tugas: jabatannya kosong."},
			{Value: org.Plh, Label: "Plh", Hint: "Pelaksana harian: pejabatnya berhalangan sementara. Perlu tanggal berakhir."},
		}}},
		{As: "date", Control: ui.Control{Name: "mulai", Label: "Mulai tugas (TMT)", Hint: "Wewenang berlaku sejak pukul 00.00 hari ini.", Required: true}},
		{As: "date", Control: ui.Control{Name: "sampai", Label: "Hari terakhir", Hint: "Kosong berarti sampai ada keputusan lain.", Optional: true}},
		{Control: ui.Control{Name: "dasar", Label: "Nomor surat keputusan", Optional: true, Width: "medium"}},
		{As: "date", Control: ui.Control{Name: "tanggal_dasar", Label: "Tanggal surat keputusan", Optional: true}},
	}
}

func readAppointment(f *form.Form, positionID int64) org.Appointment {
	in := org.Appointment{PositionID: positionID, Kind: f.Line("bentuk"), From: f.Date("mulai", "Isi tanggal mulai tugas."), BasisNumber: f.Line("dasar")}
	if last := f.Date("sampai", ""); !last.IsZero() {
		end := last.AddDate(0, 0, 1)
		in.To = &end
	}
	if day := f.Date("tanggal_dasar", ""); !day.IsZero() {
		day = portal.DateOf(day)
		in.BasisDate = &day
	}
	return in
}

// standsInLong warns of a Plh of more than 30 days and a Plt of more than three months, after
// which rules such as BPKP 3/2024 art. 10 want something else; "" where there is nothing to say.
func standsInLong(in org.Appointment) string {
	beyond := func(most time.Time) bool { return in.To == nil || in.To.After(most) }
	switch {
	case in.Kind == org.Plh && beyond(in.From.AddDate(0, 0, 30)):
		return "Plh ini bertugas lebih dari 30 hari. Periksa hari terakhirnya; untuk waktu lebih lama biasanya ditunjuk Plt."
	case in.Kind == org.Plt && beyond(in.From.AddDate(0, 3, 0)):
		return "Plt ini bertugas lebih dari tiga bulan. Biasanya tiga bulan, dengan satu kali perpanjangan; periksa hari terakhirnya."
	}
	return ""
}

// maxPicked is how many people the appointment's search offers.
const maxPicked = 20

func (h *admin) appoint(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	d, err := h.positionDetail(r)
	if err != nil {
		return err
	}
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	words := q.Line("cari", form.Max(200))
	if !q.OK() {
		return q.Err()
	}
	var options []ui.Option
	if words != "" {
		people, err := h.Admin.People(r.Context(), a, portal.PeopleFilter{Words: words}, maxPicked)
		if err != nil {
			return err
		}
		for _, p := range people {
			options = append(options, ui.Option{Value: idOf(p.ID), Label: p.Name, Hint: personHint(p)})
		}
	}
	v := adminForm{
		Desk: h.desk(r), Back: adminHref("jabatan", d.ID), Title: "Tunjuk pejabat", Lead: d.Title + ", " + d.UnitName,
		Above: pickPerson(d.ID, words, len(options) > 0), Submit: "Simpan penempatan",
	}.keyed()
	if len(options) == 0 {
		if r.Method != http.MethodPost {
			return web.Render(w, r, http.StatusOK, pickPage(v))
		}
		options = []ui.Option{}
	}
	v.Fields = append([]adminField{{As: "radios", Control: ui.Control{Name: "orang", Label: "Siapa", Options: options}}}, appointFields()...)
	v.Fields = append(v.Fields, adminField{As: "check", Control: ui.Control{
		Name: "pindah", Label: "Pindah dari jabatan lama", Hint: "Jabatan definitif yang dipegang sekarang berakhir pada hari mulai. Pekerjaan yang belum selesai tetap di jabatan lama."}})
	return h.serve(w, r, v, func(f *form.Form) (string, error) {
		in := readAppointment(f, d.ID)
		in.PersonID, in.Move = f.ID("orang", "Pilih orangnya."), f.Bool("pindah")
		if !f.OK() {
			return "", nil
		}
		_, err := h.Admin.Appoint(r.Context(), a, f.Value(controlKey), in)
		if err == nil {
			web.Flash(r, "success", "Penempatan disimpan.")
			if text := standsInLong(in); text != "" {
				web.Flash(r, "warning", text)
			}
		}
		return adminHref("jabatan", d.ID), err
	})
}

func personHint(p portal.PersonRow) string {
	s := p.StaffNumber
	if p.Title != "" {
		if s != "" {
			s += " · "
		}
		s += p.Title
	}
	return s
}

func (h *admin) endOccupancy(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "penempatan")
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	o, err := h.Admin.Occupancy(r.Context(), a, id)
	if err != nil {
		return err
	}
	v := adminForm{
		Desk: h.desk(r), Back: adminHref("jabatan", o.PositionID), Title: "Akhiri penempatan", Lead: o.PersonName + ", " + o.Title,
		Submit: "Akhiri penempatan", Danger: true,
		Fields: []adminField{{As: "date", Control: ui.Control{
			Name: "sampai", Label: "Hari terakhir", Hint: "Wewenangnya berakhir pada tengah malam sesudah hari ini. Kosong berarti sekarang juga.", Optional: true}}},
	}
	return h.serve(w, r, v, func(f *form.Form) (string, error) {
		ends := h.Admin.Clock.Now()
		if last := f.Date("sampai", ""); !last.IsZero() {
			ends = last.AddDate(0, 0, 1)
		}
		if !f.OK() {
			return "", nil
		}
		err := h.Admin.EndOccupancy(r.Context(), a, id, ends)
		if err == nil {
			web.Flash(r, "success", "Penempatan "+o.PersonName+" diakhiri.")
		}
		return adminHref("jabatan", o.PositionID), err
	})
}

// occupancyWords says as what and how long: "Plh, 24 Nov 2026 – 3 Des 2026".
func occupancyWords(o org.Occupancy) string {
	s := occupancyKind(o.Kind) + ", sejak " + indo.ShortDate(o.StartsAt)
	if o.EndsAt != nil {
		s += " sampai " + lastDay(*o.EndsAt)
	}
	return s
}

func occupancyKind(kind string) string {
	switch kind {
	case org.Plt:
		return "Plt"
	case org.Plh:
		return "Plh"
	}
	return "Definitif"
}

// lastDay is the last day of a period with that end: the day before a
// midnight, the day itself otherwise.
func lastDay(end time.Time) string { return indo.ShortDate(end.Add(-time.Second)) }

// running tells whether an occupancy can still be ended.
func running(o org.Occupancy, now time.Time) bool { return o.EndsAt == nil || o.EndsAt.After(now) }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func grantPeriod(g authz.GrantInfo) string {
	s := "sejak " + indo.ShortDate(g.ValidFrom)
	if g.ValidTo != nil {
		s += " sampai " + lastDay(*g.ValidTo)
	}
	return s
}
