package kucinikiweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// rhkView is the form of one RHK.
type rhkView struct {
	Desk *ui.Desk
	Plan kuciniki.Plan
	RHK  kuciniki.RHK
	Form *form.Form
}

func (v rhkView) title() string {
	if v.RHK.ID == 0 {
		return "Tambah RHK"
	}
	return "Ubah RHK"
}

func (v rhkView) kindControl() ui.Control {
	return ui.Control{Name: kuciniki.ControlKind, Label: "Jenis", Value: v.RHK.Kind, Options: []ui.Option{
		{Value: kuciniki.Main, Label: "Utama", Hint: "Mendukung RHK atasan."},
		{Value: kuciniki.Extra, Label: "Tambahan", Hint: "Tugas lain dengan dasar sendiri, misalnya surat tugas."},
	}}.Kept(v.Form)
}

func (v rhkView) textControl() ui.Control {
	return ui.Control{Name: kuciniki.ControlText, Label: "Rencana hasil kerja", Hint: "Tulis hasilnya, bukan kegiatannya: “Drainase Toddopuli berfungsi”, bukan “Menghadiri rapat drainase”.",
		Value: v.RHK.Text, Rows: 3, MaxLength: 500, Required: true}.Kept(v.Form)
}

func (v rhkView) parentControl() ui.Control {
	c := ui.Control{Name: kuciniki.ControlParent, Label: "RHK atasan yang didukung", Options: []ui.Option{{Value: "", Label: "Pilih RHK atasan"}}}
	if v.RHK.ParentID != nil {
		c.Value = idText(*v.RHK.ParentID)
	}
	for _, up := range v.Plan.Above {
		c.Options = append(c.Options, ui.Option{Value: idText(up.ID), Label: up.Text})
	}
	return c.Kept(v.Form)
}

func (v rhkView) basisControl() ui.Control {
	c := ui.Control{Name: kuciniki.ControlBasis, Label: "Dasar", Value: v.RHK.Basis, Hint: "Untuk RHK tambahan: nomor surat tugas atau keputusan."}
	if v.Plan.Elected {
		c.Hint = "Dokumen rencana kota yang didukung, misalnya RPJMD atau perjanjian kinerja."
	}
	return c.Kept(v.Form)
}

func (v rhkView) weightControl() ui.Control {
	c := ui.Control{Name: kuciniki.ControlWeight, Label: "Bobot", Hint: "Bobot semua RHK utama berjumlah 100.", InputMode: "numeric", Width: "short"}
	if v.RHK.Weight != nil {
		c.Value = idText(int64(*v.RHK.Weight))
	}
	return c.Kept(v.Form)
}

// indicator is what the RHK says in a slot.
func (v rhkView) indicator(slot string) kuciniki.Indicator {
	for _, in := range v.RHK.Indicators {
		if in.Slot == slot {
			return in
		}
	}
	return kuciniki.Indicator{Slot: slot}
}

func (v rhkView) slotControls(slot string) (out [6]ui.Control) {
	in, names := v.indicator(slot), kuciniki.SlotControls(slot)
	out[0] = ui.Control{Name: names[0], Label: "Indikator", Value: in.Text}.Kept(v.Form)
	out[1] = ui.Control{Name: names[1], Label: "Target", Value: number(in.Target), InputMode: "decimal", Width: "short"}.Kept(v.Form)
	out[2] = ui.Control{Name: names[2], Label: "Satuan", Value: in.Unit, Width: "medium"}.Kept(v.Form)
	if v.Plan.Model == kuciniki.Qualitative {
		out[2].Label, out[2].Width = "Target", ""
	}
	out[3] = ui.Control{Name: names[3], Label: "Makin rendah makin baik"}
	if v.Form != nil && v.Form.Bool(names[3]) || v.Form == nil && in.Lower {
		out[3].Values = []string{"1"}
	}
	out[4] = ui.Control{Name: names[4], Label: "Bukti dari pekerjaan", Value: in.Metric, Options: []ui.Option{{Value: "", Label: "Tanpa ukuran bukti"}}}
	for _, m := range kuciniki.Metrics {
		out[4].Options = append(out[4].Options, ui.Option{Value: m, Label: m + " " + metricLabel(m)})
	}
	out[4] = out[4].Kept(v.Form)
	out[5] = ui.Control{Name: names[5], Label: "Jumlah setahun, dibagi rata per bulan", Hint: "Misalnya 240 lampu setahun, 20 sebulan. Kosongkan untuk keadaan yang tetap, misalnya 47 puskesmas."}
	// A new amount is usually one of the whole year.
	if v.Form != nil && v.Form.Bool(names[5]) || v.Form == nil && (in.Spread || v.RHK.ID == 0 && slot == "kuantitas") {
		out[5].Values = []string{"1"}
	}
	return out
}

// opens tells whether a slot is shown open: the first, what is filled, and what is wrong.
func (v rhkView) opens(slot string) bool {
	if slot == kuciniki.Slots[v.Plan.Model][0] || v.indicator(slot).Text != "" {
		return true
	}
	if v.Form == nil {
		return false
	}
	for _, name := range kuciniki.SlotControls(slot) {
		if v.Form.Value(name) != "" || v.Form.Errors().Get(name) != "" {
			return true
		}
	}
	return false
}

func (k *desk) loadRHK(r *http.Request) (v rhkView, err error) {
	p, err := k.loadPlan(r)
	if err != nil {
		return v, err
	}
	v = rhkView{Desk: p.Desk, Plan: p.Plan, RHK: kuciniki.RHK{Kind: kuciniki.Main}}
	if !p.Plan.Writable() {
		return v, errs.New(errs.NotFound, "SKP ini sekarang tidak dapat ditulis.")
	}
	if web.Path(r, "rhk") == newRHK {
		return v, nil
	}
	id, err := web.PathInt(r, "rhk")
	if err != nil {
		return v, err
	}
	for _, known := range v.Plan.RHKs {
		if known.ID == id {
			v.RHK = known
			return v, nil
		}
	}
	return v, errs.New(errs.NotFound, "RHK ini sudah dihapus.")
}

func (k *desk) rhk(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadRHK(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, rhkPage(v))
}

// readRHK reads the form of an RHK; an indicator without any words is not there.
func readRHK(f *form.Form, model string, id int64) kuciniki.RHK {
	out := kuciniki.RHK{ID: id, Kind: f.Line(kuciniki.ControlKind), Text: f.Text(kuciniki.ControlText), Basis: f.Line(kuciniki.ControlBasis)}
	if parent := f.ID(kuciniki.ControlParent, ""); parent != 0 {
		out.ParentID = &parent
	}
	if f.Line(kuciniki.ControlWeight) != "" {
		weight := f.Int(kuciniki.ControlWeight, 1, 100, "Isi 1 sampai 100.")
		out.Weight = &weight
	}
	for _, slot := range kuciniki.Slots[model] {
		c := kuciniki.SlotControls(slot)
		in := kuciniki.Indicator{Slot: slot, Text: f.Line(c[0]), Unit: f.Line(c[2]), Lower: f.Bool(c[3]), Metric: f.Line(c[4]), Spread: f.Bool(c[5])}
		if v, ok := f.Amount(c[1], 0, 1e11, "Isi target dengan angka 0 atau lebih, tanpa titik ribuan, misalnya 1250 atau 12,5."); ok {
			in.Target = &v
		}
		if in.Text != "" || in.Unit != "" || in.Target != nil {
			out.Indicators = append(out.Indicators, in)
		}
	}
	return out
}

func (k *desk) saveRHK(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadRHK(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	in := readRHK(f, v.Plan.Model, v.RHK.ID)
	if err = f.Err(); err == nil {
		err = k.Kuciniki.SaveRHK(r.Context(), web.ActorOf(r.Context()), v.Plan.ID, in)
	}
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		v.Form = f
		return web.Render(w, r, web.Status(err), rhkPage(v))
	}
	web.Flash(r, "success", "RHK disimpan.")
	return web.Redirect(w, r, planHref(v.Plan.ID))
}

func (k *desk) dropRHK(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	rhk, err := web.PathInt(r, "rhk")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if err := k.Kuciniki.DropRHK(r.Context(), web.ActorOf(r.Context()), id, rhk); err != nil {
		return k.refusedPlan(w, r, "hapus", f, err)
	}
	web.Flash(r, "success", "RHK dihapus.")
	return web.Redirect(w, r, planHref(id))
}
