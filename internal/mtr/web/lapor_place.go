package mtrweb

import (
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// The middle of the city, where a map without a pin opens.
const (
	centerLat = "-5.1477"
	centerLng = "119.4327"
)

// elsewhere is the choice of a kelurahan that was not offered.
const elsewhere = "lain"

// placeView is the place step.
type placeView struct {
	flow
	Lat, Lng, Source, Kelurahan, Landmark string // as typed or stored
	Chosen                                string // among what the point may be
	Options                               []ui.Option
	Tiles                                 string
	Required                              bool // the chosen category needs a place
	// FromPhoto is where a photo says it was taken, near FromPhotoNear.
	FromPhoto     *mtr.Point
	FromPhotoNear string
	// Found is what a point without certain kelurahan may be.
	Found *org.Place
	// Outside: the point is beyond the city's boundary.
	Outside bool
}

// point is the pin as typed; ok is false without one.
func readPoint(f *form.Form) (p *mtr.Point) {
	const unreadable = "Titik lokasi tidak dapat dibaca. Tunjuk lagi di peta, atau pilih kelurahan."
	lat, hasLat := f.Float(mtr.ControlLat, -90, 90, unreadable)
	lng, hasLng := f.Float(mtr.ControlLng, -180, 180, unreadable)
	if !hasLat || !hasLng || !f.OK() {
		return nil
	}
	return &mtr.Point{Lat: lat, Lng: lng}
}

func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

// placeOf fills the view from what is stored.
func (h *pages) placeOf(r *http.Request, f flow) (v placeView, err error) {
	dir, err := h.choices.get(r.Context())
	if err != nil {
		return v, err
	}
	a := f.draft.Answers
	v = placeView{
		flow: f, Options: dir.kelurahan, Tiles: h.TileURL, Source: string(a.Source),
		Kelurahan: idText(a.KelurahanID), Landmark: a.Landmark,
		Required: f.draft.Category != nil && f.draft.Category.Place == mtr.PlaceRequired,
	}
	if a.Place != nil {
		v.Lat, v.Lng = coordinate(a.Place.Lat), coordinate(a.Place.Lng)
		return v, h.find(r, &v, *a.Place)
	}
	if a.KelurahanID != 0 {
		return v, nil
	}
	for _, p := range f.draft.Photos {
		if p.GPS == nil {
			continue
		}
		at, err := h.MTR.Locate(r.Context(), *p.GPS)
		if err != nil {
			return v, err
		}
		if at.Certainty == org.Outside {
			continue
		}
		v.FromPhoto, v.FromPhotoNear = p.GPS, at.Kelurahan.Label()
		if at.Kelurahan.ID == 0 {
			v.FromPhotoNear = ""
		}
		break
	}
	return v, nil
}

// find says what is still open about the point.
func (h *pages) find(r *http.Request, v *placeView, p mtr.Point) error {
	at, err := h.MTR.Locate(r.Context(), p)
	switch {
	case errs.KindOf(err) == errs.Unprocessable:
		return nil
	case err != nil:
		return err
	case at.Certainty == org.Outside:
		v.Outside = true
	case at.NeedsAnswer() && v.Kelurahan == "":
		v.Found = &at
	}
	return nil
}

func (h *pages) placeStep(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.open(w, r, mtr.StepPlace)
	if done {
		return err
	}
	v, err := h.placeOf(r, f)
	if err != nil {
		return err
	}
	if r.URL.Query().Has("ubah") {
		v.Found = nil
	}
	return web.Render(w, r, http.StatusOK, placePage(v))
}

func (h *pages) savePlace(w http.ResponseWriter, r *http.Request) error {
	fl, done, err := h.open(w, r, mtr.StepPlace)
	if done {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	token := fl.draft.Token
	if f.Bool("lewati") {
		if err := h.MTR.SavePlace(r.Context(), token, mtr.PlaceInput{}); err != nil {
			return h.sentMeanwhile(w, r, token, err)
		}
		return h.onward(w, r, token)
	}
	in := mtr.PlaceInput{
		Place: readPoint(f), Source: mtr.PointSource(f.Value(mtr.ControlSource)),
		KelurahanID: readKelurahan(f), Landmark: f.Text(mtr.ControlLandmark),
	}
	if f.OK() && in.Place == nil && in.KelurahanID == 0 {
		f.Fail(mtr.ControlKelurahan, "Tunjuk tempatnya di peta, atau pilih kelurahannya.")
	}
	if f.OK() {
		err := h.MTR.SavePlace(r.Context(), token, in)
		if err == nil {
			return h.onward(w, r, token)
		}
		if !f.FailWith(err) {
			return h.sentMeanwhile(w, r, token, err)
		}
	}
	v, err := h.placeOf(r, fl)
	if err != nil {
		return err
	}
	v.Lat, v.Lng, v.Source, v.Landmark = f.Value(mtr.ControlLat), f.Value(mtr.ControlLng), f.Value(mtr.ControlSource), in.Landmark
	v.Kelurahan, v.errors, v.Found = idText(in.KelurahanID), f.Errors(), nil
	v.Chosen = f.Value(mtr.ControlKelurahan)
	if in.Place != nil {
		v.Outside, v.FromPhoto = false, nil
		if err := h.find(r, &v, *in.Place); err != nil {
			return err
		}
		// A point whose kelurahan is not certain is no mistake: it is kept, and
		// the next page asks.
		if v.Found != nil && !f.Has("pasti") && len(v.errors) == 1 && v.errors.Get(mtr.ControlKelurahan) != "" {
			return web.Redirect(w, r, draftPath(token, "tempat"))
		}
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, placePage(v))
}

// readKelurahan reads the chosen kelurahan: one of those offered, or another.
func readKelurahan(f *form.Form) int64 {
	if f.Value(mtr.ControlKelurahan) == elsewhere {
		return f.ID(mtr.ControlKelurahan+"_lain", "Pilih kelurahan dari daftar.")
	}
	return f.ID(mtr.ControlKelurahan, "")
}

// found are the kelurahan that the point may lie in.
func (v placeView) found() (c ui.Control) {
	c = ui.Control{Name: mtr.ControlKelurahan, Error: v.errors.Get(mtr.ControlKelurahan), Value: v.Chosen, Heading: true}
	for _, a := range v.Found.Candidates {
		c.Options = append(c.Options, ui.Option{Value: idText(a.ID), Label: a.Label()})
	}
	c.Options = append(c.Options, ui.Option{Value: elsewhere, Label: "Kelurahan lain"})
	switch v.Found.Certainty {
	case org.Nearest:
		c.Label, c.Hint = "Kelurahan apa tempat itu?", "Menurut titiknya, paling dekat dengan pilihan pertama."
		if c.Value == "" {
			c.Value = idText(v.Found.Kelurahan.ID)
		}
	case org.Edge:
		c.Label, c.Hint = "Di sisi mana batas kelurahan?", "Titiknya tepat di batas. Pilih kelurahan tempat masalahnya."
	case org.ChooseIsland:
		c.Label, c.Hint = "Pulau apa?", "Titiknya di Kepulauan Sangkarrang. Pilih kelurahannya."
	default:
		c.Label, c.Hint = "Kelurahan apa tempat itu?", "Titiknya jauh dari kelurahan yang kami kenal. Pilih yang benar."
	}
	return c
}
