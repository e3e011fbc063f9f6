package letterweb

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/sign"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Controls of the verification pages.
const (
	controlVerifyLink = "tautan"
	controlVerifyFile = "berkas"
)

const (
	verifyPath = "/verifikasi"
	// maxVerifyFile is more than the portal issues.
	maxVerifyFile = 20 << 20
	// verifyPerMinute is far above what people do, and far below what guessing takes.
	verifyPerMinute = 120
)

func (h *pages) verifyRoutes() []web.Route {
	one := verifyPath + "/{token}"
	return []web.Route{
		{Method: http.MethodGet, Pattern: verifyPath, Access: web.Public, Handle: h.verifyStart, Same: true},
		{Method: http.MethodPost, Pattern: verifyPath, Access: web.Public, Handle: h.verifyFind, PerMinute: verifyPerMinute},
		{Method: http.MethodGet, Pattern: one, Access: web.Secret, Handle: h.verify, PerMinute: verifyPerMinute},
		{Method: http.MethodPost, Pattern: one, Access: web.Secret, Handle: h.verifyFile, PerMinute: verifyPerMinute, Upload: true, MaxBody: maxVerifyFile + 1<<20},
	}
}

func (h *pages) verifyStart(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, h.verifyStartPage("", nil))
}

// verifyFind leads from a pasted link to its page.
func (h *pages) verifyFind(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	typed := f.Line(controlVerifyLink)
	token, problem := tokenIn(typed, h.BaseURL)
	if problem != "" {
		f.Fail(controlVerifyLink, problem)
		return web.Render(w, r, http.StatusUnprocessableEntity, h.verifyStartPage(typed, f.Errors()))
	}
	return web.Redirect(w, r, verifyPath+"/"+token)
}

var (
	bareToken = regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`)
	linkToken = regexp.MustCompile(`/verifikasi/([A-Za-z0-9_-]{22})/?$`)
)

// tokenIn finds the token in a link or a code as people paste them. A link to another
// site is what a forger prints, so it is told apart.
func tokenIn(typed, baseURL string) (token, problem string) {
	typed = strings.TrimSpace(typed)
	if bareToken.MatchString(typed) {
		return typed, ""
	}
	if typed == "" {
		return "", "Tempel tautan yang Anda dapat dari kode QR pada surat."
	}
	if !strings.Contains(typed, "://") {
		typed = "https://" + typed
	}
	u, err := url.Parse(typed)
	base, _ := url.Parse(baseURL)
	if err != nil || base == nil {
		return "", "Tautan ini tidak lengkap. Salin seluruhnya dari hasil pindai kode QR."
	}
	if u.Hostname() != base.Hostname() {
		return "", "Tautan ini menuju situs lain, bukan portal kota. Surat yang memuatnya mungkin palsu; tanyakan kepada kelurahan."
	}
	m := linkToken.FindStringSubmatch(u.Path)
	if m == nil {
		return "", "Tautan ini tidak lengkap. Salin seluruhnya dari hasil pindai kode QR."
	}
	return m[1], ""
}

// find is the letter of a QR code: a kelurahan's, or one between offices.
func (h *pages) find(r *http.Request) (letter.Verification, error) {
	token := web.Path(r, "token")
	v, err := h.Letters.Verify(r.Context(), token)
	if errs.KindOf(err) == errs.NotFound {
		return h.Official(r.Context(), token)
	}
	return v, err
}

func (h *pages) verify(w http.ResponseWriter, r *http.Request) error {
	v, err := h.find(r)
	if errs.KindOf(err) == errs.NotFound {
		return web.Render(w, r, http.StatusNotFound, verifyUnknownPage())
	}
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, verifyPage(verifyView{Verification: v}))
}

// verifyFile compares a file with the one that was issued. It is not kept.
func (h *pages) verifyFile(w http.ResponseWriter, r *http.Request) error {
	v, err := h.find(r)
	if errs.KindOf(err) == errs.NotFound {
		return web.Render(w, r, http.StatusNotFound, verifyUnknownPage())
	}
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	view, status := verifyView{Verification: v}, http.StatusOK
	switch files := f.Files(controlVerifyFile); {
	case v.Hash == nil:
		return errs.New(errs.Conflict, "Surat ini belum terbit, jadi belum ada berkas untuk dibandingkan.")
	case len(files) == 0:
		f.Fail(controlVerifyFile, "Pilih berkas PDF surat yang ingin diperiksa.")
	case files[0].Size > maxVerifyFile:
		f.Fail(controlVerifyFile, "Berkas ini lebih besar dari 20 MB, jadi bukan berkas dari portal.")
	default:
		if view.Verdict, err = h.compare(r, v, files[0]); err != nil {
			return err
		}
	}
	if !f.OK() {
		view.errors, status = f.Errors(), http.StatusUnprocessableEntity
	}
	return web.Render(w, r, status, verifyPage(view))
}

// verdict is what comparing a file told.
type verdict struct{ Kind, Title, Text string }

var verdictSame = verdict{"success", "Berkas ini asli", "Isinya sama persis dengan berkas yang diterbitkan, sampai ke huruf terakhir."}

func (h *pages) compare(r *http.Request, v letter.Verification, header *multipart.FileHeader) (verdict, error) {
	file, err := header.Open()
	if err != nil {
		return verdict{}, err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return verdict{}, err
	}
	if bytes.Equal(hash.Sum(nil), v.Hash) {
		return verdictSame, nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return verdict{}, err
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return verdict{}, err
	}
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		return verdict{"warning", "Berkas ini bukan PDF", "Foto atau hasil pindai tidak dapat dibandingkan. Mintalah berkas PDF aslinya, atau cocokkan suratnya dengan data di atas."}, nil
	}
	signatures, err := h.Signatures.Inspect(r.Context(), data)
	if errs.KindOf(err) == errs.Unprocessable {
		return verdict{"danger", "Berkas ini bukan terbitan portal", errs.MessageOf(err)}, nil
	}
	return explain(signatures), err
}

// explain says what the signatures of a file tell that is not the one issued.
func explain(signatures []sign.Info) verdict {
	if len(signatures) == 0 {
		return verdict{"danger", "Berkas ini bukan berkas yang diterbitkan",
			"Di dalamnya tidak ada tanda tangan elektronik. Mungkin ini cetakan ulang atau pindaian; bisa juga surat yang diubah. Mintalah berkas PDF aslinya."}
	}
	for _, s := range signatures {
		if !s.Intact {
			return verdict{"danger", "Berkas ini sudah diubah", "Isinya berubah sesudah ditandatangani. Jangan dipakai; tanyakan kepada kelurahan."}
		}
	}
	last := signatures[len(signatures)-1]
	switch {
	case !last.Whole:
		return verdict{"danger", "Berkas ini sudah ditambahi", "Sesudah ditandatangani ada yang ditambahkan ke dalamnya. Jangan dipakai; tanyakan kepada kelurahan."}
	case last.Ours:
		return verdict{"warning", "Berkas ini surat lain", "Tanda tangan di dalamnya utuh, dibuat oleh " + last.Name +
			", tetapi ini bukan berkas surat di atas. Pindai kode QR di dalam berkas itu untuk memeriksanya."}
	}
	return verdict{"danger", "Berkas ini bukan berkas yang diterbitkan", "Tanda tangan di dalamnya tidak dibuat oleh portal ini untuk surat di atas. Mintalah berkas PDF aslinya."}
}

// verifyView is a letter as anybody may see it.
type verifyView struct {
	letter.Verification
	Verdict verdict
	errors  form.Errors
}

func (v verifyView) hash() string { return hex.EncodeToString(v.Hash) }

// worth says the letter's state: the kind of the message, its title, what to do.
func (v verifyView) worth() verdict {
	switch v.State {
	case letter.StateVoided:
		return verdict{"danger", "Surat ini sudah dicabut", "Surat ini pernah diterbitkan, tetapi tidak berlaku lagi. Jangan diterima."}
	case letter.StateExpired:
		return verdict{"warning", "Masa berlaku surat ini sudah lewat", "Surat ini terdaftar, tetapi hanya berlaku sampai " + indo.Date(*v.ValidUntil) + "."}
	case letter.StateUnfinished:
		return verdict{"warning", "Surat ini belum terbit", "Nomornya sudah diberikan dan suratnya sudah dicetak, tetapi kelurahan belum mencatat bahwa surat ini ditandatangani. Tanyakan kepada kelurahan."}
	}
	// A QR code can be copied onto another text, so the reader is asked to compare.
	if v.Verdict.Kind == "danger" || v.Verdict.Kind == "warning" {
		return verdict{"info", "Surat yang terdaftar berlaku", "Datanya di bawah ini. Berkas yang Anda bandingkan bukan berkas surat itu."}
	}
	return verdict{"success", "Surat ini terdaftar dan berlaku", "Cocokkan data di bawah ini dengan surat yang Anda pegang. Bila ada yang berbeda, jangan diterima."}
}

func (v verifyView) facts() []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "Jenis surat", Value: v.Kind},
		{Key: "Nomor", Value: v.Number},
		{Key: "Tanggal", Value: indo.Date(v.IssuedOn)},
		{Key: "Diterbitkan oleh", Value: v.KelurahanName},
	}
	if v.MaskedName != "" {
		rows = append(rows, ui.SummaryRow{Key: "Atas nama", Value: v.MaskedName})
	}
	if v.ValidUntil != nil {
		rows = append(rows, ui.SummaryRow{Key: "Berlaku sampai", Value: indo.Date(*v.ValidUntil)})
	}
	for i, s := range v.Signed {
		row := ui.SummaryRow{Value: s.Name}
		if i == 0 {
			row.Key = "Ditandatangani oleh"
		}
		if len(s.Lines) > 0 {
			row.Value += "\n" + strings.TrimRight(strings.Join(s.Lines, " "), ", ")
		}
		rows = append(rows, row)
	}
	return rows
}

// about tells what kind of signature the letter has.
func (v verifyView) about() string {
	switch {
	case v.Mode == letter.Wet:
		return "Surat ini ditandatangani dengan tinta di atas kertas. Cocokkan nomor, tanggal, dan huruf depan nama di atas dengan yang tercetak."
	case v.Certified:
		return "Surat ini ditandatangani secara elektronik dengan sertifikat elektronik yang diterbitkan oleh Balai Besar Sertifikasi Elektronik (BSrE), Badan Siber dan Sandi Negara."
	}
	return "Surat ini ditandatangani secara elektronik oleh portal kota. Tanda tangannya tidak tersertifikasi BSrE."
}
