// Package form reads typed answers out of a submitted form. A wrong answer
// becomes a sentence beside its control; what was typed is never lost.
package form

import (
	"errors"
	"mime"
	"mime/multipart"
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// memory of a multipart form; larger files go to temporary files that the
// router removes when the request ends.
const memory = 1 << 20

// Errors are the wrong answers in the order in which they were found.
type Errors []errs.Field

// Get returns the sentence for the named control, "" when its answer is fine.
func (e Errors) Get(name string) string {
	for _, f := range e {
		if f.Name == name {
			return f.Message
		}
	}
	return ""
}

// Form is one submitted form. It is used by one goroutine. A page that nobody has sent yet
// has none: Value, Has and Errors of a nil Form say that nothing was typed and nothing is wrong.
type Form struct {
	values url.Values
	files  map[string][]*multipart.FileHeader
	errors Errors
}

// Read parses the body of a POST, urlencoded or multipart. Errors: another
// content type is errs.Unsupported, a body over the route's limit
// errs.TooLarge, invalid UTF-8, NUL bytes and broken encodings errs.BadRequest.
// With a multipart body that is too large comes the form as far as it was typed
// before the files, to be shown again.
func Read(r *http.Request) (*Form, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, errs.Wrap(errs.Unsupported, err, "")
	}
	switch kind {
	case "application/x-www-form-urlencoded":
		err = r.ParseForm()
	case "multipart/form-data":
		body := &beginning{ReadCloser: r.Body}
		r.Body = body
		if err = r.ParseMultipartForm(memory); err != nil {
			f := &Form{values: body.typed(params["boundary"])}
			if wrong := f.checkEncoding(); wrong != nil {
				return nil, wrong
			}
			return f, bodyError(err)
		}
	default:
		return nil, errs.New(errs.Unsupported, "")
	}
	if err != nil {
		return nil, bodyError(err)
	}
	f := &Form{values: r.PostForm}
	if r.MultipartForm != nil {
		f.files = r.MultipartForm.File
	}
	return f, f.checkEncoding()
}

// Query reads the parameters of a GET, with the same rules as Read.
func Query(r *http.Request) (*Form, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, errs.Wrap(errs.BadRequest, err, "")
	}
	f := &Form{values: values}
	return f, f.checkEncoding()
}

func bodyError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) || errors.Is(err, multipart.ErrMessageTooLarge) {
		return errs.Wrap(errs.TooLarge, err, "")
	}
	return errs.Wrap(errs.BadRequest, err, "")
}

func (f *Form) checkEncoding() error {
	for name, vs := range f.values {
		for _, v := range append(vs, name) {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return errs.New(errs.BadRequest, "Isian memuat huruf yang tidak dapat dibaca. Ketik ulang lalu kirim lagi.")
			}
		}
	}
	return nil
}

// Value returns what was typed, for showing it again.
func (f *Form) Value(name string) string {
	if f == nil {
		return ""
	}
	return f.values.Get(name)
}

// Set puts an answer in place of what was typed, for showing it.
func (f *Form) Set(name, value string) { f.values.Set(name, value) }

// Has tells whether the form carried the control at all.
func (f *Form) Has(name string) bool { return f != nil && f.values.Has(name) }

// Names returns the names of all submitted controls in order of the alphabet.
func (f *Form) Names() []string {
	names := make([]string, 0, len(f.values))
	for n := range f.values {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Files returns the non-empty files of a multipart form's control.
func (f *Form) Files(name string) []*multipart.FileHeader {
	return slices.DeleteFunc(slices.Clone(f.files[name]), func(h *multipart.FileHeader) bool {
		return h.Size == 0 && h.Filename == ""
	})
}

// Fail records a wrong answer. Only the first sentence of a control counts.
func (f *Form) Fail(name, message string) {
	if f.errors.Get(name) == "" {
		f.errors = append(f.errors, errs.Field{Name: name, Message: message})
	}
}

// FailWith records the fields of an errs.Invalid that a use case returned and
// tells whether err was one; another err is the caller's to return.
func (f *Form) FailWith(err error) bool {
	if errs.KindOf(err) != errs.Unprocessable {
		return false
	}
	fields := errs.FieldsOf(err)
	for _, field := range fields {
		f.Fail(field.Name, field.Message)
	}
	if len(fields) == 0 {
		f.Fail("", errs.MessageOf(err))
	}
	return true
}

// Refuse records what a use case refused so that the same page can say it: wrong answers beside
// their controls, a conflict or a lack of rights above them. It tells whether err was such a
// refusal; another err is the caller's to return.
func (f *Form) Refuse(err error) bool {
	switch errs.KindOf(err) {
	case errs.Conflict, errs.Forbidden:
		f.Fail("", errs.MessageOf(err))
		return true
	}
	return f.FailWith(err)
}

// OK tells whether every answer so far was right.
func (f *Form) OK() bool { return len(f.errors) == 0 }

// Errors returns the wrong answers so far.
func (f *Form) Errors() Errors {
	if f == nil {
		return nil
	}
	return f.errors
}

// Err returns the wrong answers as one errs.Invalid, nil when there is none.
func (f *Form) Err() error {
	if f.OK() {
		return nil
	}
	return errs.Invalid(f.errors...)
}

// Rule checks a text answer; it returns the sentence, "" when it is right.
type Rule func(v string) string

// Required refuses an empty answer with message.
func Required(message string) Rule {
	return func(v string) string {
		if v == "" {
			return message
		}
		return ""
	}
}

// Max refuses an answer of more than n characters.
func Max(n int) Rule {
	return func(v string) string {
		if got := utf8.RuneCountInString(v); got > n {
			return "Terlalu panjang: " + indo.Int(got) + " huruf. Paling banyak " + indo.Int(n) + " huruf."
		}
		return ""
	}
}

// Min refuses a non-empty answer of fewer than n characters with message.
func Min(n int, message string) Rule {
	return func(v string) string {
		if v != "" && utf8.RuneCountInString(v) < n {
			return message
		}
		return ""
	}
}

// Text reads a text: trimmed, in Unicode NFC, line ends as \n, without other
// control characters.
func (f *Form) Text(name string, rules ...Rule) string {
	v := Clean(f.values.Get(name))
	for _, rule := range rules {
		if message := rule(v); message != "" {
			f.Fail(name, message)
			break
		}
	}
	return v
}

// Clean is the normal form in which a text is kept: see Text.
func Clean(v string) string {
	v = strings.ReplaceAll(v, "\r\n", "\n")
	v = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, v)
	return strings.TrimSpace(norm.NFC.String(v))
}

// Line reads a text of one line: like Text, with line ends and runs of spaces
// as single spaces.
func (f *Form) Line(name string, rules ...Rule) string {
	v := strings.Join(strings.Fields(Clean(f.values.Get(name))), " ")
	for _, rule := range rules {
		if message := rule(v); message != "" {
			f.Fail(name, message)
			break
		}
	}
	return v
}

// Multi reads all answers of a control, cleaned, empty ones left out.
func (f *Form) Multi(name string) []string {
	out := []string{}
	for _, v := range f.values[name] {
		if v = Clean(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// Choice reads one of options; anything else fails with message. An optional
// choice has "" among its options.
func (f *Form) Choice(name string, options []string, message string) string {
	v := Clean(f.values.Get(name))
	if !slices.Contains(options, v) {
		f.Fail(name, message)
		return ""
	}
	return v
}

// Bool reads a checkbox.
func (f *Form) Bool(name string) bool {
	switch f.values.Get(name) {
	case "", "0", "false", "off", "tidak":
		return false
	}
	return true
}

// Int reads a whole number between low and high. Empty is low when optional.
func (f *Form) Int(name string, low, high int, message string) int {
	v, err := strconv.Atoi(Clean(f.values.Get(name)))
	if err != nil || v < low || v > high {
		f.Fail(name, message)
		return low
	}
	return v
}

// ID reads the positive id of a chosen thing. Empty gives 0 without a
// failure when message is "".
func (f *Form) ID(name, message string) int64 {
	raw := Clean(f.values.Get(name))
	if raw == "" && message == "" {
		return 0
	}
	v, err := strconv.ParseInt(raw, 10, 64)
	if err != nil || v <= 0 {
		f.Fail(name, orElse(message, "Pilihan ini tidak dikenal. Pilih lagi."))
		return 0
	}
	return v
}

// IDs reads the positive ids of several chosen things.
func (f *Form) IDs(name string) []int64 {
	ids := []int64{}
	for _, raw := range f.Multi(name) {
		v, err := strconv.ParseInt(raw, 10, 64)
		if err != nil || v <= 0 {
			f.Fail(name, "Pilihan ini tidak dikenal. Pilih lagi.")
			continue
		}
		ids = append(ids, v)
	}
	return ids
}

// Float reads a number with a point or an Indonesian comma; ok is false when
// the answer is empty. What is not a number between low and high fails.
func (f *Form) Float(name string, low, high float64, message string) (v float64, ok bool) {
	raw := strings.ReplaceAll(Clean(f.values.Get(name)), ",", ".")
	if raw == "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil || !(v >= low && v <= high) { // NaN fails too
		f.Fail(name, message)
		return 0, false
	}
	return v, true
}

// Amount reads an amount as people here type it ([indo.ParseNumber]): "1.250" fails, as nobody
// knows which number that is. ok is false when the answer is empty or wrong.
func (f *Form) Amount(name string, low, high float64, message string) (v float64, ok bool) {
	raw := Clean(f.values.Get(name))
	if raw == "" {
		return 0, false
	}
	if v, ok = indo.ParseNumber(raw); !ok || v < low || v > high {
		f.Fail(name, message)
		return 0, false
	}
	return v, true
}

// Date reads a day (2006-01-02) as its midnight in Makassar. Empty gives the
// zero time without a failure when message is "".
func (f *Form) Date(name, message string) time.Time {
	return f.when(name, message, time.DateOnly)
}

// DateTime reads a local minute (2006-01-02T15:04) in Makassar. Empty gives
// the zero time without a failure when message is "".
func (f *Form) DateTime(name, message string) time.Time {
	return f.when(name, message, "2006-01-02T15:04")
}

func (f *Form) when(name, message, layout string) time.Time {
	raw := Clean(f.values.Get(name))
	if raw == "" && message == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation(layout, raw, clock.Makassar)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		f.Fail(name, orElse(message, "Tanggal ini tidak dapat dibaca. Contoh: 24-11-2026."))
		return time.Time{}
	}
	return t
}

// Email reads an e-mail address in lower case; empty is fine, unless a rule
// says otherwise.
func (f *Form) Email(name string, rules ...Rule) string {
	v := strings.ToLower(f.Line(name, rules...))
	if v == "" {
		return ""
	}
	a, err := mail.ParseAddress(v)
	at := strings.LastIndexByte(v, '@')
	if err != nil || a.Address != v || len(v) > 254 || !strings.Contains(v[at+1:], ".") {
		f.Fail(name, "Alamat email ini tidak lengkap. Contoh: nama@contoh.id.")
		return v
	}
	return v
}

// Phone reads a telephone number as +62…; empty is fine, unless a rule says
// otherwise.
func (f *Form) Phone(name string, rules ...Rule) string {
	v := f.Line(name, rules...)
	if v == "" {
		return ""
	}
	normal, ok := indo.Phone(v)
	if !ok {
		f.Fail(name, "Nomor telepon ini tidak lengkap. Contoh: 0812 3456 7890.")
		return v
	}
	return normal
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
