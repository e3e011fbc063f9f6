package letter

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Act is a decision on a letter that the actor saw in a version.
type Act struct {
	ID      int64
	Version int    // 0 = whatever it is now
	Reason  string // where [Action.NeedsReason]: 10 to 500 letters
}

// Checking is what the operator found.
type Checking struct {
	Act
	Checked   []string
	WithCamat bool
}

// reason is a given one, tidied.
func reason(action Action, given string) (string, error) {
	given = strings.TrimSpace(given)
	n := utf8.RuneCountInString(given)
	switch {
	case !action.NeedsReason() && n <= 500:
		return given, nil
	case n < 10:
		return "", errs.Invalid(errs.Field{Name: ControlReason, Message: "Tulis alasannya, paling sedikit 10 huruf."})
	case n > 500:
		return "", errs.Invalid(errs.Field{Name: ControlReason, Message: "Ringkas alasannya menjadi paling banyak 500 huruf."})
	}
	return given, nil
}

// Check sends a letter on: papers complete.
func (m *Module) Check(ctx context.Context, a authz.Actor, in Checking) error {
	_, err := m.act(ctx, staff(a, in.Act), ActCheck, func(tx pgx.Tx, c *Case, _ Moment) (Intent, error) {
		k, err := m.kindOf(ctx, tx, c.KindVersionID)
		if err != nil {
			return Intent{}, err
		}
		subject, _, err := m.contents(ctx, tx, c)
		if err != nil {
			return Intent{}, err
		}
		scans, err := scansOf(ctx, tx, c.ID)
		if err != nil {
			return Intent{}, err
		}
		camat := k.camat(in.WithCamat)
		return Intent{Change: Change{Checked: &in.Checked, WithCamat: &camat}}, allSeen(k, subject, in.Checked, scans)
	}, nil)
	return err
}

const sqlContents = `SELECT subject_sealed, values_sealed FROM epemerintahan_letter WHERE id = $1`

// contents of a letter: whom it is about, and the answers.
func (m *Module) contents(ctx context.Context, q pg.Querier, c *Case) (subject Person, v Values, err error) {
	row, err := pg.One[struct{ SubjectSealed, ValuesSealed []byte }](ctx, q, sqlContents, c.ID)
	if err != nil {
		return subject, v, err
	}
	if err := m.open(row.SubjectSealed, sealSubject, &subject); err != nil {
		return subject, v, err
	}
	return subject, v, m.open(row.ValuesSealed, sealValues, &v)
}

const sqlSaveValues = `UPDATE epemerintahan_letter SET values_sealed = $2 WHERE id = $1`

func (m *Module) saveValues(ctx context.Context, q pg.Querier, c *Case, v Values) error {
	sealed, err := m.seal(v, sealValues)
	if err != nil {
		return err
	}
	return pg.Exec(ctx, q, sqlSaveValues, c.ID, sealed)
}

// Edit corrects the answers of a letter that is being checked.
func (m *Module) Edit(ctx context.Context, a authz.Actor, act Act, v Values) error {
	var k Kind
	_, err := m.act(ctx, staff(a, act), ActEdit, func(tx pgx.Tx, c *Case, _ Moment) (in Intent, err error) {
		if k, err = m.kindOf(ctx, tx, c.KindVersionID); err != nil {
			return in, err
		}
		v, err = m.again(ctx, tx, c, k, v, m.forStaff(ctx, tx, a, k))
		return in, err
	}, func(tx pgx.Tx, c *Case, _ Event) error { return m.saveValues(ctx, tx, c, v) })
	return err
}

// again checks answers of a letter that is there already. Whether the subject may have
// it at all was asked when it began.
func (m *Module) again(ctx context.Context, q pg.Querier, c *Case, k Kind, v Values, find finder) (Values, error) {
	subject, _, err := m.contents(ctx, q, c)
	if err != nil {
		return nil, err
	}
	if v, err = fill(v, find); err != nil {
		return nil, err
	}
	return k.CheckValues(v, subject, m.now())
}

// byReason are the actions that need no more than a reason.
var byReason = []Action{
	ActReturn, ActSkipRT, ActParaf, ActSendBack, ActReject, ActVoid, ActHandOver, ActCancel, ActResubmit,
}

// Do takes a step that needs no more than a reason: ActReturn, ActSkipRT, ActParaf, ActSendBack,
// ActReject, ActVoid, ActHandOver, ActCancel for the operator on behalf of a visitor, and
// ActResubmit when a visitor brought what was missing.
func (m *Module) Do(ctx context.Context, a authz.Actor, action Action, act Act) error {
	if !slices.Contains(byReason, action) {
		return errs.New(errs.BadRequest, "")
	}
	return m.plainly(ctx, staff(a, act), action, act.Reason)
}

func (m *Module) plainly(ctx context.Context, who caller, action Action, why string) error {
	_, err := m.act(ctx, who, action, func(pgx.Tx, *Case, Moment) (in Intent, err error) {
		in.Reason, err = reason(action, why)
		return in, err
	}, func(tx pgx.Tx, c *Case, e Event) error { return m.giveUp(ctx, tx, who.actor, c, e) })
	return err
}

// giveUp explains the number of a letter that ends without being issued.
func (m *Module) giveUp(ctx context.Context, tx pgx.Tx, a authz.Actor, c *Case, e Event) error {
	if c.LetterNo == 0 || e.To != Cancelled && e.To != Rejected {
		return nil
	}
	return numbering.Explain(ctx, tx, a, e.At, letterSeries(c.KelurahanID), c.LetterYear, c.LetterNo,
		"Surat "+c.RequestNumber+" "+e.To.Label()+": "+e.Reason)
}

// Reissue makes a new letter from a voided one, for the operator to correct.
func (m *Module) Reissue(ctx context.Context, a authz.Actor, id int64) (newID int64, err error) {
	defer errs.In(&err, "letter.Reissue(%d)", id)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, err := lockCase(ctx, tx, id)
		if err != nil {
			return absent(err)
		}
		switch r := c.RolesOf(Moment{Actor: a}); {
		case r&^AsApplicant == 0:
			return errNoLetter
		case !r.Has(AsOperator):
			return errs.New(errs.Forbidden, "Menerbitkan ulang surat dimulai oleh operator kelurahan.")
		case c.Status != Voided:
			return errs.New(errs.Conflict, "Hanya surat yang sudah dicabut yang dapat diterbitkan ulang. Surat ini "+c.Status.Label()+".")
		}
		if newID, err = replacement(ctx, tx, id); newID != 0 || err != nil {
			return err
		}
		newID, err = m.anew(ctx, tx, a, &c)
		return err
	})
	return newID, err
}

const sqlReplacement = `SELECT id FROM epemerintahan_letter WHERE replaces_id = $1`

// replacement is the letter that replaces one; 0 for none.
func replacement(ctx context.Context, q pg.Querier, id int64) (int64, error) {
	newID, err := pg.Scalar[int64](ctx, q, sqlReplacement, id)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return 0, nil
	}
	return newID, err
}

// anew writes the letter that replaces c, in the version of its kind that holds today.
func (m *Module) anew(ctx context.Context, tx pgx.Tx, a authz.Actor, c *Case) (int64, error) {
	subject, v, err := m.contents(ctx, tx, c)
	if err != nil {
		return 0, err
	}
	k, err := kindFor(ctx, tx, c.KelurahanID, c.KindCode)
	if err != nil {
		return 0, err
	}
	fresh := Case{
		KelurahanID: c.KelurahanID, KelurahanName: c.KelurahanName, Ancestors: c.Ancestors, KecamatanID: c.KecamatanID,
		KecamatanName: c.KecamatanName, CounterPrint: c.CounterPrint, AccountID: c.AccountID,
	}
	in := Intent{Action: ActReissue, Reason: "Menggantikan " + c.RequestNumber, Change: Change{Checked: &c.Checked, WithCamat: &c.WithCamat}}
	return m.bear(ctx, tx, a, fresh, written{k, subject, v}, in, born{replaces: c.ID})
}

// Offered notes that the resident event which the letter offers was recorded.
func (m *Module) Offered(ctx context.Context, a authz.Actor, act Act, residentID int64) error {
	_, err := m.act(ctx, staff(a, act), ActOffer, func(pgx.Tx, *Case, Moment) (Intent, error) {
		return Intent{Change: Change{Offered: &Offered{residentID}}}, nil
	}, nil)
	return err
}
