package mtrweb

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// controlSeen names the reports that were shown as perhaps the same.
const controlSeen = "dilihat"

// alikeView shows reports that may be about the same problem.
type alikeView struct {
	flow
	Found []mtr.Alike
	Now   time.Time
}

// alikeOrOnward shows the reports that the draft may repeat, once each, before the form
// goes on.
func (h *pages) alikeOrOnward(w http.ResponseWriter, r *http.Request, token string) error {
	found, err := h.MTR.AlikeOfDraft(r.Context(), token)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return web.Redirect(w, r, draftPath(token, "serupa"))
	}
	return h.onward(w, r, token)
}

func (h *pages) alikeStep(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.open(w, r, mtr.StepCategory)
	if done {
		return err
	}
	v := alikeView{flow: f, Now: h.now()}
	if v.Found, err = h.MTR.AlikeOfDraft(r.Context(), f.draft.Token); err != nil {
		return err
	}
	if len(v.Found) == 0 {
		return h.onward(w, r, f.draft.Token)
	}
	return web.Render(w, r, http.StatusOK, alikePage(v))
}

// notAlike goes on with the writer's own report.
func (h *pages) notAlike(w http.ResponseWriter, r *http.Request) error {
	fl, done, err := h.open(w, r, mtr.StepCategory)
	if done {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	token := fl.draft.Token
	if err := h.MTR.NotAlike(r.Context(), token, f.IDs(controlSeen)); err != nil {
		return h.sentMeanwhile(w, r, token, err)
	}
	return h.onward(w, r, token)
}

// away says how far off a report is, roughly: places of anonymous reports are rounded.
func away(a mtr.Alike) string {
	switch {
	case a.Metres < 0:
		return a.KelurahanName
	case a.Metres < 25:
		return "di titik yang sama"
	case a.Metres < 1000:
		return "sekitar " + strconv.Itoa(int(math.Round(a.Metres/25)*25)) + " meter dari titik Anda"
	}
	return "sekitar " + indo.Decimal(a.Metres/1000, 1) + " km dari titik Anda"
}

// alikeRow is a report as a line to look at.
func alikeRow(a mtr.Alike, now time.Time) ui.MediaRow {
	return ui.MediaRow{
		Href: join("/mtr/laporan", a.Number), Title: a.Title, Photo: PhotoHref(a.Thumb, mtr.Small), Icon: "image",
		Facts: []string{a.CategoryName, away(a)}, When: ui.TimeAgo(a.ReceivedAt, now), Tag: ui.Tag(Tone(a.Status), a.Status.Label()),
	}
}

// alikeFacts say why a report may be the same.
func alikeFacts(a mtr.Alike, now time.Time) string {
	out := []string{a.CategoryName, a.Status.Label(), indo.Ago(a.ReceivedAt, now)}
	if a.Metres >= 0 {
		out = append(out, indo.Int(int(a.Metres))+" m")
	}
	if a.Photo != nil && *a.Photo <= 10 {
		out = append(out, "fotonya mirip")
	}
	return joinWords(out)
}
