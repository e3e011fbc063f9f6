package epuskesmasweb

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	controlID      = "id"
	controlVersion = "versi"
)

// settingView is everything that a puskesmas is set up with, and a refused form.
type settingView struct {
	epuskesmas.Setting
	Desk *ui.Desk
	Open string // which form was refused: its part and id
	Form *form.Form
	Now  time.Time
}

func (k *setting) view(r *http.Request) (v settingView, err error) {
	a := web.ActorOf(r.Context())
	v.Setting, err = k.Queue.Setting(r.Context(), a, web.Path(r, "puskesmas"))
	v.Desk, v.Now = settingSide(a, v.Site, ""), k.Clock.Now()
	return v, err
}

// staff is who a doctor may be.
func (v settingView) staff() []ui.Option {
	out := []ui.Option{{Value: "", Label: "Belum disebut"}}
	for _, s := range v.Staff {
		out = append(out, ui.Option{Value: idText(s.ID), Label: s.Label})
	}
	return out
}

func (k *setting) show(w http.ResponseWriter, r *http.Request) error {
	v, err := k.view(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, settingPage(v))
}

// save reads a form of the page, does what it asks and leads back; a refused form is
// shown again, open, with what was typed.
func (k *setting) save(w http.ResponseWriter, r *http.Request, part, done string, do func(settingView, *form.Form) error) error {
	v, err := k.view(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if err = do(v, f); err == nil {
		err = f.Err()
	}
	if err == nil {
		web.Flash(r, "success", done)
		return web.Redirect(w, r, settingHref(v.Site)+"#"+part)
	}
	if !f.Refuse(err) {
		return err
	}
	v.Form, v.Open = f, part+f.Line(controlID)
	return web.Render(w, r, web.Status(err), settingPage(v))
}

func (k *setting) saveSite(w http.ResponseWriter, r *http.Request) error {
	return k.save(w, r, "buka", "Pengaturan disimpan.", func(v settingView, f *form.Form) error {
		s := v.Site
		s.Open, s.HorizonDays = f.Bool(epuskesmas.ControlOpen), f.Int(epuskesmas.ControlHorizon, 0, 90, "Isi 0 sampai 90 hari.")
		s.Version = f.Int(controlVersion, 1, 1<<30, "Muat ulang halaman ini.")
		if !f.OK() {
			return nil
		}
		return k.Queue.SaveSite(r.Context(), web.ActorOf(r.Context()), s)
	})
}

func (k *setting) savePoli(w http.ResponseWriter, r *http.Request) error {
	return k.save(w, r, "poli", "Poli disimpan.", func(v settingView, f *form.Form) error {
		p := epuskesmas.Poli{
			ID: f.ID(controlID, ""), UnitID: v.Site.UnitID, Kind: epuskesmas.PoliKind(f.Line(epuskesmas.ControlKind)),
			Letter: strings.ToUpper(f.Line(epuskesmas.ControlLetter)), Name: f.Line(epuskesmas.ControlName), Spoken: f.Line(epuskesmas.ControlSpoken),
			BPJSCode: f.Line(epuskesmas.ControlBPJSCode), PriorityRatio: f.Int(epuskesmas.ControlRatio, 1, 9, "Isi 1 sampai 9."),
			Position: f.Int(epuskesmas.ControlPosition, 0, 999, "Isi 0 sampai 999."), Active: f.Bool(epuskesmas.ControlActive),
		}
		if !f.OK() {
			return nil
		}
		_, err := k.Queue.SavePoli(r.Context(), web.ActorOf(r.Context()), p)
		return err
	})
}

func (k *setting) saveCounter(w http.ResponseWriter, r *http.Request) error {
	return k.save(w, r, "ruang", "Ruang disimpan.", func(v settingView, f *form.Form) error {
		c := epuskesmas.Counter{ID: f.ID(controlID, ""), PoliID: f.ID(epuskesmas.ControlPoli, "Pilih poli."), Name: f.Line(epuskesmas.ControlName), Active: f.Bool(epuskesmas.ControlActive)}
		if f.OK() && !slices.ContainsFunc(v.Polis, func(p epuskesmas.Poli) bool { return p.ID == c.PoliID }) {
			f.Fail(epuskesmas.ControlPoli, "Pilih poli dari daftar.")
		}
		if !f.OK() {
			return nil
		}
		_, err := k.Queue.SaveCounter(r.Context(), web.ActorOf(r.Context()), c)
		return err
	})
}

func (k *setting) saveDoctor(w http.ResponseWriter, r *http.Request) error {
	return k.save(w, r, "dokter", "Dokter disimpan.", func(v settingView, f *form.Form) error {
		d := epuskesmas.Doctor{ID: f.ID(controlID, ""), UnitID: v.Site.UnitID, Name: f.Line(epuskesmas.ControlName), Active: f.Bool(epuskesmas.ControlActive),
			BPJSCode: optional(f, epuskesmas.ControlBPJSCode, 1<<31-1), PersonID: f.ID(epuskesmas.ControlPerson, "")}
		if !f.OK() {
			return nil
		}
		_, err := k.Queue.SaveDoctor(r.Context(), web.ActorOf(r.Context()), d)
		return err
	})
}

// optional reads a number that may be left out.
func optional(f *form.Form, name string, high int) *int {
	if f.Line(name) == "" {
		return nil
	}
	n := f.Int(name, 0, high, "Isi dengan angka, atau kosongkan.")
	return &n
}

func readQuota(f *form.Form) epuskesmas.Quota {
	return epuskesmas.Quota{
		All: f.Int(epuskesmas.ControlQuota, 1, 2000, "Isi 1 sampai 2.000."), Online: f.Int(epuskesmas.ControlOnline, 0, 2000, "Isi 0 sampai kuota seluruhnya."),
		JKN: optional(f, epuskesmas.ControlJKN, 2000), General: optional(f, epuskesmas.ControlGeneral, 2000),
	}
}

// minute reads a time of day such as 08:00 or 08.00.
func minute(f *form.Form, name string) int {
	t, err := time.Parse("15:04", strings.ReplaceAll(f.Line(name), ".", ":"))
	if err != nil {
		f.Fail(name, "Tulis jam seperti 08.00.")
	}
	return t.Hour()*60 + t.Minute()
}

func (k *setting) savePlan(w http.ResponseWriter, r *http.Request) error {
	return k.save(w, r, "jadwal", "Jadwal disimpan.", func(v settingView, f *form.Form) error {
		p := epuskesmas.Plan{ID: f.ID(controlID, ""), Quota: readQuota(f), DoctorIDs: f.IDs(epuskesmas.ControlDoctors)}
		if to := f.Date(epuskesmas.ControlTo, ""); !to.IsZero() {
			p.ValidTo = &to
		}
		if p.ID != 0 {
			if !slices.ContainsFunc(v.Plans, func(o epuskesmas.Plan) bool { return o.ID == p.ID }) {
				return errs.New(errs.NotFound, "")
			}
		} else {
			p.PoliID, p.Weekday = f.ID(epuskesmas.ControlPoli, "Pilih poli."), f.Int(epuskesmas.ControlWeekday, 1, 7, "Pilih hari.")
			p.Starts, p.Ends, p.ValidFrom = minute(f, epuskesmas.ControlStarts), minute(f, epuskesmas.ControlEnds), f.Date(epuskesmas.ControlFrom, "")
			if p.ValidFrom.IsZero() {
				p.ValidFrom = v.Now
			}
			if f.OK() && !slices.ContainsFunc(v.Polis, func(o epuskesmas.Poli) bool { return o.ID == p.PoliID }) {
				f.Fail(epuskesmas.ControlPoli, "Pilih poli dari daftar.")
			}
		}
		if !f.OK() {
			return nil
		}
		_, err := k.Queue.SavePlan(r.Context(), web.ActorOf(r.Context()), p, f.Line(epuskesmas.ControlReason))
		return err
	})
}

func (k *setting) saveClosure(w http.ResponseWriter, r *http.Request) error {
	return k.save(w, r, "tutup", "Hari tutup disimpan. Nomor yang sudah diberikan tetap ada: alihkan atau batalkan di Sesi mendatang.", func(v settingView, f *form.Form) error {
		c := epuskesmas.Closure{
			UnitID: v.Site.UnitID, PoliID: f.ID(epuskesmas.ControlPoli, ""), FromDay: f.Date(epuskesmas.ControlFrom, ""),
			ToDay: f.Date(epuskesmas.ControlTo, ""), Reason: f.Line(epuskesmas.ControlReason),
		}
		if !f.OK() {
			return nil
		}
		return k.Queue.SaveClosure(r.Context(), web.ActorOf(r.Context()), c)
	})
}

func (k *setting) removeClosure(w http.ResponseWriter, r *http.Request) error {
	v, err := k.view(r)
	if err != nil {
		return err
	}
	id, err := web.PathInt(r, "tutup")
	if err != nil {
		return err
	}
	if err := k.Queue.RemoveClosure(r.Context(), web.ActorOf(r.Context()), v.Site.UnitID, id); err != nil {
		return err
	}
	web.Flash(r, "success", "Hari itu dibuka lagi.")
	return web.Redirect(w, r, settingHref(v.Site)+"#tutup")
}

// control is a control of one of the page's forms, with what was typed if it was refused.
func (v settingView) control(part string, id int64, c ui.Control) ui.Control {
	c.ID = part + "-" + c.Name + "-" + idText(id)
	if v.open(part, id) {
		c.Value, c.Error, c.ID = v.Form.Value(c.Name), v.Form.Errors().Get(c.Name), c.Name
		if len(c.Values) > 0 || v.Form.Has(c.Name) {
			c.Values = v.Form.Multi(c.Name)
		}
	}
	return c
}

func (v settingView) open(part string, id int64) bool {
	return v.Form != nil && v.Open == part+idText(id)
}

func (v settingView) polis(all string) []ui.Option {
	out := []ui.Option{{Label: all}}
	for _, p := range v.Polis {
		if p.Active {
			out = append(out, ui.Option{Value: idText(p.ID), Label: p.Letter + " – " + p.Name})
		}
	}
	return out
}

func (v settingView) doctors() []ui.Option {
	var out []ui.Option
	for _, d := range v.Doctors {
		if d.Active {
			out = append(out, ui.Option{Value: idText(d.ID), Label: d.Name})
		}
	}
	return out
}

func (v settingView) plansOf(p epuskesmas.Poli) (out []epuskesmas.Plan) {
	for _, o := range v.Plans {
		if o.PoliID == p.ID {
			out = append(out, o)
		}
	}
	return out
}

func (v settingView) countersOf(p epuskesmas.Poli) (out []epuskesmas.Counter) {
	for _, c := range v.Counters {
		if c.PoliID == p.ID {
			out = append(out, c)
		}
	}
	return out
}

func weekdays() []ui.Option {
	out := []ui.Option{{Label: "Pilih hari"}}
	for d := 1; d <= 7; d++ {
		out = append(out, ui.Option{Value: strconv.Itoa(d), Label: weekday(d)})
	}
	return out
}

// weekday is a day of the week from 1 for Monday.
func weekday(d int) string { return indo.Weekday(time.Weekday(d % 7)) }

func clockOf(minutes int) string { return fmt.Sprintf("%02d.%02d", minutes/60, minutes%60) }

var kindNames = map[epuskesmas.PoliKind]string{
	epuskesmas.KindClinic: "Poli (bisa didaftar)", epuskesmas.KindDesk: "Loket pendaftaran", epuskesmas.KindLab: "Laboratorium", epuskesmas.KindPharmacy: "Farmasi",
}

func kinds() []ui.Option {
	var out []ui.Option
	for _, k := range epuskesmas.PoliKinds {
		out = append(out, ui.Option{Value: string(k), Label: kindNames[k]})
	}
	return out
}

func numberOf(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func ids(list []int64) []string {
	out := make([]string, len(list))
	for i, id := range list {
		out[i] = idText(id)
	}
	return out
}

func checkedIf(on bool) []string {
	if on {
		return []string{"1"}
	}
	return nil
}

// planWords is a weekly session in a line.
func planWords(p epuskesmas.Plan) string {
	s := fmt.Sprintf("%s %s–%s, kuota %d, daring %d", weekday(p.Weekday), clockOf(p.Starts), clockOf(p.Ends), p.All, p.Online)
	if p.JKN != nil {
		s += fmt.Sprintf(", JKN %d", *p.JKN)
	}
	if p.General != nil {
		s += fmt.Sprintf(", umum %d", *p.General)
	}
	if p.ValidTo != nil {
		s += ", sampai " + indo.ShortDate(*p.ValidTo)
	}
	return s
}

func dateValue(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.In(clock.Makassar).Format(time.DateOnly)
}

// openPlanOf tells whether the refused form is of one of a poli's sessions or rooms.
func (v settingView) openPlanOf(p epuskesmas.Poli) bool {
	if v.Form == nil {
		return false
	}
	if strings.HasPrefix(v.Open, "ruang") {
		return v.Form.Line(epuskesmas.ControlPoli) == idText(p.ID)
	}
	return slices.ContainsFunc(v.plansOf(p), func(o epuskesmas.Plan) bool { return v.open("jadwal", o.ID) })
}

// counterControl is a control of a room's form; those of new rooms differ by their poli.
func (v settingView) counterControl(p epuskesmas.Poli, c epuskesmas.Counter, in ui.Control) ui.Control {
	out := in
	if v.Form == nil || v.Form.Line(epuskesmas.ControlPoli) == idText(p.ID) {
		out = v.control("ruang", c.ID, in)
	}
	if c.ID == 0 && out.ID != in.Name || out.ID == "" {
		out.ID = "ruang-" + in.Name + "-" + idText(c.ID) + "-poli-" + idText(p.ID)
	}
	return out
}

func counterLabel(c epuskesmas.Counter) string {
	if c.ID == 0 {
		return "Ruang baru"
	}
	return "Ruang"
}
