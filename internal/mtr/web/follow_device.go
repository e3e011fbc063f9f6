package mtrweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Following by web push. js/kabar.js asks in the name of its browser and shows the part of
// the page that answers; the service worker asks when the push service moves it.
const (
	devicePath = followPath + "/ponsel"

	controlEndpoint = "endpoint"
)

func (h *pages) deviceRoutes() []web.Route {
	routes := []web.Route{
		post(devicePath, web.Public, h.followByDevice),
		post(devicePath+"/daftar", web.Public, h.followedByDevice),
		post(devicePath+"/berhenti", web.Public, h.unfollowByDevice),
		post(devicePath+"/pindah", web.Public, h.moveDevice),
	}
	for i := range routes {
		routes[i].PerMinute = followsPerMinute
	}
	return routes
}

// deviceView is what a browser follows: the thing that the page is about, and others.
type deviceView struct {
	On      int64    // the following of this thing; 0 = it is not followed
	Pace    mtr.Pace // of On
	Others  []mtr.Following
	Problem string
}

func readDevice(f *form.Form) notify.Device {
	return notify.Device{Endpoint: f.Line(controlEndpoint), Key: f.Line("p256dh"), Auth: f.Line("auth")}
}

// onDevice reads what the page is about and which browser asks, does something for it, and
// shows what it follows then.
func (h *pages) onDevice(w http.ResponseWriter, r *http.Request, do func(f *form.Form, v followView) error) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := h.readFollow(r.Context(), f.Line(controlSubject), f.Line(controlOf))
	if err != nil {
		return err
	}
	failed := do(f, v)
	switch errs.KindOf(failed) {
	case errs.Unprocessable, errs.TooMany:
	default:
		if failed != nil {
			return failed
		}
	}
	all, err := h.MTR.DeviceFollowings(r.Context(), f.Line(controlEndpoint))
	if err != nil {
		return err
	}
	var shown deviceView
	for _, one := range all {
		if one.Subject == v.In.Subject && (one.SubjectID == v.In.ID || v.In.Number != "" && one.Number == v.In.Number) {
			shown.On, shown.Pace = one.ID, one.Pace
		} else {
			shown.Others = append(shown.Others, one)
		}
	}
	status := http.StatusOK
	if failed != nil {
		status, shown.Problem = web.Status(failed), errs.MessageOf(failed)
		if fields := errs.FieldsOf(failed); len(fields) > 0 {
			shown.Problem = fields[0].Message
		}
	}
	return web.Render(w, r, status, devicePart(shown))
}

func (h *pages) followByDevice(w http.ResponseWriter, r *http.Request) error {
	return h.onDevice(w, r, func(f *form.Form, v followView) error {
		v.In.Pace = mtr.Pace(f.Line(mtr.ControlPace))
		return h.MTR.FollowByDevice(r.Context(), web.ActorOf(r.Context()), v.In, readDevice(f))
	})
}

func (h *pages) followedByDevice(w http.ResponseWriter, r *http.Request) error {
	return h.onDevice(w, r, func(*form.Form, followView) error { return nil })
}

// unfollowByDevice ends one following, or without one named all of the browser's.
func (h *pages) unfollowByDevice(w http.ResponseWriter, r *http.Request) error {
	return h.onDevice(w, r, func(f *form.Form, _ followView) error {
		id := int64(0)
		if f.Has("ikutan") {
			if id = f.ID("ikutan", "Muat ulang halaman lalu coba lagi."); f.Err() != nil {
				return f.Err()
			}
		}
		return h.MTR.UnfollowByDevice(r.Context(), f.Line(controlEndpoint), id)
	})
}

func (h *pages) moveDevice(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if err := h.MTR.MoveDevice(r.Context(), f.Line("lama"), readDevice(f)); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
