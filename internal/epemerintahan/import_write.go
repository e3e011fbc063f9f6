package epemerintahan

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// writeFamilies records the next families of an import. That they are recorded and
// that they need not be again commits together.
func (m *Module) writeFamilies(ctx context.Context, id int64) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		w, err := lockImport(ctx, tx, id, ImportWriting)
		if err != nil {
			return err
		}
		fs, err := m.nextFamilies(ctx, tx, id, familyFresh)
		if err != nil {
			return err
		}
		if len(fs) == 0 {
			return m.finishImport(ctx, tx, w)
		}
		if err := m.markPresent(ctx, tx, w, fs); err != nil {
			return err
		}
		var open []*waitingFamily
		var families []NewFamily
		for _, f := range fs {
			if f.state != familyPresent {
				open, families = append(open, f), append(families, f.family(w.Reason))
			}
		}
		results, err := m.AddFamilies(ctx, tx, w.Actor, families)
		if err != nil {
			return err
		}
		people, written := 0, 0
		for i, f := range open {
			if len(results[i].Problems) == 0 {
				f.state = familyWritten
				written, people = written+1, people+len(f.rows)
				continue
			}
			f.state = familyRefused
			for _, r := range f.rows {
				r.Remarks = nil
			}
			f.take(results[i].Problems)
		}
		remarks, err := m.saveFamilies(ctx, tx, id, fs)
		if err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlWritten, id, written, people, len(fs)-written, remarks, m.now()); err != nil {
			return err
		}
		return live.Notify(ctx, tx, LiveImport(id))
	})
}

// finishImport ends an import; what there is to report stays until its day is over.
func (m *Module) finishImport(ctx context.Context, tx pgx.Tx, w importWork) error {
	if err := pg.Exec(ctx, tx, sqlForgetWritten, w.ID); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlFinish, w.ID, m.now()); err != nil {
		return err
	}
	if err := m.read(ctx, tx, w.Actor, "finish", subject{objectImport, w.ID, w.KelurahanID}, nil); err != nil {
		return err
	}
	return live.Notify(ctx, tx, LiveImport(w.ID))
}
