package letterweb

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

func (k *desk) kindList(w http.ResponseWriter, r *http.Request) error {
	s, err := k.settingsOf(r, r.URL.Query().Get(paramKelurahan), kindsPath, true)
	if err != nil {
		return err
	}
	all, err := k.Letters.AllKinds(r.Context(), web.ActorOf(r.Context()), s.UnitID)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, kindsPage(s, all))
}

// kindView is the form of a kind.
type kindView struct {
	settings
	letter.Kind
	New    bool
	Reason string
	Errors form.Errors
	// Typed are numbers that could not be read.
	Typed map[string]string
}

func (k *desk) kindNew(w http.ResponseWriter, r *http.Request) error {
	s, err := k.settingsOf(r, "0", kindsPath, true)
	if err != nil {
		return err
	}
	v := kindView{settings: s, New: true, Kind: letter.Kind{Definition: letter.Definition{
		Category: "umum", Mode: letter.Wet, ValidDays: 30, ServiceMinutes: 30, Body: newBody,
		Fields:       []letter.Field{{Name: "keperluan", Label: "Untuk keperluan apa?", Type: letter.TextArea, Required: true}},
		Requirements: []letter.Requirement{{Name: "Surat pengantar RT/RW", Scan: true}, {Name: "KTP-el", Proved: true}, {Name: "Kartu Keluarga (KK)", Proved: true}},
	}}}
	return web.Render(w, r, http.StatusOK, kindPage(v))
}

// newBody is what a new kind's wording begins as.
const newBody = `Yang bertanda tangan di bawah ini:

[pejabat]

menerangkan dengan sebenarnya bahwa:

[identitas warga]

Surat keterangan ini dibuat untuk keperluan {{sisip .keperluan}}. {{if .berlaku_sampai}}Surat ini berlaku sampai dengan tanggal {{.berlaku_sampai}}.{{end}}

Demikian surat keterangan ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.
`

// kindShown is a kind as the unit of the address has it.
func (k *desk) kindShown(r *http.Request, unit string) (v kindView, err error) {
	if v.settings, err = k.settingsOf(r, unit, kindsPath, true); err != nil {
		return v, err
	}
	v.Kind, err = k.Letters.KindToEdit(r.Context(), web.ActorOf(r.Context()), v.settings.UnitID, web.Path(r, "kode"))
	return v, err
}

func (k *desk) kindEdit(w http.ResponseWriter, r *http.Request) error {
	v, err := k.kindShown(r, r.URL.Query().Get(paramKelurahan))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, kindPage(v))
}

// What the buttons of the form ask for.
const (
	controlDo    = "lakukan"
	doPreview    = "pratinjau"
	controlBase  = "versi"
	controlDrop  = "hapus"
	controlCount = "jumlah"
)

// kindSave saves the form, or shows what it would print.
func (k *desk) kindSave(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v := kindView{New: web.Path(r, "kode") == ""}
	if v.New {
		v.settings, err = k.settingsOf(r, "0", kindsPath, true)
	} else {
		v, err = k.kindShown(r, f.Value(paramKelurahan))
	}
	if err != nil {
		return err
	}
	a, base := web.ActorOf(r.Context()), int64(0)
	if !v.New {
		base = f.ID(controlBase, "Buka lagi halaman ini.")
	}
	v.read(f)
	in := letter.KindForm{UnitID: v.settings.UnitID, Code: v.Code, Definition: v.Definition, Reason: v.Reason, BaseID: base}
	switch {
	case !f.OK():
		// Say at once what else is wrong.
		_, err = letter.CheckDefinition(in.Definition)
		f.FailWith(err)
		err = f.Err()
	case f.Value(controlDo) == doPreview:
		pdf, err := k.Letters.PreviewKind(r.Context(), a, in)
		if err == nil {
			return web.ServeFile(w, r, io.NopCloser(bytes.NewReader(pdf)), pdfType, "contoh.pdf")
		}
		return k.kindRefused(w, r, v, f, err)
	case v.New:
		err = k.Letters.NewKind(r.Context(), a, in)
	default:
		err = k.Letters.SaveKind(r.Context(), a, in)
	}
	if err != nil {
		return k.kindRefused(w, r, v, f, err)
	}
	web.Flash(r, "success", "Versi baru "+in.Title+" disimpan. Surat yang sudah dimulai memakai versi lamanya.")
	return web.Redirect(w, r, v.at(kindsPath))
}

func (k *desk) kindRefused(w http.ResponseWriter, r *http.Request, v kindView, f *form.Form, err error) error {
	status := http.StatusUnprocessableEntity
	switch {
	case errs.KindOf(err) == errs.Conflict:
		status = http.StatusConflict
		f.Fail("", errs.MessageOf(err))
		// What is saved next time replaces what the reader is about to be shown the history of.
		now, err := k.Letters.KindToEdit(r.Context(), web.ActorOf(r.Context()), v.settings.UnitID, v.Code)
		if err != nil {
			return err
		}
		v.VersionID = now.VersionID
	case !f.FailWith(err):
		return err
	}
	v.Errors = f.Errors()
	return web.Render(w, r, status, kindPage(v))
}

func (k *desk) kindFollow(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.kindShown(r, f.Value(paramKelurahan))
	if err != nil {
		return err
	}
	v.Reason = f.Line(letter.ControlReason)
	err = k.Letters.FollowCity(r.Context(), web.ActorOf(r.Context()), letter.KindForm{
		UnitID: v.settings.UnitID, Code: v.Code, Reason: v.Reason, BaseID: f.ID(controlBase, ""),
	})
	if err != nil {
		return k.kindRefused(w, r, v, f, err)
	}
	web.Flash(r, "success", v.Title+" mengikuti versi kota lagi.")
	return web.Redirect(w, r, v.at(kindsPath))
}

func (k *desk) kindSample(w http.ResponseWriter, r *http.Request) error {
	v, err := k.kindShown(r, r.URL.Query().Get(paramKelurahan))
	if err != nil {
		return err
	}
	pdf, err := k.Letters.PreviewKind(r.Context(), web.ActorOf(r.Context()), letter.KindForm{UnitID: v.settings.UnitID, Code: v.Code, Definition: v.Definition})
	if err != nil {
		return err
	}
	return web.ServeFile(w, r, io.NopCloser(bytes.NewReader(pdf)), pdfType, "contoh.pdf")
}

// versionView is a version and what it changed.
type versionView struct {
	letter.KindVersion
	Differences []letter.Difference
	First       bool
}

func (k *desk) kindHistory(w http.ResponseWriter, r *http.Request) error {
	v, err := k.kindShown(r, r.URL.Query().Get(paramKelurahan))
	if err != nil {
		return err
	}
	history, err := k.Letters.KindHistory(r.Context(), web.ActorOf(r.Context()), v.settings.UnitID, v.Code)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, kindHistoryPage(v, versions(history)))
}

// versions compares each version with what held in its unit before: the unit's own, else the city's.
func versions(history []letter.KindVersion) []versionView {
	out := make([]versionView, len(history))
	for i, v := range history {
		out[i] = versionView{KindVersion: v, First: true}
		if v.Definition == nil {
			continue
		}
		if before := heldBefore(history[i+1:], v.UnitID != nil); before != nil {
			out[i].First, out[i].Differences = false, letter.Differences(*before, *v.Definition)
		}
	}
	return out
}

func heldBefore(older []letter.KindVersion, own bool) *letter.Definition {
	var city *letter.Definition
	for _, o := range older {
		switch {
		case own && o.UnitID != nil && o.Definition != nil:
			return o.Definition
		case own && o.UnitID != nil: // it followed the city
			own = false
		case o.UnitID == nil && city == nil:
			city = o.Definition
		}
		if !own && city != nil {
			break
		}
	}
	return city
}

// read takes the form's answers into the definition.
func (v *kindView) read(f *form.Form) {
	d := &v.Definition
	if v.New {
		v.Code = strings.ToUpper(f.Line(letter.ControlKindCode))
		d.AlwaysWet = f.Bool(controlAlwaysWet)
	}
	v.Reason = f.Line(letter.ControlReason)
	d.Title, d.Category, d.Notice = f.Line(letter.ControlTitle), f.Line(letter.ControlCategory), f.Text(letter.ControlNotice)
	d.Subject, d.LegalBasis = f.Line(letter.ControlSubject), splitLines(f.Text(letter.ControlLegalBasis))
	d.CamatSigns, d.PartiesSign, d.StampOn = f.Line(letter.ControlCamat), listed(f.Line(letter.ControlParties)), listed(f.Line(letter.ControlStamps))
	d.Effect, d.Closed = letter.Effect(f.Line(letter.ControlEffect)), f.Bool(controlClosed)
	d.Classification, d.NumberPattern = f.Line(letter.ControlClassification), f.Line(letter.ControlPattern)
	d.Body = f.Text(letter.ControlBody) + "\n"
	if !d.AlwaysWet {
		d.Mode = letter.Mode(f.Line(letter.ControlMode))
	}
	v.Typed = map[string]string{letter.ControlValidDays: f.Value(letter.ControlValidDays), letter.ControlMinutes: f.Value(letter.ControlMinutes)}
	d.ValidDays = f.Int(letter.ControlValidDays, 0, 3650, "Tulis masa berlaku dalam hari, 0 sampai 3.650. Angka 0 berarti tanpa batas.")
	d.ServiceMinutes = f.Int(letter.ControlMinutes, 1, 100_000, "Tulis janji layanan dalam menit kerja, 1 sampai 100.000.")

	d.Fields, d.Requirements, d.Rules = nil, nil, nil
	for at := range rows(f, letter.ControlField, letter.MaxFields) {
		x := letter.Field{
			Label: f.Line(at), Name: f.Line(at + ".nama"), Hint: f.Line(at + ".petunjuk"), Type: letter.FieldType(f.Line(at + ".jenis")),
			Required: f.Bool(at + ".wajib"), Options: splitLines(f.Text(at + ".pilihan")), Ask: listed(f.Line(at + ".tanya")),
		}
		if !f.Bool(at+"."+controlDrop) && x.Label+x.Name != "" {
			d.Fields = append(d.Fields, x)
		}
	}
	for at := range rows(f, letter.ControlRequirement, letter.MaxRequirements) {
		x := letter.Requirement{Name: f.Line(at), Scan: f.Bool(at + ".pindai"), Optional: f.Bool(at + ".bila_ada"), Proved: f.Bool(at + ".terbukti")}
		if !f.Bool(at+"."+controlDrop) && x.Name != "" {
			d.Requirements = append(d.Requirements, x)
		}
	}
	for at := range rows(f, letter.ControlRule, letter.MaxRules) {
		x := letter.Rule{Name: f.Line(at), Args: args(f.Line(at + ".keterangan")), Message: f.Text(at + ".pesan")}
		if !f.Bool(at+"."+controlDrop) && x.Name != "" {
			d.Rules = append(d.Rules, x)
		}
	}
}

// rows yields what the names of each row of the form begin with.
func rows(f *form.Form, control string, most int) func(yield func(string) bool) {
	n, err := strconv.Atoi(f.Value(control + "." + controlCount))
	if err != nil || n < 0 {
		n = 0
	}
	return func(yield func(string) bool) {
		for i := range min(n, most+1) {
			if !yield(control + "." + strconv.Itoa(i)) {
				return
			}
		}
	}
}

func splitLines(s string) (out []string) {
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func listed(s string) (out []string) {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// args of a rule are divided by semicolons: their words may hold commas.
func args(s string) (out []string) {
	for a := range strings.SplitSeq(s, ";") {
		if a = strings.TrimSpace(a); a != "" {
			out = append(out, a)
		}
	}
	return out
}
