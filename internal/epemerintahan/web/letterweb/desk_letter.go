package letterweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// controlNumber carries the request number, for saying what was done.
const controlNumber = "nomor"

// letterView is the desk's page of a letter.
type letterView struct {
	Desk       *ui.Desk
	L          letter.Details
	Now        time.Time
	Queue      letter.QueueName // from which it was opened
	Primary    deskAct          // the zero value when nothing is to do
	Others     []deskAct
	Open       letter.Action // whose form was sent and refused
	Form       *form.Form    // what was typed there
	Conflict   *conflict
	Full       bool // NIKs are shown in full, this once
	Passphrase bool // signing asks for one
	MayReveal  bool
	Print      bool  // just numbered: the print comes first
	Family     int64 // of the subject, where a birth is to be recorded in it
}

// conflict says why an act came too late.
type conflict struct {
	Message string
	Since   []letter.History // what happened since the person looked
	Typed   string           // the reason that they typed, when its form is not there any more
	May     bool             // the act is still possible
	Act     deskAct
}

func (k *desk) letter(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	v, err := k.load(r, id)
	if err != nil {
		return err
	}
	v.Queue = letter.QueueName(r.URL.Query().Get(paramQueue))
	v.Print = r.URL.Query().Has("cetak") && v.L.HasPrint
	return web.Render(w, r, http.StatusOK, letterPage(v))
}

// load reads everything the page needs for what this person may do.
func (k *desk) load(r *http.Request, id int64) (letterView, error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := letterView{Now: k.now(), Passphrase: k.Letters.NeedsPassphrase(), MayReveal: a.Has(letter.PermCheck) || a.Has(letter.PermSign)}
	var err error
	if v.L, err = k.Letters.View(ctx, a, id); err != nil {
		return v, err
	}
	if v.Desk, err = k.side(ctx, a, ""); err != nil {
		return v, err
	}
	if v.L.Offer == letter.OfferBirth && v.L.SubjectIs.ResidentID != 0 {
		rec, err := k.Residents.View(ctx, a, v.L.SubjectIs.ResidentID)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return v, err
		}
		v.Family = rec.FamilyID
	}
	for _, act := range deskActs {
		switch {
		case !slices.Contains(v.L.Actions, act.Action):
		case v.Primary.Path == "" && act.Color == "" && v.forward(act):
			v.Primary = act
		default:
			v.Others = append(v.Others, act)
		}
	}
	return v, nil
}

// forward tells whether an act is the way on and not back.
func (v letterView) forward(a deskAct) bool {
	switch a.Action {
	case letter.ActReturn, letter.ActSendBack, letter.ActCancel, letter.ActSkipRT, letter.ActOffer:
		return false
	}
	return true
}

func (v letterView) may(a letter.Action) bool { return slices.Contains(v.L.Actions, a) }

// conflict explains a refusal that is about the letter and not about the form.
func (k *desk) conflict(v letterView, a deskAct, f *form.Form, err error) *conflict {
	c := &conflict{Message: errs.MessageOf(err), Act: a, May: v.may(a.Action)}
	if version, _ := strconv.Atoi(f.Value(controlVersion)); version > 0 {
		for _, h := range v.L.History {
			if h.Seq > version {
				c.Since = append(c.Since, h)
			}
		}
	}
	if !c.May {
		c.Typed = f.Value(controlReason)
	}
	return c
}

// control describes one control of an act's form: unique on the page, with what was
// typed when this form was refused.
func (v letterView) control(a deskAct, c ui.Control) ui.Control {
	c.ID = a.Path + "-" + c.Name
	if v.Open == a.Action && v.Form != nil {
		c.Value = v.Form.Value(c.Name)
		c.Error = v.Form.Errors().Get(c.Name)
	}
	return c
}

// problems are the wrong answers with the ids of this page's controls.
func (v letterView) problems() (out []errs.Field) {
	if v.Form == nil || v.Conflict != nil {
		return nil
	}
	a, _ := actFor(v.Open)
	for _, e := range v.Form.Errors() {
		if e.Name != "" {
			e.Name = a.Path + "-" + e.Name
		}
		out = append(out, e)
	}
	return out
}

func (v letterView) action(path string) string { return letterHref(v.L.ID, "") + "/" + path }

func (v letterView) back() string {
	if v.Queue == "" {
		return deskPath
	}
	return queueHref(v.Queue)
}

func reasonLabel(a letter.Action) string {
	switch a {
	case letter.ActReturn:
		return "Apa yang harus dilengkapi pemohon"
	case letter.ActSendBack:
		return "Apa yang harus dibetulkan operator"
	}
	return "Alasan"
}

func reasonHint(a letter.Action) string {
	switch a {
	case letter.ActReturn, letter.ActReject:
		return "Dibaca pemohon. Tulis dengan kata sehari-hari apa yang kurang dan apa yang harus dilakukan. 10 sampai 500 huruf."
	case letter.ActVoid:
		return "Siapa pun yang memeriksa surat ini akan melihat bahwa surat dicabut. Alasannya hanya untuk petugas dan pemohon."
	case letter.ActSendBack:
		return "Hanya dibaca petugas. 10 sampai 500 huruf."
	}
	return "10 sampai 500 huruf."
}

// actHint says what an act brings about, before it is done.
func (v letterView) actHint(a letter.Action) string {
	switch a {
	case letter.ActCheck:
		if len(v.L.MissingScans) > 0 {
			return "Belum ada: " + strings.Join(v.L.MissingScans, "; ") + "."
		}
		return "Centang berkas yang sudah Anda lihat dan cocok dengan isian."
	case letter.ActParaf:
		return "Baca pratinjau dan isiannya lebih dulu."
	case letter.ActSign:
		if v.Passphrase {
			return "Surat diberi nomor dan ditandatangani dengan sertifikat BSrE Anda. Passphrase tidak disimpan."
		}
		return "Surat diberi nomor dan ditandatangani secara elektronik atas nama Anda. Tanda tangan ini tidak tersertifikasi BSrE."
	case letter.ActPrint:
		return "Surat mendapat nomor dan kode QR. Ditandatangani dan distempel di atas kertas, lalu dipindai kembali."
	case letter.ActScan:
		return "PDF atau foto surat yang sudah ditandatangani dan distempel, paling besar 10 MB."
	case letter.ActResubmit:
		return "Bila pemohon membawa yang kurang ke loket."
	case letter.ActOffer:
		return "Tandai sesudah peristiwanya dicatat di data penduduk, supaya tidak ditawarkan lagi."
	case letter.ActHandOver:
		return "Catat bila kertasnya sudah diterima pemohon."
	}
	return ""
}

// nik shows a number as this reader may see it now.
func (v letterView) nik(s string) string {
	switch {
	case s == "":
		return "tidak ada"
	case v.Full:
		return s
	}
	return epemerintahan.Mask(s)
}

// personFacts are what a letter says about somebody.
func (v letterView) personFacts(p letter.Person) (rows []ui.SummaryRow) {
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Key: key, Value: value})
		}
	}
	add("Nama", p.Name)
	add("NIK", v.nik(p.NIK))
	if p.KK != "" {
		add("Nomor KK", v.nik(p.KK))
	}
	add("Lahir", birth(p))
	add("Jenis kelamin", p.Sex)
	add("Agama", p.Religion)
	add("Status kawin", p.Marital)
	add("Pekerjaan", p.Job)
	add("Hubungan", p.Relation)
	add("Alamat", address(p))
	return rows
}

func birth(p letter.Person) string {
	day := p.BirthDate
	if t, err := time.ParseInLocation(time.DateOnly, day, indo.WITA); err == nil {
		day = indo.Date(t)
	}
	return strings.Join(slices.DeleteFunc([]string{p.BirthPlace, day}, func(s string) bool { return s == "" }), ", ")
}

func address(p letter.Person) string {
	s := p.Address
	if p.RT != "" {
		s += ", RT " + p.RT
	}
	if p.RW != "" {
		s += "/RW " + p.RW
	}
	return s
}

// answers are what was filled in, in the kind's order.
func (v letterView) answers() (rows []ui.SummaryRow) {
	for _, f := range v.L.Kind.Fields {
		value, ok := v.L.Values[f.Name]
		if !ok {
			continue
		}
		row := ui.SummaryRow{Key: f.Label}
		if len(value.People) > 0 {
			row.Body = peopleList(v, value.People)
		} else if row.Value = answerText(f, value.Text); row.Value == "" {
			continue
		}
		rows = append(rows, row)
	}
	return rows
}

// answerText shows an answer the way people write it.
func answerText(f letter.Field, s string) string {
	if s == "" {
		return ""
	}
	switch f.Type {
	case letter.Date:
		if t, err := time.ParseInLocation(time.DateOnly, s, indo.WITA); err == nil {
			return indo.Date(t)
		}
	case letter.DateTime:
		if t, err := time.ParseInLocation("2006-01-02T15:04", s, indo.WITA); err == nil {
			return indo.LongDateTime(t)
		}
	case letter.Money:
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return indo.Rupiah(n)
		}
	case letter.Bool:
		return "Ya"
	case letter.KK:
		return epemerintahan.Mask(s)
	}
	return s
}

// paper is a requirement with what there is of it.
type paper struct {
	letter.Requirement
	Scans   []letter.Scan
	Checked bool
}

func (v letterView) papers() (out []paper) {
	for _, q := range v.L.Kind.Requirements {
		p := paper{Requirement: q, Checked: slices.Contains(v.L.Checked, q.Name) || q.Proved && v.L.SubjectIs.ResidentID != 0}
		for _, s := range v.L.Scans {
			if s.Requirement == q.Name {
				p.Scans = append(p.Scans, s)
			}
		}
		out = append(out, p)
	}
	return out
}

// moments is the history, newest first.
func (v letterView) moments() []ui.Moment {
	out := make([]ui.Moment, 0, len(v.L.History))
	for _, h := range slices.Backward(v.L.History) {
		m := ui.Moment{Title: ActName(h.Action), At: h.At, Text: h.Reason, Who: h.By}
		if h.Title != "" && h.Title != h.By {
			m.Who = strings.TrimPrefix(h.By+", "+h.Title, ", ")
		}
		m.Icon, m.Tone = actLook(h.Action)
		out = append(out, m)
	}
	return out
}

func actLook(a letter.Action) (icon, tone string) {
	switch a {
	case letter.ActReturn, letter.ActSendBack:
		return "back", "warning"
	case letter.ActDenyRT, letter.ActSignFail:
		return "alert", "warning"
	case letter.ActReject, letter.ActVoid, letter.ActCancel:
		return "close", "danger"
	case letter.ActSigned, letter.ActScan:
		return "done", "success"
	case letter.ActPrint:
		return "print", ""
	case letter.ActEdit:
		return "edit", ""
	case letter.ActSubmit, letter.ActEnter, letter.ActAskRT, letter.ActResubmit:
		return "send", ""
	}
	return "check", ""
}

// facts are the column beside the letter.
func (v letterView) facts() []ui.SummaryRow {
	l := v.L
	rows := []ui.SummaryRow{}
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Key: key, Value: value})
		}
	}
	add("Dipegang", Holder(l.Status))
	add("Nomor surat", l.Number)
	if l.Times.SubmittedAt != nil {
		add("Masuk", deskDay(*l.Times.SubmittedAt, v.Now))
	}
	if d := dueOf(l.Summary, v.Now); d.When != "" {
		add("Tenggat", d.When)
	}
	add("Waktu layanan", minutes(l.Times.Used)+" kerja dari "+minutes(l.Times.Promised)+" yang dijanjikan")
	if l.IssuedOn != nil {
		add("Terbit", indo.Date(*l.IssuedOn))
	}
	if l.ValidUntil != nil {
		add("Berlaku sampai", indo.Date(*l.ValidUntil))
	}
	add("Cara", modeName(l.Mode))
	if l.WithCamat {
		add("Camat", "ikut menandatangani")
	}
	add("Diminta", map[bool]string{true: "lewat portal oleh warga", false: "di loket"}[l.ByCitizen])
	add("Kelurahan", l.KelurahanName)
	add("Versi isian", "versi "+strconv.Itoa(l.Kind.Version))
	return rows
}

// fileHref is the address of one of the letter's PDFs.
func (v letterView) fileHref(w letter.Which) string {
	return letterHref(v.L.ID, "") + "/berkas/" + string(w)
}

// offer is the way to record what an issued letter tells about its subject; "" where
// nothing is to be recorded, or not by this person.
func (v letterView) offer() (text, href string) {
	if !v.may(letter.ActOffer) {
		return "", ""
	}
	from := url.Values{epemerintahan.ControlLetter: {strconv.FormatInt(v.L.ID, 10)}}
	subject := v.L.SubjectIs.ResidentID
	event := func(kind epemerintahan.EventKind) string {
		return residentHref(subject) + "/peristiwa/" + string(kind) + "?" + from.Encode()
	}
	anew := func(kind epemerintahan.EventKind) string {
		from.Set(epemerintahan.ControlEntry, string(kind))
		if v.Family != 0 && kind == epemerintahan.Born {
			from.Set("keluarga", strconv.FormatInt(v.Family, 10))
		}
		return "/meja/penduduk/baru?" + from.Encode()
	}
	switch v.L.Offer {
	case letter.OfferBirth:
		return "Catat bayi ini sebagai penduduk", anew(epemerintahan.Born)
	case letter.OfferMoveIn:
		return "Catat pendatang ini sebagai penduduk", anew(epemerintahan.MovedIn)
	case letter.OfferDeath:
		text = "Catat kematiannya di data penduduk"
	case letter.OfferMoveOut:
		text = "Catat kepindahannya di data penduduk"
	}
	switch {
	case text == "":
		return "", ""
	case subject == 0:
		return "", "" // an outsider: nothing of them is in the register
	case v.L.Offer == letter.OfferDeath:
		return text, event(epemerintahan.Died)
	}
	return text, event(epemerintahan.MovedOut)
}

func residentHref(id int64) string { return "/meja/penduduk/" + strconv.FormatInt(id, 10) }

// reveal opens the numbers once, on the page itself.
func (k *desk) reveal(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	if err := k.Letters.Reveal(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	v, err := k.load(r, id)
	if err != nil {
		return err
	}
	v.Full = true
	return web.Render(w, r, http.StatusOK, letterPage(v))
}

// checklist offers the papers to tick off.
func (v letterView) checklist(a deskAct) ui.Control {
	c := v.control(a, ui.Control{Name: controlChecked, Label: "Berkas yang sudah dilihat"})
	c.Values = v.L.Checked
	if v.Open == a.Action && v.Form != nil {
		c.Values = v.Form.Multi(controlChecked)
	}
	c.Options = paperOptions(v.L.Kind, v.L.SubjectIs)
	return c
}

// paperOptions are the papers that are asked of somebody.
func paperOptions(k letter.Kind, subject letter.Person) (out []ui.Option) {
	for _, q := range k.Requirements {
		if q.Proved && subject.ResidentID != 0 {
			continue
		}
		o := ui.Option{Value: q.Name, Label: q.Name}
		if q.Optional {
			o.Label += " (bila ada)"
		}
		out = append(out, o)
	}
	return out
}

func (v letterView) camat(a deskAct) ui.Control {
	c := v.control(a, ui.Control{Name: controlCamat, Label: "Camat ikut menandatangani"})
	if v.L.WithCamat || c.Value != "" {
		c.Values = []string{"1"}
	}
	c.Value = "1"
	return c
}

func passwordControl(passphrase bool) ui.Control {
	c := ui.Control{Name: controlPassword, Label: "Sandi akun Anda", Type: "password", Autocomplete: "current-password", Required: true, Width: "medium",
		Hint: "Sekali lagi, supaya tidak ada orang lain yang menandatangani dari meja Anda."}
	if passphrase {
		c.Label, c.Hint, c.Autocomplete = "Passphrase BSrE", "Dipakai sekali ini dan tidak disimpan.", "off"
	}
	return c
}

// signerControl asks for whom BSrE knows.
func signerControl() ui.Control {
	return ui.Control{Name: controlNIK, Label: "NIK Anda di BSrE", Type: "password", InputMode: "numeric", Autocomplete: "off", Required: true, Width: "medium",
		Hint: "16 angka. Dipakai sekali ini dan tidak disimpan."}
}

func upper(s string) string { return strings.ToUpper(s) }
