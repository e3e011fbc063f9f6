package bench

import (
	"context"
	"fmt"
	"time"
)

// open311 measures what other systems read, each answer beside a bare page of as many
// rows, at a steady rate that leaves the portal time.
func (b *run) open311(ctx context.Context, few *process) error {
	bare, err := startBare(ctx, b.dir, b.server.URL(smallDB, "portal_app"))
	if err != nil {
		return err
	}
	defer bare.stop()
	numbers, err := b.numbers(ctx, smallDB)
	if err != nil {
		return err
	}
	b.heading("Open311, each address at a steady rate")
	const list = "/open311/v2/requests"
	for _, answer := range []struct {
		what, before, after, bare string
		each                      []string // between before and after: ever another report
		rate                      int
	}{
		{"20 requests, JSON", list + ".json?page_size=20", "", "/20", nil, 50},
		{"20 requests, XML", list + ".xml?page_size=20", "", "/20", nil, 50},
		{"20 requests with extensions", list + ".json?page_size=20&extensions=true", "", "/20", nil, 50},
		{"1,000 requests, JSON", list + ".json", "", "/1000", nil, 5},
		{"one request, ever another", list + "/", ".json", "/laporan/", numbers, 50},
	} {
		b.say("measuring %s", answer.what)
		var ours, theirs [2][]float64
		for range b.rounds {
			for _, side := range []struct {
				addresses []string
				figures   *[2][]float64
			}{{each(bare.URL+answer.bare, answer.each), &theirs}, {each(few.URL+answer.before, answer.each), &ours}} {
				for i := range side.addresses {
					if side.figures == &ours {
						side.addresses[i] += answer.after
					}
				}
				if err := ahead(side.addresses[0]); err != nil {
					return err
				}
				level, err := steady(side.addresses, answer.rate, b.one)
				if err != nil {
					return err
				}
				side.figures[0] = append(side.figures[0], float64(level.P50))
				side.figures[1] = append(side.figures[1], float64(level.P99))
			}
		}
		of := func(all []float64) string { return ms(time.Duration(median(all))) }
		b.note(fmt.Sprintf("%s, at %d/s, p50 and p99", answer.what, answer.rate), of(ours[0])+", "+of(ours[1]),
			fmt.Sprintf("bare %s, %s: p50 × %.2f", of(theirs[0]), of(theirs[1]), median(ours[0])/median(theirs[0])))
	}
	return nil
}
