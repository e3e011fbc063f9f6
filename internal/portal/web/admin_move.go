package portalweb

import (
	"bytes"
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

// blankMoves is how many empty lines the form of a mass change offers.
const blankMoves = 5

type movesView struct {
	Desk    *ui.Desk
	Errors  form.Errors
	Common  []adminField
	Rows    []org.Move
	Report  *org.Report // of the dry run; nil before
	Suggest []portal.Suggestion
}

func (h *admin) moves(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	if ok, err := h.Admin.InCity(r.Context(), a, portal.PermPeople); err != nil || !ok {
		return orNotFound(err)
	}
	v := movesView{Desk: h.desk(r), Common: []adminField{
		{As: "date", Control: ui.Control{Name: "tanggal", Label: "Tanggal mulai tugas (TMT)", Hint: "Semua berpindah pada pukul 00.00 hari ini.", Required: true}},
		{Control: ui.Control{Name: "dasar", Label: "Nomor surat keputusan", Optional: true, Width: "medium"}},
		{As: "date", Control: ui.Control{Name: "tanggal_dasar", Label: "Tanggal surat keputusan", Optional: true}},
	}}
	var err error
	if v.Suggest, err = h.Admin.SuggestTitles(r.Context(), a, 0); err != nil {
		return err
	}
	if r.Method != http.MethodPost {
		v.Rows = withBlanks(nil)
		return web.Render(w, r, http.StatusOK, movesPage(v))
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	order := org.MoveOrder{Day: f.Date("tanggal", "Isi tanggal mulai tugas."), BasisNumber: f.Line("dasar", form.Max(120))}
	if day := f.Date("tanggal_dasar", ""); !day.IsZero() {
		day = portal.DateOf(day)
		order.BasisDate = &day
	}
	moves := readMoves(f)
	if len(f.Files("berkas")) > 0 {
		moves, err = uploadedMoves(f)
		if err != nil && !f.FailWith(err) {
			return err
		}
	}
	if f.Has("tambah") {
		f = &form.Form{}
		return h.showMoves(w, r, v, f, append(moves, org.Move{}), http.StatusOK)
	}
	if len(moves) == 0 && f.OK() {
		f.Fail("nip_1", "Isi paling sedikit satu baris, atau unggah berkas.")
	}
	if !f.OK() {
		return h.showMoves(w, r, v, f, moves, http.StatusUnprocessableEntity)
	}
	rep, err := h.Admin.MovePosts(r.Context(), a, order, moves, f.Has("terapkan"))
	if err != nil {
		status, ok := refused(f, err)
		if !ok {
			return err
		}
		return h.showMoves(w, r, v, f, moves, status)
	}
	if rep.Applied {
		web.Flash(r, "success", "Mutasi per "+indo.Date(order.Day)+" diterapkan: "+reportWords(rep)+".")
		return web.Redirect(w, r, adminHref("mutasi"))
	}
	v.Report = &rep
	status := http.StatusOK
	for _, p := range rep.Problems {
		f.Fail(p.Column+"_"+strconv.Itoa(p.Row), "Baris "+strconv.Itoa(p.Row)+": "+p.Message+".")
		status = http.StatusUnprocessableEntity
	}
	return h.showMoves(w, r, v, f, moves, status)
}

func (h *admin) showMoves(w http.ResponseWriter, r *http.Request, v movesView, f *form.Form, moves []org.Move, status int) error {
	common := adminForm{Fields: v.Common}
	if r.PostForm != nil {
		for i := range common.Fields {
			common.Fields[i].Value = r.PostForm.Get(common.Fields[i].Name)
			common.Fields[i].Error = f.Errors().Get(common.Fields[i].Name)
		}
	}
	v.Common, v.Errors, v.Rows = common.Fields, f.Errors(), withBlanks(moves)
	return web.Render(w, r, status, movesPage(v))
}

// readMoves reads the lines of the form in which something is written; their
// numbers are those of the form.
func readMoves(f *form.Form) (ms []org.Move) {
	for n := 1; n <= org.MaxMoves; n++ {
		s := strconv.Itoa(n)
		m := org.Move{Row: n, StaffNumber: f.Line("nip_"+s, form.Max(60)), Title: f.Line("jabatan_"+s, form.Max(200)), Unit: f.Line("unit_"+s, form.Max(200))}
		if m.StaffNumber+m.Title+m.Unit != "" {
			ms = append(ms, m)
		}
	}
	return ms
}

// uploadedMoves reads the lines of a file; they become lines of the form.
func uploadedMoves(f *form.Form) ([]org.Move, error) {
	data, err := readUpload(f, "berkas", org.MaxSheetFile)
	if err != nil {
		return nil, err
	}
	ms, err := org.ReadMoves(bytes.NewReader(data))
	for i := range ms {
		ms[i].Row = i + 1
	}
	return ms, err
}

// withBlanks numbers the lines and adds empty ones.
func withBlanks(ms []org.Move) []org.Move {
	last := 0
	byRow := map[int]org.Move{}
	for _, m := range ms {
		if m.Row == 0 {
			m.Row = last + 1
		}
		byRow[m.Row], last = m, max(last, m.Row)
	}
	rows := make([]org.Move, 0, blankMoves)
	for n := 1; n <= min(max(blankMoves, last+1), org.MaxMoves); n++ {
		m := byRow[n]
		m.Row = n
		rows = append(rows, m)
	}
	return rows
}

func (v movesView) control(m org.Move, name, label, value string) adminField {
	id := name + "_" + strconv.Itoa(m.Row)
	return adminField{Suggest: name == "jabatan", Control: ui.Control{
		Name: id, Label: label + " baris " + strconv.Itoa(m.Row), Hidden: true, Value: value, Error: v.Errors.Get(id)}}
}
