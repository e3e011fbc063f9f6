package mtrweb

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// digestRows is how many reports of a queue the digest names.
const digestRows = 20

// digestQueues are what a leader should hear of each day.
var digestQueues = []mtr.QueueKey{mtr.QueueNoResponse, mtr.QueueLate, mtr.QueueDisputes}

// digestPart is one queue of the digest.
type digestPart struct {
	Key   mtr.QueueKey
	Title string
	Count int
	Items []mtr.DeskItem
}

type digestView struct {
	Desk  *ui.Desk
	Now   time.Time
	Parts []digestPart
	Text  string
}

// digest is the daily summary on one page, and as text to send on.
func (k *desk) digest(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	counts, err := k.MTR.Queues(ctx, a)
	if err != nil {
		return err
	}
	parts, err := k.digestParts(ctx, a, counts)
	if err != nil {
		return err
	}
	v := digestView{Desk: k.side(ctx, a, counts, ""), Now: k.Clock.Now(), Parts: parts}
	v.Text = digestText(v.Now, parts)
	return web.Render(w, r, http.StatusOK, digestPage(v))
}

func (k *desk) digestParts(ctx context.Context, a authz.Actor, counts []mtr.QueueCount) ([]digestPart, error) {
	var parts []digestPart
	for _, key := range digestQueues {
		i := slices.IndexFunc(counts, func(c mtr.QueueCount) bool { return c.Key == key })
		if i < 0 {
			continue
		}
		p := digestPart{Key: key, Title: counts[i].Label, Count: counts[i].Count}
		if p.Count > 0 {
			page, err := k.MTR.Queue(ctx, a, key, mtr.DeskFilter{}, nil, digestRows)
			if err != nil {
				return nil, err
			}
			p.Items = page.Items
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// digestText is the digest as plain text. It is made to leave the portal, so it
// holds no words of reporters, which nobody may have looked at yet; rahasia
// reports show by number only.
func digestText(now time.Time, parts []digestPart) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Ringkasan laporan warga, %s pukul %s WITA\n", indo.LongDate(now), indo.Clock(now))
	for _, p := range parts {
		fmt.Fprintf(&b, "\n%s: %s\n", p.Title, deskCount(p.Count))
		for _, it := range p.Items {
			b.WriteString("- " + it.Number)
			if !it.Confidential {
				b.WriteString(" " + it.CategoryName)
				if it.KelurahanName != "" {
					b.WriteString(" (" + it.KelurahanName + ")")
				}
			}
			holder := it.UnitName
			if holder == "" {
				holder = "verifikator laporan"
			}
			b.WriteString(", dipegang " + holder)
			if it.ReceivedAt != nil {
				b.WriteString(", masuk " + deskDay(*it.ReceivedAt, now))
			}
			b.WriteByte('\n')
		}
		if rest := p.Count - len(p.Items); rest > 0 && len(p.Items) > 0 {
			fmt.Fprintf(&b, "  dan %s lagi\n", deskCount(rest))
		}
	}
	return b.String()
}
