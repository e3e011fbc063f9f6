package georeport

import (
	"crypto/sha256"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// mostMediaURL is how long a media_url may be.
const mostMediaURL = 2000

// send makes a report.
func (s *server) send(w http.ResponseWriter, r *http.Request) error {
	p, files, err := sent(r)
	if err != nil {
		return err
	}
	key, err := s.MTR.AdmitAPIKey(r.Context(), p.one("api_key"))
	if err != nil {
		return err
	}
	code := p.one("service_code")
	if code == "" {
		return bad("service_code belum ada.")
	}
	c, err := s.category(r, code)
	if err != nil {
		return err
	}
	if len(key.Categories) > 0 && !slices.Contains(key.Categories, c.Code) {
		return errs.New(errs.Forbidden, "api_key ini tidak untuk service_code "+c.Code+".")
	}
	extended, err := p.yes("extensions")
	if err != nil {
		return err
	}
	in := mtr.Sending{Key: key, Name: r.Header.Get("Idempotency-Key"), MediaURL: p.one("media_url")}
	if len(in.Name) > 200 || !utf8.ValidString(in.Name) {
		return bad("Idempotency-Key paling panjang 200 huruf.")
	}
	if in.MediaURL != "" && !isLink(in.MediaURL) {
		return bad("media_url harus alamat http atau https, paling panjang 2.000 huruf.")
	}
	if in.Answers, err = s.answers(r, p, c); err != nil {
		return err
	}
	photos, closeAll, err := opened(files)
	defer closeAll()
	if err != nil {
		return err
	}
	in.Photos = photos
	if in.Content, err = content(p, photos); err != nil {
		return err
	}
	out, err := s.MTR.Send(r.Context(), in)
	if err != nil {
		return inTheirWords(err)
	}
	return write(w, r, http.StatusOK, list{"service_requests", []element{s.receipt(out, c, in, extended)}})
}

// sent reads what was posted: the body, and what only the address has.
func sent(r *http.Request) (params, []*multipart.FileHeader, error) {
	p, err := asked(r)
	if err != nil {
		return p, nil, err
	}
	if r.Header.Get("Content-Type") == "" && r.ContentLength == 0 {
		return p, nil, nil // everything in the address
	}
	f, err := form.Read(r)
	switch errs.KindOf(err) {
	case errs.Unsupported:
		return p, nil, bad("Kirim isi sebagai application/x-www-form-urlencoded, atau multipart/form-data bila ada foto.")
	case errs.TooLarge:
		return p, nil, bad("Kiriman terlalu besar: paling banyak 5 foto, masing-masing 12 MB.")
	case errs.BadRequest:
		return p, nil, bad("Isi kiriman rusak: harus teks UTF-8 yang ditulis sebagai formulir.")
	}
	if err != nil {
		return p, nil, err
	}
	for name, v := range r.PostForm {
		p.Values[name] = v
	}
	return p, append(f.Files("media"), f.Files("media[]")...), p.check()
}

func isLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && len(s) <= mostMediaURL
}

// answers are the answers of the form as this sender gives them.
func (s *server) answers(r *http.Request, p params, c mtr.Category) (mtr.Answers, error) {
	a := mtr.Answers{CategoryID: c.ID, Class: c.Class, Email: p.one("email"), Phone: p.one("phone")}
	a.Name = indo.CleanName(strings.TrimSpace(p.one("first_name") + " " + p.one("last_name")))
	var err error
	if a.Anonymous, err = p.yes("anonymous"); err != nil {
		return a, err
	}
	if a.Confidential, err = p.yes("confidential"); err != nil {
		return a, err
	}
	a.Confidential = a.Confidential || c.Sensitive
	if a.Extra, err = attributesIn(p, c); err != nil {
		return a, err
	}
	description := p.one("description")
	if utf8.RuneCountInString(description) > mtr.MaxBody {
		return a, bad("description paling panjang 4.000 huruf.")
	}
	a.Title, a.Body = titled(c, description)
	return a, s.where(r.Context(), p, c, &a)
}

// attributesIn reads attribute[CODE] and attribute[CODE][].
func attributesIn(p params, c mtr.Category) (map[string]string, error) {
	out := map[string]string{}
	for name, vs := range p.Values {
		inner, ok := strings.CutPrefix(name, "attribute[")
		if !ok {
			continue
		}
		code, ok := strings.CutSuffix(strings.TrimSuffix(inner, "[]"), "]")
		if _, known := c.Question(code); !ok || !known {
			return nil, bad("attribute[" + plain(short(code, 40)) + "] tidak ada pada service_code " + c.Code + ".")
		}
		for _, v := range vs {
			if v = form.Clean(v); v == "" || v == out[code] {
				continue
			}
			if out[code] != "" {
				return nil, bad("attribute[" + code + "] hanya boleh satu jawaban.")
			}
			out[code] = v
		}
	}
	return out, nil
}

// titled makes title and text of a description, which may be missing or a single word.
func titled(c mtr.Category, description string) (title, body string) {
	if description == "" {
		return short(c.Name, mtr.MaxTitle), "Dikirim tanpa uraian: " + c.Name + "."
	}
	body = description
	if utf8.RuneCountInString(body) < mtr.MinBody {
		body = c.Name + ": " + body
	}
	title, _, _ = strings.Cut(body, "\n")
	title = strings.Join(strings.Fields(title), " ")
	if utf8.RuneCountInString(title) < 5 {
		title = c.Name + ": " + title
	}
	if utf8.RuneCountInString(title) > mtr.MaxTitle {
		title = short(title, mtr.MaxTitle-1)
		if at := strings.LastIndexByte(title, ' '); at > mtr.MaxTitle/2 {
			title = title[:at]
		}
		title += "…"
	}
	return title, body
}

func opened(files []*multipart.FileHeader) (photos []mtr.PhotoInput, closeAll func(), err error) {
	var closers []io.Closer
	closeAll = func() {
		for _, c := range closers {
			_ = c.Close() // only read
		}
	}
	if len(files) > mtr.MaxPhotos {
		return nil, closeAll, bad("Paling banyak 5 foto.")
	}
	for _, h := range files {
		if h.Size > mtr.MaxPhotoBytes {
			return nil, closeAll, bad("Foto paling besar 12 MB.")
		}
		f, err := h.Open()
		if err != nil {
			return nil, closeAll, err
		}
		closers = append(closers, f)
		photos = append(photos, mtr.PhotoInput{File: f, Size: h.Size})
	}
	return photos, closeAll, nil
}

// content is everything that was sent but the key, in one order.
func content(p params, photos []mtr.PhotoInput) ([]byte, error) {
	v := url.Values{}
	for name, vs := range p.Values {
		if name != "api_key" {
			v[name] = vs
		}
	}
	h := sha256.New()
	_, _ = io.WriteString(h, v.Encode()) // a hash does not fail
	for _, f := range photos {
		if _, err := io.Copy(h, f.File); err != nil {
			return nil, err
		}
		if _, err := f.File.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
	}
	return h.Sum(nil), nil
}

// theirNames says which argument a control of the form is.
var theirNames = map[string]string{
	mtr.ControlCategory: "service_code", mtr.ControlTitle: "description", mtr.ControlBody: "description", mtr.ControlEmail: "email",
	mtr.ControlPhone: "phone", mtr.ControlName: "first_name", mtr.ControlKelurahan: "lat, long", mtr.ControlLandmark: "address_string",
	mtr.ControlPhoto: "media",
}

// inTheirWords names the arguments that are wrong.
func inTheirWords(err error) error {
	var wrong []errs.Field
	for _, f := range errs.FieldsOf(err) {
		name := theirNames[f.Name]
		if code, ok := strings.CutPrefix(f.Name, mtr.ControlQuestion); ok {
			name = "attribute[" + code + "]"
		}
		wrong = append(wrong, errs.Field{Name: f.Name, Message: strings.TrimPrefix(name+": "+f.Message, ": ")})
	}
	var own *errs.Error
	if len(wrong) == 0 || !errors.As(err, &own) {
		return err
	}
	return errs.Invalid(wrong...)
}

// receipt is the number, or a token while the report is held.
func (s *server) receipt(out mtr.Sent, c mtr.Category, in mtr.Sending, extended bool) element {
	link := s.BaseURL + "/mtr/laporan/" + out.Number + "/" + out.Token
	notice := "Laporan diterima. Ikuti perkembangannya di tautan pelapor, jangan dibagikan: " + link
	e := element{name: "request"}
	if out.Held {
		e.fields = append(e.fields, field{"token", out.Ask})
		notice = "Laporan kami tahan dahulu sampai diperiksa petugas. Tanyakan nomornya nanti lewat token. Tautan pelapor, jangan dibagikan: " + link
	} else {
		e.fields = append(e.fields, field{"service_request_id", out.Number})
	}
	if in.Answers.Confidential {
		notice += " Laporan ini dirahasiakan, jadi tidak tampil di GET requests."
	}
	if c.Emergency != "" {
		notice += " Telepon 112 bila: " + c.Emergency
	}
	e.fields = append(e.fields, field{"service_notice", notice}, field{"account_id", nil})
	if extended {
		e.fields = append(e.fields, field{"extended_attributes", element{"extended_attributes", []field{
			{"tracking_url", link}, {"tracking_code", out.Code}, {"verify_due_datetime", moment(out.VerifyDueAt)},
		}}})
	}
	return e
}
