package demo

import (
	"context"
	"math/rand/v2"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/survey"
)

const sqlServed = `
SELECT 'mtr' AS service, unit_id, id, done_at AS ended FROM mtr_report WHERE status IN ('selesai', 'ditutup') AND done_at IS NOT NULL AND unit_id IS NOT NULL
UNION ALL SELECT 'surat', kelurahan_id, id, issued_at FROM epemerintahan_letter WHERE status = 'terbit' AND issued_at IS NOT NULL
UNION ALL SELECT 'puskesmas', unit_id, visit_id, max(ended_at) FROM epuskesmas_ticket WHERE status = 'selesai' AND ended_at IS NOT NULL GROUP BY unit_id, visit_id
ORDER BY ended, service, id`

// answering is how many of a hundred who were served answer.
var answering = map[survey.Service]int{survey.Reports: 40, survey.Letters: 30, survey.Clinics: 2}

// answerSurvey lets some of those who were served say how it was. Each unit is better or worse
// at something.
func answerSurvey(ctx context.Context, d Deps, end time.Time) error {
	watch := clock.NewFake(end)
	m := survey.New(survey.Deps{DB: d.DB, Clock: watch, Box: d.Box})
	cases, err := pg.Many[survey.Case](ctx, d.DB, sqlServed)
	if err != nil {
		return err
	}
	dice := rand.New(rand.NewPCG(2014, 8))
	pick := func(of []string) string { return of[dice.IntN(len(of))] }
	for _, c := range cases {
		if dice.IntN(100) >= answering[c.Service] || c.Ended.After(end) {
			continue
		}
		watch.Set(c.Ended.Add(time.Minute))
		in := survey.Answer{Sex: pick(survey.Sexes), Age: pick(survey.Ages), Job: pick(survey.Jobs)}
		for i := range in.Scores {
			weak := (int(c.UnitID)+i)%7 == 0
			in.Scores[i] = 4
			if n := dice.IntN(10); weak && n < 7 || n < 4 {
				in.Scores[i] = 3
			} else if weak || n == 4 {
				in.Scores[i] = 2
			}
		}
		in.Scores[3] = 4 // nothing costs anything
		if dice.IntN(6) == 0 {
			in.Words = pick(remarks)
		}
		if _, err := m.Answer(ctx, m.Token(c), in); err != nil {
			return err
		}
	}
	return nil
}

var remarks = []string{
	"Petugasnya sabar menjelaskan. Terima kasih.", "Cepat, tidak sampai satu jam.", "Ruang tunggunya panas, tolong ditambah kipas.",
	"Mudah sekali, tidak perlu bolak-balik.", "Jam istirahat sebaiknya loket tetap ada yang jaga.", "Semoga semua kelurahan begini.",
	"Sudah bagus, tinggal tempat parkirnya.", "Kabar kemajuannya jelas, jadi tidak cemas menunggu.",
}
