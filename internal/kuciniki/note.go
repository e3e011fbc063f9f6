package kuciniki

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// Note is feedback on somebody's work, or what a dialogue came to.
type Note struct {
	ID         int64
	Kind       string // [Feedback] or [Talk]
	ByID       int64  // person
	By         string
	Title      string
	Value      Value // that it is about, or ""
	Rating     Rating
	TextSealed []byte
	Text       string `db:"-"`
	At         time.Time
}

// The kinds of notes.
const (
	Feedback = "umpan_balik"
	Talk     = "dialog"
)

// Controls of a note.
const (
	ControlNote   = "catatan"
	ControlValue  = "nilai"
	ControlRating = "penilaian"
)

const sqlNotes = `
SELECT t.id, t.kind, t.by_id, n.name AS by, t.title, t.value, t.rating, t.text_sealed, t.at FROM kuciniki_note t JOIN org_person n ON n.id = t.by_id
WHERE t.skp_id = $1 AND t.at >= $2 AND t.at < $3 ORDER BY t.at DESC, t.id DESC LIMIT 200`

func (m *Module) notes(ctx context.Context, q pg.Querier, skp int64, year, month int) ([]Note, error) {
	from, to := span(year, month)
	all, err := pg.Many[Note](ctx, q, sqlNotes, skp, from, to)
	for i := range all {
		if err == nil {
			all[i].Text, err = m.open(all[i].TextSealed)
		}
	}
	return all, err
}

func observed(all []Note) (out []Observed) {
	for _, n := range all {
		if n.Value != "" {
			out = append(out, Observed{n.ByID, n.Value, n.Rating})
		}
	}
	return out
}

// Subject is somebody about whom the actor may leave a note.
type Subject struct {
	SKPID  int64
	Person string
	Title  string
	Unit   string
	Mine   bool // the actor is their rater, so a dialogue may be noted
}

// Whoever works above, below or beside somebody may say how they did.
const sqlSubjects = `
SELECT s.id AS skp_id, n.name AS person, p.title, u.name AS unit, COALESCE(p.superior_id = ANY ($1::bigint[]), false) AS mine
FROM kuciniki_skp s JOIN org_occupancy o ON o.id = s.occupancy_id JOIN org_person n ON n.id = s.person_id JOIN org_position p ON p.id = s.position_id JOIN org_unit u ON u.id = p.unit_id
WHERE s.year = $3 AND s.version > 0 AND s.person_id <> $2 AND o.during @> $4::timestamptz AND ($5::bigint = 0 OR s.id = $5) AND (
	p.superior_id = ANY ($1::bigint[]) OR s.co_rater_id = ANY ($1::bigint[])
	OR p.id IN (SELECT superior_id FROM org_position WHERE id = ANY ($1::bigint[]))
	OR p.superior_id IN (SELECT superior_id FROM org_position WHERE id = ANY ($1::bigint[]) AND superior_id IS NOT NULL))
ORDER BY n.name, s.id LIMIT 300`

// Subjects lists about whom the actor may leave a note this year: who is below, beside and
// above.
func (m *Module) Subjects(ctx context.Context, a authz.Actor) (_ []Subject, err error) {
	defer errs.In(&err, "kuciniki.Subjects")
	return m.subjects(ctx, m.db, a, 0)
}

func (m *Module) subjects(ctx context.Context, q pg.Querier, a authz.Actor, skp int64) ([]Subject, error) {
	return pg.Many[Subject](ctx, q, sqlSubjects, rates(a), a.PersonID, m.Year(), m.now(), skp)
}

const sqlAddNote = `
INSERT INTO kuciniki_note (skp_id, kind, by_id, title, value, rating, text_sealed, at, entry_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (by_id, entry_key) DO NOTHING`

// Remark leaves a note about the owner of an SKP. A resend with the same key is the same
// note. The work ledger has that it was given and when, never what it says.
func (m *Module) Remark(ctx context.Context, a authz.Actor, skp int64, n Note, key string) (err error) {
	defer errs.In(&err, "kuciniki.Remark(%d)", skp)
	n.Text = strings.TrimSpace(n.Text)
	var wrong []errs.Field
	if l := utf8.RuneCountInString(n.Text); l < 10 || l > 2000 {
		wrong = append(wrong, errs.Field{Name: ControlNote, Message: "Tulis dalam 10 sampai 2.000 huruf: apa yang dikerjakan, dan apa akibatnya."})
	}
	if n.Value != "" && !slices.Contains(Values, n.Value) {
		wrong = append(wrong, errs.Field{Name: ControlValue, Message: "Pilih salah satu nilai BerAKHLAK."})
	}
	if (n.Value == "") != (n.Rating == "") || n.Rating != "" && !slices.Contains(Ratings, n.Rating) {
		wrong = append(wrong, errs.Field{Name: ControlRating, Message: "Pilih nilai BerAKHLAK dan penilaiannya bersama-sama, atau kosongkan keduanya."})
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		about, err := m.subjects(ctx, tx, a, skp)
		if err != nil {
			return err
		}
		switch {
		case len(about) == 0:
			return errs.New(errs.NotFound, "Orang ini bukan rekan kerja langsung Anda.")
		case n.Kind == Talk && !about[0].Mine:
			return errs.Invalid(errs.Field{Name: ControlKind, Message: "Dialog kinerja dicatat untuk bawahan langsung Anda. Untuk orang lain, pilih umpan balik."})
		}
		if n.Kind != Talk {
			n.Kind = Feedback
		}
		s, err := pg.One[SKP](ctx, tx, sqlSKP, skp)
		if err != nil {
			return err
		}
		at := m.now()
		if err := holdOpen(ctx, tx, s.Year, 0); err != nil {
			return err
		}
		post := a.MainPosition()
		if about[0].Mine {
			post = actingPost(a, s, AsRater)
		}
		tag, err := tx.Exec(ctx, sqlAddNote, skp, n.Kind, a.PersonID, post.Title, n.Value, n.Rating, m.seal(n.Text), at, key)
		if err != nil || tag.RowsAffected() == 0 {
			return pg.Classify(err)
		}
		if err := audit.Write(ctx, tx, a, at, audit.Entry{Action: "kuciniki.note." + n.Kind, Object: "kuciniki_skp", ObjectID: skp, UnitID: s.UnitID}); err != nil {
			return err
		}
		err = workledger.Record(ctx, tx, at, workledger.Event{Actor: a, Position: post, UnitID: post.UnitID, Module: "kuciniki", Kind: n.Kind, Object: objectSKP, ObjectID: skp, Outcome: "diberikan"})
		if err != nil {
			return err
		}
		subject := "Ada umpan balik untuk Anda"
		if n.Kind == Talk {
			subject = "Catatan dialog kinerja Anda sudah ada"
		}
		return m.tellPerson(ctx, tx, s.PersonID, "catatan-"+key, "/meja/kuciniki/umpan-balik", subject, "Buka portal untuk membacanya.")
	})
}

const sqlMyNotes = `
SELECT t.id, t.kind, t.by_id, n.name AS by, t.title, t.value, t.rating, t.text_sealed, t.at FROM kuciniki_note t JOIN org_person n ON n.id = t.by_id
JOIN kuciniki_skp s ON s.id = t.skp_id WHERE s.person_id = $1 AND s.year = $2 ORDER BY t.at DESC, t.id DESC LIMIT 100`

// Received lists the notes that the actor got in a year, the latest first.
func (m *Module) Received(ctx context.Context, a authz.Actor, year int) (_ []Note, err error) {
	defer errs.In(&err, "kuciniki.Received(%d)", year)
	all, err := pg.Many[Note](ctx, m.db, sqlMyNotes, a.PersonID, year)
	for i := range all {
		if err == nil {
			all[i].Text, err = m.open(all[i].TextSealed)
		}
	}
	return all, err
}
