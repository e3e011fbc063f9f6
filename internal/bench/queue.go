package bench

import (
	"fmt"
	"math"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate/world"
)

// What the estimated waiting times promise at check-in, beside an oracle that knows
// the true parameters.
const (
	queueSeed       = 20240117
	oracleTargetS1  = 1.15
	oracleTarget    = 1.25
	naiveTarget     = 0.6
	biasTarget      = 3.0 // minutes
	oneEstimate     = 5 * time.Millisecond
	waitingForOne   = 60
	coverageAtLeast = 0.75
	coverageAtMost  = 0.85
)

// queue measures the estimator against made-up days.
func (b *run) queue() {
	reps := 6
	if b.Short {
		reps = 1
	}
	b.heading(fmt.Sprintf("waiting times (minutes; seeds %d+100·scenario+repetition, %d repetitions)", queueSeed, reps))
	for i, s := range world.Scenarios() {
		b.say("living %d days of scenario %s", reps*(s.History+s.Measured), s.Name)
		scores := world.Scores{}
		for rep := range reps {
			world.Measure(s, uint64(queueSeed+100*(i+1)+rep), 5, scores)
		}
		b.scenario(s, scores)
	}
	took := onePoli()
	b.claim(fmt.Sprintf("one estimate of a poli where %d wait", waitingForOne), ms(took), "", "≤ "+ms(oneEstimate), took <= oneEstimate)
}

func (b *run) scenario(s world.Scenario, scores world.Scores) {
	for _, moment := range world.Moments {
		ours, oracle := scores[world.Ours][moment], scores[world.Oracle][moment]
		naive := math.Min(scores[world.Fixed10][moment].MAE(), scores[world.MeanBefore][moment].MAE())
		what := fmt.Sprintf("%s %s: mean absolute error, n = %d", s.Name, moment, ours.N)
		figure := fmt.Sprintf("%.1f; bias %+.1f, coverage %.0f %%, width %.0f", ours.MAE(), ours.Bias(), 100*ours.Coverage(), ours.Width())
		beside := fmt.Sprintf("oracle %.1f (× %.2f), 10 min each %.1f, earlier days' mean %.1f", oracle.MAE(), ours.MAE()/oracle.MAE(),
			scores[world.Fixed10][moment].MAE(), scores[world.MeanBefore][moment].MAE())
		if moment != "T1" {
			b.note(what, figure, beside)
			continue
		}
		ratio := ours.MAE() / oracle.MAE()
		if s.Name != "S1" {
			b.claim(what, figure, beside, fmt.Sprintf("≤ %.2f oracle", oracleTarget), ratio <= oracleTarget)
			continue
		}
		b.claim(what, figure, beside, fmt.Sprintf("≤ %.2f oracle, ≤ %.1f naive, |bias| ≤ %.0f, coverage 75–85 %%", oracleTargetS1, naiveTarget, biasTarget),
			ratio <= oracleTargetS1 && ours.MAE() <= naiveTarget*naive && math.Abs(ours.Bias()) <= biasTarget &&
				ours.Coverage() >= coverageAtLeast && ours.Coverage() <= coverageAtMost)
	}
}

// onePoli is how long all estimates of a busy poli take, the fastest of twenty.
func onePoli() time.Duration {
	begins := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	ends := begins.Add(4 * time.Hour)
	s := estimate.NewSession(estimate.Event{At: begins, Kind: estimate.Announced, Session: "s", Poli: "umum", Begins: &begins, Ends: &ends, Doctors: []string{"a", "b"}}, false)
	apply := func(e estimate.Event) {
		e.At = begins
		if err := s.Apply(e); err != nil {
			panic(err) // all tickets are known
		}
	}
	apply(estimate.Event{Kind: estimate.DoctorHere, Doctors: []string{"a"}})
	for i := range waitingForOne {
		id := fmt.Sprint(i + 1)
		apply(estimate.Event{Kind: estimate.Booked, Ticket: id, Number: estimate.TicketNumber(i + 1), Origin: estimate.Online, Class: estimate.Regular})
		apply(estimate.Event{Kind: estimate.CheckedIn, Ticket: id})
	}
	m := estimate.NewModel()
	best := time.Hour
	for range 20 {
		at := time.Now()
		m.All(s, begins.Add(time.Minute))
		best = min(best, time.Since(at))
	}
	return best
}
