package letterweb

import (
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const claimsPath = deskPath + "/identitas"

const controlCode = "kode"

// claimsView is the list of citizens who wait for their identity to be confirmed.
type claimsView struct {
	Desk *ui.Desk
	List []letter.Claim
	Next string
	Now  time.Time
	Form *form.Form // a code that was refused
}

// claimView is one of them, beside what the register says.
type claimView struct {
	Desk     *ui.Desk
	C        letter.Claim
	Now      time.Time
	Form     *form.Form // a refusal that was refused, or a revocation
	Revoking bool
	Code     bool // found by its code at the counter
}

func (k *desk) claims(w http.ResponseWriter, r *http.Request) error {
	return k.showClaims(w, r, http.StatusOK, nil)
}

func (k *desk) showClaims(w http.ResponseWriter, r *http.Request, status int, refused *form.Form) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	after := q.ID(paramAfter, "")
	if !q.OK() {
		return errs.New(errs.BadRequest, "Halaman ini tidak ada. Mulai lagi dari daftar.")
	}
	v := claimsView{Now: k.now(), Form: refused}
	if v.List, err = k.Letters.Claims(ctx, a, after); err != nil {
		return err
	}
	if n := len(v.List); n >= letter.QueuePage {
		v.Next = claimsPath + "?" + paramAfter + "=" + strconv.FormatInt(v.List[n-1].ID, 10)
	}
	if v.Desk, err = k.side(ctx, a, claimsPath); err != nil {
		return err
	}
	return web.Render(w, r, status, claimsPage(v))
}

// claimCode finds a claim by the six digits that its owner shows.
func (k *desk) claimCode(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	c, err := k.Letters.ClaimByCode(r.Context(), web.ActorOf(r.Context()), f.Line(controlCode))
	switch errs.KindOf(err) {
	case errs.NotFound, errs.Unprocessable, errs.Conflict:
		if err != nil {
			f.Fail(controlCode, errs.MessageOf(err))
			return k.showClaims(w, r, http.StatusUnprocessableEntity, f)
		}
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, claimHref(c.ID)+"?"+controlCode)
}

func claimHref(id int64) string { return claimsPath + "/" + strconv.FormatInt(id, 10) }

func (k *desk) claim(w http.ResponseWriter, r *http.Request) error {
	return k.showClaim(w, r, http.StatusOK, nil, false)
}

func (k *desk) showClaim(w http.ResponseWriter, r *http.Request, status int, refused *form.Form, revoking bool) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	v := claimView{Now: k.now(), Form: refused, Revoking: revoking, Code: r.URL.Query().Has(controlCode)}
	if v.C, err = k.Letters.ClaimOf(ctx, a, id); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, claimsPath); err != nil {
		return err
	}
	return web.Render(w, r, status, claimPage(v))
}

// claimPhoto shows the photo of the KTP.
func (k *desk) claimPhoto(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	body, contentType, err := k.Letters.OpenClaimPhoto(r.Context(), web.ActorOf(r.Context()), id)
	if err != nil {
		return err
	}
	return web.ServeFile(w, r, body, contentType, "ktp"+extension(contentType))
}

func (k *desk) confirmClaim(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	if err := k.Letters.ConfirmIdentity(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Identitas dipastikan. Pemilik akun diberi tahu dan dapat meminta surat.")
	return web.Redirect(w, r, claimsPath)
}

func (k *desk) refuseClaim(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	err = k.Letters.RefuseIdentity(r.Context(), web.ActorOf(r.Context()), id, f.Text(controlReason))
	if f.FailWith(err) {
		return k.showClaim(w, r, http.StatusUnprocessableEntity, f, false)
	}
	if err != nil {
		return err
	}
	web.Flash(r, "success", "Permintaan ditolak. Alasannya dikirim kepada pemilik akun.")
	return web.Redirect(w, r, claimsPath)
}

// revokeClaim parts the resident from another account, so that this one can have them.
func (k *desk) revokeClaim(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	err = k.Letters.RevokeIdentity(r.Context(), web.ActorOf(r.Context()), id, f.Text(controlReason))
	if f.FailWith(err) {
		return k.showClaim(w, r, http.StatusUnprocessableEntity, f, true)
	}
	if err != nil {
		return err
	}
	web.Flash(r, "success", "Hubungan dengan akun lain dicabut, pemiliknya diberi tahu. Sekarang permintaan ini dapat dipastikan.")
	return web.Redirect(w, r, claimHref(id))
}

func (v claimsView) codeControl() ui.Control {
	c := ui.Control{
		Name: controlCode, Label: "Kode di ponsel warga", Hint: "Enam angka. Cocokkan wajah dan KTP-nya di depan Anda.",
		InputMode: "numeric", Autocomplete: "off", Width: "short", Required: true,
	}
	if v.Form != nil {
		c.Value, c.Error = v.Form.Value(controlCode), v.Form.Errors().Get(controlCode)
	}
	return c
}

func (v claimView) reasonControl() ui.Control {
	return v.because(false, ui.Control{
		Name: controlReason, Label: "Mengapa belum bisa", Required: true, MaxLength: 500, Rows: 3,
		Hint: "Dibaca pemilik akun. Tulis apa yang harus dilakukan, misalnya datang ke kelurahan membawa KTP. 10 sampai 500 huruf.",
	})
}

func (v claimView) revokeControl() ui.Control {
	return v.because(true, ui.Control{
		Name: controlReason, ID: revokeReason, Label: "Mengapa dicabut", Required: true, MaxLength: 500, Rows: 3,
		Hint: "Dibaca pemilik akun yang lama. 10 sampai 500 huruf.",
	})
}

// revokeReason is the id of the second control for a reason on the page.
const revokeReason = "cabut-" + controlReason

// because puts what was typed into the control of the form that was refused.
func (v claimView) because(revoking bool, c ui.Control) ui.Control {
	if v.Form != nil && v.Revoking == revoking {
		c.Value, c.Error = v.Form.Value(controlReason), v.Form.Errors().Get(controlReason)
	}
	return c
}

func (v claimView) problems() (out []errs.Field) {
	if v.Form == nil {
		return nil
	}
	for _, e := range v.Form.Errors() {
		if v.Revoking && e.Name == controlReason {
			e.Name = revokeReason
		}
		out = append(out, e)
	}
	return out
}

// register is what the register says of the resident, to be compared with the KTP. The
// NIK stands there in full: it is what is compared, and reading it is in the trail.
func (v claimView) register() []ui.SummaryRow {
	p := v.C.Resident
	return []ui.SummaryRow{
		{Key: "NIK", Value: v.C.NIK}, {Key: "Nama", Value: p.Name}, {Key: "Lahir", Value: birth(*p)},
		{Key: "Jenis kelamin", Value: p.Sex}, {Key: "Agama", Value: p.Religion}, {Key: "Status kawin", Value: p.Marital},
		{Key: "Pekerjaan", Value: p.Job}, {Key: "Alamat", Value: address(*p)},
	}
}
