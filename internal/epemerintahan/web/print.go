package epemerintahanweb

import (
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const controlFull = "lengkap" // numbers in full

func (k *desk) printResident(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "penduduk")
	if err != nil {
		return err
	}
	ctx, a := r.Context(), web.ActorOf(r.Context())
	return k.print(w, r, "biodata.pdf", func() (formView, bool, error) {
		rec, err := k.Residents.View(ctx, a, id)
		return formView{Back: residentHref(id), Title: "Cetak biodata " + rec.Name}, rec.May.Reveal, err
	}, func(o epemerintahan.PrintOption) ([]byte, error) { return k.Residents.PrintResident(ctx, a, id, o) })
}

func (k *desk) printFamily(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "keluarga")
	if err != nil {
		return err
	}
	ctx, a := r.Context(), web.ActorOf(r.Context())
	return k.print(w, r, "data-keluarga.pdf", func() (formView, bool, error) {
		f, err := k.Residents.ViewFamily(ctx, a, id)
		v := formView{Back: familyHref(id), Title: "Cetak data keluarga"}
		if head, ok := f.Head(); ok {
			v.Title += " " + head.Name
		}
		return v, f.May.Reveal, err
	}, func(o epemerintahan.PrintOption) ([]byte, error) { return k.Residents.PrintFamily(ctx, a, id, o) })
}

// print asks how numbers are printed and answers with the PDF. page tells which page
// asks, and whether numbers in full may be had.
func (k *desk) print(w http.ResponseWriter, r *http.Request, name string, page func() (formView, bool, error), pdf func(epemerintahan.PrintOption) ([]byte, error)) error {
	var sent *form.Form
	if r.Method == http.MethodPost {
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		out, err := pdf(epemerintahan.PrintOption{Full: f.Bool(controlFull), Purpose: f.Text(epemerintahan.ControlPrintPurpose)})
		if err == nil {
			err = f.Err()
		}
		if err == nil {
			servePDF(w, name, out)
			return nil
		}
		if !f.FailWith(err) {
			return err
		}
		sent = f
	}
	v, mayReveal, err := page()
	if err != nil {
		return err
	}
	v.Desk, v.Submit = frame(r), "Buat PDF"
	v.Lead = "Salinan data pelayanan kelurahan, bukan pengganti KTP atau KK. NIK dan nomor KK tercetak empat angka terakhirnya saja."
	if mayReveal {
		v.Fields = []field{
			{As: "check", Control: ui.Control{Name: controlFull, Label: "Cetak NIK dan nomor KK lengkap"}},
			{As: "area", Control: ui.Control{
				Name: epemerintahan.ControlPrintPurpose, Label: "Untuk apa nomor lengkap diperlukan", Rows: 2, MaxLength: epemerintahan.MaxReason,
				Hint: "Wajib bila dicetak lengkap. Tercantum di kaki cetakan dan tercatat atas nama Anda.",
			}},
		}
	}
	if sent == nil {
		return web.Render(w, r, http.StatusOK, formPage(v))
	}
	v.Fields, v.Errors = keepAll(v.Fields, sent), sent.Errors()
	return web.Render(w, r, http.StatusUnprocessableEntity, formPage(v))
}

// servePDF shows a PDF that was made for this reader and is kept nowhere.
func servePDF(w http.ResponseWriter, name string, pdf []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("X-Content-Type-Options", "nosniff")
	// Viewers of PDFs draw with styles of their own and refuse to in a sandbox.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Disposition", `inline; filename="`+name+`"`)
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Content-Length", strconv.Itoa(len(pdf)))
	_, _ = w.Write(pdf) // the reader may be gone
}
