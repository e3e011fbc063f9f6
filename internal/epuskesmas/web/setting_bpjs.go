package epuskesmasweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// bpjsView is how a puskesmas and BPJS know each other, and a refused form.
type bpjsView struct {
	epuskesmas.Setting
	Account  bpjs.Account
	Desk     *ui.Desk
	BaseURL  string
	Password string // made just now: shown this once
	Form     *form.Form
}

func bpjsHref(s epuskesmas.Site) string { return settingHref(s) + "/bpjs" }

func (k *setting) bpjsView(r *http.Request) (v bpjsView, err error) {
	ctx, a, slug := r.Context(), web.ActorOf(r.Context()), web.Path(r, "puskesmas")
	if v.Setting, err = k.Queue.Setting(ctx, a, slug); err != nil {
		return v, err
	}
	_, v.Account, err = k.BPJS.Setting(ctx, a, slug)
	v.Desk, v.BaseURL = settingSide(a, v.Site, "/bpjs"), k.BaseURL
	return v, err
}

func (k *setting) showBPJS(w http.ResponseWriter, r *http.Request) error {
	v, err := k.bpjsView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, bpjsPage(v))
}

func (k *setting) saveBPJS(w http.ResponseWriter, r *http.Request) error {
	v, err := k.bpjsView(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	acc := bpjs.Account{
		Version: f.Int(controlVersion, 0, 1<<30, "Muat ulang halaman ini."), Faskes: f.Line(bpjs.ControlFaskes),
		Inbound: bpjs.Inbound{
			User: f.Line(bpjs.ControlUser), Enabled: f.Bool(bpjs.ControlIn), Version: f.Int(bpjs.ControlVersion, 1, 2, "Pilih versinya."),
			FailStatus: f.Int(bpjs.ControlStatus, 200, 201, "Pilih status HTTP-nya."),
		},
		Outbound: bpjs.Outbound{Enabled: f.Bool(bpjs.ControlOut)},
		Ministry: bpjs.Ministry{OrganizationID: f.Line(bpjs.ControlOrganization), Enabled: f.Bool(bpjs.ControlMinistry)},
	}
	secrets := bpjs.Secrets{
		ConsID: f.Line(bpjs.ControlConsID), Secret: f.Line(bpjs.ControlSecret), UserKey: f.Line(bpjs.ControlUserKey),
		ClientID: f.Line(bpjs.ControlClientID), ClientSecret: f.Line(bpjs.ControlClientSecret),
	}
	if err = f.Err(); err == nil {
		err = k.BPJS.Save(r.Context(), web.ActorOf(r.Context()), v.Site.Slug, acc, secrets)
	}
	return k.answerBPJS(w, r, v, f, err, "Pengaturan disimpan.")
}

// answerBPJS leads back with done, or shows what was refused with what was typed.
func (k *setting) answerBPJS(w http.ResponseWriter, r *http.Request, v bpjsView, f *form.Form, err error, done string) error {
	if err == nil {
		web.Flash(r, "success", done)
		return web.Redirect(w, r, bpjsHref(v.Site))
	}
	if !f.Refuse(err) {
		return err
	}
	v.Form = f
	return web.Render(w, r, web.Status(err), bpjsPage(v))
}

func (k *setting) newBPJSPassword(w http.ResponseWriter, r *http.Request) error {
	v, err := k.bpjsView(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	password, err := k.BPJS.NewPassword(r.Context(), web.ActorOf(r.Context()), v.Site.Slug)
	if err != nil {
		return k.answerBPJS(w, r, v, f, err, "")
	}
	if v, err = k.bpjsView(r); err != nil {
		return err
	}
	v.Password = password
	return web.Render(w, r, http.StatusOK, bpjsPage(v))
}

// control is one of the form's, with what was typed if it was refused.
func (v bpjsView) control(c ui.Control) ui.Control {
	if v.Form.Has(controlVersion) {
		c.Value, c.Error = v.Form.Value(c.Name), v.Form.Errors().Get(c.Name)
	} else if v.Form != nil {
		c.Error = v.Form.Errors().Get(c.Name)
	}
	return c
}

func (v bpjsView) box(c ui.Control, on bool) ui.Control {
	if v.Form.Has(controlVersion) {
		on = v.Form.Bool(c.Name)
	}
	c.Error = v.Form.Errors().Get(c.Name)
	c.Values = checkedIf(on)
	return c
}

// secret is a control for what is written and never shown again.
func (v bpjsView) secret(name, label string, there bool) ui.Control {
	c := ui.Control{Name: name, Label: label, Optional: true, Autocomplete: "off", Width: "medium", Attrs: map[string]any{"spellcheck": "false"}}
	if there {
		c.Hint = "Sudah diisi dan tidak ditampilkan. Isi hanya untuk menggantinya."
	}
	return v.control(c)
}

func (v bpjsView) clinics() (out []epuskesmas.Poli) {
	for _, p := range v.Polis {
		if p.Kind == epuskesmas.KindClinic && p.Active {
			out = append(out, p)
		}
	}
	return out
}

func (v bpjsView) working() (out []epuskesmas.Doctor) {
	for _, d := range v.Doctors {
		if d.Active {
			out = append(out, d)
		}
	}
	return out
}

func versionOptions() []ui.Option {
	return []ui.Option{
		{Value: "2", Label: "Versi 2", Hint: "Status antrean per dokter. Ini yang berlaku sekarang."},
		{Value: "1", Label: "Versi 1", Hint: "Status antrean per poli, semua angka berupa teks."},
	}
}

func statusOptions() []ui.Option {
	return []ui.Option{
		{Value: "200", Label: "Selalu 200", Hint: "Penolakan hanya terlihat di metadata.code."},
		{Value: "201", Label: "Sama dengan metadata.code", Hint: "Penolakan juga berstatus HTTP 201, pasien baru 202."},
	}
}

// codes lists clinics and doctors with their codes at BPJS.
func (v bpjsView) codes() []ui.SummaryRow {
	var rows []ui.SummaryRow
	add := func(name, code string) {
		if code == "" {
			code = "Belum ada kode"
		}
		rows = append(rows, ui.SummaryRow{Key: name, Value: code})
	}
	for _, p := range v.clinics() {
		add(p.Name, p.BPJSCode)
	}
	for _, d := range v.working() {
		add(d.Name, numberOf(d.BPJSCode))
	}
	return rows
}
