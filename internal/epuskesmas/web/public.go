package epuskesmasweb

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// sitesView is the list of puskesmas.
type sitesView struct {
	Sites []epuskesmas.Site
	Text  string
	Near  *[2]float64
}

func (h *pages) sites(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	v := sitesView{Text: q.Line("q", form.Max(100))}
	lat, okLat := q.Float("lat", -90, 90, "Titik tidak dikenal.")
	lng, okLng := q.Float("lng", -180, 180, "Titik tidak dikenal.")
	if err := q.Err(); err != nil {
		return errs.Wrap(errs.BadRequest, err, "")
	}
	if okLat && okLng {
		v.Near = &[2]float64{lat, lng}
	}
	if v.Text != "" || v.Near != nil {
		web.Unremembered(r.Context())
	}
	if v.Sites, err = h.Queue.Sites(r.Context(), v.Text, v.Near); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, sitesPage(v))
}

// group is the puskesmas of one kecamatan.
type group struct {
	Kecamatan string
	Sites     []epuskesmas.Site
}

// groups are the sites by kecamatan; by distance they stand in one group.
func (v sitesView) groups() (gs []group) {
	for _, s := range v.Sites {
		if v.Near != nil {
			s.Kecamatan = "Terdekat"
		}
		if n := len(gs); n == 0 || gs[n-1].Kecamatan != s.Kecamatan {
			gs = append(gs, group{Kecamatan: s.Kecamatan})
		}
		gs[len(gs)-1].Sites = append(gs[len(gs)-1].Sites, s)
	}
	return gs
}

// placed tells whether it is known where any of them lies.
func (v sitesView) placed() bool {
	return slices.ContainsFunc(v.Sites, func(s epuskesmas.Site) bool { return s.Lat != nil })
}

// far is how far a site is, "" when that is not known.
func (v sitesView) far(s epuskesmas.Site) string {
	if v.Near == nil || s.Lat == nil {
		return ""
	}
	return indo.Decimal(s.Distance(*v.Near), 1) + " km"
}

// siteView is one puskesmas with what can be booked.
type siteView struct {
	Site   epuskesmas.Site
	Polis  []epuskesmas.Poli
	byPoli map[int64][]epuskesmas.Session
	tight  map[int64][]epuskesmas.Session // for which there is hardly time to come
	Expect map[slot]*epuskesmas.Promise   // of the soonest sessions that have a place
	Now    time.Time
}

func (h *pages) site(w http.ResponseWriter, r *http.Request) error {
	v := siteView{Now: h.now(), byPoli: map[int64][]epuskesmas.Session{}, tight: map[int64][]epuskesmas.Session{}, Expect: map[slot]*epuskesmas.Promise{}}
	var err error
	if v.Site, v.Polis, err = h.Queue.SiteBySlug(r.Context(), web.Path(r, "puskesmas")); err != nil {
		return err
	}
	list, err := h.Queue.SessionsOf(r.Context(), v.Polis)
	if err != nil {
		return err
	}
	for _, s := range list {
		if len(v.byPoli[s.PoliID]) < soonest && !full(s, v.Now) {
			p, err := h.Queue.Expect(r.Context(), s)
			if err != nil {
				return err
			}
			v.Expect[slotOf(s)] = &p
			if p.Tight(v.Now) {
				v.tight[s.PoliID] = append(v.tight[s.PoliID], s)
				continue
			}
		}
		v.byPoli[s.PoliID] = append(v.byPoli[s.PoliID], s)
	}
	return web.Render(w, r, http.StatusOK, sitePage(v))
}

// slot is a session, also one that nobody has a number of.
type slot struct{ poli, begins int64 }

func slotOf(s epuskesmas.Session) slot { return slot{s.PoliID, s.StartsAt.Unix()} }

// soonest are the sessions shown at once; the rest folds away.
const soonest = 3

func siteHref(s epuskesmas.Site) string { return "/puskesmas/" + s.Slug }

// moment is a session's beginning in an address: 2026-11-25T08:00 in the city.
func moment(t time.Time) string { return t.In(clock.Makassar).Format("2006-01-02T15:04") }

func bookHref(v siteView, s epuskesmas.Session) string {
	return siteHref(v.Site) + "/daftar?poli=" + strconv.FormatInt(s.PoliID, 10) + "&sesi=" + moment(s.StartsAt)
}

// dayName is "Hari ini", "Besok" or the day in full.
func dayName(t, now time.Time) string {
	switch t.In(clock.Makassar).Format(time.DateOnly) {
	case now.In(clock.Makassar).Format(time.DateOnly):
		return "Hari ini, " + indo.Date(t)
	case now.In(clock.Makassar).AddDate(0, 0, 1).Format(time.DateOnly):
		return "Besok, " + indo.Date(t)
	}
	return indo.LongDate(t)
}

func hours(s epuskesmas.Session) string {
	return indo.Clock(s.StartsAt) + "–" + indo.Clock(s.EndsAt) + " WITA"
}

// left says what is left of a session for whoever books online.
func left(s epuskesmas.Session, now time.Time) string {
	n := max(s.Left(true, epuskesmas.JKN, now), s.Left(true, epuskesmas.General, now))
	switch jkn, general := s.Left(true, epuskesmas.JKN, now), s.Left(true, epuskesmas.General, now); {
	case n == 0:
		return "Penuh"
	case jkn == 0:
		return fmt.Sprintf("Sisa %s, hanya bayar sendiri", indo.Int(general))
	case general == 0:
		return fmt.Sprintf("Sisa %s, hanya BPJS/JKN", indo.Int(jkn))
	}
	return "Sisa " + indo.Int(n)
}

func full(s epuskesmas.Session, now time.Time) bool { return left(s, now) == "Penuh" }
