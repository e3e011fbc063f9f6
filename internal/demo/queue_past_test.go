package demo

import (
	"flag"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

var pastDays = flag.Float64("past-days", 5, "days of history that TestThePastOfTheQueues lives through")

// What is told of the past agrees with itself: numbers, places, events and rows; the
// times that patients were told are worth something; and it is the same everywhere.
func TestThePastOfTheQueues(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, clock.Makassar)
	h := pastQueues(t, at)
	for what, sql := range map[string]string{
		"numbers with gaps": `SELECT count(*) FROM epuskesmas_session s
			WHERE (SELECT count(*) FROM epuskesmas_ticket t WHERE t.session_id = s.id AND t.number BETWEEN 1 AND s.last_number) <> s.last_number`,
		"places that were not taken": `SELECT count(*) FROM epuskesmas_session s WHERE (taken, taken_online, taken_jkn, taken_general) <> (
			SELECT count(*), count(*) FILTER (WHERE online), count(*) FILTER (WHERE jkn), count(*) FILTER (WHERE NOT jkn)
			FROM epuskesmas_ticket t WHERE t.session_id = s.id AND t.counted AND t.status <> 'batal')`,
		"sessions whose events have gaps": `SELECT count(*) FROM epuskesmas_session s WHERE s.seq <> (SELECT count(*) FROM epuskesmas_event e WHERE e.session_id = s.id)`,
		"sessions under way":              `SELECT count(*) FROM epuskesmas_session WHERE status <> 'selesai'`,
		"tickets that are not where their last event left them": `SELECT count(*) FROM epuskesmas_ticket t
			WHERE t.status <> (SELECT to_status FROM epuskesmas_event e WHERE e.ticket_id = t.id ORDER BY e.seq DESC LIMIT 1)
				OR t.seq <> (SELECT count(*) FROM epuskesmas_event e WHERE e.ticket_id = t.id)`,
		"events out of time": `SELECT count(*) FROM (SELECT at, lag(at) OVER (PARTITION BY session_id ORDER BY seq) AS before FROM epuskesmas_event) e WHERE at < before`,
		"two patients at one counter": `SELECT count(*) FROM epuskesmas_ticket a JOIN epuskesmas_ticket b ON a.counter_id = b.counter_id AND a.id < b.id AND a.day = b.day
			WHERE a.started_at < b.ended_at AND b.started_at < a.ended_at`,
		"patients with two numbers": `SELECT count(*) FROM (SELECT FROM epuskesmas_ticket WHERE counted GROUP BY patient_id, poli_id, day HAVING count(*) > 1) x`,
		"who came without a record": `SELECT count(*) FROM epuskesmas_ticket t JOIN epuskesmas_patient p ON p.id = t.patient_id WHERE t.here_at IS NOT NULL AND p.record_number IS NULL`,
		"record numbers with gaps":  `SELECT max(record_number) - count(record_number) FROM epuskesmas_patient`,
		"walk-ins who did not pass the desk": `SELECT count(*) FROM epuskesmas_visit v JOIN epuskesmas_ticket t ON t.visit_id = v.id AND t.counted
			WHERE v.origin = 'loket' AND NOT EXISTS (SELECT FROM epuskesmas_ticket l JOIN epuskesmas_poli o ON o.id = l.poli_id
				WHERE l.visit_id = v.id AND o.kind = 'loket' AND l.status = 'selesai' AND l.ended_at <= t.here_at)`,
		"who is nobody and went on": `SELECT count(*) FROM epuskesmas_ticket t JOIN epuskesmas_visit v ON v.id = t.visit_id JOIN epuskesmas_poli o ON o.id = t.poli_id
			WHERE t.patient_id IS DISTINCT FROM v.patient_id OR v.patient_id IS NULL AND o.kind <> 'loket'`,
		"days without a queue at the desk": `SELECT count(*) FROM (SELECT FROM epuskesmas_session s JOIN epuskesmas_poli o ON o.id = s.poli_id
			WHERE o.kind = 'loket' AND s.last_number < 10) x`,
		"who came and was told nothing": `SELECT count(*) FROM epuskesmas_ticket t
			WHERE t.here_at IS NOT NULL AND NOT EXISTS (SELECT FROM epuskesmas_estimate e WHERE e.ticket_id = t.id AND e.moment = 'hadir')`,
	} {
		n, err := pg.Scalar[int](t.Context(), h.db.Owner(), sql)
		if err != nil || n != 0 {
			t.Errorf("%s: %d, %v", what, n, err)
		}
	}
	wantReport(t, h, at.AddDate(0, 0, -60), at)
	whole, _, err := h.m.Accuracy(t.Context(), h.cast["kapus"], unitOfKassi(t, h), at.AddDate(0, 0, -60), at)
	if err != nil || len(whole) == 0 {
		t.Fatal(whole, err)
	}
	for _, a := range whole {
		t.Logf("%s %s: %d judged, bias %.1f, MAE %.1f, covered %.2f", a.Poli, a.Moment, a.Judged, a.Bias, a.MAE, a.CoveredShare())
		if a.Moment == epuskesmas.MomentHere && a.Judged >= 100 && (a.CoveredShare() < 0.6 || a.MAE > 30) {
			t.Errorf("%s: covered %.2f, MAE %.1f min", a.Poli, a.CoveredShare(), a.MAE)
		}
	}
	if first, again := pastPrint(t, h), pastPrint(t, pastQueues(t, at)); first != again || !strings.Contains(first, "selesai") {
		t.Errorf("told again it is another one:\n%s\n%s", first, again)
	}
}

func pastQueues(t *testing.T, at time.Time) clinicHouse {
	t.Helper()
	h := newHouse(t, at)
	city, err := org.Root(t.Context(), h.db.Pool)
	if err != nil {
		t.Fatal(err)
	}
	cal, err := calendar.Load(t.Context(), h.db.Pool, city.ID)
	if err != nil {
		t.Fatal(err)
	}
	h.watch.Set(midnight(at))
	began := time.Now()
	if err := tellPast(t.Context(), h.m, h.cast["dinkes"], cal, midnight(at).AddDate(0, 0, -60), midnight(at), *pastDays/60); err != nil {
		t.Fatal(err)
	}
	t.Logf("told in %v", time.Since(began))
	return h
}

func unitOfKassi(t *testing.T, h clinicHouse) int64 {
	t.Helper()
	s, _, err := h.m.StaffSite(t.Context(), h.cast["kapus"], "kassi-kassi", epuskesmas.PermManage)
	if err != nil {
		t.Fatal(err)
	}
	return s.UnitID
}

// pastPrint is all that one may know of the past but random secrets.
func pastPrint(t *testing.T, h clinicHouse) string {
	t.Helper()
	s, err := pg.Scalar[string](t.Context(), h.db.Owner(), `SELECT string_agg(x, E'\n' ORDER BY x) FROM (
		SELECT status || ' ' || count(*) || ' ' || md5(string_agg(code || day || COALESCE(started_at::text, ''), ',' ORDER BY day, code)) AS x FROM epuskesmas_ticket GROUP BY status
		UNION ALL SELECT 'told ' || count(*) || md5(string_agg(p50::text, ',' ORDER BY id)) FROM epuskesmas_estimate) y`)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// pastTicket is a number of the past as it was kept.
type pastTicket struct {
	Poli, Kind                         string
	Day                                time.Time
	Status                             epuskesmas.Status
	Online                             bool
	JKN                                bool `db:"jkn"`
	VisitID                            int64
	PatientID                          *int64
	StartsAt                           time.Time
	HereAt, CalledAt, Started, EndedAt *time.Time
}

// wantReport counts the numbers of the past one by one and fails unless a report says the
// same.
func wantReport(t *testing.T, h clinicHouse, from, to time.Time) {
	t.Helper()
	r, err := h.m.Statistics(t.Context(), h.cast["kapus"], "kassi-kassi", from, to)
	if err != nil {
		t.Fatal(err)
	}
	tickets, err := pg.Many[pastTicket](t.Context(), h.db.Owner(), `SELECT o.name AS poli, o.kind, t.day, t.status, t.online, t.jkn, t.visit_id, t.patient_id, s.starts_at,
		t.here_at, t.called_at, t.started_at AS started, t.ended_at FROM epuskesmas_ticket t JOIN epuskesmas_session s ON s.id = t.session_id JOIN epuskesmas_poli o ON o.id = t.poli_id`)
	if err != nil {
		t.Fatal(err)
	}
	counts, waits, served, hours := map[string]epuskesmas.DayCount{}, map[string][]float64{}, map[string][]float64{}, map[int]int{}
	visits, patients := map[int64]bool{}, map[int64]bool{}
	for _, x := range tickets {
		key := x.Poli + x.Day.Format(time.DateOnly)
		c := counts[key]
		c.Taken++
		for of, n := range map[epuskesmas.Status]*int{epuskesmas.Done: &c.Served, epuskesmas.NoShow: &c.NoShow, epuskesmas.Cancelled: &c.Cancelled} {
			if x.Status == of {
				*n++
			}
		}
		if x.Online {
			c.Online++
		}
		if x.JKN {
			c.JKN++
		}
		counts[key] = c
		if x.Status == epuskesmas.Done && x.Kind != "loket" {
			visits[x.VisitID], patients[*x.PatientID] = true, true
		}
		if x.HereAt != nil && x.Kind == "poli" {
			hours[x.HereAt.In(clock.Makassar).Hour()]++
		}
		if x.Started != nil {
			since := x.StartsAt
			if x.HereAt.After(since) {
				since = *x.HereAt
			}
			waits[x.Poli] = append(waits[x.Poli], max(0, x.CalledAt.Sub(since).Minutes()))
			served[x.Poli] = append(served[x.Poli], x.EndedAt.Sub(*x.Started).Minutes())
		}
	}
	if len(tickets) < 500 || len(r.Days) != len(counts) || len(r.Waits) != len(waits) || r.Visits != len(visits) || r.Patients != len(patients) || r.New != len(patients) {
		t.Errorf("%d numbers; the report has %d days, %d waits, %d visits of %d patients, %d new; counted %d, %d, %d, %d",
			len(tickets), len(r.Days), len(r.Waits), r.Visits, r.Patients, r.New, len(counts), len(waits), len(visits), len(patients))
	}
	for _, d := range r.Days {
		want := counts[d.Poli+d.Day.Format(time.DateOnly)]
		want.PoliID, want.Poli, want.Kind, want.Day, want.Quota = d.PoliID, d.Poli, d.Kind, d.Day, d.Quota
		if d != want {
			t.Errorf("the report says %+v, counted %+v", d, want)
		}
	}
	near := func(a, b float64) bool { return math.Abs(a-b) < 1e-6 }
	for _, w := range r.Waits {
		if w.N != len(waits[w.Poli]) || !near(w.WaitMedian, quantile(waits[w.Poli], 0.5)) || !near(w.WaitP90, quantile(waits[w.Poli], 0.9)) ||
			!near(w.ServMedian, quantile(served[w.Poli], 0.5)) || !near(w.ServP90, quantile(served[w.Poli], 0.9)) {
			t.Errorf("the report says %+v; counted %d, waits %.3f and %.3f", w, len(waits[w.Poli]), quantile(waits[w.Poli], 0.5), quantile(waits[w.Poli], 0.9))
		}
	}
	for _, x := range r.Hours {
		if x.N != hours[x.Hour] {
			t.Errorf("at %d came %d, counted %d", x.Hour, x.N, hours[x.Hour])
		}
	}
}

// quantile of values, between two of them in proportion.
func quantile(values []float64, q float64) float64 {
	slices.Sort(values)
	at := q * float64(len(values)-1)
	low := int(at)
	if low+1 == len(values) {
		return values[low]
	}
	return values[low] + (at-float64(low))*(values[low+1]-values[low])
}
