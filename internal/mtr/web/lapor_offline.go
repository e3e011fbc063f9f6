package mtrweb

import (
	"encoding/json"
	"net/http"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// offlinePath is the whole report form on one page, for phones without network:
// the service worker keeps the page, js/luring.js keeps what is written on it.
const offlinePath = "/mtr/lapor/luring"

// OfflinePages are the pages of this module that phones keep: the form comes first.
func OfflinePages() []string { return []string{offlinePath, fieldPath} }

// offlineView is what the page offers. It is the same for everybody.
type offlineView struct {
	topics     topicView
	categories []mtr.Category
	kelurahan  []ui.Option
	tiles      string
}

func (h *pages) offline(w http.ResponseWriter, r *http.Request) error {
	all, err := h.MTR.Categories(r.Context())
	if err != nil {
		return err
	}
	dir, err := h.choices.get(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, offlinePage(offlineView{
		topics: topicView{Groups: mtr.GroupCategories(all)}, categories: all, kelurahan: dir.kelurahan, tiles: h.TileURL,
	}))
}

// topic is the choice of a category, each with what the script has to know of it.
func (v offlineView) topic() ui.Control {
	c := v.topics.control()
	byID := map[string]mtr.Category{}
	for _, k := range v.categories {
		byID[idText(k.ID)] = k
	}
	for _, o := range c.Options {
		k := byID[o.Value]
		o.Attrs["data-place"] = string(k.Place)
		if k.Sensitive {
			o.Attrs["data-sensitive"] = true
		}
	}
	return c
}

// question is a question of one category; several may ask under one name, so the id tells them apart.
func (v offlineView) question(k mtr.Category, q mtr.CategoryQuestion) ui.Control {
	c := extraView{}.control(q)
	c.ID, c.Required = c.Name+"-"+k.Code, q.Required
	for i := range c.Options {
		c.Options[i].Attrs = templ.Attributes{"required": q.Required}
	}
	return c
}

// keptReceipt is the answer to a phone whose report arrived.
type keptReceipt struct {
	Number string `json:"nomor"`
	Code   string `json:"kode"`
	Path   string `json:"tautan"` // the reporter's own page
	// Confirm: a code was sent to the contact. Held: nothing happens before it is typed.
	Confirm bool `json:"konfirmasi"`
	Held    bool `json:"tertahan"`
}

// saveOffline takes a report that a phone had kept. It answers the script in JSON, so that
// the sign-in page of a foreign network is never taken for our answer.
func (h *pages) saveOffline(w http.ResponseWriter, r *http.Request) error {
	receipt, err := h.sendKept(r)
	if err != nil {
		return refuseKept(w, err)
	}
	return answerKept(w, http.StatusOK, keptReceipt{
		Number: receipt.Number, Code: receipt.Code, Path: join("/mtr/laporan", receipt.Number, receipt.Token),
		Confirm: receipt.ContactPending, Held: receipt.Held && !receipt.Moderated,
	})
}

func (h *pages) sendKept(r *http.Request) (mtr.Receipt, error) {
	f, err := form.Read(r)
	if err != nil {
		return mtr.Receipt{}, err
	}
	all, err := h.MTR.Categories(r.Context())
	if err != nil {
		return mtr.Receipt{}, err
	}
	in := readKept(f, all)
	if err := f.Err(); err != nil {
		return mtr.Receipt{}, err
	}
	photos, done, err := readUploads(f).open()
	if err != nil {
		return mtr.Receipt{}, err
	}
	defer done()
	in.Photos, in.Device = photos, deviceOf(r)
	return h.MTR.SendKept(r.Context(), web.ActorOf(r.Context()), in)
}

// readKept reads a whole report, photos apart, from one form.
func readKept(f *form.Form, all []mtr.Category) mtr.KeptReport {
	in := mtr.KeptReport{
		Key:      f.Value("kunci"),
		Category: mtr.CategoryInput{CategoryID: f.ID(mtr.ControlCategory, ""), Class: mtr.Class(f.Line(mtr.ControlClass))},
		Extra:    map[string]string{},
		Words:    mtr.WordsInput{Title: f.Line(mtr.ControlTitle), Body: f.Text(mtr.ControlBody)},
		Place: mtr.PlaceInput{
			KelurahanID: f.ID(mtr.ControlKelurahan, ""), Landmark: f.Line(mtr.ControlLandmark), Source: mtr.PointSource(f.Line(mtr.ControlSource)),
		},
		Who: mtr.WhoInput{
			Anonymous: f.Bool(mtr.ControlAnonymous), Confidential: f.Bool(mtr.ControlSecret), Name: f.Line(mtr.ControlName),
			Email: f.Line(mtr.ControlEmail), Phone: f.Line(mtr.ControlPhone), Behalf: mtr.Behalf(f.Line(mtr.ControlBehalf)),
			BehalfName: f.Line(mtr.ControlBehalfName), Consent: f.Bool(mtr.ControlConsent),
		},
	}
	if f.Value(mtr.ControlLat) != "" {
		lat, latOK := f.Float(mtr.ControlLat, -90, 90, "Titiknya tidak terbaca. Tunjuk sekali lagi.")
		lng, lngOK := f.Float(mtr.ControlLng, -180, 180, "Titiknya tidak terbaca. Tunjuk sekali lagi.")
		if latOK && lngOK {
			in.Place.Place = &mtr.Point{Lat: lat, Lng: lng}
		}
	}
	for _, c := range all {
		if c.ID != in.Category.CategoryID {
			continue
		}
		for _, q := range c.Questions {
			in.Extra[q.Code] = f.Line(mtr.ControlQuestion + q.Code)
		}
	}
	return in
}

// refuseKept says what a phone has to put right. Whatever passes by itself (too many at once,
// a fault of ours) is left to the error page: the phone tries again later.
func refuseKept(w http.ResponseWriter, err error) error {
	switch errs.KindOf(err) {
	case errs.Internal, errs.TooMany, errs.Unavailable, errs.Unauthenticated:
		return err
	}
	type problem struct {
		Name    string `json:"isian,omitempty"`
		Message string `json:"pesan"`
	}
	var out struct {
		Problems []problem `json:"galat"`
	}
	for _, f := range errs.FieldsOf(err) {
		out.Problems = append(out.Problems, problem{f.Name, f.Message})
	}
	if len(out.Problems) == 0 {
		out.Problems = append(out.Problems, problem{Message: errs.MessageOf(err)})
	}
	return answerKept(w, web.Status(err), out)
}

func answerKept(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the phone may be gone; it asks again
	return nil
}
