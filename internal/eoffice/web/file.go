package eofficeweb

import (
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// filesBody is the largest body of a form with files: a few of them at once.
const filesBody = 4*media.MaxDocumentBytes + 1<<20

// Controls of files; the browser names what is too large before it is sent.
var (
	oneFile   = templ.Attributes{"data-most": media.MaxDocumentBytes >> 20}
	manyFiles = templ.Attributes{"data-most": media.MaxDocumentBytes >> 20, "multiple": true}
)

const tooLargeFiles = "Berkasnya terlalu besar: satu berkas paling besar 25 MB, semuanya 100 MB. Perkecil, atau kirim sebagian dahulu."

// readFiles reads a form with files. Where those are too large it says so at
// [eoffice.ControlFile], and holds what was typed before them.
func readFiles(r *http.Request) (*form.Form, error) {
	f, err := form.Read(r)
	if err != nil && errs.KindOf(err) == errs.TooLarge && f != nil {
		f.Fail(eoffice.ControlFile, tooLargeFiles)
		return f, nil
	}
	return f, err
}

// filesView are the attachments of a draft.
type filesView struct {
	Desk  *ui.Desk
	Case  eoffice.Case
	Draft eoffice.Draft
	Files []eoffice.File
	Form  *form.Form
}

func (k *desk) files(w http.ResponseWriter, r *http.Request) error {
	return k.showFiles(w, r, http.StatusOK, nil)
}

func (k *desk) showFiles(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	v := filesView{Form: f}
	v.Case, v.Draft, err = k.Office.DraftOf(ctx, a, id)
	if errs.KindOf(err) == errs.Conflict {
		return gone(w, r, id)
	}
	if err != nil {
		return err
	}
	if v.Files, err = k.Office.FilesOf(ctx, a, id); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, ""); err != nil {
		return err
	}
	return web.Render(w, r, status, filesPage(v))
}

// attach keeps the files of a form, each on its own: one that is refused leaves the others.
func (k *desk) attach(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := readFiles(r)
	if err != nil {
		return err
	}
	all := f.Files(eoffice.ControlFile)
	if len(all) == 0 {
		f.Fail(eoffice.ControlFile, "Pilih berkasnya dahulu.")
	}
	for _, header := range all {
		err := withFile(header, func(u eoffice.Upload) error { return k.Office.AttachFile(r.Context(), web.ActorOf(r.Context()), id, u) })
		switch {
		case errs.KindOf(err) == errs.Conflict && err != nil:
			return gone(w, r, id)
		case err != nil && !f.FailWith(err):
			return err
		}
	}
	if !f.OK() {
		return k.showFiles(w, r, http.StatusUnprocessableEntity, f)
	}
	web.Flash(r, "success", "Lampiran ditambahkan.")
	return web.Redirect(w, r, letterHref(id)+"/lampiran")
}

// withFile opens an uploaded file for a while.
func withFile(header *multipart.FileHeader, do func(eoffice.Upload) error) error {
	file, err := header.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	return do(eoffice.Upload{Name: header.Filename, Upload: file})
}

func (k *desk) detach(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	file, err := web.PathInt(r, "file")
	if err != nil {
		return err
	}
	err = k.Office.RemoveFile(r.Context(), web.ActorOf(r.Context()), id, file)
	if errs.KindOf(err) == errs.Conflict && err != nil {
		return gone(w, r, id)
	}
	if err != nil {
		return err
	}
	web.Flash(r, "success", "Lampiran dihapus.")
	return web.Redirect(w, r, letterHref(id)+"/lampiran")
}

// file opens an attachment: what browsers show themselves in the browser, the rest as a
// download.
func (k *desk) file(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	file, err := web.PathInt(r, "file")
	if err != nil {
		return err
	}
	body, f, err := k.Office.OpenFile(r.Context(), web.ActorOf(r.Context()), id, file)
	if err != nil {
		return err
	}
	return serveFile(w, r, body, f.Type, "lampiran-"+strconv.FormatInt(file, 10)+"."+f.Ending())
}

// inBrowser tells whether browsers show files of a type, plain text too.
func inBrowser(contentType string) bool {
	return media.Inline(contentType) || strings.HasPrefix(contentType, "text/plain")
}

// serveFile shows what browsers show themselves, and hands the rest out as a download.
func serveFile(w http.ResponseWriter, r *http.Request, body io.ReadCloser, contentType, name string) error {
	if inBrowser(contentType) {
		return web.ServeFile(w, r, body, contentType, name)
	}
	return web.ServeDownload(w, r, body, contentType, name)
}

func fileHref(f eoffice.File) string {
	return letterHref(f.LetterID) + "/lampiran/" + strconv.FormatInt(f.ID, 10)
}

// fileKind says what a file is and how large.
func fileKind(f eoffice.File) string {
	kind := map[string]string{"pdf": "PDF", "jpg": "Foto", "docx": "Word", "xlsx": "Excel", "pptx": "PowerPoint", "odt": "Dokumen", "ods": "Lembar kerja", "odp": "Presentasi",
		"txt": "Teks"}[f.Ending()]
	return kind + ", " + indo.FileSize(f.Size)
}

func (v filesView) control() ui.Control {
	c := ui.Control{
		Name: eoffice.ControlFile, Label: "Tambah lampiran", Required: true, Attrs: manyFiles,
		Hint: "PDF, foto, Word, Excel, PowerPoint, OpenDocument, atau teks; masing-masing paling besar 25 MB. Dokumen bermakro atau berkata sandi tidak diterima.",
	}
	if v.Draft.Secrecy == eoffice.Secret {
		c.Hint = "PDF, foto, atau teks; masing-masing paling besar 25 MB. Setiap pembaca membukanya sebagai salinan yang memuat namanya."
	}
	c.Error = v.Form.Errors().Get(c.Name)
	return c
}
