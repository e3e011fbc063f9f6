package demo

import (
	"context"
	"fmt"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
)

// answer is what an office thinks of a letter.
type answer struct {
	stance eoffice.Stance
	words  string
}

var answers = []answer{
	{eoffice.Agrees, "Sejalan dengan rencana kerja kami. Silakan dilanjutkan."},
	{eoffice.AgreesIf, "Cantumkan sumber anggarannya dan sebutkan penanggung jawab di lapangan."},
	{eoffice.AgreesIf, "Jadwalnya kami usulkan mundur satu pekan, sesudah pekerjaan drainase selesai."},
	{eoffice.Disapproves, "Bagian ini bukan kewenangan kami; mohon dialihkan kepada dinas yang membidangi."},
}

// opine plans that another office is asked what it thinks of a letter, and mostly says so. What
// is mandatory is answered: signing waits for it.
func (x *mail) opine(cal *calendar.Calendar, at time.Time) (out []happening) {
	mandatory, said := x.IntN(3) == 0, one(x.Rand, answers)
	at = cal.AddWorkingTime(at, time.Duration(5+x.IntN(60))*time.Minute)
	out = append(out, happening{at, "ask for an opinion", func(ctx context.Context) error {
		return x.m.AskOpinions(ctx, x.from.drafter, eoffice.Act{ID: x.id}, eoffice.Asking{Desks: []int64{x.asks.head.MainPosition().ID}, Mandatory: mandatory,
			Question: "Mohon pendapat atas rencana ini, terutama jadwal dan pembagian tugasnya.", Due: at.AddDate(0, 0, 3)})
	}})
	if !mandatory && x.IntN(4) == 0 {
		return out
	}
	at = x.asks.present(cal, cal.AddWorkingTime(at, time.Duration(30+x.IntN(300))*time.Minute))
	return append(out, happening{at, "give an opinion at " + x.asks.code, func(ctx context.Context) error {
		d, err := x.m.Open(ctx, x.asks.head, x.id)
		if err != nil {
			return err
		}
		for _, o := range d.Opinions {
			if o.DeskID == x.asks.head.MainPosition().ID {
				return x.m.Opine(ctx, x.asks.head, eoffice.Act{ID: o.ID}, eoffice.Answer{Stance: said.stance, Words: said.words})
			}
		}
		return fmt.Errorf("%s was not asked about letter %d", x.asks.code, x.id)
	}})
}
