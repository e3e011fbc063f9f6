package survey

import (
	"fmt"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// Period is a stretch of whole months: From is a first day, To the one after the last month.
type Period struct {
	Code     string // in addresses: "setahun", "2026", "2026-3"
	Label    string
	From, To time.Time
}

// Periods are what may be asked for at a time, given the first month with answers: the last
// twelve months, then the years and their quarters, newest first.
func Periods(now time.Time, since *time.Time) []Period {
	now = now.In(clock.Makassar)
	first := func(year int, month time.Month) time.Time { return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC) }
	next := first(now.Year(), now.Month()+1)
	out := []Period{{"setahun", "12 bulan terakhir", next.AddDate(-1, 0, 0), next}}
	if since == nil {
		return out
	}
	for year := now.Year(); year >= since.Year(); year-- {
		out = append(out, Period{fmt.Sprint(year), fmt.Sprintf("Tahun %d", year), first(year, 1), first(year+1, 1)})
		for q := 4; q >= 1; q-- {
			p := Period{fmt.Sprintf("%d-%d", year, q), fmt.Sprintf("Triwulan %d tahun %d", q, year), first(year, time.Month(3*q-2)), first(year, time.Month(3*q+1))}
			if p.From.Before(next) && p.To.After(*since) {
				out = append(out, p)
			}
		}
	}
	return out
}
