package eofficeweb

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// trayView are the scans that wait for their letters.
type trayView struct {
	Desk    *ui.Desk
	Setting eoffice.Arrivals
	Scans   []eoffice.Loose
	Left    []eoffice.Loose // of forms that nobody finished: they go by themselves
	Form    *form.Form
	Now     time.Time
}

func (k *desk) tray(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	return k.showTray(w, r, http.StatusOK, f.ID(eoffice.ControlSeat, ""), nil)
}

func (k *desk) showTray(w http.ResponseWriter, r *http.Request, status int, seat int64, f *form.Form) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := trayView{Form: f, Now: k.Clock.Now()}
	if v.Setting, err = k.Office.ArrivalForm(ctx, a, seat); err != nil {
		return err
	}
	if v.Scans, err = k.Office.Batch(ctx, a); err != nil {
		return err
	}
	if v.Left, err = k.Office.Unfinished(ctx, a); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, loosePath); err != nil {
		return err
	}
	return web.Render(w, r, status, trayPage(v))
}

// fillTray keeps scans of many letters; one that is refused leaves the others.
func (k *desk) fillTray(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := readFiles(r)
	if err != nil {
		return err
	}
	seat := f.ID(eoffice.ControlSeat, "")
	at, err := k.Office.ArrivalForm(ctx, a, seat)
	if err != nil {
		return err
	}
	all := f.Files(eoffice.ControlFile)
	if len(all) == 0 {
		f.Fail(eoffice.ControlFile, "Pilih berkasnya dahulu.")
	}
	for _, header := range all {
		err := withFile(header, func(u eoffice.Upload) error { return k.Office.ToBatch(ctx, a, at.At.UnitID, u) })
		if err != nil && !f.FailWith(err) {
			return err
		}
	}
	if !f.OK() {
		return k.showTray(w, r, http.StatusUnprocessableEntity, seat, f)
	}
	web.Flash(r, "success", "Pindaian diterima.")
	return web.Redirect(w, r, loosePath)
}

func (k *desk) discard(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	if err := k.Office.Discard(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Pindaian dihapus.")
	return web.Redirect(w, r, loosePath)
}

func (k *desk) keepLoose(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	if err := k.Office.KeepLoose(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Pindaian ditaruh di baki. Ia tidak terhapus sendiri.")
	return web.Redirect(w, r, loosePath)
}

func (k *desk) separator(w http.ResponseWriter, r *http.Request) error {
	b, err := k.Office.SeparatorSheet()
	if err != nil {
		return err
	}
	return web.ServeFile(w, r, io.NopCloser(bytes.NewReader(b)), "application/pdf", "lembar-pemisah.pdf")
}

// recordHref is the form for the letter of a scan that waits.
func recordHref(id int64) string {
	return recordPath + "?" + url.Values{controlLoose: {strconv.FormatInt(id, 10)}}.Encode()
}

func (v trayView) file() ui.Control {
	c := ui.Control{Name: eoffice.ControlFile, Label: "Pindaian baru", Required: true, Attrs: manyFiles,
		Hint: "Satu PDF berisi banyak surat dengan lembar pemisah di antaranya, atau satu berkas untuk tiap surat; masing-masing paling besar 25 MB."}
	if !eoffice.CanSplit() {
		c.Hint = "Satu berkas untuk tiap surat, masing-masing paling besar 25 MB. Server ini belum dapat memisahkan satu pindaian menjadi banyak surat."
	}
	c.Error = v.Form.Errors().Get(c.Name)
	return c
}
