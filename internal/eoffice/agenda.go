package eoffice

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/eoffice/text"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Controls of the form of a diary entry; the place is [ControlPlace].
const (
	ControlOn     = "hari"
	ControlBegins = "pukul"
	ControlEnds   = "selesai"
)

// Plan is when and where something is to which a letter invites.
type Plan struct {
	Start, End time.Time // the end zero where it is open
	Place      string
}

var (
	planDay   = regexp.MustCompile(`(?i)tanggal[^0-9\n]{0,30}([0-9]{1,2})\s+(januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember)\s+([0-9]{4})`)
	planHours = regexp.MustCompile(`(?i)pukul[\s|:]*([0-9]{1,2})[.:]([0-9]{2})(?:\s*(?:wita)?\s*(?:-|–|—|s\.?\s?d\.?|sampai(?:\s+dengan)?)\s*([0-9]{1,2})[.:]([0-9]{2}))?`)
	planPlace = regexp.MustCompile(`(?i)(?:^|\n)\s*(?:tempat|bertempat di)[\s|:]+([^\n|]{2,200})`)
)

// PlanIn finds in the body of an invitation when and where it invites to, as far as it says
// so in the fields of its kind: "Hari, tanggal", "Pukul", "Tempat".
func PlanIn(body string) (p Plan) {
	plain := text.ToPlain(body)
	if d := planDay.FindStringSubmatch(plain); d != nil {
		day, _ := strconv.Atoi(d[1])
		year, _ := strconv.Atoi(d[3])
		for month := time.January; month <= time.December; month++ {
			if strings.EqualFold(indo.Month(month), d[2]) {
				p.Start = time.Date(year, month, day, 0, 0, 0, 0, clock.Makassar)
			}
		}
		if p.Start.Day() != day { // there is no such day
			p.Start = time.Time{}
		}
	}
	if h := planHours.FindStringSubmatch(plain); h != nil && !p.Start.IsZero() {
		p.Start, p.End = p.Start.Add(clockTime(h[1], h[2])), time.Time{}
		if h[3] != "" {
			day := time.Date(p.Start.Year(), p.Start.Month(), p.Start.Day(), 0, 0, 0, 0, clock.Makassar)
			if end := day.Add(clockTime(h[3], h[4])); end.After(p.Start) {
				p.End = end
			}
		}
	}
	if m := planPlace.FindStringSubmatch(plain); m != nil && !strings.Contains(m[1], "[…]") {
		p.Place = strings.TrimRight(strings.Join(strings.Fields(m[1]), " "), ".")
	}
	return p
}

func clockTime(hours, minutes string) time.Duration {
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi(minutes)
	return time.Duration(min(h, 23))*time.Hour + time.Duration(min(m, 59))*time.Minute
}

// Entry is what stands in the diary of a desk because of a letter. Of a letter that its
// reader may not open, and of a confidential one, there is only when and whose it is.
type Entry struct {
	RecipientID int64
	LetterID    int64
	Desk        string // title
	KindCode    string
	Start       time.Time
	End         *time.Time
	Subject     string
	Place       string
	Secrecy     Secrecy
	Attend      []string // titles of who goes in the desk's place; empty: its holder
	Version     int
	Open        bool // the reader may open the letter
}

// What an order says that lets somebody go in the giver's place.
var standsFor = []string{"Wakili dan laporkan hasilnya", "Hadiri dan laporkan hasilnya"}

const entryColumns = `
SELECT g.recipient_id, l.id AS letter_id, p.title AS desk, l.kind_code, g.starts_at AS start, g.ends_at AS "end", l.secrecy, g.version,
	CASE WHEN l.secrecy IN ('B', 'T') THEN l.subject ELSE '' END AS subject, g.place,
	ARRAY(SELECT t.title FROM eoffice_disposition d JOIN org_position t ON t.id = d.to_id
		WHERE d.recipient_id = g.recipient_id AND d.parent_id IS NULL AND d.status NOT IN ('dibatalkan', 'ditolak', 'ditutup') AND d.instructions && $1::text[] ORDER BY d.id) AS attend,`

const entryFrom = `
FROM eoffice_agenda g JOIN eoffice_recipient r ON r.id = g.recipient_id JOIN eoffice_letter l ON l.id = r.letter_id JOIN org_position p ON p.id = r.position_id`

const (
	sqlEntryOf = entryColumns + ` true AS open` + entryFrom + ` WHERE g.recipient_id = $2`

	sqlWeek = entryColumns + ` l.secrecy IN ('B', 'T') AND ($5::text[] IS NULL OR eoffice_access(l.id) && $5::text[]) AS open` + entryFrom + `
WHERE g.unit_id = $2 AND g.starts_at >= $3 AND g.starts_at < $4 AND l.status <> 'dicabut' AND r.status <> 'dikembalikan' ORDER BY g.starts_at, g.recipient_id LIMIT 500`

	sqlSealedPlace = `SELECT place, place_sealed FROM eoffice_agenda WHERE recipient_id = $1`

	sqlPlan = `
INSERT INTO eoffice_agenda (recipient_id, unit_id, starts_at, ends_at, place, place_sealed, made_by, made_at) SELECT $1, $3, $4, $5, $6, $7, $8, $9 WHERE $2::integer = 0
ON CONFLICT (recipient_id) DO NOTHING`

	sqlReplan = `
UPDATE eoffice_agenda SET starts_at = $4, ends_at = $5, place = $6, place_sealed = $7, made_by = $8, made_at = $9, version = version + 1
WHERE recipient_id = $1 AND version = $2 AND unit_id = $3`

	sqlUnplan = `DELETE FROM eoffice_agenda WHERE recipient_id = $1`

	sqlOpenPlaces = `SELECT g.recipient_id AS id, g.place AS text FROM eoffice_agenda g JOIN eoffice_recipient r ON r.id = g.recipient_id WHERE r.letter_id = $1 AND g.place <> ''`
	sqlSealPlace  = `UPDATE eoffice_agenda SET place = '', place_sealed = $2 WHERE recipient_id = $1`
)

// invites tells whether a letter of a kind asks somebody to be somewhere.
func invites(code string) bool {
	k, ok := kind.ByCode(code)
	return ok && k.Event
}

// MayPlan tells whether the reader keeps the diary of a recipient's desk about the letter.
func (d *Detail) MayPlan(r Recipient) bool {
	return d.See == Whole && invites(d.KindCode) && d.Status != Revoked && !r.Copy() && r.SentAt != nil && d.Moment.WorksAt(r.PositionID)
}

// planning is a recipient whose desk's diary the actor keeps.
func (m *Module) planning(ctx context.Context, tx pgx.Tx, a authz.Actor, recipientID int64) (c Case, r Recipient, err error) {
	if _, err := pg.Scalar[int64](ctx, tx, sqlKeepRecipientsLetter, recipientID); err != nil {
		return c, r, absent(err)
	}
	if r, err = pg.One[Recipient](ctx, tx, sqlRecipient, recipientID); err != nil {
		return c, r, absent(err)
	}
	c, mo, err := m.seen(ctx, tx, a, r.LetterID)
	if err != nil {
		return c, r, err
	}
	d := Detail{Case: c, See: c.ViewOf(mo), Moment: mo}
	if !d.MayPlan(r) {
		return c, r, errNoLetter
	}
	return c, r, nil
}

// SavePlan puts what a letter invites to into the diary of the desk that it came to. version
// is that of the entry which was shown, 0 for none; another save in between is errs.Conflict.
func (m *Module) SavePlan(ctx context.Context, a authz.Actor, recipientID int64, version int, p Plan) (err error) {
	defer errs.In(&err, "eoffice.SavePlan(%d)", recipientID)
	p.Place = strings.Join(strings.Fields(p.Place), " ")
	var wrong []errs.Field
	now := m.now()
	switch {
	case p.Start.IsZero():
		wrong = append(wrong, errs.Field{Name: ControlOn, Message: "Tulis harinya."})
	case p.Start.Before(now.AddDate(-1, 0, 0)) || p.Start.After(now.AddDate(2, 0, 0)):
		wrong = append(wrong, errs.Field{Name: ControlOn, Message: "Hari itu terlalu jauh. Periksa tahunnya."})
	}
	if !p.End.IsZero() && !p.End.After(p.Start) {
		wrong = append(wrong, errs.Field{Name: ControlEnds, Message: "Selesainya harus sesudah mulainya."})
	}
	if utf8.RuneCountInString(p.Place) > 200 {
		wrong = append(wrong, errs.Field{Name: ControlPlace, Message: "Paling banyak 200 huruf."})
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, r, err := m.planning(ctx, tx, a, recipientID)
		if err != nil {
			return err
		}
		sql := sqlReplan
		if version == 0 {
			sql = sqlPlan
		}
		var end *time.Time
		if !p.End.IsZero() {
			end = &p.End
		}
		place := m.words(c.Secrecy, p.Place)
		err = pg.Changed(tx.Exec(ctx, sql, recipientID, version, r.UnitID, p.Start, end, place.Text, place.Sealed, a.AccountID, now))
		if err != nil && errs.KindOf(err) == errs.Conflict {
			return errs.New(errs.Conflict, "Agenda ini baru saja diubah orang lain. Muat ulang halaman untuk melihatnya.")
		}
		if err != nil {
			return err
		}
		return m.planned(ctx, tx, a, "eoffice.agenda.save", &c, recipientID)
	})
}

// DropPlan takes an entry out of the diary. Twice is once.
func (m *Module) DropPlan(ctx context.Context, a authz.Actor, recipientID int64) (err error) {
	defer errs.In(&err, "eoffice.DropPlan(%d)", recipientID)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, _, err := m.planning(ctx, tx, a, recipientID)
		if err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlUnplan, recipientID); err != nil {
			return err
		}
		return m.planned(ctx, tx, a, "eoffice.agenda.drop", &c, recipientID)
	})
}

func (m *Module) planned(ctx context.Context, tx pgx.Tx, a authz.Actor, action string, c *Case, recipientID int64) error {
	return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: action, Object: object, ObjectID: c.ID, UnitID: c.UnitID, Detail: map[string]any{"kiriman": recipientID}})
}

// EntryOf is what stands in the diary of a recipient's desk, nil where nothing does; it is
// for who keeps it.
func (m *Module) EntryOf(ctx context.Context, d *Detail, r Recipient) (_ *Entry, err error) {
	defer errs.In(&err, "eoffice.EntryOf(%d)", r.ID)
	if !d.MayPlan(r) {
		return nil, nil
	}
	e, err := pg.One[Entry](ctx, m.db, sqlEntryOf, standsFor, r.ID)
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return nil, nil
		}
		return nil, err
	}
	place, err := pg.One[struct {
		Place       string
		PlaceSealed []byte
	}](ctx, m.db, sqlSealedPlace, r.ID)
	if err != nil {
		return nil, err
	}
	e.Place, err = m.said(Words{place.Place, place.PlaceSealed})
	return &e, err
}

const sqlDiaries = `
SELECT DISTINCT o.id, o.name, o.id = ANY($3) AS mine FROM org_unit u CROSS JOIN LATERAL (
	SELECT o.id, o.name FROM unnest(u.ancestors) WITH ORDINALITY a (id, n) JOIN org_unit o ON o.id = a.id WHERE ` + isOffice + ` ORDER BY a.n DESC LIMIT 1) o
WHERE u.id = ANY($1) OR u.ancestors && $2 AND EXISTS (SELECT FROM eoffice_agenda g WHERE g.unit_id = u.id) ORDER BY mine DESC, name, id LIMIT 300`

// Diaries are the offices whose diary the actor may read: those at whose desks they sit,
// their own first, and those of which they are tata usaha or read what is open.
func (m *Module) Diaries(ctx context.Context, a authz.Actor) (_ []SetUnit, err error) {
	defer errs.In(&err, "eoffice.Diaries")
	mine, err := m.Seats(ctx, a)
	if err != nil {
		return nil, err
	}
	units := []int64{}
	for _, s := range mine {
		units = append(units, s.UnitID)
	}
	list, err := pg.Many[struct {
		ID   int64
		Name string
		Mine bool
	}](ctx, m.db, sqlDiaries, units, append(listOf(a.Units(PermRegister)), a.Units(PermUnitView)...), units)
	out := make([]SetUnit, len(list))
	for i, o := range list {
		out[i] = SetUnit{o.ID, o.Name}
	}
	return out, err
}

// Week lists what stands in the diaries of an office's desks in the seven days from a moment
// on. Another office is errs.NotFound.
func (m *Module) Week(ctx context.Context, a authz.Actor, unitID int64, from time.Time) (_ []Entry, err error) {
	defer errs.In(&err, "eoffice.Week(%d)", unitID)
	may, err := m.Diaries(ctx, a)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(may, func(u SetUnit) bool { return u.ID == unitID }) {
		return nil, errs.New(errs.NotFound, "Agenda ini bukan milik kantor Anda.")
	}
	who, err := m.finder(ctx, a, false)
	if err != nil {
		return nil, err
	}
	list, err := pg.Many[Entry](ctx, m.db, sqlWeek, standsFor, unitID, from, from.AddDate(0, 0, 7), who.all)
	for i := range list {
		if !list[i].Open {
			list[i].Subject, list[i].Place = "", ""
		}
	}
	return list, err
}
