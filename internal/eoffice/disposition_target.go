package eoffice

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// targetDesk is a desk that orders may go to, as far as the rules ask.
type targetDesk struct {
	ID, UnitID int64
	Title      string
	Kind       string
	Ancestors  []int64 // of its unit
	Held       bool    // somebody sits there now
	Reader     bool    // may open the letter already
}

// targets is what the rules rest on that say who may give an order to whom.
type targets struct {
	posts   map[int64]targetDesk
	lines   map[int64][]int64 // who is above a desk, the nearest first
	givers  []int64           // who gave what is carried out here
	office  Office            // of the giver
	instead map[int64]string  // whom to take where nobody sits
	copies  []plannedOrder    // for those who are passed over
}

// Who is above desks: the superior, else the head of the unit, else of the nearest one above.
const sqlLines = `
WITH RECURSIVE up AS (
	SELECT p.id AS desk, p.id, p.unit_id, p.superior_id, 0 AS n FROM org_position p WHERE p.id = ANY($1)
	UNION ALL
	SELECT up.desk, b.id, b.unit_id, b.superior_id, up.n + 1
	FROM up JOIN org_position b ON b.id = COALESCE(up.superior_id, (
		SELECT k.id FROM org_unit me, org_position k JOIN org_unit ku ON ku.id = k.unit_id
		WHERE me.id = up.unit_id AND k.unit_id = ANY(me.ancestors) AND k.kind = 'kepala' AND k.valid_to IS NULL AND k.id <> up.id
		ORDER BY array_length(ku.ancestors, 1) DESC LIMIT 1))
	WHERE up.n < 10)
SELECT desk, id FROM up WHERE n > 0 ORDER BY desk, n`

const sqlTargetDesks = `
SELECT p.id, p.unit_id, p.title, p.kind, u.ancestors,
	EXISTS (SELECT FROM eoffice_seat s WHERE s.position_id = p.id AND s.starts_at <= $3 AND (s.ends_at IS NULL OR s.ends_at > $3)) AS held,
	EXISTS (SELECT FROM eoffice_reader r WHERE r.letter_id = $2 AND r.position_id = p.id) AS reader
FROM org_position p JOIN org_unit u ON u.id = p.unit_id
WHERE p.id = ANY($1) AND (p.valid_to IS NULL OR p.valid_to > ($3 AT TIME ZONE 'Asia/Makassar')::date)`

const sqlGivers = `
WITH RECURSIVE up AS (
	SELECT parent_id, from_id FROM eoffice_disposition WHERE id = $1
	UNION ALL SELECT d.parent_id, d.from_id FROM eoffice_disposition d JOIN up ON d.id = up.parent_id)
SELECT from_id FROM up`

// targets reads what the rules need to know of the desks of g, and of those above them.
func (m *Module) targets(ctx context.Context, q pg.Querier, from giver, g Giving) (t targets, err error) {
	ids := []int64{from.desk.ID}
	for _, o := range g.Orders {
		ids = append(ids, o.To)
	}
	up, err := pg.Many[struct{ Desk, ID int64 }](ctx, q, sqlLines, ids)
	if err != nil {
		return t, err
	}
	t = targets{posts: map[int64]targetDesk{}, lines: map[int64][]int64{}, instead: map[int64]string{}}
	for _, u := range up {
		t.lines[u.Desk] = append(t.lines[u.Desk], u.ID)
		ids = append(ids, u.ID)
	}
	found, err := pg.Many[targetDesk](ctx, q, sqlTargetDesks, ids, from.letter.ID, from.mo.Now)
	if err != nil {
		return t, err
	}
	for _, p := range found {
		t.posts[p.ID] = p
	}
	if from.parent != nil {
		if t.givers, err = pg.Scalars[int64](ctx, q, sqlGivers, from.parent.ID); err != nil {
			return t, err
		}
	}
	unit, err := pg.Scalar[int64](ctx, q, sqlOfficeOf, from.desk.ID)
	if err != nil {
		return t, err
	}
	if t.office, err = officeOf(ctx, q, unit); err != nil {
		return t, err
	}
	return t, t.standIns(ctx, q, g, from.mo.Now)
}

// standIns finds whom to take instead of desks at which nobody sits.
func (t *targets) standIns(ctx context.Context, q pg.Querier, g Giving, at time.Time) error {
	for _, o := range g.Orders {
		p, ok := t.posts[o.To]
		if !ok || p.Held {
			continue
		}
		h, err := org.NearestHead(ctx, q, p.UnitID, at)
		switch {
		case err == nil:
			t.instead[p.ID] = h.Title + " (" + h.Name + ")"
		case errs.KindOf(err) == errs.NotFound:
			t.instead[p.ID] = "jabatan lain"
		default:
			return err
		}
	}
	return nil
}

// reach tells who is passed over when the giver gives an order to a desk, or why that cannot
// be. Orders go to who is directly below, to functional officials in the giver's unit, and
// past others to who is further below.
func (t *targets) reach(from giver, to targetDesk) (over []post, refusal string) {
	switch {
	case to.ID == from.desk.ID:
		return nil, "Disposisi tidak diberikan kepada jabatan sendiri."
	case slices.Contains(t.givers, to.ID):
		return nil, to.Title + " sudah memberi disposisi di atas ini. Disposisi tidak boleh berputar kembali; laporkan hasilnya atau mohon arahan."
	case slices.Contains(t.lines[from.desk.ID], to.ID):
		return nil, to.Title + " adalah atasan Anda. Disposisi hanya diberikan kepada bawahan."
	case !to.Held:
		return nil, to.Title + " sedang tidak ada pemangkunya. Pilih " + t.instead[to.ID] + "."
	}
	line, giver := t.lines[to.ID], t.posts[from.desk.ID]
	n := slices.Index(line, from.desk.ID)
	leads := giver.Kind != org.PositionFunctional && giver.Kind != org.PositionClerk
	switch {
	case leads && to.Kind == org.PositionFunctional && slices.Contains(to.Ancestors, giver.UnitID):
		return nil, ""
	case n < 0:
		return nil, to.Title + " bukan bawahan Anda. Untuk jabatan di luar itu, buat nota dinas."
	}
	for _, id := range line[:n] {
		over = append(over, post{id, t.posts[id].Title})
	}
	return over, ""
}

// mayKnow tells why the letter's secrecy keeps it from a desk; "" when it does not.
func (t *targets) mayKnow(from giver, to targetDesk, admit bool) string {
	switch from.letter.Secrecy {
	case Restricted:
		if !slices.Contains(to.Ancestors, t.office.UnitID) {
			return "Naskah terbatas hanya didisposisikan di dalam " + t.office.Name + "; " + to.Title + " di luar itu."
		}
	case Secret:
		switch {
		case to.Reader || admit && from.parent == nil:
		case from.parent == nil:
			return to.Title + " belum berhak membuka naskah rahasia ini. Centang “beri hak membuka” bila memang perlu."
		default:
			return to.Title + " belum berhak membuka naskah rahasia ini. Mintalah penerima naskah memberinya hak."
		}
	}
	return ""
}

// passedOver plans the copies for those who are passed over, where secrecy lets them know.
func (t *targets) passedOver(from giver, over []post, to targetDesk, reason string) {
	for _, o := range over {
		p, ok := t.posts[o.ID]
		planned := slices.ContainsFunc(t.copies, func(c plannedOrder) bool { return c.To == o.ID })
		if !ok || planned || slices.Contains(t.givers, o.ID) || t.mayKnow(from, p, false) != "" {
			continue
		}
		t.copies = append(t.copies, plannedOrder{title: p.Title, unit: p.UnitID, NewOrder: NewOrder{
			To: o.ID, ForInfo: true, Instructions: []string{forInformation}, Note: "Diteruskan langsung kepada " + to.Title + ": " + reason,
		}})
	}
}

// Choices are what the form of a desk's orders offers.
type Choices struct {
	Desks        []Place  // those directly below, then functional officials of the unit
	Instructions []string // to tick
}

const sqlSubordinates = placeRows + `
JOIN org_position me ON me.id = $1
WHERE p.id <> me.id AND p.id IS DISTINCT FROM me.superior_id AND u.kind NOT IN ('rw', 'rt')
	AND (p.valid_to IS NULL OR p.valid_to > ($2 AT TIME ZONE 'Asia/Makassar')::date)
	AND (p.superior_id = me.id
		OR p.superior_id IS NULL AND me.kind = 'kepala' AND (p.unit_id = me.unit_id OR p.kind = 'kepala' AND u.parent_id = me.unit_id)
		OR p.kind = 'fungsional' AND me.kind NOT IN ('fungsional', 'pelaksana') AND (p.unit_id = me.unit_id OR u.parent_id = me.unit_id))
ORDER BY p.superior_id IS DISTINCT FROM me.id, array_position(ARRAY['kepala', 'sekretaris', 'struktural', 'fungsional', 'pelaksana'], p.kind), p.title, p.id
LIMIT 300`

// Choices are those of a desk at which the actor sits or is a deputy.
func (m *Module) Choices(ctx context.Context, a authz.Actor, positionID int64) (c Choices, err error) {
	defer errs.In(&err, "eoffice.Choices(%d)", positionID)
	mine, err := m.Seats(ctx, a)
	if err != nil {
		return c, err
	}
	others, err := m.Deputed(ctx, a)
	if err != nil {
		return c, err
	}
	mine = append(mine, others...)
	at := slices.IndexFunc(mine, func(s Seat) bool { return s.PositionID == positionID })
	if at < 0 {
		return c, errs.New(errs.NotFound, "Ini bukan meja Anda.")
	}
	if c.Desks, err = pg.Many[Place](ctx, m.db, sqlSubordinates, positionID, m.now()); err != nil {
		return c, err
	}
	c.Instructions, err = instructionsOf(ctx, m.db, mine[at].UnitID)
	return c, err
}

// Admit lets a desk open a secret letter from now on; only the letter's addressee does, and
// it is on record.
func (m *Module) Admit(ctx context.Context, a authz.Actor, recipientID, positionID int64) (err error) {
	defer errs.In(&err, "eoffice.Admit(%d, %d)", recipientID, positionID)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		r, err := pg.One[Recipient](ctx, tx, sqlRecipient, recipientID)
		if err != nil {
			return absent(err)
		}
		c, mo, err := m.seen(ctx, tx, a, r.LetterID)
		if err != nil {
			return err
		}
		if !r.RolesOf(mo).Has(AsAddressee) || c.ClosenessOf(mo) != Named {
			return errNoLetter
		}
		if c.Secrecy != Secret || r.Copy() {
			return errs.New(errs.Conflict, "Hak membuka hanya diberikan untuk naskah rahasia, oleh penerimanya.")
		}
		found, err := pg.Many[targetDesk](ctx, tx, sqlTargetDesks, []int64{positionID}, c.ID, mo.Now)
		switch {
		case err != nil:
			return err
		case len(found) == 0 || !found[0].Held:
			return errs.Invalid(errs.Field{Name: ControlTarget, Message: "Pilih jabatan yang ada pemangkunya."})
		case found[0].Reader:
			return nil
		}
		if err := pg.Exec(ctx, tx, sqlShow, c.ID, []int64{positionID}, mo.Now, "ditambahkan"); err != nil {
			return err
		}
		if err := m.admit(ctx, tx, mo, &c, positionID); err != nil {
			return err
		}
		return m.tellDesk(ctx, tx, positionID, mo.Now, &c, said{"Naskah untuk Anda"}, eventKey("akses", c.ID, int(positionID)))
	})
}
