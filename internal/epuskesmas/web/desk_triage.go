package epuskesmasweb

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// triageView is who waits for a clinic, for the nurse: no clinical data.
type triageView struct {
	Desk    *ui.Desk
	Site    epuskesmas.Site
	Waiting []epuskesmas.Ticket // not assessed yet, the longest wait first
	Done    []epuskesmas.Ticket
	At      time.Time
	Form    *form.Form
	Refused string // the ticket whose form was refused
}

func (k *desk) triage(w http.ResponseWriter, r *http.Request) error {
	v, all, err := k.loadTriage(r)
	if err != nil {
		return err
	}
	if v.Site.UnitID == 0 {
		return web.Render(w, r, http.StatusOK, deskSites(v.Desk, all))
	}
	return web.Render(w, r, http.StatusOK, triagePage(v))
}

func (k *desk) loadTriage(r *http.Request) (v triageView, all []epuskesmas.Site, err error) {
	h, all, err := k.house(r, epuskesmas.PermTriage, epuskesmas.PermCall)
	if err != nil {
		return v, nil, err
	}
	a := web.ActorOf(r.Context())
	v.Desk, v.Site, v.At = side(a, h, 0), h.Site, k.Clock.Now()
	for _, p := range h.Polis {
		if p.Kind != epuskesmas.KindClinic {
			continue
		}
		_, queue, err := k.Queue.Queue(r.Context(), a, p.ID)
		if err != nil {
			return v, nil, err
		}
		for _, t := range queue {
			switch {
			case t.Status != epuskesmas.Waiting:
			case t.AssessedAt == nil:
				v.Waiting = append(v.Waiting, t)
			default:
				v.Done = append(v.Done, t)
			}
		}
	}
	slices.SortStableFunc(v.Waiting, func(x, y epuskesmas.Ticket) int { return cmp.Compare(hereAt(x), hereAt(y)) })
	return v, all, nil
}

func hereAt(t epuskesmas.Ticket) int64 {
	if t.HereAt == nil {
		return 0
	}
	return t.HereAt.Unix()
}

// What the nurse chooses for a patient.
const (
	chooseRegular   = "biasa"
	chooseEmergency = "darurat"
)

func (k *desk) classify(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	ticket, seq, err := seen(f)
	if err != nil {
		return err
	}
	ctx, a := r.Context(), web.ActorOf(r.Context())
	switch choice := f.Line(epuskesmas.ControlClass); choice {
	case "":
		err = k.Queue.Act(ctx, a, ticket, seq, epuskesmas.ActAssess, "")
	case chooseRegular:
		err = k.Queue.Classify(ctx, a, ticket, seq, estimate.Regular, "")
	case chooseEmergency:
		err = k.Queue.Classify(ctx, a, ticket, seq, estimate.Emergency, f.Line(epuskesmas.ControlReason))
	default:
		err = k.Queue.Classify(ctx, a, ticket, seq, estimate.Priority, choice)
	}
	switch kind := errs.KindOf(err); {
	case err == nil:
	case kind == errs.Unprocessable:
		f.FailWith(err)
		v, all, loadErr := k.loadTriage(r)
		if loadErr != nil {
			return loadErr
		}
		if v.Site.UnitID == 0 {
			return web.Render(w, r, http.StatusUnprocessableEntity, deskSites(v.Desk, all))
		}
		v.Form, v.Refused = f, f.Value(controlTicket)
		return web.Render(w, r, http.StatusUnprocessableEntity, triagePage(v))
	case kind == errs.Conflict:
		web.Flash(r, "warning", errs.MessageOf(err))
	default:
		return err
	}
	back := deskPath + "/pengkajian"
	if slug := r.URL.Query().Get("di"); slug != "" {
		back = inSite(back, slug)
	}
	return web.Redirect(w, r, back)
}
