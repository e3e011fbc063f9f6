package epemerintahanweb

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	controlFile = "berkas"
	controlStep = "langkah"
	stepApply   = "terapkan"
	stepDrop    = "batalkan"
	// sampledRemarks are shown on the page; the file has all.
	sampledRemarks = 50
)

type importsView struct {
	Desk      *ui.Desk
	Imports   []epemerintahan.Import
	Kelurahan ui.Control
	Only      string // name of the kelurahan when there is one only
	File      ui.Control
	Errors    form.Errors
	Now       time.Time
}

type importView struct {
	Desk    *ui.Desk
	Import  epemerintahan.Import
	Remarks []epemerintahan.LineRemark
	Reason  ui.Control
	Errors  form.Errors
	Now     time.Time
	Live    string // address of the stream; "" = nothing to wait for
}

func importHref(id int64, parts ...string) string {
	return join(importPath+"/"+strconv.FormatInt(id, 10), parts)
}

func (k *desk) imports(w http.ResponseWriter, r *http.Request) error {
	return k.showImports(w, r, http.StatusOK, nil)
}

func (k *desk) showImports(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	a := web.ActorOf(r.Context())
	places, err := k.Residents.ImportPlaces(r.Context(), a)
	if err != nil {
		return err
	}
	v := importsView{Desk: frame(r), Now: k.Clock.Now()}
	if v.Imports, err = k.Residents.Imports(r.Context(), a); err != nil {
		return err
	}
	v.File = ui.Control{Name: controlFile, Label: "Berkas XLSX atau CSV", Accept: ".xlsx,.csv",
		Hint: "Paling besar " + indo.FileSize(sheet.MaxFile) + " dan 200.000 baris. Diperiksa dulu; belum ada yang disimpan."}
	v.Kelurahan = ui.Control{Name: epemerintahan.ControlKelurahan, Label: "Untuk kelurahan", Options: []ui.Option{{Label: "Pilih kelurahan"}}}
	for _, p := range places {
		v.Kelurahan.Options = append(v.Kelurahan.Options, ui.Option{Value: idText(p.ID), Label: p.Name})
	}
	if len(places) == 1 {
		v.Only, v.Kelurahan.Value = places[0].Name, idText(places[0].ID)
	}
	if f != nil {
		v.Errors, v.Kelurahan.Value = f.Errors(), f.Value(epemerintahan.ControlKelurahan)
		v.Kelurahan.Error, v.File.Error = v.Errors.Get(v.Kelurahan.Name), v.Errors.Get(controlFile)
	}
	return web.Render(w, r, status, importsPage(v))
}

func (k *desk) upload(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	id, err := k.take(r.Context(), web.ActorOf(r.Context()), f)
	if err != nil {
		if !f.FailWith(err) {
			return err
		}
		return k.showImports(w, r, http.StatusUnprocessableEntity, f)
	}
	return web.Redirect(w, r, importHref(id))
}

// take hands the one file of the form over.
func (k *desk) take(ctx context.Context, a authz.Actor, f *form.Form) (int64, error) {
	kelurahan := f.ID(epemerintahan.ControlKelurahan, "Pilih kelurahan tempat Anda mengimpor.")
	files := f.Files(controlFile)
	if len(files) != 1 {
		f.Fail(controlFile, "Pilih satu berkas.")
	}
	if err := f.Err(); err != nil {
		return 0, err
	}
	file, err := files[0].Open()
	if err != nil {
		return 0, err
	}
	defer file.Close()
	return k.Residents.Upload(ctx, a, kelurahan, file, files[0].Size)
}

func formatOf(r *http.Request) (string, error) {
	format := web.Path(r, "format")
	if sheet.Types[format] == "" {
		return "", errs.New(errs.NotFound, "")
	}
	return format, nil
}

// download writes a file that is made on the way.
func download(w http.ResponseWriter, name, format string, write func(io.Writer) error) error {
	h := w.Header()
	h.Set("Content-Type", sheet.Types[format])
	h.Set("Content-Disposition", `attachment; filename="`+name+"."+format+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	return write(w)
}

func (k *desk) importTemplate(w http.ResponseWriter, r *http.Request) error {
	format, err := formatOf(r)
	if err != nil {
		return err
	}
	return download(w, "contoh-impor-penduduk", format, func(w io.Writer) error { return epemerintahan.ImportTemplate(format, w) })
}

func (k *desk) importOne(w http.ResponseWriter, r *http.Request) error {
	return k.showImport(w, r, http.StatusOK, nil)
}

func (k *desk) showImport(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	id, err := web.PathInt(r, "impor")
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	v := importView{Desk: frame(r), Now: k.Clock.Now()}
	if v.Import, err = k.Residents.ViewImport(r.Context(), a, id); err != nil {
		return err
	}
	if v.Import.Reported(v.Now) {
		if v.Remarks, err = k.Residents.RemarkSample(r.Context(), a, id, sampledRemarks); err != nil {
			return err
		}
	}
	if k.Hub != nil && v.Import.State.Working() {
		v.Live = importHref(id, "perkembangan")
	}
	v.Reason = ui.Control{Name: epemerintahan.ControlReason, Label: "Alasan meloloskan yang meragukan", Optional: true, Rows: 2, MaxLength: epemerintahan.MaxReason,
		Hint: "Isi bila yang meragukan memang tertulis begitu di KTP dan KK. Tanpa alasan, keluarga yang meragukan tidak ikut ditulis."}
	if f != nil {
		v.Errors, v.Reason.Value, v.Reason.Error = f.Errors(), f.Value(v.Reason.Name), f.Errors().Get(v.Reason.Name)
	}
	return web.Render(w, r, status, importPage(v))
}

func (k *desk) decideImport(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "impor")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	switch f.Value(controlStep) {
	case stepApply:
		err = k.Residents.ApplyImport(r.Context(), a, id, f.Line(epemerintahan.ControlReason))
	case stepDrop:
		if err = k.Residents.DropImport(r.Context(), a, id); err == nil {
			web.Flash(r, "success", "Impor dibatalkan. Tidak ada yang disimpan.")
			return web.Redirect(w, r, importPath)
		}
	default:
		return errs.New(errs.BadRequest, "")
	}
	if err != nil {
		if !f.FailWith(err) {
			return err
		}
		return k.showImport(w, r, http.StatusUnprocessableEntity, f)
	}
	return web.Redirect(w, r, importHref(id))
}

// importProgress tells an open page that its import has moved on.
func (k *desk) importProgress(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "impor")
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	if _, err := k.Residents.ViewImport(r.Context(), a, id); err != nil {
		return err
	}
	if k.Hub == nil {
		return errs.New(errs.NotFound, "")
	}
	changed, cancel := k.Hub.Subscribe(epemerintahan.LiveImport(id))
	defer cancel()
	seen := ""
	return web.Events(w, r, changed, func(ctx context.Context) (string, error) {
		i, err := k.Residents.ViewImport(ctx, a, id)
		now := fmt.Sprint(i.State, i.People, i.Checked, i.Written, i.KeptOut)
		if err != nil || now == seen {
			return "", err
		}
		seen = now
		return now, nil
	})
}

func (k *desk) importReport(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "impor")
	if err != nil {
		return err
	}
	format, err := formatOf(r)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	i, err := k.Residents.ViewImport(r.Context(), a, id)
	if err != nil {
		return err
	}
	if !i.Reported(k.Clock.Now()) {
		return errs.New(errs.Gone, "Hasil pemeriksaan ini sudah tidak disimpan, atau memang tidak ada yang perlu diperbaiki.")
	}
	return download(w, fmt.Sprintf("hasil-periksa-impor-%d", id), format, func(w io.Writer) error {
		return k.Residents.ImportReport(r.Context(), a, id, format, w)
	})
}

// importStates name how far an import is, and the colour of it.
var importStates = map[epemerintahan.ImportState][2]string{
	epemerintahan.ImportReading: {"Sedang dibaca", "info"}, epemerintahan.ImportChecking: {"Sedang diperiksa", "info"},
	epemerintahan.ImportReady: {"Menunggu keputusan Anda", "warning"}, epemerintahan.ImportWriting: {"Sedang ditulis", "info"},
	epemerintahan.ImportDone: {"Selesai", "success"}, epemerintahan.ImportFailed: {"Berkas ditolak", "danger"},
	epemerintahan.ImportDropped: {"Dibatalkan", "neutral"},
}

// percent of the present stage, for a progress bar.
func percent(i epemerintahan.Import) string { return strconv.Itoa(int(i.Done() * 100)) }

// workWords say what is being done.
func workWords(i epemerintahan.Import) string {
	switch i.State {
	case epemerintahan.ImportReading:
		return indo.Int(i.People) + " baris dibaca"
	case epemerintahan.ImportChecking:
		return indo.Int(i.Checked) + " dari " + indo.Int(i.Families) + " keluarga diperiksa"
	case epemerintahan.ImportWriting:
		return indo.Int(i.Written+i.KeptOut) + " dari " + indo.Int(i.Fresh) + " keluarga ditulis"
	}
	return ""
}
