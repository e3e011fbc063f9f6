package misconduct

import (
	"context"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// inReach is the condition that case c is the actor's to read: they hold the permission there
// ($1 are its roots) and work there ($2 are the units of their posts).
const inReach = `
EXISTS (SELECT FROM org_unit u WHERE u.id = c.unit_id AND u.ancestors && $1::bigint[])
AND EXISTS (SELECT FROM org_unit w WHERE w.id = ANY ($2::bigint[]) AND w.ancestors @> ARRAY[c.unit_id])`

const (
	sqlList = `
SELECT c.ref, c.status, c.outcome, c.waiting, c.came_on, c.changed_on FROM mtr_misconduct c
WHERE ` + inReach + ` AND ($3 = '' OR c.status = $3) AND ($4 = '' OR c.id < (SELECT b.id FROM mtr_misconduct b WHERE b.ref = $4))
ORDER BY c.id DESC LIMIT $5`

	sqlCounts = `
SELECT c.status, count(*)::int AS n, count(*) FILTER (WHERE c.waiting)::int AS waiting FROM mtr_misconduct c WHERE ` + inReach + ` GROUP BY c.status`

	sqlByRef = `SELECT ` + caseColumns + ` FROM mtr_misconduct c WHERE ` + inReach + ` AND c.ref = $3`

	sqlByRefForUpdate = sqlByRef + ` FOR UPDATE OF c`

	sqlFile = `SELECT content_type, content_sealed FROM mtr_misconduct_file WHERE id = $1 AND case_id = $2`

	// Whoever may read is told, by their post or by their account.
	sqlReaders = `
SELECT DISTINCT n.account_id FROM org_occupancy o
JOIN org_position p ON p.id = o.position_id JOIN org_unit w ON w.id = p.unit_id
JOIN org_person n ON n.id = o.person_id
WHERE o.during @> $2::timestamptz AND w.ancestors @> ARRAY[$1::bigint] AND n.account_id IS NOT NULL
	AND EXISTS (SELECT FROM authz_grant g JOIN authz_role_permission x ON x.role_id = g.role_id
		JOIN org_unit u ON u.id = $1::bigint AND g.unit_id = ANY (u.ancestors)
		WHERE (g.position_id = p.id OR g.account_id = n.account_id) AND x.permission = 'mtr.misconduct'
			AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to > $2))
ORDER BY 1`
)

const object = "mtr_misconduct"

// Topic of the only message that the channel sends: that there is something to read.
var Topic = notify.RegisterTopic(notify.Topic{
	Code: "mtr_pelanggaran", Name: "Kanal pelanggaran pegawai", Hint: "Ada yang perlu dibaca di kanal tertutup Inspektorat.", Staff: true})

// tell says that there is something to read, and nothing of what it is.
func (m *Module) tell(ctx context.Context, tx pgx.Tx, ref string, seq int, unit int64) error {
	now := m.d.Clock.Now()
	readers, err := pg.Scalars[int64](ctx, tx, sqlReaders, unit, now)
	if err != nil {
		return err
	}
	for _, account := range readers {
		err := notify.Queue(ctx, tx, notify.Message{
			Topic: Topic, AccountID: account, Subject: "Ada yang perlu dibaca di ruang kerja Anda", At: now,
			Text: "Buka ruang kerja Inspektorat untuk membacanya.", Link: notify.Link{Label: "Buka ruang kerja", URL: "/meja/mtr/pelanggaran"},
			Key: "pelanggaran:" + ref + ":" + strconv.Itoa(seq) + ":" + strconv.FormatInt(account, 10),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func workplaces(a authz.Actor) []int64 {
	out := []int64{}
	for _, p := range a.Positions {
		out = append(out, p.UnitID)
	}
	return out
}

// Count is how many cases stand at a status, and in how many the sender wrote last.
type Count struct {
	Status     Status
	N, Waiting int
}

// Counts of the actor's cases, in the order of the work. Nobody's are empty.
func (m *Module) Counts(ctx context.Context, a authz.Actor) (out []Count, err error) {
	defer errs.In(&err, "misconduct.Counts")
	rows, err := pg.Many[Count](ctx, m.d.DB, sqlCounts, a.Units(PermRead), workplaces(a))
	for _, s := range Statuses {
		c := Count{Status: s}
		if i := slices.IndexFunc(rows, func(r Count) bool { return r.Status == s }); i >= 0 {
			c = rows[i]
		}
		out = append(out, c)
	}
	return out, err
}

// List is the newest cases at a status ("" = any), those before a ref ("" = from the newest),
// at most limit.
func (m *Module) List(ctx context.Context, a authz.Actor, s Status, before string, limit int) (_ []Item, err error) {
	defer errs.In(&err, "misconduct.List")
	return pg.Many[Item](ctx, m.d.DB, sqlList, a.Units(PermRead), workplaces(a), s, before, limit)
}

// View is a case with all that was written. Looking is on record. Out of reach: errs.NotFound.
func (m *Module) View(ctx context.Context, a authz.Actor, ref string) (_ Case, err error) {
	defer errs.In(&err, "misconduct.View")
	r, err := pg.One[row](ctx, m.d.DB, sqlByRef, a.Units(PermRead), workplaces(a), ref)
	if err != nil {
		return Case{}, err
	}
	if err := m.onRecord(ctx, m.d.DB, a, "read", r); err != nil {
		return Case{}, err
	}
	return m.open(ctx, r, true)
}

func (m *Module) onRecord(ctx context.Context, q pg.Querier, a authz.Actor, act string, r row) error {
	return audit.Write(ctx, q, a, m.d.Clock.Now(), audit.Entry{Action: "mtr.misconduct." + act, Object: object, ObjectID: r.ID, UnitID: r.UnitID})
}

// OpenFile is a file of a case, opened. Looking is on record. Out of reach: errs.NotFound.
func (m *Module) OpenFile(ctx context.Context, a authz.Actor, ref string, id int64) (contentType string, data []byte, err error) {
	defer errs.In(&err, "misconduct.OpenFile")
	r, err := pg.One[row](ctx, m.d.DB, sqlByRef, a.Units(PermRead), workplaces(a), ref)
	if err != nil {
		return "", nil, err
	}
	type sealed struct {
		ContentType   string
		ContentSealed []byte
	}
	f, err := pg.One[sealed](ctx, m.d.DB, sqlFile, id, r.ID)
	if err != nil {
		return "", nil, err
	}
	if err := m.onRecord(ctx, m.d.DB, a, "read_file", r); err != nil {
		return "", nil, err
	}
	plain, err := m.d.Box.Open(f.ContentSealed, contextOf(ref))
	return f.ContentType, []byte(plain), err
}

// Act is what the desk does to a case: Seq is the last entry that was seen.
type Act struct {
	Ref     string
	Seq     int
	Action  Action
	Body    string
	Outcome Outcome // of ActClose
}

// Do answers, notes, takes up, closes or reopens. What somebody else or the sender wrote since
// makes it errs.Conflict; out of reach is errs.NotFound.
func (m *Module) Do(ctx context.Context, a authz.Actor, in Act) (err error) {
	defer errs.In(&err, "misconduct.Do(%s)", in.Action)
	return pg.InTx(ctx, m.d.DB, func(tx pgx.Tx) error {
		r, err := pg.One[row](ctx, tx, sqlByRefForUpdate, a.Units(PermRead), workplaces(a), in.Ref)
		if err != nil {
			return err
		}
		if in.Seq != r.Seq {
			return errs.New(errs.Conflict, "Laporan ini baru saja bertambah. Baca dulu yang baru, lalu putuskan lagi.")
		}
		to, err := next(r.Status, in.Action)
		if err != nil || in.Action.BySender() {
			return orImpossible(err)
		}
		text, wrong := in.check()
		if len(wrong) > 0 {
			return errs.Invalid(wrong...)
		}
		outcome := Outcome("")
		if to == Closed {
			outcome = r.Outcome
		}
		if in.Action == ActClose {
			outcome = in.Outcome
		}
		if err := m.move(ctx, tx, r, to, outcome, r.Waiting && in.Action == ActNote); err != nil {
			return err
		}
		if err := m.write(ctx, tx, r.ID, r.Ref, r.Seq+1, in.Action, text, a.AccountID, nil); err != nil {
			return err
		}
		return m.onRecord(ctx, tx, a, deeds[in.Action], r)
	})
}

func orImpossible(err error) error {
	if err == nil {
		return errs.New(errs.BadRequest, "")
	}
	return err
}

// deeds are the acts as the trail names them.
var deeds = map[Action]string{ActReview: "review", ActAnswer: "answer", ActNote: "note", ActClose: "close", ActReopen: "reopen"}

func (in Act) check() (text string, wrong []errs.Field) {
	text = words(in.Body)
	if in.Action == ActClose && !slices.Contains(Outcomes, in.Outcome) {
		wrong = append(wrong, errs.Field{Name: ControlOutcome, Message: "Pilih hasilnya."})
	}
	switch n := utf8.RuneCountInString(text); {
	case n == 0 && in.Action != ActReview:
		wrong = append(wrong, errs.Field{Name: ControlBody, Message: "Tulis isinya."})
	case n > MaxBody:
		wrong = append(wrong, errs.Field{Name: ControlBody, Message: "Ringkas menjadi paling banyak 8.000 huruf."})
	}
	return text, wrong
}
