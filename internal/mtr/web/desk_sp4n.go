package mtrweb

import (
	"io"
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	sp4nPath       = deskPath + "/sp4n"
	sp4nBody       = 10 << 20
	controlChecked = "diperiksa"
	controlSince   = "sejak"
	controlFormat  = "format"
)

// sp4nView is the exchange with SP4N-LAPOR!: files in, files out.
type sp4nView struct {
	Desk   *ui.Desk
	Import *mtr.SP4NImport // of the file just looked at or taken in
	Taken  bool
	Form   *form.Form // that was refused
	Since  time.Time
}

func (k *desk) showSP4N(w http.ResponseWriter, r *http.Request, status int, v sp4nView) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if err := k.MTR.MayExchange(ctx, a); err != nil {
		return err
	}
	counts, err := k.MTR.Queues(ctx, a)
	if err != nil {
		return err
	}
	v.Desk, v.Since = k.side(ctx, a, counts, ""), k.Clock.Now().AddDate(0, -1, 0)
	return web.Render(w, r, status, sp4nPage(v))
}

func (k *desk) sp4n(w http.ResponseWriter, r *http.Request) error {
	return k.showSP4N(w, r, http.StatusOK, sp4nView{})
}

// importSP4N looks at a file first; sent again with what that said, it is taken in.
func (k *desk) importSP4N(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	checked := f.Line(controlChecked)
	im, err := k.takeFile(r, f, checked)
	if err != nil {
		status := web.Status(err)
		if !f.FailWith(err) {
			return err
		}
		return k.showSP4N(w, r, status, sp4nView{Form: f})
	}
	return k.showSP4N(w, r, http.StatusOK, sp4nView{Import: &im, Taken: checked != ""})
}

func (k *desk) takeFile(r *http.Request, f *form.Form, checked string) (im mtr.SP4NImport, err error) {
	files := f.Files(mtr.ControlFile)
	if len(files) != 1 {
		return im, errs.Invalid(errs.Field{Name: mtr.ControlFile, Message: "Pilih satu berkas XLSX atau CSV."})
	}
	file, err := files[0].Open()
	if err != nil {
		return im, err
	}
	defer file.Close()
	return k.MTR.ImportSP4N(r.Context(), web.ActorOf(r.Context()), io.ReaderAt(file), files[0].Size, checked)
}

func (k *desk) exportSP4N(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	since := q.Date(controlSince, "Pilih tanggal.")
	format := q.Choice(controlFormat, []string{sheet.XLSX, sheet.CSV}, "Pilih CSV atau XLSX.")
	if err := q.Err(); err != nil {
		return err
	}
	name := "sp4n-tindak-lanjut-" + k.Clock.Now().In(indo.WITA).Format(time.DateOnly) + "." + format
	return notHalf(w, sheet.Types[format], name, func(out *web.Download) error {
		return k.MTR.WriteSP4N(r.Context(), web.ActorOf(r.Context()), since, format, out)
	})
}

func (v sp4nView) file(checked bool) ui.Control {
	c := ui.Control{Name: mtr.ControlFile, Label: "Berkas XLSX atau CSV", Accept: ".xlsx,.csv", Required: true,
		Hint: "Paling banyak " + indo.Int(mtr.MaxSP4NRows) + " baris, 10 MB."}
	if checked {
		c.ID, c.Hint = "berkas-sama", "Pilih berkas yang sama sekali lagi."
	}
	if !checked {
		c.Error = v.Form.Errors().Get(c.Name)
	}
	return c
}
