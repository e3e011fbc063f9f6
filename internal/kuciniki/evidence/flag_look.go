package evidence

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// MostEvents is how many entries of an office are looked through at once: the newest.
const MostEvents = 300_000

// lookBack is how far back a look goes.
const lookBack = 12 // months

const (
	// The offices of the city, each with all below it.
	sqlOffices = `SELECT u.id FROM org_unit u JOIN org_unit c ON c.id = u.parent_id WHERE c.parent_id IS NULL AND u.valid_to IS NULL ORDER BY u.id`

	// What the patterns look at; strata only where they do.
	sqlOfficeEvents = `
SELECT e.id, e.at, e.module, e.kind, e.object, e.object_id, e.outcome, COALESCE(e.person_id, 0) AS person_id, COALESCE(e.position_id, 0) AS position_id, COALESCE(e.unit_id, 0) AS unit_id,
	COALESCE(e.thread_id, 0) AS thread_id, COALESCE(e.holder_id, 0) AS holder_id, COALESCE(e.holder_unit_id, 0) AS holder_unit_id, e.started_at, e.due_at, e.next_due_at, COALESCE(e.working_minutes, 0) AS working_minutes, NULL::jsonb AS strata
FROM work_event e
WHERE e.unit_id IN (SELECT id FROM org_unit WHERE ancestors @> ARRAY[$1::bigint]) AND e.at >= $2 AND e.at < $3 AND (e.person_id IS NOT NULL OR e.kind = 'dispute')
	AND e.kind NOT IN ('kiriman_sampai', 'naskah_ajukan')
ORDER BY e.at DESC LIMIT $4`

	// Letters of one kind that one drafter had sent to one unit on one day, with their drafts:
	// the units are other offices than the drafter's.
	sqlBundles = `
WITH draft AS (
	SELECT DISTINCT ON (object_id) id, object_id, person_id, strata ->> 'jenis' AS kind FROM work_event
	WHERE module = 'eoffice' AND kind = 'naskah_ajukan' AND person_id IS NOT NULL AND at >= $1 AND at < $2 ORDER BY object_id, at DESC, id DESC
), bundle AS (
	SELECT array_agg(e.id) AS sent, array_agg(d.id) AS drafts FROM work_event e JOIN draft d ON d.object_id = e.thread_id
	WHERE e.module = 'eoffice' AND e.kind = 'kiriman_sampai' AND e.at >= $1 AND e.at < $2
	GROUP BY d.person_id, d.kind, e.unit_id, (e.at AT TIME ZONE 'Asia/Makassar')::date HAVING count(*) >= $3
)
SELECT ` + eventColumns + ` FROM work_event e WHERE e.id IN (SELECT unnest(sent || drafts) FROM bundle)`

	// Who may be a pair, wherever they work: orders of which each did some for the other.
	sqlMutual = `
WITH ways AS (
	SELECT person_id, other_id FROM kuciniki_tally WHERE metric = 'E3' AND other_id <> 0 AND month >= date_trunc('month', $1::timestamptz AT TIME ZONE 'Asia/Makassar')::date
	GROUP BY 1, 2 HAVING sum(n) >= $2
)
SELECT a.person_id, a.other_id FROM ways a JOIN ways b ON b.person_id = a.other_id AND b.other_id = a.person_id WHERE a.person_id < a.other_id`

	// All that they did for each other and for others.
	sqlOrdersOf = `
SELECT ` + eventColumns + ` FROM work_event e
WHERE e.module = 'eoffice' AND e.object = $4 AND e.kind IN ('disposisi_lapor', 'disposisi_terima_laporan') AND e.at >= $2 AND e.at < $3 AND e.object_id IN (
	SELECT object_id FROM work_event WHERE person_id = ANY ($1::bigint[]) AND at >= $2 AND at < $3 AND module = 'eoffice' AND object = $4 AND kind IN ('disposisi_lapor', 'disposisi_terima_laporan'))`

	sqlOfficeOpen = `
SELECT o.module, o.object, o.object_id, o.unit_id, o.holder_id, o.since, o.due_at FROM kuciniki_open o JOIN org_unit u ON u.id = o.unit_id
WHERE u.ancestors @> ARRAY[$1::bigint] AND NOT o.waiting`

	// Until when what somebody did was judged.
	sqlKnown = `
SELECT f.pattern, w.person_id, max(f.last_at) AS until FROM kuciniki_flag f CROSS JOIN LATERAL unnest(ARRAY[f.person_id, f.other_id]) AS w (person_id)
WHERE f.status NOT IN ('ditemukan', 'dijawab') AND w.person_id <> 0 GROUP BY 1, 2`

	sqlClaimLook = `UPDATE kuciniki_fold SET looked_at = $1 WHERE looked_at IS NULL OR looked_at <= $1::timestamptz - interval '20 hours'`

	// What was found again stays the same flag until somebody judges it; where people work is
	// their definitive seat, or the last one they had.
	sqlSaveFlag = `
INSERT INTO kuciniki_flag AS f (pattern, person_id, other_id, unit_id, n, text, events, first_at, last_at, found_at, status, status_at)
SELECT $1, n.id, $3, p.unit_id, $4, $5, $6, $7, $8, $9, 'ditemukan', $9
FROM org_person n JOIN LATERAL (SELECT o.position_id FROM org_occupancy o WHERE o.person_id = n.id ORDER BY o.during @> $9::timestamptz DESC, o.kind <> 'definitif', o.id DESC LIMIT 1) o ON true
JOIN org_position p ON p.id = o.position_id WHERE n.id = $2
ON CONFLICT (pattern, person_id, other_id) WHERE status IN ('ditemukan', 'dijawab')
DO UPDATE SET n = excluded.n, text = excluded.text, events = excluded.events, first_at = excluded.first_at, last_at = excluded.last_at, gone_at = NULL
RETURNING f.id, f.found_at = $9 AS fresh`

	sqlFlagGone = `UPDATE kuciniki_flag SET gone_at = $1 WHERE status = 'ditemukan' AND gone_at IS NULL AND NOT id = ANY ($2::bigint[])`

	sqlAccountsOf = `SELECT account_id FROM org_person WHERE id = ANY ($1::bigint[]) AND account_id IS NOT NULL`
)

// lookDaily looks for patterns where nobody did for most of a day.
func (m *Module) lookDaily(ctx context.Context) (err error) {
	defer errs.In(&err, "evidence.lookDaily")
	tag, err := m.db.Exec(ctx, sqlClaimLook, m.clock.Now())
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	_, err = m.Look(ctx)
	return err
}

// Look finds the patterns of the last twelve months, office by office, and pairs in the whole
// city, keeps them as flags and tells those whom they are about; it returns how many there are.
func (m *Module) Look(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "evidence.Look")
	at := m.clock.Now().Truncate(time.Microsecond)
	from := at.AddDate(0, -lookBack, 0)
	known, err := m.known(ctx)
	if err != nil {
		return 0, err
	}
	offices, err := pg.Scalars[int64](ctx, m.db, sqlOffices)
	if err != nil {
		return 0, err
	}
	var found []Flag
	for _, office := range offices {
		flags, err := m.lookIn(ctx, office, from, at, known)
		if err != nil {
			return 0, err
		}
		found = append(found, slices.DeleteFunc(flags, func(f Flag) bool { return f.Pattern == Pair })...)
	}
	pairs, err := m.lookForPairs(ctx, from, at, known)
	if err != nil {
		return 0, err
	}
	found = append(found, pairs...)
	bundles, err := pg.Many[Event](ctx, m.db, sqlBundles, from, at, splitLeast)
	if err != nil {
		return 0, err
	}
	found = merged(append(found, SplitFlags(known.fresh(Split, bundles))...))
	return len(found), m.saveFlags(ctx, found, at)
}

func (m *Module) known(ctx context.Context) (Known, error) {
	rows, err := pg.Many[struct {
		Pattern  Pattern
		PersonID int64
		Until    time.Time
	}](ctx, m.db, sqlKnown)
	out := Known{}
	for _, r := range rows {
		if out[r.Pattern] == nil {
			out[r.Pattern] = map[int64]time.Time{}
		}
		out[r.Pattern][r.PersonID] = r.Until
	}
	return out, err
}

func (m *Module) lookIn(ctx context.Context, office int64, from, at time.Time, known Known) ([]Flag, error) {
	events, err := pg.Many[Event](ctx, m.db, sqlOfficeEvents, office, from, at, MostEvents)
	if err != nil {
		return nil, err
	}
	rows, err := pg.Many[struct {
		Module, Object             string
		ObjectID, UnitID, HolderID int64
		Since                      time.Time
		DueAt                      *time.Time
	}](ctx, m.db, sqlOfficeOpen, office)
	open := make([]Open, len(rows))
	for i, r := range rows {
		open[i] = Open{Case{r.Module, r.Object, r.ObjectID}, r.UnitID, r.HolderID, r.Since, r.DueAt}
	}
	return FlagsIn(events, open, at, known), err
}

// lookForPairs finds the pairs of the city, also of two offices.
func (m *Module) lookForPairs(ctx context.Context, from, at time.Time, known Known) ([]Flag, error) {
	mutual, err := pg.Many[pair](ctx, m.db, sqlMutual, from, pairEach)
	if err != nil || len(mutual) == 0 {
		return nil, err
	}
	people, others := columns(mutual)
	orders, err := pg.Many[Event](ctx, m.db, sqlOrdersOf, append(people, others...), from, at, objectOrder)
	// Of others not all orders are there.
	return slices.DeleteFunc(PairFlags(known.fresh(Pair, orders)), func(f Flag) bool { return !slices.Contains(mutual, pair{f.PersonID, f.OtherID}) }), err
}

// merged makes one flag of those of one pattern of the same people.
func merged(all []Flag) (out []Flag) {
	for _, f := range all {
		i := slices.IndexFunc(out, func(g Flag) bool {
			return g.Pattern == f.Pattern && g.PersonID == f.PersonID && g.OtherID == f.OtherID
		})
		if i < 0 {
			out = append(out, f)
			continue
		}
		g := &out[i]
		g.N, g.Text, g.Events = g.N+f.N, g.Text+" "+f.Text, append(g.Events, f.Events...)
		g.From, g.To = earlier(g.From, f.From), later(g.To, f.To)
		g.Events = g.Events[:min(len(g.Events), listed)]
	}
	slices.SortFunc(out, func(a, b Flag) int {
		return cmp.Or(cmp.Compare(a.Pattern, b.Pattern), cmp.Compare(a.PersonID, b.PersonID), cmp.Compare(a.OtherID, b.OtherID))
	})
	return out
}

func (m *Module) saveFlags(ctx context.Context, all []Flag, at time.Time) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		kept := []int64{}
		for _, f := range all {
			events := f.Events
			if events == nil {
				events = []int64{} // of a desk there are cases, no entries
			}
			row, err := pg.One[struct {
				ID    int64
				Fresh bool
			}](ctx, tx, sqlSaveFlag, f.Pattern, f.PersonID, f.OtherID, f.N, f.Text, events, f.From, f.To, at)
			if err != nil && errs.KindOf(err) == errs.NotFound {
				continue // nobody who ever had a seat
			}
			if err != nil {
				return err
			}
			kept = append(kept, row.ID)
			if row.Fresh {
				if err := m.tellFlag(ctx, tx, row.ID, 0, []int64{f.PersonID, f.OtherID}, "Ada pola pada pekerjaan Anda yang perlu penjelasan", "Anda yang pertama melihatnya. Buka dan jelaskan.", at); err != nil {
					return err
				}
			}
		}
		return pg.Exec(ctx, tx, sqlFlagGone, at, kept)
	})
}

// tellFlag queues what those whom a flag is about hear of a step of it.
func (m *Module) tellFlag(ctx context.Context, tx pgx.Tx, flag int64, seq int, people []int64, subject, text string, at time.Time) error {
	accounts, err := pg.Scalars[int64](ctx, tx, sqlAccountsOf, people)
	for _, account := range accounts {
		if err == nil {
			err = notify.Queue(ctx, tx, notify.Message{
				Topic: kuciniki.TopicWork, AccountID: account, Subject: subject, Text: text, Link: notify.Link{Label: "Buka Kuciniki", URL: fmt.Sprintf("/meja/kuciniki/pola/%d", flag)}, At: at,
				Key: fmt.Sprintf("kuciniki:pola-%d-%d:%d", flag, seq, account),
			})
		}
	}
	return err
}
