package portalweb

import (
	"io"
	"net/http"
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

// maxShown is how many rows of problems the page of an import lists.
const maxShown = 200

type importView struct {
	Desk   *ui.Desk
	Import portal.Import
	Form   adminForm
	Report *org.Report // nil before the first file
	Key    string      // of the file that may be applied; empty when none
}

func (h *admin) imports(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	var open []portal.Import
	for _, im := range h.Imports {
		ok, err := h.Admin.InCity(r.Context(), a, im.Needs)
		if err != nil {
			return err
		}
		if ok {
			open = append(open, im)
		}
	}
	if len(open) == 0 {
		return errs.New(errs.NotFound, "")
	}
	return web.Render(w, r, http.StatusOK, importsPage(h.desk(r), open))
}

// importFile serves the page of one import: by POST a file for its dry run, or
// the key of one that was tried to apply it.
func (h *admin) importFile(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	i := slices.IndexFunc(h.Imports, func(im portal.Import) bool { return im.Slug == web.Path(r, "jenis") })
	if i < 0 {
		return errs.New(errs.NotFound, "")
	}
	im := h.Imports[i]
	if ok, err := h.Admin.InCity(r.Context(), a, im.Needs); err != nil || !ok {
		return orNotFound(err)
	}
	v := importView{Desk: h.desk(r), Import: im, Form: adminForm{
		Back: adminHref("impor"), Submit: "Coba dulu", File: true,
		Fields: []adminField{{As: "file", Control: ui.Control{Name: "berkas", Label: "Berkas", Accept: im.Accept,
			Hint: "Paling besar " + indo.FileSize(im.Max) + ". Dicoba dulu tanpa menyimpan apa pun."}}},
	}}
	if r.Method != http.MethodPost {
		return web.Render(w, r, http.StatusOK, importPage(v))
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	var rep org.Report
	if key := f.Value("terapkan"); key != "" {
		rep, err = h.Admin.ApplyImport(r.Context(), a, im, key)
		if err == nil && rep.Applied {
			web.Flash(r, "success", im.Title+" diterapkan: "+reportWords(rep)+".")
			return web.Redirect(w, r, adminHref("impor", im.Slug))
		}
	} else {
		v.Key = crypt.Token()
		rep, err = h.tryFile(r, f, im, v.Key)
	}
	status := http.StatusOK
	if err != nil {
		var ok bool
		if status, ok = refused(f, err); !ok {
			return err
		}
		v.Key, v.Form = "", v.Form.keep(f)
		return web.Render(w, r, status, importPage(v))
	}
	if !rep.OK() {
		v.Key, status = "", http.StatusUnprocessableEntity
	}
	v.Report = &rep
	return web.Render(w, r, status, importPage(v))
}

func (h *admin) tryFile(r *http.Request, f *form.Form, im portal.Import, key string) (org.Report, error) {
	data, err := readUpload(f, "berkas", im.Max)
	if err != nil {
		return org.Report{}, err
	}
	return h.Admin.TryImport(r.Context(), web.ActorOf(r.Context()), im, key, data)
}

// readUpload reads the one file of a control.
func readUpload(f *form.Form, name string, most int64) ([]byte, error) {
	files := f.Files(name)
	if len(files) != 1 {
		return nil, errs.Invalid(errs.Field{Name: name, Message: "Pilih satu berkas."})
	}
	if files[0].Size > most {
		return nil, errs.Invalid(errs.Field{Name: name, Message: "Berkas lebih besar dari " + indo.FileSize(most) + "."})
	}
	file, err := files[0].Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

// reportWords sums an import up: "3 baru, 2 berubah, 150 tetap".
func reportWords(rep org.Report) string {
	s := ""
	for _, n := range []struct {
		count int
		word  string
	}{{rep.Added, "baru"}, {rep.Changed, "berubah"}, {rep.Moved, "pindah"}, {rep.Left, "keluar"}, {rep.Same, "tetap"}} {
		if n.count > 0 {
			if s != "" {
				s += ", "
			}
			s += indo.Int(n.count) + " " + n.word
		}
	}
	return orElse(s, "tidak ada yang berubah")
}

// changes tells whether applying would do anything.
func changes(rep org.Report) bool { return rep.Added+rep.Changed+rep.Moved+rep.Left > 0 }
