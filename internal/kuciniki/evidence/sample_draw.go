package evidence

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Finished is a case that was finished in a month, with the entry that did so.
type Finished struct {
	Module, Kind, Object       string
	ObjectID, ThreadID, UnitID int64
	PersonID                   int64 // whose work it is
	At                         time.Time
}

const (
	// One in twenty of what a unit finished is drawn, at least one and at most this many.
	sampleEvery = 20
	mostSamples = 20

	// drawBack is for how many months a draw is made up for.
	drawBack = 3

	// What may be drawn: work that was accepted, letters that were signed and are not secret, and
	// files that were sent back to citizens. It is theirs who took the step $5 of the case last,
	// and of their unit.
	sqlFinished = `
SELECT DISTINCT ON (e.kind, e.object, e.object_id) e.module, e.kind, e.object, e.object_id, COALESCE(e.thread_id, 0) AS thread_id, w.unit_id, w.person_id, e.at
FROM unnest($3::text[], $4::text[], $5::text[]) AS k (module, kind, by) JOIN work_event e ON e.module = k.module AND e.kind = k.kind AND e.at >= $1 AND e.at < $2 AND e.person_id IS NOT NULL AND NOT e.strata ? 'tertutup'
JOIN org_unit u ON u.id = e.unit_id
CROSS JOIN LATERAL (
	SELECT w.unit_id, w.person_id FROM work_event w WHERE w.module = e.module AND w.object = e.object AND w.object_id = e.object_id AND w.kind = k.by AND w.person_id IS NOT NULL AND w.unit_id IS NOT NULL
		AND w.at <= e.at ORDER BY w.at DESC, w.id DESC LIMIT 1
) w
ORDER BY e.kind, e.object, e.object_id, e.at DESC, e.id DESC`

	sqlDrawnMonths = `SELECT month FROM kuciniki_draw WHERE month >= $1`

	sqlClaimDraw = `INSERT INTO kuciniki_draw (month, seed, finished, drawn_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING drawn_at`

	sqlAddSamples = `
INSERT INTO kuciniki_sample (month, module, kind, object, object_id, thread_id, unit_id, person_id, done_at)
SELECT $1::date, s.* FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::timestamptz[]) AS s (module, kind, object, object_id, thread_id, unit_id, person_id, done_at)`
)

// Drawn is what a seed draws of what was finished, unit by unit: the same of the same,
// whatever their order, and nobody who does not know the seed can tell which. Every case of a
// unit is as likely as any other, whatever its kind.
func Drawn(seed []byte, all []Finished) (out []Finished) {
	type lot struct {
		Finished
		mac []byte
	}
	lots := map[int64][]lot{}
	for _, f := range all {
		mac := hmac.New(sha256.New, seed)
		fmt.Fprintf(mac, "%s|%s|%d", f.Kind, f.Object, f.ObjectID)
		lots[f.UnitID] = append(lots[f.UnitID], lot{f, mac.Sum(nil)})
	}
	for _, unit := range lots {
		slices.SortFunc(unit, func(a, b lot) int { return bytes.Compare(a.mac, b.mac) })
		for _, l := range unit[:min((len(unit)+sampleEvery-1)/sampleEvery, mostSamples)] {
			out = append(out, l.Finished)
		}
	}
	slices.SortFunc(out, func(a, b Finished) int {
		return cmp.Or(cmp.Compare(a.UnitID, b.UnitID), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ObjectID, b.ObjectID))
	})
	return out
}

// finished is what was finished in a month, as the ledger says for ever.
func (m *Module) finished(ctx context.Context, q pg.Querier, month Month) ([]Finished, error) {
	var modules, kinds, by []string
	for _, s := range Sampled {
		modules, kinds, by = append(modules, s.Module), append(kinds, s.Kind), append(by, s.By)
	}
	return pg.Many[Finished](ctx, q, sqlFinished, month.Start(), Month{month.AddDate(0, 1, 0)}.Start(), modules, kinds, by)
}

// Draw draws the samples of a month with a seed that nobody knew while it lasted, and keeps
// both; it returns how many there are. A month that is not over is errs.Conflict. Twice, or by
// several at once, is once.
func (m *Module) Draw(ctx context.Context, month Month) (n int, err error) {
	defer errs.In(&err, "evidence.Draw(%s)", month.Format("2006-01"))
	now := m.clock.Now().Truncate(time.Microsecond)
	if now.Before(Month{month.AddDate(0, 1, 0)}.Start()) {
		return 0, errs.New(errs.Conflict, "Bulan itu belum berakhir.")
	}
	all, err := m.finished(ctx, m.db, month)
	if err != nil {
		return 0, err
	}
	seed := make([]byte, sha256.Size)
	rand.Read(seed)
	drawn := Drawn(seed, all)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		_, err := pg.Scalar[time.Time](ctx, tx, sqlClaimDraw, month.Time, seed, len(all), now)
		if err != nil {
			if errs.KindOf(err) == errs.NotFound {
				err = nil // somebody was faster
			}
			return err
		}
		var modules, kinds, objects []string
		var ids, threads, units, people []int64
		var at []time.Time
		for _, f := range drawn {
			modules, kinds, objects = append(modules, f.Module), append(kinds, f.Kind), append(objects, f.Object)
			ids, threads, units, people, at = append(ids, f.ObjectID), append(threads, f.ThreadID), append(units, f.UnitID), append(people, f.PersonID), append(at, f.At)
		}
		if err := pg.Exec(ctx, tx, sqlAddSamples, month.Time, modules, kinds, objects, ids, threads, units, people, at); err != nil {
			return err
		}
		n = len(drawn)
		return audit.Write(ctx, tx, authz.Actor{}, now, audit.Entry{Action: "kuciniki.sampel.undi", Object: "kuciniki_draw", Detail: map[string]any{"bulan": month.Format("2006-01"), "benih": hex.EncodeToString(seed), "selesai": len(all), "diundi": n}})
	})
	return n, err
}

// drawDue draws the months that are over and were not drawn.
func (m *Module) drawDue(ctx context.Context) (err error) {
	defer errs.In(&err, "evidence.drawDue")
	this := MonthOf(m.clock.Now())
	drawn, err := pg.Scalars[time.Time](ctx, m.db, sqlDrawnMonths, this.AddDate(0, -drawBack, 0))
	for back := drawBack; back > 0 && err == nil; back-- {
		month := Month{this.AddDate(0, -back, 0)}
		if !slices.ContainsFunc(drawn, month.Equal) {
			_, err = m.Draw(ctx, month)
		}
	}
	return err
}
