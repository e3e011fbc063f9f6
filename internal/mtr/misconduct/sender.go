package misconduct

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const caseColumns = `c.id, c.ref, c.status, c.outcome, c.waiting, c.came_on, c.changed_on, c.seq, c.unit_id`

type row struct {
	ID, UnitID int64
	Item
	Seq int
}

const (
	sqlByCode = `SELECT ` + caseColumns + ` FROM mtr_misconduct c WHERE c.code_hash = $1`

	sqlByCodeForUpdate = sqlByCode + ` FOR UPDATE`

	sqlWrittenToday = `SELECT count(*)::int FROM mtr_misconduct_entry WHERE case_id = $1 AND action = 'tulis' AND day = $2::date`

	sqlMove = `
UPDATE mtr_misconduct SET seq = $4, status = $5, outcome = $6, waiting = $7, changed_on = $8::date
WHERE id = $1 AND status = $2 AND seq = $3`

	sqlEntries = `
SELECT e.seq, e.action, e.body_sealed, COALESCE(a.name, '') AS who, e.day
FROM mtr_misconduct_entry e LEFT JOIN authn_account a ON a.id = e.account_id
WHERE e.case_id = $1 AND ($2 OR e.action <> 'catat') ORDER BY e.seq`

	sqlFiles = `SELECT id, seq, content_type, size FROM mtr_misconduct_file WHERE case_id = $1 ORDER BY id`
)

var errNoCase = errs.New(errs.NotFound, "Tidak ada laporan dengan kode ini. Periksa lagi setiap hurufnya.")

// Read is the case behind a code, as its sender sees it; an unknown code is errs.NotFound.
func (m *Module) Read(ctx context.Context, code string) (_ Case, err error) {
	defer errs.In(&err, "misconduct.Read")
	r, err := pg.One[row](ctx, m.d.DB, sqlByCode, m.codeHash(code))
	if errs.KindOf(err) == errs.NotFound {
		return Case{}, errNoCase
	}
	if err != nil {
		return Case{}, err
	}
	c, err := m.open(ctx, r, false)
	for i := range c.Entries {
		c.Entries[i].Who = ""
	}
	return c, err
}

// open reads and opens what was written; notes are the desk's.
func (m *Module) open(ctx context.Context, r row, notes bool) (Case, error) {
	c := Case{Item: r.Item, Seq: r.Seq}
	type sealed struct {
		Seq        int
		Action     Action
		BodySealed []byte
		Who        string
		Day        time.Time
	}
	entries, err := pg.Many[sealed](ctx, m.d.DB, sqlEntries, r.ID, notes)
	if err != nil {
		return c, err
	}
	type file struct {
		File
		Seq int
	}
	files, err := pg.Many[file](ctx, m.d.DB, sqlFiles, r.ID)
	if err != nil {
		return c, err
	}
	for _, s := range entries {
		e := Entry{Seq: s.Seq, Action: s.Action, Who: s.Who, Day: s.Day}
		if e.Body, err = m.d.Box.Open(s.BodySealed, contextOf(r.Ref)); err != nil {
			return c, err
		}
		for _, f := range files {
			if f.Seq == e.Seq {
				e.Files = append(e.Files, f.File)
			}
		}
		c.Entries = append(c.Entries, e)
	}
	return c, nil
}

// Write lets the holder of a code go on writing while the case is not closed.
func (m *Module) Write(ctx context.Context, code, body string, uploads []Upload) (err error) {
	defer errs.In(&err, "misconduct.Write")
	// Before any scanning: whoever has no code costs nothing.
	if _, err := pg.One[row](ctx, m.d.DB, sqlByCode, m.codeHash(code)); err != nil {
		return orNoCase(err)
	}
	text := words(body)
	wrong := checkBody(text, 1)
	files, badFiles, err := m.scan(ctx, uploads)
	if err != nil {
		return err
	}
	if wrong = append(wrong, badFiles...); len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return pg.InTx(ctx, m.d.DB, func(tx pgx.Tx) error {
		r, err := pg.One[row](ctx, tx, sqlByCodeForUpdate, m.codeHash(code))
		if err != nil {
			return orNoCase(err)
		}
		to, err := next(r.Status, ActWrite)
		if err != nil {
			return err
		}
		n, err := pg.Scalar[int](ctx, tx, sqlWrittenToday, r.ID, m.today())
		if err != nil {
			return err
		}
		if n >= maxWritesADay {
			return errs.New(errs.TooMany, "Anda sudah menulis 20 kali hari ini. Lanjutkan besok.")
		}
		if err := m.move(ctx, tx, r, to, r.Outcome, true); err != nil {
			return err
		}
		if err := m.write(ctx, tx, r.ID, r.Ref, r.Seq+1, ActWrite, text, 0, files); err != nil {
			return err
		}
		return m.tell(ctx, tx, r.Ref, r.Seq+1, r.UnitID)
	})
}

func orNoCase(err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return errNoCase
	}
	return err
}

// move is the compare-and-set of the row: r is what the decision rested on.
func (m *Module) move(ctx context.Context, tx pgx.Tx, r row, to Status, outcome Outcome, waiting bool) error {
	return pg.Changed(tx.Exec(ctx, sqlMove, r.ID, r.Status, r.Seq, r.Seq+1, to, outcome, waiting, m.today()))
}
