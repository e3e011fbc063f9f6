package portalweb

import (
	"net/http"
	"net/url"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

type accountsView struct {
	Desk                *ui.Desk
	Words, Kind, Status string
	Accounts            []authn.Summary
	Next                string
}

var accountKinds = []ui.Option{{Label: "Semua"}, {Value: string(authz.Staff), Label: "Pegawai"}, {Value: string(authz.Citizen), Label: "Warga"}}

var accountStatuses = []ui.Option{
	{Label: "Semua yang belum ditutup"}, {Value: "active", Label: "Aktif"},
	{Value: "invited", Label: "Menunggu undangan"}, {Value: "disabled", Label: "Dinonaktifkan"},
}

func (h *admin) accounts(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	v := accountsView{Desk: h.desk(r), Words: q.Line("cari", form.Max(200)), Kind: q.Line("jenis"), Status: q.Line("status")}
	if !q.OK() {
		return q.Err()
	}
	var after nameCursor
	if err := web.DecodeCursor(q.Value("setelah"), &after); err != nil {
		return err
	}
	v.Accounts, err = h.Admin.Accounts.Search(r.Context(), web.ActorOf(r.Context()),
		authn.Filter{Text: v.Words, Kind: v.Kind, Status: v.Status, AfterName: after.Name, AfterID: after.ID}, pageRows+1)
	if err != nil {
		return err
	}
	if len(v.Accounts) > pageRows {
		v.Accounts = v.Accounts[:pageRows]
		last := v.Accounts[pageRows-1]
		v.Next = adminHref("akun") + "?" + url.Values{"cari": {v.Words}, "jenis": {v.Kind}, "status": {v.Status},
			"setelah": {web.EncodeCursor(nameCursor{last.Name, last.ID})}}.Encode()
	}
	return web.Render(w, r, http.StatusOK, accountsPage(v))
}

// account returns the account of the address to those who manage accounts.
func (h *admin) account(r *http.Request) (authn.Account, error) {
	id, err := web.PathInt(r, "akun")
	if err != nil {
		return authn.Account{}, err
	}
	return h.Admin.Accounts.Managed(r.Context(), web.ActorOf(r.Context()), id)
}

type accountView struct {
	Desk *ui.Desk
	authn.Account
	Own        bool
	Grants     []authz.GrantInfo
	MayRoles   bool
	MayCounter bool
}

func (h *admin) showAccount(w http.ResponseWriter, r *http.Request) error {
	acc, err := h.account(r)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	v := accountView{Desk: h.desk(r), Account: acc, Own: acc.ID == a.AccountID, MayCounter: a.Has(authn.PermCounter)}
	if v.Grants, v.MayRoles, err = h.Admin.AccountGrants(r.Context(), a, acc.ID); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, adminAccountPage(v))
}

func (h *admin) disable(w http.ResponseWriter, r *http.Request) error {
	acc, err := h.account(r)
	if err != nil {
		return err
	}
	v := adminForm{
		Desk: h.desk(r), Back: adminHref("akun", acc.ID), Title: "Nonaktifkan akun " + acc.Name, Submit: "Nonaktifkan", Danger: true,
		Lead:   "Pemiliknya langsung keluar dari semua perangkat dan tidak dapat masuk sampai diaktifkan lagi.",
		Fields: []adminField{{As: "area", Control: ui.Control{Name: "alasan", Label: "Alasan", Hint: "Dibaca administrator lain.", Rows: 2, Required: true}}},
	}
	return h.serve(w, r, v, func(f *form.Form) (string, error) {
		reason := f.Text("alasan", form.Required("Tulis alasannya."), form.Max(300))
		if !f.OK() {
			return "", nil
		}
		err := h.Admin.Accounts.Disable(r.Context(), web.ActorOf(r.Context()), acc.ID, reason)
		if err == nil {
			web.Flash(r, "success", "Akun "+acc.Name+" dinonaktifkan.")
		}
		return v.Back, err
	})
}

// accountAct answers a button on an account's page.
func (h *admin) accountAct(do func(r *http.Request, a authz.Actor, id int64) error, done string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := web.PathInt(r, "akun")
		if err != nil {
			return err
		}
		if err := do(r, web.ActorOf(r.Context()), id); err != nil {
			return err
		}
		web.Flash(r, "success", done)
		return web.Redirect(w, r, adminHref("akun", id))
	}
}

func (h *admin) resend(w http.ResponseWriter, r *http.Request) error {
	acc, err := h.account(r)
	if err != nil {
		return err
	}
	inv, err := h.Admin.Accounts.Resend(r.Context(), web.ActorOf(r.Context()), acc.ID)
	if err != nil {
		return err
	}
	return h.showInvitation(w, r, adminHref("akun", acc.ID), acc.Name, inv)
}

// counter opens an account for somebody with neither e-mail nor phone and shows
// the slip with its code, this once.
func (h *admin) counter(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	v := adminForm{
		Desk: h.desk(r), Back: adminPath, Title: "Akun untuk warga tanpa email dan telepon", Submit: "Buat akun dan tampilkan lembarnya",
		Lead:   "Periksa dahulu kartu identitas orang yang datang. Lembar berisi nomor akun dan kode aktivasi hanya tampil sekali: cetak, lalu serahkan kepada pemiliknya.",
		Fields: []adminField{{Control: ui.Control{Name: "nama", Label: "Nama lengkap", Required: true, Autocomplete: "off"}}},
	}.keyed()
	if r.Method != http.MethodPost {
		return web.Render(w, r, http.StatusOK, adminFormPage(v))
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	act, err := h.Admin.OpenAccount(r.Context(), a, f.Value(controlKey), f.Line("nama"))
	if err != nil {
		status, ok := refused(f, err)
		if !ok {
			return err
		}
		key := v.Hidden[controlKey] // the one that was sent is used up
		return web.Render(w, r, status, adminFormPage(v.keep(f).hide(controlKey, key)))
	}
	return web.Render(w, r, http.StatusOK, slipPage(h.desk(r), adminHref("akun", "loket"), h.Admin.Accounts.BaseURL, act))
}

// reprint prints a new code for an account that was opened at a counter.
func (h *admin) reprint(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "akun")
	if err != nil {
		return err
	}
	act, err := h.Admin.Accounts.ActivateAgain(r.Context(), web.ActorOf(r.Context()), id)
	if errs.KindOf(err) == errs.Forbidden {
		return errs.New(errs.NotFound, "")
	}
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, slipPage(h.desk(r), adminHref("akun", id), h.Admin.Accounts.BaseURL, act))
}
