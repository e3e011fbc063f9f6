package eofficeweb

import (
	"net/http"
	"slices"
	"strconv"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// signView is the list of letters that wait for a signer.
type signView struct {
	Desk       *ui.Desk
	Rows       []eoffice.Row
	Read       map[int64]bool // opened as it is now
	Passphrase bool
	Form       *form.Form
	Results    []signResult
}

type signResult struct {
	eoffice.Row
	Number, Problem string
}

const controlLetters = "naskah"

func (k *desk) loadSign(r *http.Request) (v signView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v.Passphrase = k.Office.NeedsPassphrase()
	if v.Rows, _, err = k.Office.Desk(ctx, a, eoffice.ToSign, nil); err != nil {
		return v, err
	}
	if v.Read, err = k.Office.HaveRead(ctx, a, v.Rows); err != nil {
		return v, err
	}
	v.Desk, err = k.side(ctx, a, deskPath+"/tanda-tangan")
	return v, err
}

func (k *desk) signList(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadSign(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, signPage(v))
}

// signAll signs the letters that were chosen and opened before, and says how each went.
func (k *desk) signAll(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.loadSign(r)
	if err != nil {
		return err
	}
	var acts []eoffice.Act
	var of []eoffice.Row
	for _, row := range v.Rows {
		if v.signable(row) && slices.Contains(f.Multi(controlLetters), strconv.FormatInt(row.ID, 10)) {
			acts, of = append(acts, eoffice.Act{ID: row.ID, Version: row.Seq, Content: row.Version}), append(of, row)
		}
	}
	if len(acts) == 0 {
		f.Fail("", "Pilih naskah yang sudah Anda buka dan baca.")
		v.Form = f
		return web.Render(w, r, http.StatusUnprocessableEntity, signPage(v))
	}
	secret, err := k.mayHold(ctx, a, f)
	if f.FailWith(err) {
		v.Form = f
		return web.Render(w, r, http.StatusUnprocessableEntity, signPage(v))
	}
	if err != nil {
		return err
	}
	var results []signResult
	for i, res := range k.Office.Sign(ctx, a, acts, secret) {
		out := signResult{Row: of[i], Number: res.Number}
		if res.Err != nil {
			if out.Problem = errs.MessageOf(res.Err); errs.KindOf(res.Err) == errs.Internal || out.Problem == "" {
				out.Problem = "Belum tertandatangani karena gangguan. Coba lagi sebentar lagi."
			}
		}
		results = append(results, out)
	}
	if v, err = k.loadSign(r); err != nil {
		return err
	}
	v.Results = results
	return web.Render(w, r, http.StatusOK, signPage(v))
}

// signable letters may be signed together: open to all, and read as they are.
func (v signView) signable(row eoffice.Row) bool {
	return row.Secrecy == eoffice.Open && v.Read[row.ID]
}

func (v signView) any() bool { return slices.ContainsFunc(v.Rows, v.signable) }

func (v signView) password() ui.Control {
	c := ui.Control{Name: controlPassword, Label: "Sandi akun Anda", Type: "password", Autocomplete: "current-password", Width: "medium"}
	if v.Passphrase {
		c.Label, c.Autocomplete = "Passphrase BSrE", "off"
	}
	c.Error = v.Form.Errors().Get(c.Name)
	return c
}

func (v signView) nik() ui.Control {
	c := ui.Control{Name: controlNIK, Label: "NIK yang terdaftar di BSrE", InputMode: "numeric", Autocomplete: "off", Width: "medium"}
	return c.Typed(v.Form)
}
