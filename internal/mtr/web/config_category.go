package mtrweb

import (
	"net/http"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// blankQuestions is how many empty questions a category's form offers.
const blankQuestions = 2

// maxQuestions of one category's form.
const maxQuestions = 20

// Controls of the category form that the domain does not name.
const (
	controlActive    = "aktif"
	controlSensitive = "peka"
	controlQCode     = "kode"
	controlQText     = "teks"
	controlQHint     = "petunjuk"
	controlQKind     = "cara"
	controlQRequired = "wajib"
	controlQOptions  = "pilihan"
	controlQDrop     = "hapus"
	controlQCount    = "pertanyaan"
)

// categoryView is the form of a category.
type categoryView struct {
	Desk      *ui.Desk
	ID        int64
	Title     string
	Form      form.Errors
	Values    map[string]string
	Questions []questionView
}

// questionView is one question of the form; Prefix makes its controls unique.
type questionView struct {
	N      int
	Prefix string
	Values map[string]string
	Error  string
}

func (k *desk) configDesk(r *http.Request) (*ui.Desk, error) {
	a := web.ActorOf(r.Context())
	if err := k.MTR.MayConfigure(r.Context(), a); err != nil {
		return nil, err
	}
	var counts []mtr.QueueCount
	if a.HasAny(mtr.DeskPermissions...) {
		var err error
		if counts, err = k.MTR.Queues(r.Context(), a); err != nil {
			return nil, err
		}
	}
	d := k.side(r.Context(), a, counts, "")
	here := configPath
	for _, path := range []string{keysPath, retentionPath} {
		if strings.HasPrefix(r.URL.Path, path) {
			here = path
		}
	}
	for g := range d.Groups {
		for i := range d.Groups[g].Items {
			d.Groups[g].Items[i].Current = d.Groups[g].Items[i].Href == here
		}
	}
	return d, nil
}

func (k *desk) categories(w http.ResponseWriter, r *http.Request) error {
	all, err := k.MTR.AllCategories(r.Context(), web.ActorOf(r.Context()))
	if err != nil {
		return err
	}
	d, err := k.configDesk(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, categoriesPage(d, mtr.GroupCategories(all)))
}

func (k *desk) newCategory(w http.ResponseWriter, r *http.Request) error {
	d, err := k.configDesk(r)
	if err != nil {
		return err
	}
	v := categoryView{Desk: d, Title: "Kategori baru", Values: map[string]string{
		mtr.ControlClass: string(mtr.Complaint), mtr.ControlPlaceNeed: string(mtr.PlaceRequired), mtr.ControlProof: string(mtr.ProofPhoto),
		mtr.ControlFieldCheck: "1", controlActive: "1",
	}}
	v.blanks()
	return web.Render(w, r, http.StatusOK, categoryPage(v))
}

func (k *desk) category(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "kategori")
	if err != nil {
		return err
	}
	c, err := k.MTR.Category(r.Context(), id)
	if err != nil {
		return err
	}
	d, err := k.configDesk(r)
	if err != nil {
		return err
	}
	v := categoryView{Desk: d, ID: id, Title: c.Name, Values: map[string]string{
		mtr.ControlCategoryKey: c.Code, mtr.ControlName: c.Name, mtr.ControlGroup: c.GroupName,
		mtr.ControlSynonyms: strings.Join(c.Synonyms, ", "), mtr.ControlClass: string(c.Class), mtr.ControlPlaceNeed: string(c.Place),
		mtr.ControlProof: string(c.Proof), mtr.ControlFieldCheck: yes(c.FieldCheck), controlSensitive: yes(c.Sensitive),
		mtr.ControlPriority:  strconv.Itoa(int(c.Priority)),
		mtr.ControlEmergency: c.Emergency, controlActive: yes(c.Active),
	}}
	for _, q := range c.Questions {
		v.addQuestion(map[string]string{
			controlQCode: q.Code, controlQText: q.Text, controlQHint: q.Hint, controlQKind: string(q.Kind),
			controlQRequired: yes(q.Required), controlQOptions: optionLines(q.Options),
		}, "")
	}
	v.blanks()
	return web.Render(w, r, http.StatusOK, categoryPage(v))
}

func (k *desk) saveCategory(w http.ResponseWriter, r *http.Request) error {
	id := int64(0)
	if web.Path(r, "kategori") != "" {
		var err error
		if id, err = web.PathInt(r, "kategori"); err != nil {
			return err
		}
		if _, err = k.MTR.Category(r.Context(), id); err != nil {
			return err
		}
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	in := mtr.CategoryForm{
		ID: id, Code: f.Line(mtr.ControlCategoryKey), Name: f.Line(mtr.ControlName), GroupName: f.Line(mtr.ControlGroup),
		Synonyms: strings.FieldsFunc(f.Text(mtr.ControlSynonyms), func(r rune) bool { return r == ',' || r == '\n' }),
		Class:    mtr.Class(f.Line(mtr.ControlClass)), Place: mtr.Need(f.Line(mtr.ControlPlaceNeed)), Proof: mtr.Proof(f.Line(mtr.ControlProof)),
		FieldCheck: f.Bool(mtr.ControlFieldCheck), Sensitive: f.Bool(controlSensitive), Priority: readPriority(f), Emergency: f.Line(mtr.ControlEmergency),
		Active: f.Bool(controlActive),
	}
	prefixes := map[string]string{} // the domain's name of a question → where it stands in the form
	in.Questions = readQuestions(f, prefixes)
	if f.OK() {
		_, err = k.MTR.SaveCategory(r.Context(), web.ActorOf(r.Context()), in)
	} else {
		err = f.Err()
	}
	switch errs.KindOf(err) {
	case errs.Unprocessable:
		return k.categoryRefused(w, r, f, id, err, prefixes)
	}
	if err != nil {
		return err
	}
	web.Flash(r, "success", "Kategori "+in.Name+" disimpan.")
	return web.Redirect(w, r, configPath)
}

func (k *desk) categoryRefused(w http.ResponseWriter, r *http.Request, f *form.Form, id int64, err error, prefixes map[string]string) error {
	for _, e := range errs.FieldsOf(err) {
		if prefix, ok := prefixes[e.Name]; ok {
			e.Name = prefix + controlQText
		}
		f.Fail(e.Name, e.Message)
	}
	d, err := k.configDesk(r)
	if err != nil {
		return err
	}
	v := categoryView{Desk: d, ID: id, Title: orDash(f.Line(mtr.ControlName), "Kategori baru"), Form: f.Errors(), Values: map[string]string{}}
	for _, name := range f.Names() {
		v.Values[name] = f.Value(name)
	}
	for n := range questionCount(f) {
		prefix := questionPrefix(n)
		values := map[string]string{}
		for _, name := range []string{controlQCode, controlQText, controlQHint, controlQKind, controlQRequired, controlQOptions, controlQDrop} {
			values[name] = f.Value(prefix + name)
		}
		v.addQuestion(values, f.Errors().Get(prefix+controlQText))
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, categoryPage(v))
}

func questionPrefix(n int) string { return mtr.ControlQuestion + strconv.Itoa(n) + "_" }

func questionCount(f *form.Form) int {
	n, err := strconv.Atoi(f.Value(controlQCount))
	if err != nil || n < 0 {
		return 0
	}
	return min(n, maxQuestions)
}

// readQuestions reads the questions that are filled in and not dropped.
func readQuestions(f *form.Form, prefixes map[string]string) []mtr.CategoryQuestion {
	var out []mtr.CategoryQuestion
	for n := range questionCount(f) {
		prefix := questionPrefix(n)
		q := mtr.CategoryQuestion{
			Code: f.Line(prefix + controlQCode), Text: f.Line(prefix + controlQText), Hint: f.Line(prefix + controlQHint),
			Kind: mtr.QuestionKind(f.Line(prefix + controlQKind)), Required: f.Bool(prefix + controlQRequired),
		}
		lines := f.Text(prefix + controlQOptions)
		if f.Bool(prefix+controlQDrop) || q.Code == "" && q.Text == "" && lines == "" {
			continue
		}
		var ok bool
		if q.Options, ok = readOptions(lines); !ok {
			f.Fail(prefix+controlQText, "Tulis setiap pilihan pada barisnya sendiri: nilai, tanda =, lalu tulisannya.")
		}
		if _, taken := prefixes[mtr.ControlQuestion+q.Code]; !taken || q.Text == "" {
			prefixes[mtr.ControlQuestion+q.Code] = prefix
		}
		out = append(out, q)
	}
	return out
}

// emergencyMark ends the line of an answer that leads to 112.
const emergencyMark = "[darurat]"

// readOptions reads one option a line: "ya = Ya, ada [darurat]".
func readOptions(lines string) ([]mtr.Option, bool) {
	var out []mtr.Option
	for line := range strings.SplitSeq(lines, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		value, label, ok := strings.Cut(line, "=")
		if !ok {
			return nil, false
		}
		o := mtr.Option{Value: strings.TrimSpace(value), Label: strings.TrimSpace(label)}
		if rest, marked := strings.CutSuffix(o.Label, emergencyMark); marked {
			o.Label, o.Emergency = strings.TrimSpace(rest), true
		}
		out = append(out, o)
	}
	return out, true
}

func optionLines(options []mtr.Option) string {
	var b strings.Builder
	for _, o := range options {
		b.WriteString(o.Value + " = " + o.Label)
		if o.Emergency {
			b.WriteString(" " + emergencyMark)
		}
		b.WriteByte('\n')
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func yes(b bool) string {
	if b {
		return "1"
	}
	return ""
}

func (v *categoryView) addQuestion(values map[string]string, problem string) {
	n := len(v.Questions)
	v.Questions = append(v.Questions, questionView{N: n, Prefix: questionPrefix(n), Values: values, Error: problem})
}

func (v *categoryView) blanks() {
	for range min(blankQuestions, maxQuestions-len(v.Questions)) {
		v.addQuestion(map[string]string{controlQKind: string(mtr.QuestionChoice)}, "")
	}
}

func (v categoryView) action() string {
	if v.ID == 0 {
		return configPath + "/kategori/baru"
	}
	return categoryHref(v.ID)
}

func categoryHref(id int64) string { return configPath + "/kategori/" + idText(id) }

func (v categoryView) control(c ui.Control) ui.Control {
	c.Value = v.Values[c.Name]
	c.Error = v.Form.Get(c.Name)
	return c
}

// tick is a checkbox of the form.
func (v categoryView) tick(c ui.Control) ui.Control {
	if v.Values[c.Name] != "" {
		c.Values = []string{"1"}
	}
	c.Value = "1"
	return c
}

func (q questionView) control(c ui.Control) ui.Control {
	c.Value = q.Values[c.Name]
	if c.Name == controlQText {
		c.Error = q.Error
	}
	c.Name = q.Prefix + c.Name
	return c
}

func (q questionView) tick(c ui.Control) ui.Control {
	if q.Values[c.Name] != "" {
		c.Values = []string{"1"}
	}
	c.Name, c.Value = q.Prefix+c.Name, "1"
	return c
}

// filled tells whether the question holds anything yet.
func (q questionView) filled() bool {
	return q.Values[controlQText] != "" || q.Values[controlQCode] != ""
}

func classOptions() []ui.Option {
	var out []ui.Option
	for _, c := range mtr.Classes {
		out = append(out, ui.Option{Value: string(c), Label: c.Label()})
	}
	return out
}

func needLabel(n mtr.Need) string {
	switch n {
	case mtr.PlaceRequired:
		return "Tempat wajib"
	case mtr.PlaceAllowed:
		return "Tempat boleh"
	}
	return "Tanpa tempat"
}

func needOptions() []ui.Option {
	var out []ui.Option
	for _, n := range []mtr.Need{mtr.PlaceRequired, mtr.PlaceAllowed, mtr.PlaceNone} {
		out = append(out, ui.Option{Value: string(n), Label: needLabel(n)})
	}
	return out
}

func proofOptions() []ui.Option {
	var out []ui.Option
	for _, p := range []mtr.Proof{mtr.ProofPhoto, mtr.ProofAnswer, mtr.ProofDocument} {
		out = append(out, ui.Option{Value: string(p), Label: p.Label()})
	}
	return out
}

func questionKinds() []ui.Option {
	return []ui.Option{
		{Value: string(mtr.QuestionChoice), Label: "Memilih dari daftar"},
		{Value: string(mtr.QuestionText), Label: "Menulis sendiri"},
		{Value: string(mtr.QuestionNumber), Label: "Angka"},
	}
}
