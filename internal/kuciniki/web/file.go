package kucinikiweb

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	controlDo  = "aksi"
	doApply    = "terapkan"
	fileBody   = 6 << 20
	paramPlanV = "versi"
)

func (k *desk) planPaper(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	pdf, err := k.Kuciniki.PlanPaper(r.Context(), web.ActorOf(r.Context()), id, f.Int(paramPlanV, 1, 1<<20, "Pilih versi."))
	if err != nil {
		return err
	}
	return web.ServeFile(w, r, io.NopCloser(bytes.NewReader(pdf)), "application/pdf", "skp-"+idText(id)+".pdf")
}

func (k *desk) sheetPaper(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	month, err := strconv.Atoi(web.Path(r, "bulan"))
	if err != nil {
		return errs.New(errs.NotFound, "")
	}
	pdf, err := k.Kuciniki.SheetPaper(r.Context(), web.ActorOf(r.Context()), id, month)
	if err != nil {
		return err
	}
	return web.ServeFile(w, r, io.NopCloser(bytes.NewReader(pdf)), "application/pdf", "evaluasi-"+idText(id)+"-"+strconv.Itoa(month)+".pdf")
}

func (k *desk) export(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	format := web.Path(r, "format")
	if sheet.Types[format] == "" {
		return errs.New(errs.NotFound, "")
	}
	var b bytes.Buffer
	if err := k.Kuciniki.ExportPlan(r.Context(), web.ActorOf(r.Context()), id, &b, format); err != nil {
		return err
	}
	return web.ServeDownload(w, r, io.NopCloser(&b), sheet.Types[format], "skp-"+idText(id)+"."+format)
}

// importPlan tries a file, and writes it where that was asked for and nothing is wrong.
func (k *desk) importPlan(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	apply := f.Value(controlDo) == doApply
	var t kuciniki.Taken
	err = oneFile(f, func(file io.ReaderAt, size int64) (err error) {
		t, err = k.Kuciniki.ImportPlan(r.Context(), web.ActorOf(r.Context()), id, file, size, apply)
		return err
	})
	if err != nil {
		return k.refusedPlan(w, r, "impor", f, err)
	}
	if apply && len(t.Problems) == 0 {
		web.Flash(r, "success", strconv.Itoa(len(t.RHKs))+" RHK dari berkas disimpan.")
		return web.Redirect(w, r, planHref(id))
	}
	v, err := k.loadPlan(r)
	if err != nil {
		return err
	}
	v.Form, v.Open, v.Taken = f, "impor", &t
	return web.Render(w, r, http.StatusOK, planPage(v))
}

// oneFile hands the one file of an import's form on.
func oneFile(f *form.Form, take func(file io.ReaderAt, size int64) error) error {
	files := f.Files(kuciniki.ControlFile)
	if len(files) != 1 {
		return errs.Invalid(errs.Field{Name: kuciniki.ControlFile, Message: "Pilih satu berkas XLSX atau CSV."})
	}
	file, err := files[0].Open()
	if err != nil {
		return err
	}
	defer file.Close()
	return take(file, files[0].Size)
}
