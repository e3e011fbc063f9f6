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
)

// Letter is a letter of e-Office that justifies an absence.
type Letter struct {
	ID      int64
	Number  string // as the letter has it
	Signed  bool   // or registered, as it came from outside
	Revoked bool
}

// Letters finds letters of e-Office; it is the only thing that this module knows of them.
type Letters interface {
	// Letter finds a letter by its number: errs.NotFound where there is none.
	Letter(ctx context.Context, number string) (Letter, error)
	// Revoked are those of some letters that were revoked since, with when.
	Revoked(ctx context.Context, ids []int64) (map[int64]time.Time, error)
}

// Leave is days that count as if somebody had been present, by a letter.
type Leave struct {
	StaffNumber string
	First, Last time.Time
	Kind        string
	Number      string // of the letter
}

// Controls of a leave.
const (
	ControlNumber = "nip"
	ControlFirst  = "mulai"
	ControlLast   = "sampai"
	ControlLetter = "nomor"
)

// Leaves lists the kinds of leave with their names.
var Leaves = [][2]string{{"cuti", "Cuti"}, {"tugas", "Surat tugas"}, {"diklat", "Pendidikan dan pelatihan"}, {"sakit", "Sakit"}}

// NotedLeave is leave as it was noted.
type NotedLeave struct {
	ID                int64
	Person            string
	FirstDay, LastDay time.Time
	Kind              string
	Number            string
	LetterID          int64 // 0: noted before letters were looked up
	AddedBy           string
	AddedAt           time.Time
	WithdrawnBy       string // "": the portal did, as the letter was revoked
	WithdrawnAt       *time.Time
	Revoked           bool `db:"-"` // the letter was, since
}

const (
	sqlAddLeave = `
INSERT INTO kuciniki_leave (person_id, first_day, last_day, kind, number, letter_id, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (person_id, first_day, number) WHERE withdrawn_at IS NULL DO NOTHING`

	ofTheirs = `
FROM kuciniki_leave l JOIN org_person n ON n.id = l.person_id
WHERE EXISTS (SELECT FROM org_occupancy o JOIN org_position p ON p.id = o.position_id JOIN org_unit u ON u.id = p.unit_id WHERE o.person_id = l.person_id AND u.ancestors && $1::bigint[])`

	sqlNotedLeaves = `
SELECT l.id, n.name AS person, l.first_day, l.last_day, l.kind, l.number, COALESCE(l.letter_id, 0) AS letter_id, (SELECT name FROM org_person WHERE id = l.added_by) AS added_by, l.added_at,
	COALESCE((SELECT name FROM org_person WHERE id = l.withdrawn_by), '') AS withdrawn_by, l.withdrawn_at` + ofTheirs + ` ORDER BY l.id DESC LIMIT 100`

	sqlTheirLeave = `SELECT l.person_id` + ofTheirs + ` AND l.id = $2`

	sqlSameLeave = `
SELECT EXISTS (SELECT FROM kuciniki_leave WHERE person_id = $1 AND first_day = $2::date AND last_day = $3::date AND kind = $4 AND number = $5 AND withdrawn_at IS NULL)`

	sqlWithdrawLeave = `UPDATE kuciniki_leave SET withdrawn_by = $2, withdrawn_at = $3 WHERE id = $1 AND withdrawn_at IS NULL`
)

var errNotPersonnel = errs.New(errs.NotFound, "Halaman ini milik BKPSDM.")

// AddLeave notes a letter that justifies days: one that is signed in e-Office, or registered
// there as it came from outside, and not revoked. Twice is once; the same letter with another
// end or kind is said to be noted. The evidence follows within seconds: the clock stood on
// those days.
func (m *Module) AddLeave(ctx context.Context, a authz.Actor, l Leave) (err error) {
	defer errs.In(&err, "kuciniki.AddLeave")
	if !a.Has(PermPersonnel) {
		return errNotPersonnel
	}
	l.Number = strings.TrimSpace(l.Number)
	var wrong []errs.Field
	say := func(name, message string) { wrong = append(wrong, errs.Field{Name: name, Message: message}) }
	people, err := pg.Many[struct {
		ID     int64
		Number string
	}](ctx, m.db, sqlByNumber, []string{digits(l.StaffNumber)}, a.Units(PermPersonnel))
	if err != nil {
		return err
	}
	if len(people) == 0 {
		say(ControlNumber, "NIP ini tidak dikenal di unit Anda.")
	}
	if l.First.IsZero() || l.Last.Before(l.First) || l.Last.Sub(l.First) > 366*24*time.Hour {
		say(ControlLast, "Tanggal akhir sama dengan atau sesudah tanggal mulai, paling lama satu tahun.")
	}
	if !slices.ContainsFunc(Leaves, func(k [2]string) bool { return k[0] == l.Kind }) {
		say(ControlKind, "Pilih jenisnya.")
	}
	letter, why, err := m.letterOf(ctx, l.Number)
	if err != nil {
		return err
	}
	if why != "" {
		say(ControlLetter, why)
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, sqlAddLeave, people[0].ID, l.First, l.Last, l.Kind, letter.Number, letter.ID, a.PersonID, m.now())
		if err != nil {
			return pg.Classify(err)
		}
		if tag.RowsAffected() == 0 {
			same, err := pg.Scalar[bool](ctx, tx, sqlSameLeave, people[0].ID, l.First, l.Last, l.Kind, letter.Number)
			if err == nil && !same {
				err = errs.Invalid(errs.Field{Name: ControlLetter, Message: "Surat ini sudah dicatat sejak hari itu, dengan hari akhir atau jenis lain. Tarik dahulu catatan itu di bawah."})
			}
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "kuciniki.leave.add", Object: "org_person", ObjectID: people[0].ID, Detail: map[string]any{"jenis": l.Kind}})
	})
}

// letterOf is the letter of a number, or why it justifies nothing.
func (m *Module) letterOf(ctx context.Context, number string) (l Letter, why string, err error) {
	if n := utf8.RuneCountInString(number); n < 3 || n > 120 {
		return l, "Tulis nomor suratnya.", nil
	}
	switch l, err = m.letters.Letter(ctx, number); {
	case errs.KindOf(err) == errs.NotFound && err != nil:
		return l, "Surat dengan nomor ini tidak ada di e-Office. Surat dari luar dicatat dahulu sebagai surat masuk.", nil
	case err != nil:
		return l, "", err
	case l.Revoked:
		return l, "Surat ini sudah dicabut.", nil
	case !l.Signed:
		return l, "Surat ini belum ditandatangani.", nil
	}
	return l, "", nil
}

// NotedLeaves lists the leave that was noted of people whom the actor looks after, the latest
// first, at most 100, also what was withdrawn. It is errs.NotFound to others than BKPSDM.
func (m *Module) NotedLeaves(ctx context.Context, a authz.Actor) (out []NotedLeave, err error) {
	defer errs.In(&err, "kuciniki.NotedLeaves")
	if !a.Has(PermPersonnel) {
		return nil, errNotPersonnel
	}
	if out, err = pg.Many[NotedLeave](ctx, m.db, sqlNotedLeaves, a.Units(PermPersonnel)); err != nil || len(out) == 0 {
		return out, err
	}
	var ids []int64
	for _, l := range out {
		ids = append(ids, l.LetterID)
	}
	revoked, err := m.letters.Revoked(ctx, ids)
	for i := range out {
		_, out[i].Revoked = revoked[out[i].LetterID]
	}
	return out, err
}

// WithdrawLeave takes back leave that was noted wrongly or whose letter was revoked; the
// evidence follows within seconds. Of others' people it is errs.NotFound, twice errs.Conflict.
func (m *Module) WithdrawLeave(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "kuciniki.WithdrawLeave(%d)", id)
	if !a.Has(PermPersonnel) {
		return errNotPersonnel
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		person, err := pg.Scalar[int64](ctx, tx, sqlTheirLeave, a.Units(PermPersonnel), id)
		if err != nil {
			return err
		}
		if err := pg.Changed(tx.Exec(ctx, sqlWithdrawLeave, id, a.PersonID, m.now())); err != nil {
			if errs.KindOf(err) == errs.Conflict {
				err = errs.New(errs.Conflict, "Surat ini sudah ditarik.")
			}
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "kuciniki.leave.withdraw", Object: "org_person", ObjectID: person})
	})
}
