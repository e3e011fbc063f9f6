package mtrweb

import (
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const roundPath = deskPath + "/rute"

// roundView is a field officer's way from task to task.
type roundView struct {
	Desk  *ui.Desk
	Stops []mtr.Stop
	More  bool
	Now   time.Time
}

func (k *desk) round(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	stops, more, err := k.MTR.Round(ctx, a)
	if err != nil {
		return err
	}
	counts, err := k.MTR.Queues(ctx, a)
	if err != nil {
		return err
	}
	v := roundView{Desk: k.side(ctx, a, counts, ""), Stops: stops, More: more, Now: k.Clock.Now()}
	for _, g := range v.Desk.Groups {
		for i := range g.Items {
			g.Items[i].Current = g.Items[i].Href == roundPath
		}
	}
	return web.Render(w, r, http.StatusOK, roundPage(v))
}

// sincePrevious says how far a stop is from the one before.
func sincePrevious(metres int) string {
	if metres < 1000 {
		return indo.Int(metres) + " m dari sebelumnya"
	}
	return indo.Int((metres+500)/1000) + " km dari sebelumnya"
}
