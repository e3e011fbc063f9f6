package kucinikiweb

import (
	"net/http"
	"slices"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	outagePath   = deskPath + "/gangguan"
	paramReplace = "ganti"
)

// outageView is when the portal could not be used.
type outageView struct {
	Desk     *ui.Desk
	Form     *form.Form // nil: nothing was refused
	Units    []work.UnitInfo
	All      []work.Outage
	Replaced *work.Outage // which is corrected
	Sets     bool
}

// typed is a control as it was sent, or as the outage says that is corrected.
func (v outageView) typed(c ui.Control, is func(o work.Outage) string) ui.Control {
	if v.Replaced != nil {
		c.Value = is(*v.Replaced)
	}
	return c.Kept(v.Form)
}

func (v outageView) unit() ui.Control {
	c := ui.Control{Name: work.ControlUnit, Label: "Unit, dengan semua di bawahnya", Options: []ui.Option{{Value: "", Label: "Pilih unit"}}}
	for _, u := range v.Units {
		c.Options = append(c.Options, ui.Option{Value: idText(u.ID), Label: u.Name})
	}
	return v.typed(c, func(o work.Outage) string { return idText(o.UnitID) })
}

func (v outageView) moment(name, label string, is func(o work.Outage) string) ui.Control {
	return v.typed(ui.Control{Name: name, Label: label, Type: "datetime-local", Width: "medium"}, is)
}

func (v outageView) from() ui.Control {
	return v.moment(work.ControlFrom, "Mulai", func(o work.Outage) string { return o.FromAt.In(clock.Makassar).Format("2006-01-02T15:04") })
}

func (v outageView) to() ui.Control {
	return v.moment(work.ControlTo, "Sampai", func(o work.Outage) string { return o.ToAt.In(clock.Makassar).Format("2006-01-02T15:04") })
}

func (v outageView) reason() ui.Control {
	return v.typed(ui.Control{Name: work.ControlReason, Label: "Alasan", Rows: 3, MaxLength: 300, Hint: "Misalnya: listrik padam, atau pemeliharaan peladen."}, func(o work.Outage) string { return o.Reason })
}

// outageText is when one was: "26 November 2026, 08.00 sampai 11.30".
func outageText(o work.Outage) string {
	from, to := o.FromAt.In(clock.Makassar), o.ToAt.In(clock.Makassar)
	out := indo.LongDate(from) + ", " + indo.Clock(from) + " sampai "
	if from.Format("2006-01-02") != to.Format("2006-01-02") {
		out += indo.LongDate(to) + ", "
	}
	return out + indo.Clock(to)
}

func (k *desk) outages(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	replaces := int64(0)
	if f.Has(paramReplace) {
		if replaces = f.ID(paramReplace, ""); !f.OK() {
			return errs.New(errs.NotFound, "Gangguan ini tidak ada.")
		}
	}
	return k.showOutages(w, r, http.StatusOK, replaces, nil)
}

func (k *desk) showOutages(w http.ResponseWriter, r *http.Request, status int, replaces int64, f *form.Form) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := outageView{Form: f, Sets: a.Has(kuciniki.PermPersonnel)}
	if v.All, err = k.Evidence.Outages(ctx, a); err != nil {
		return err
	}
	if replaces != 0 {
		i := slices.IndexFunc(v.All, func(o work.Outage) bool { return o.ID == replaces && o.WithdrawnAt == nil })
		if i >= 0 {
			v.Replaced = &v.All[i]
		} else if f == nil {
			return errs.New(errs.NotFound, "Gangguan ini tidak ada, atau sudah ditarik.")
		}
	}
	if v.Units, err = k.Evidence.OutageUnits(ctx, a); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, outagePath); err != nil {
		return err
	}
	return web.Render(w, r, status, outagePage(v))
}

func (k *desk) declareOutage(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	o := work.Outage{UnitID: f.ID(work.ControlUnit, "Pilih unit dari daftar."), FromAt: f.DateTime(work.ControlFrom, "Pilih tanggal dan jam mulai."),
		ToAt: f.DateTime(work.ControlTo, "Pilih tanggal dan jam akhir."), Reason: f.Text(work.ControlReason)}
	replaces := int64(0)
	if f.Has(paramReplace) {
		replaces = f.ID(paramReplace, "Gangguan yang dibetulkan tidak dikenal.")
	}
	if err = f.Err(); err == nil {
		err = k.Evidence.DeclareOutage(r.Context(), web.ActorOf(r.Context()), o, replaces)
	}
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		return k.showOutages(w, r, web.Status(err), replaces, f)
	}
	web.Flash(r, "success", "Gangguan dicatat. Angka disesuaikan dalam beberapa detik.")
	return web.Redirect(w, r, outagePath)
}

func (k *desk) withdrawOutage(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	if err := k.Evidence.WithdrawOutage(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Gangguan ditarik. Angka disesuaikan dalam beberapa detik.")
	return web.Redirect(w, r, outagePath)
}
