package letterweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const registerPath = deskPath + "/register"

// Parameters of the register. Words are sealed in the address: names and NIK do not
// stay in the histories of browsers.
const (
	paramText     = "q"
	paramSealed   = "s"
	paramOffice   = "kelurahan"
	paramKind     = "jenis"
	paramStatus   = "status"
	paramFrom     = "dari"
	paramTo       = "sampai"
	paramSigner   = "penanda"
	paramYear     = "tahun"
	paramFormat   = "bentuk"
	paramResident = "warga"
)

// registerFilterNames are the drop-downs and dates of the register.
var registerFilterNames = []string{paramOffice, paramKind, paramStatus, paramFrom, paramTo, paramSigner}

// registerView is the register as its page shows it.
type registerView struct {
	Desk    *ui.Desk
	List    []letter.Summary
	Next    string
	First   string // the first page again, on later ones
	Text    string
	Filters []ui.Control
	Set     int
	Export  bool       // the reader may take it away
	Kept    url.Values // the filters, for the export's form
	Form    *form.Form // the export's, when it was refused
	Now     time.Time
	Errors  []errs.Field
}

func (k *desk) register(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	text, ok := k.Residents.OpenSearch(f.Value(paramSealed))
	if !ok {
		return errs.New(errs.BadRequest, "Pencarian ini tidak dikenal. Mulai lagi dari register.")
	}
	return k.showRegister(w, r, f, text)
}

// registerSearch seals the words and leads to the register that they narrow.
func (k *desk) registerSearch(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	q := url.Values{}
	for _, name := range registerFilterNames {
		if v := f.Line(name); v != "" && len(v) <= 40 {
			q.Set(name, v)
		}
	}
	text := []rune(f.Line(paramText))
	if sealed := k.Residents.SealSearch(string(text[:min(len(text), 100)])); sealed != "" {
		q.Set(paramSealed, sealed)
	}
	to := registerPath
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return web.Redirect(w, r, to)
}

func readFilter(f *form.Form, text string) letter.Filter {
	statuses := []string{""}
	for _, s := range letter.Statuses[1:] {
		statuses = append(statuses, string(s))
	}
	out := letter.Filter{
		Text: text, KelurahanID: f.ID(paramOffice, ""), Code: f.Line(paramKind), Signer: f.ID(paramSigner, ""), ResidentID: f.ID(paramResident, ""),
		Status: letter.Status(f.Choice(paramStatus, statuses, "Status ini tidak dikenal.")),
		From:   f.Date(paramFrom, ""), To: f.Date(paramTo, ""),
	}
	if !out.From.IsZero() && !out.To.IsZero() && out.To.Before(out.From) {
		f.Fail(paramTo, "Tanggal akhir harus sesudah tanggal awal.")
	}
	if len(out.Code) > 8 {
		f.Fail(paramKind, "Jenis surat ini tidak dikenal.")
	}
	return out
}

func (k *desk) showRegister(w http.ResponseWriter, r *http.Request, f *form.Form, text string) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	filter := readFilter(f, text)
	after := f.ID(paramAfter, "")
	v := registerView{Text: text, Now: k.now(), Errors: f.Errors()}
	status := http.StatusOK
	var err error
	if filterOK(f) {
		var more bool
		if v.List, more, err = k.Letters.Register(ctx, a, filter, after); err != nil {
			return err
		}
		if more {
			v.Next = registerPage(r, v.List[len(v.List)-1].ID)
		}
		if after != 0 {
			v.First = registerPage(r, 0)
		}
	}
	if !f.OK() {
		status = http.StatusUnprocessableEntity
	}
	if v.Filters, v.Set, err = k.registerFilters(r, f); err != nil {
		return err
	}
	v.Export, v.Kept = a.Has(letter.PermExport), url.Values{}
	for _, name := range append(registerFilterNames, paramSealed, paramResident) {
		if value := f.Value(name); value != "" {
			v.Kept.Set(name, value)
		}
	}
	if f.Has(letter.ControlPurpose) {
		v.Form = f
	}
	if v.Desk, err = k.side(ctx, a, registerPath); err != nil {
		return err
	}
	return web.Render(w, r, status, registerPageView(v))
}

// filterOK tells whether the register can be shown, whatever is wrong with its export.
func filterOK(f *form.Form) bool {
	return !slices.ContainsFunc(f.Errors(), func(e errs.Field) bool { return slices.Contains(registerFilterNames, e.Name) })
}

func (v registerView) purposeControl() ui.Control {
	c := ui.Control{
		Name: letter.ControlPurpose, Label: "Untuk apa unduhan ini", Hint: "Tercatat bersama nama Anda. NIK disamarkan. 10 sampai 300 huruf.", Required: true, Rows: 2,
	}
	return c.Typed(v.Form)
}

// registerPage is the address of the register after a letter, all filters kept.
func registerPage(r *http.Request, after int64) string {
	q := r.URL.Query()
	q.Del(paramAfter)
	if after != 0 {
		q.Set(paramAfter, strconv.FormatInt(after, 10))
	}
	return registerPath + "?" + q.Encode()
}

// registerFilters are the register's drop-downs and how many of them narrow it now.
func (k *desk) registerFilters(r *http.Request, f *form.Form) (out []ui.Control, set int, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	offices, err := k.Residents.Workplaces(ctx, a, letter.PermView)
	if err != nil {
		return nil, 0, err
	}
	if len(offices) > 1 {
		c := ui.Control{Name: paramOffice, Label: "Kelurahan", Value: f.Value(paramOffice), Options: []ui.Option{{Label: "Semua kelurahan"}}}
		for _, o := range offices {
			c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(o.ID, 10), Label: o.Name})
		}
		out = append(out, c)
	}
	kinds := ui.Control{Name: paramKind, Label: "Jenis", Value: f.Value(paramKind), Options: []ui.Option{{Label: "Semua jenis"}}}
	if len(offices) > 0 {
		ks, err := k.Letters.Kinds(ctx, offices[0].ID)
		if err != nil {
			return nil, 0, err
		}
		for _, kind := range ks {
			kinds.Options = append(kinds.Options, ui.Option{Value: kind.Code, Label: kind.Code + " – " + kind.Title})
		}
	}
	state := ui.Control{Name: paramStatus, Label: "Status", Value: f.Value(paramStatus), Error: f.Errors().Get(paramStatus), Options: []ui.Option{{Label: "Semua status"}}}
	for _, s := range letter.Statuses[1:] {
		state.Options = append(state.Options, ui.Option{Value: string(s), Label: Label(s)})
	}
	signers, err := k.Letters.Signatories(ctx, a)
	if err != nil {
		return nil, 0, err
	}
	signer := ui.Control{Name: paramSigner, Label: "Penanda tangan", Value: f.Value(paramSigner), Options: []ui.Option{{Label: "Semua penanda tangan"}}}
	for _, s := range signers {
		signer.Options = append(signer.Options, ui.Option{Value: strconv.FormatInt(s.PersonID, 10), Label: s.Name})
	}
	out = append(out, kinds, state, signer,
		ui.Control{Name: paramFrom, Label: "Dari tanggal", Value: f.Value(paramFrom), Error: f.Errors().Get(paramFrom), Type: "date"},
		ui.Control{Name: paramTo, Label: "Sampai tanggal", Value: f.Value(paramTo), Error: f.Errors().Get(paramTo), Type: "date"})
	for _, c := range out {
		if c.Value != "" {
			set++
		}
	}
	if f.Value(paramResident) != "" {
		set++
	}
	return out, set, nil
}

// export writes the register as a spreadsheet, for a purpose that the trail keeps.
func (k *desk) export(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	text, ok := k.Residents.OpenSearch(f.Value(paramSealed))
	if !ok {
		return errs.New(errs.BadRequest, "Pencarian ini tidak dikenal. Mulai lagi dari register.")
	}
	format := f.Choice(paramFormat, []string{sheet.XLSX, sheet.CSV}, "Pilih XLSX atau CSV.")
	filter := readFilter(f, text)
	if f.OK() {
		out := web.NewDownload(w, sheet.Types[format], "register-surat-"+k.now().In(indo.WITA).Format(time.DateOnly)+"."+format)
		err := k.Letters.ExportRegister(r.Context(), web.ActorOf(r.Context()), filter, format, f.Text(letter.ControlPurpose), out)
		if out.Begun() || !f.FailWith(err) {
			return err
		}
	}
	return k.showRegister(w, r, f, text)
}

// numbersView is the book of numbers.
type numbersView struct {
	Desk    *ui.Desk
	Office  epemerintahan.Kelurahan
	Offices []epemerintahan.Kelurahan
	Year    int
	Years   []int
	Lines   []letter.NumberLine
	Next    string
	Now     time.Time
}

func (k *desk) numbers(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := numbersView{Now: k.now()}
	this := v.Now.In(indo.WITA).Year()
	v.Year = this
	if f.Value(paramYear) != "" {
		v.Year = f.Int(paramYear, 2000, this, "Tahun ini tidak ada.")
	}
	office, before := f.ID(paramOffice, ""), f.ID(paramAfter, "")
	if !f.OK() {
		return errs.New(errs.BadRequest, "Buku nomor ini tidak ada. Mulai lagi dari buku tahun ini.")
	}
	if v.Offices, err = k.Residents.Workplaces(ctx, a, letter.PermView); err != nil {
		return err
	}
	for i, o := range v.Offices {
		if o.ID == office || office == 0 && i == 0 {
			v.Office = o
		}
	}
	if v.Office.ID == 0 && office != 0 {
		return errs.New(errs.NotFound, "Buku nomor ini tidak ada di wilayah Anda.")
	}
	for y := this; y > this-5; y-- {
		v.Years = append(v.Years, y)
	}
	if v.Office.ID != 0 {
		if v.Lines, err = k.Letters.Numbers(ctx, a, v.Office.ID, v.Year, before); err != nil {
			return err
		}
	}
	if n := len(v.Lines); n >= letter.QueuePage && v.Lines[n-1].No > 1 {
		v.Next = registerPath + "/nomor?" + url.Values{
			paramYear: {strconv.Itoa(v.Year)}, paramOffice: {strconv.FormatInt(v.Office.ID, 10)}, paramAfter: {strconv.FormatInt(v.Lines[n-1].No, 10)},
		}.Encode()
	}
	if v.Desk, err = k.side(ctx, a, registerPath+"/nomor"); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, numbersPage(v))
}

func (v numbersView) officeControl() ui.Control {
	c := ui.Control{Name: paramOffice, Label: "Kelurahan", Value: strconv.FormatInt(v.Office.ID, 10)}
	for _, o := range v.Offices {
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(o.ID, 10), Label: o.Name})
	}
	return c
}

func (v numbersView) yearControl() ui.Control {
	c := ui.Control{Name: paramYear, Label: "Tahun", Value: strconv.Itoa(v.Year)}
	for _, y := range v.Years {
		c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
	}
	return c
}
