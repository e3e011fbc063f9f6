package letter

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// sqlSent: a draft's ref still finds the letter that it became.
const sqlSent = `SELECT` + caseColumns + ` WHERE l.account_id = $1 AND l.ref = $2 FOR UPDATE OF l`

const sqlSendDraft = `
UPDATE epemerintahan_letter SET request_number = $2, kind_version_id = $3, title = $4, mode = $5, subject_name = $6, subject_fold = $7,
	subject_hash = $8, subject_sealed = $9, values_sealed = $10, seq = $11, status = $12, status_at = $13, submitted_at = $14,
	running_since = $15, used_minutes = $16, due_at = $17, with_camat = $18
WHERE id = $1 AND status = 'draf'`

// Submit sends a draft; sending it twice gives the same number. It is checked by the
// version of its kind that holds now, and by what the register knows now.
func (m *Module) Submit(ctx context.Context, a authz.Actor, ref string) (number string, err error) {
	defer errs.In(&err, "letter.Submit")
	if !a.SignedIn() {
		return "", errs.New(errs.Unauthenticated, "")
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, err := pg.One[Case](ctx, tx, sqlSent, a.AccountID, ref)
		if err != nil {
			if errs.KindOf(err) == errs.NotFound {
				err = errs.New(errs.NotFound, "Surat ini tidak ada di akun Anda.")
			}
			return err
		}
		if c.Status == Draft {
			err = m.send(ctx, tx, a, &c)
		}
		number = c.RequestNumber
		return err
	})
	return number, err
}

func (m *Module) send(ctx context.Context, tx pgx.Tx, a authz.Actor, c *Case) error {
	w, err := m.final(ctx, tx, a, c)
	if err != nil {
		return err
	}
	c.KindVersionID, c.Title, c.Mode = w.kind.VersionID, w.kind.Title, w.kind.mode()
	mo, err := m.moment(ctx, tx, caller{actor: a}, c)
	if err != nil {
		return err
	}
	neighbour, err := m.neighbourOf(ctx, tx, c.KelurahanID, w.subject)
	if err != nil {
		return err
	}
	camat := w.kind.camat(false)
	in := Intent{Action: ActSubmit, Change: Change{WithCamat: &camat}}
	if neighbour.ID != 0 {
		in.Action = ActAskRT
	}
	e, err := Decide(c, mo, in)
	if err != nil {
		return err
	}
	if c.RequestNumber, err = m.requestNumber(ctx, tx, mo.Now); err != nil {
		return err
	}
	subject, err := m.seal(w.subject, sealSubject)
	if err != nil {
		return err
	}
	values, err := m.seal(w.values, sealValues)
	if err != nil {
		return err
	}
	s := Apply(c.State, e)
	c.SubjectName = w.subject.Name
	err = pg.Changed(tx.Exec(ctx, sqlSendDraft, c.ID, c.RequestNumber, c.KindVersionID, c.Title, c.Mode, w.subject.Name,
		indo.FoldPerson(w.subject.Name), m.nikHash(w.subject.NIK), subject, values, s.Seq, s.Status, s.StatusAt, s.SubmittedAt,
		s.RunningSince, s.UsedMinutes, s.DueAt, s.WithCamat))
	if err != nil {
		return err
	}
	return m.follow(ctx, tx, c, s, mo, e, func(tx pgx.Tx, c *Case, e Event) error {
		if neighbour.ID == 0 {
			return nil
		}
		return m.askNeighbour(ctx, tx, c, e, neighbour)
	})
}

// final is what a draft says once everything about it is in order.
func (m *Module) final(ctx context.Context, tx pgx.Tx, a authz.Actor, c *Case) (w written, err error) {
	h, err := m.householdOf(ctx, tx, a)
	if err != nil {
		return w, err
	}
	find := m.inHousehold(ctx, tx, h)
	r, err := find(c.ResidentID)
	if err != nil {
		return w, err
	}
	if h.kelurahanID != c.KelurahanID {
		return w, errs.New(errs.Conflict, "Anda sekarang tercatat di kelurahan lain. Mulai surat ini dari awal.")
	}
	if w.kind, err = kindFor(ctx, tx, c.KelurahanID, c.KindCode); err != nil {
		return w, err
	}
	w.subject = opened(r)
	_, typed, err := m.contents(ctx, tx, c)
	if err != nil {
		return w, err
	}
	if w.values, err = m.answers(w.kind, w.subject, r.Status, typed, find); err != nil {
		return w, err
	}
	scans, err := scansOf(ctx, tx, c.ID)
	if err != nil {
		return w, err
	}
	return w, allScanned(w.kind, w.subject, scans)
}

// allScanned refuses while a paper that has to be scanned was not.
func allScanned(k Kind, subject Person, scans []Scan) error {
	for _, r := range k.Needed(subject) {
		if r.Scan {
			if err := allSeen(Kind{Definition: Definition{Requirements: []Requirement{r}}}, subject, nil, scans); err != nil {
				return err
			}
		}
	}
	return nil
}

// Resubmit sends a returned letter again, with mended answers.
func (m *Module) Resubmit(ctx context.Context, a authz.Actor, number string, v Values) (err error) {
	defer errs.In(&err, "letter.Resubmit(%.20q)", number)
	c, err := mine(ctx, m.db, a, number, false)
	if err != nil {
		return err
	}
	_, err = m.act(ctx, caller{actor: a, id: c.ID}, ActResubmit, func(tx pgx.Tx, c *Case, _ Moment) (in Intent, err error) {
		k, err := m.kindOf(ctx, tx, c.KindVersionID)
		if err != nil {
			return in, err
		}
		h, err := m.householdOf(ctx, tx, a)
		if err != nil {
			return in, err
		}
		if v, err = m.again(ctx, tx, c, k, v, m.inHousehold(ctx, tx, h)); err != nil {
			return in, err
		}
		subject, _, err := m.contents(ctx, tx, c)
		if err != nil {
			return in, err
		}
		scans, err := scansOf(ctx, tx, c.ID)
		if err != nil {
			return in, err
		}
		return in, allScanned(k, subject, scans)
	}, func(tx pgx.Tx, c *Case, _ Event) error { return m.saveValues(ctx, tx, c, v) })
	return err
}

// CancelMine gives a letter up before it is signed. The reason may be empty.
func (m *Module) CancelMine(ctx context.Context, a authz.Actor, number, why string) (err error) {
	defer errs.In(&err, "letter.CancelMine(%.20q)", number)
	c, err := mine(ctx, m.db, a, number, false)
	if err != nil {
		return err
	}
	if why, err = reason(ActSubmit, why); err != nil {
		return err
	}
	if why == "" {
		why = "Dibatalkan pemohon"
	}
	_, err = m.act(ctx, caller{actor: a, id: c.ID}, ActCancel, func(pgx.Tx, *Case, Moment) (Intent, error) {
		return Intent{Reason: why}, nil
	}, func(tx pgx.Tx, c *Case, e Event) error { return m.giveUp(ctx, tx, a, c, e) })
	return err
}
