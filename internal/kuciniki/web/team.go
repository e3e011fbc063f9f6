package kucinikiweb

import (
	"net/http"
	"net/url"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// teamView is who is directly below, by name.
type teamView struct {
	Desk   *ui.Desk
	Year   int
	Now    int
	Waits  []kuciniki.Waiting
	People []kuciniki.Member
	Talks  []kuciniki.NextTalk // of this year
	At     time.Time
	Form   *form.Form
}

// dueOf is how many dialogues are due.
func dueOf(all []kuciniki.NextTalk, at time.Time) (n int) {
	for _, d := range all {
		if d.Due(at) {
			n++
		}
	}
	return n
}

// talkHref is where a dialogue with somebody is noted.
func talkHref(skp int64) string {
	return notePath + "?" + url.Values{controlWho: {idText(skp)}, kuciniki.ControlKind: {kuciniki.Talk}}.Encode()
}

func (k *desk) team(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := teamView{Year: k.yearOf(f), Now: k.Kuciniki.Year(), Form: f}
	if v.Waits, err = k.Kuciniki.Waits(ctx, a); err != nil {
		return err
	}
	if v.People, err = k.Kuciniki.Team(ctx, a, v.Year); err != nil {
		return err
	}
	v.At = k.Clock.Now()
	if v.Year == v.Now {
		if v.Talks, err = k.Kuciniki.Dialogues(ctx, a); err != nil {
			return err
		}
	}
	v.Desk = sideOf(a, teamPath, len(v.Waits))
	return web.Render(w, r, status(f), teamPage(v))
}
