package portalweb

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

// pageRows is how many rows a page of a list shows.
const pageRows = 50

type nameCursor struct {
	Name string
	ID   int64
}

type peopleView struct {
	Desk         *ui.Desk
	Words, State string
	People       []portal.PersonRow
	Next         string
	MayAdd       bool
}

var personStates = []ui.Option{
	{Value: "", Label: "Masih bekerja"}, {Value: "tanpa_jabatan", Label: "Belum punya jabatan"},
	{Value: "tanpa_akun", Label: "Belum punya akun"}, {Value: "keluar", Label: "Sudah keluar"},
}

func (h *admin) people(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	v := peopleView{Desk: h.desk(r), Words: q.Line("cari", form.Max(200)), State: q.Line("status")}
	if !q.OK() {
		return q.Err()
	}
	var after nameCursor
	if err := web.DecodeCursor(q.Value("setelah"), &after); err != nil {
		return err
	}
	v.People, err = h.Admin.People(r.Context(), a, portal.PeopleFilter{Words: v.Words, State: v.State, AfterName: after.Name, AfterID: after.ID}, pageRows+1)
	if err != nil {
		return err
	}
	if len(v.People) > pageRows {
		v.People = v.People[:pageRows]
		last := v.People[pageRows-1]
		v.Next = adminHref("pegawai") + "?" + url.Values{
			"cari": {v.Words}, "status": {v.State}, "setelah": {web.EncodeCursor(nameCursor{last.Name, last.ID})}}.Encode()
	}
	if v.MayAdd, err = h.Admin.InCity(r.Context(), a, portal.PermPeople); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, peoplePage(v))
}

type personView struct {
	Desk *ui.Desk
	portal.PersonDetail
	Now         time.Time
	MayAccounts bool
}

func (h *admin) personDetail(r *http.Request) (portal.PersonDetail, error) {
	id, err := web.PathInt(r, "pegawai")
	if err != nil {
		return portal.PersonDetail{}, err
	}
	return h.Admin.Person(r.Context(), web.ActorOf(r.Context()), id)
}

func (h *admin) person(w http.ResponseWriter, r *http.Request) error {
	d, err := h.personDetail(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, personPage(personView{
		Desk: h.desk(r), PersonDetail: d, Now: h.Admin.Clock.Now(), MayAccounts: web.ActorOf(r.Context()).Has(authn.PermManage),
	}))
}

func personFields(p org.Person) []adminField {
	return []adminField{
		{Control: ui.Control{Name: "nama", Label: "Nama lengkap", Hint: "Dengan gelar, seperti pada surat keputusan.", Value: p.Name, Required: true}},
		{As: "radios", Control: ui.Control{Name: "kepegawaian", Label: "Kepegawaian", Inline: true, Value: p.Employment, Options: kindOptions(org.Employments(), "")}},
		{Control: ui.Control{Name: "nip", Label: "NIP atau nomor pegawai", Hint: "Wajib 18 angka bagi PNS dan PPPK.", Value: text(p.StaffNumber), InputMode: "numeric", Width: "medium"}},
		{Control: ui.Control{Name: "pangkat", Label: "Pangkat", Hint: "Misalnya Penata Muda Tk. I (III/b).", Value: p.Rank, Optional: true, Width: "medium"}},
		{Control: ui.Control{Name: "email", Label: "Email", Hint: "Undangan akun dikirim ke alamat ini.", Value: p.Email, Optional: true, Type: "email", Autocomplete: "off"}},
	}
}

func readPerson(f *form.Form) org.PersonInput {
	return org.PersonInput{Name: f.Line("nama"), StaffNumber: f.Line("nip"), Rank: f.Line("pangkat"), Employment: f.Line("kepegawaian"), Email: f.Line("email")}
}

func (h *admin) addPerson(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	v := adminForm{Desk: h.desk(r), Back: adminHref("pegawai"), Title: "Pegawai baru", Submit: "Simpan pegawai", Fields: personFields(org.Person{Employment: org.EmploymentPNS})}
	var position int64
	if id, err := strconv.ParseInt(r.URL.Query().Get("jabatan"), 10, 64); err == nil {
		d, err := h.Admin.Position(r.Context(), a, id)
		if err != nil {
			return err
		}
		position = d.ID
		v.Back, v.Lead = adminHref("jabatan", id), "Langsung ditempatkan sebagai "+d.Title+"."
		v.Fields = append(v.Fields, adminField{As: "heading", Control: ui.Control{Label: "Penempatan"}})
		v.Fields = append(v.Fields, appointFields()...)
	}
	return h.serve(w, r, v.keyed(), func(f *form.Form) (string, error) {
		in, post := readPerson(f), org.Appointment{}
		if position != 0 {
			post = readAppointment(f, position)
		}
		if !f.OK() {
			return "", nil
		}
		id, err := h.Admin.AddPerson(r.Context(), a, f.Value(controlKey), in, post)
		if err == nil {
			web.Flash(r, "success", in.Name+" dicatat.")
		}
		return adminHref("pegawai", id), err
	})
}

func (h *admin) editPerson(w http.ResponseWriter, r *http.Request) error {
	d, err := h.personDetail(r)
	if err != nil {
		return err
	}
	v := adminForm{Desk: h.desk(r), Back: adminHref("pegawai", d.ID), Title: "Ubah " + d.Name, Submit: "Simpan", Fields: personFields(d.Person)}
	return h.serve(w, r, v.versioned(portal.Version(d.UpdatedAt)), func(f *form.Form) (string, error) {
		in := readPerson(f)
		err := h.Admin.UpdatePerson(r.Context(), web.ActorOf(r.Context()), d.ID, version(f), in)
		if err == nil {
			web.Flash(r, "success", "Perubahan disimpan.")
		}
		return adminHref("pegawai", d.ID), err
	})
}

func (h *admin) leave(w http.ResponseWriter, r *http.Request) error {
	d, err := h.personDetail(r)
	if err != nil {
		return err
	}
	v := adminForm{
		Desk: h.desk(r), Back: adminHref("pegawai", d.ID), Title: d.Name + " keluar", Submit: "Simpan", Danger: true,
		Lead: "Semua penempatan berakhir, sesi yang terbuka ditutup, dan akun pegawai dinonaktifkan. Pekerjaan yang belum selesai tetap di jabatannya.",
		Fields: []adminField{{As: "date", Control: ui.Control{
			Name: "tanggal", Label: "Tidak bekerja lagi mulai", Hint: "Tanggal hari ini berarti sekarang juga.", Required: true}}},
	}
	return h.serve(w, r, v, func(f *form.Form) (string, error) {
		day := f.Date("tanggal", "Isi tanggalnya.")
		if !f.OK() {
			return "", nil
		}
		err := h.Admin.Leave(r.Context(), web.ActorOf(r.Context()), d.ID, day)
		if err == nil {
			web.Flash(r, "success", d.Name+" tidak bekerja lagi mulai "+indo.Date(day)+".")
		}
		return adminHref("pegawai", d.ID), err
	})
}

func (h *admin) readmit(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "pegawai")
	if err != nil {
		return err
	}
	if err := h.Admin.Readmit(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Tercatat bekerja lagi. Tunjuk ia dari halaman jabatannya.")
	return web.Redirect(w, r, adminHref("pegawai", id))
}

// invite gives a person an account. The page that follows shows the link when
// no e-mail can carry it.
func (h *admin) invite(w http.ResponseWriter, r *http.Request) error {
	d, err := h.personDetail(r)
	if err != nil {
		return err
	}
	v := adminForm{
		Desk: h.desk(r), Back: adminHref("pegawai", d.ID), Title: "Buat akun untuk " + d.Name, Submit: "Buat akun dan kirim undangan",
		Lead:   "Pemiliknya membuat sandi sendiri lewat tautan undangan, yang berlaku 7 hari.",
		Fields: []adminField{{Control: ui.Control{Name: "email", Label: "Email", Value: d.Email, Type: "email", Required: true, Autocomplete: "off"}}},
	}
	var inv authn.Invitation
	if r.Method == http.MethodPost {
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		inv, err = h.Admin.InvitePerson(r.Context(), web.ActorOf(r.Context()), d.ID, f.Line("email"))
		if err == nil {
			return h.showInvitation(w, r, v.Back, d.Name, inv)
		}
		status, ok := refused(f, err)
		if !ok {
			return err
		}
		return web.Render(w, r, status, adminFormPage(v.keep(f)))
	}
	return web.Render(w, r, http.StatusOK, adminFormPage(v))
}

// showInvitation says that an invitation is on its way, or shows its link this
// once when the portal cannot send e-mail.
func (h *admin) showInvitation(w http.ResponseWriter, r *http.Request, back, name string, inv authn.Invitation) error {
	if h.Admin.Accounts.EmailOn {
		web.Flash(r, "success", "Undangan untuk "+name+" dikirim lewat email.")
		return web.Redirect(w, r, back)
	}
	return web.Render(w, r, http.StatusOK, newInvitationPage(h.desk(r), back, name, inv))
}

func (v personView) facts() []ui.SummaryRow {
	rows := []ui.SummaryRow{{Key: "Kepegawaian", Value: kindLabel(org.Employments(), v.Employment)}}
	if n := text(v.StaffNumber); n != "" {
		rows = append(rows, ui.SummaryRow{Key: "NIP atau nomor", Value: indo.FormatNIP(n)})
	}
	rows = append(rows, ui.SummaryRow{Key: "Pangkat", Value: orElse(v.Rank, "–")}, ui.SummaryRow{Key: "Email", Value: orElse(v.Email, "–")})
	if v.LeftOn != nil {
		rows = append(rows, ui.SummaryRow{Key: "Tidak bekerja lagi mulai", Value: indo.Date(*v.LeftOn)})
	}
	return rows
}

func accountState(status string, hasPassword bool) (tone, words string) {
	switch {
	case status == "disabled":
		return "danger", "Dinonaktifkan"
	case status == "closed":
		return "neutral", "Ditutup"
	case !hasPassword:
		return "warning", "Menunggu undangan"
	}
	return "success", "Aktif"
}
