package portal

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/dossier"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Personal is what people may ask of the city about their own data: to see it, to take it
// along, to have it erased (UU 27/2022 art. 7, 8 and 13). Safe for concurrent use.
type Personal struct {
	DB       *pgxpool.Pool
	Clock    clock.Clock
	Accounts *authn.Service
	// Holders are all parts that hold something; the accounts come last, for closing one
	// takes away by what the others find theirs.
	Holders []dossier.Holder
}

// Statuses of an Erasure.
const (
	ErasureAsked     = "diminta"
	ErasureWithdrawn = "ditarik"
	ErasureDecided   = "diputus"
)

// Erasure is a request to erase.
type Erasure struct {
	ID        int64
	AccountID int64
	Name      string // of the account
	Status    string
	AskedAt   time.Time
	EndedAt   *time.Time
	DecidedBy string // name of the officer
}

// Verdict is what was decided of one part.
type Verdict struct {
	Part   string
	Erased bool
	Things int64
	Reason string
}

// Parts tells all that is held about an account.
func (p *Personal) Parts(ctx context.Context, accountID int64) (parts []dossier.Part, err error) {
	defer errs.In(&err, "portal.Parts(%d)", accountID)
	for _, h := range p.Holders {
		part, err := h.Dossier(ctx, accountID)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// Own tells the actor all that is held about them.
func (p *Personal) Own(ctx context.Context, a authz.Actor) ([]dossier.Part, error) {
	if !a.SignedIn() {
		return nil, errs.New(errs.Unauthenticated, "")
	}
	return p.Parts(ctx, a.AccountID)
}

// Export is Own for taking along; it is on record.
func (p *Personal) Export(ctx context.Context, a authz.Actor) (parts []dossier.Part, err error) {
	if parts, err = p.Own(ctx, a); err != nil {
		return nil, err
	}
	return parts, p.note(ctx, p.DB, a, "export", "authn_account", a.AccountID, nil)
}

func (p *Personal) note(ctx context.Context, q pg.Querier, a authz.Actor, verb, object string, id int64, detail map[string]any) error {
	return audit.Write(ctx, q, a, p.Clock.Now(), audit.Entry{Action: "portal.personal." + verb, Object: object, ObjectID: id, Detail: detail})
}

const erasureColumns = `
SELECT e.id, e.account_id, a.name, e.status, e.asked_at, e.ended_at, COALESCE(o.name, '') AS decided_by
FROM portal_erasure e JOIN authn_account a ON a.id = e.account_id LEFT JOIN authn_account o ON o.id = e.decided_by
`

const (
	sqlLatestErasure = erasureColumns + `WHERE e.account_id = $1 ORDER BY e.id DESC LIMIT 1`
	sqlErasures      = erasureColumns + `ORDER BY e.status <> 'diminta', CASE WHEN e.status = 'diminta' THEN e.id ELSE -e.id END LIMIT 200`
	sqlErasureByID   = erasureColumns + `WHERE e.id = $1`
	sqlVerdicts      = `SELECT part, erased, things, reason FROM portal_erasure_part WHERE erasure_id = $1`
)

// Latest is the actor's last request, with what was decided; ID 0 for none.
func (p *Personal) Latest(ctx context.Context, a authz.Actor) (e Erasure, vs []Verdict, err error) {
	defer errs.In(&err, "portal.Latest")
	e, err = pg.One[Erasure](ctx, p.DB, sqlLatestErasure, a.AccountID)
	if errs.KindOf(err) == errs.NotFound && err != nil {
		return Erasure{}, nil, nil
	}
	if err != nil {
		return e, nil, err
	}
	vs, err = pg.Many[Verdict](ctx, p.DB, sqlVerdicts, e.ID)
	return e, vs, err
}

const sqlAskErasure = `INSERT INTO portal_erasure (account_id, status, asked_at) VALUES ($1, 'diminta', $2)
ON CONFLICT (account_id) WHERE status = 'diminta' DO NOTHING RETURNING id`

// AskErasure asks for the actor's data to be erased; again changes nothing.
func (p *Personal) AskErasure(ctx context.Context, a authz.Actor) (err error) {
	defer errs.In(&err, "portal.AskErasure")
	switch {
	case !a.SignedIn():
		return errs.New(errs.Unauthenticated, "")
	case a.IsStaff():
		return errs.New(errs.Forbidden, "Data pegawai disimpan menurut aturan kepegawaian. Hubungi BKPSDM.")
	}
	return pg.InTx(ctx, p.DB, func(tx pgx.Tx) error {
		id, err := pg.Scalar[int64](ctx, tx, sqlAskErasure, a.AccountID, p.Clock.Now())
		if errs.KindOf(err) == errs.NotFound && err != nil {
			return nil
		}
		if err != nil {
			return err
		}
		return p.note(ctx, tx, a, "ask_erasure", "portal_erasure", id, nil)
	})
}

const sqlWithdrawErasure = `UPDATE portal_erasure SET status = 'ditarik', ended_at = $2 WHERE account_id = $1 AND status = 'diminta' RETURNING id`

// WithdrawErasure takes the actor's request back; errs.Conflict when it was decided meanwhile.
func (p *Personal) WithdrawErasure(ctx context.Context, a authz.Actor) (err error) {
	defer errs.In(&err, "portal.WithdrawErasure")
	return pg.InTx(ctx, p.DB, func(tx pgx.Tx) error {
		id, err := pg.Scalar[int64](ctx, tx, sqlWithdrawErasure, a.AccountID, p.Clock.Now())
		if errs.KindOf(err) == errs.NotFound && err != nil {
			return errs.New(errs.Conflict, "Permintaan ini sudah tidak menunggu lagi.")
		}
		if err != nil {
			return err
		}
		return p.note(ctx, tx, a, "withdraw_erasure", "portal_erasure", id, nil)
	})
}

// officer is errs.NotFound for whoever is no data-protection officer of the city.
func (p *Personal) officer(ctx context.Context, a authz.Actor) error {
	root, err := org.Root(ctx, p.DB)
	if err == nil && !a.HasIn(PermPrivacy, root.Ancestors) {
		err = errs.New(errs.NotFound, "")
	}
	return err
}

// Erasures lists requests: those that wait, oldest first, then the others, newest first,
// at most 200.
func (p *Personal) Erasures(ctx context.Context, a authz.Actor) (_ []Erasure, err error) {
	defer errs.In(&err, "portal.Erasures")
	if err := p.officer(ctx, a); err != nil {
		return nil, err
	}
	return pg.Many[Erasure](ctx, p.DB, sqlErasures)
}

// Erasure is one request for whoever decides: how much each part holds, not what.
func (p *Personal) Erasure(ctx context.Context, a authz.Actor, id int64) (e Erasure, parts []dossier.Part, vs []Verdict, err error) {
	defer errs.In(&err, "portal.Erasure(%d)", id)
	if err = p.officer(ctx, a); err != nil {
		return e, nil, nil, err
	}
	if e, err = pg.One[Erasure](ctx, p.DB, sqlErasureByID, id); err != nil {
		return e, nil, nil, err
	}
	if vs, err = pg.Many[Verdict](ctx, p.DB, sqlVerdicts, id); err != nil {
		return e, nil, nil, err
	}
	if parts, err = p.Parts(ctx, e.AccountID); err != nil {
		return e, nil, nil, err
	}
	for i := range parts {
		parts[i].Records = slices.Repeat([]dossier.Record{{}}, len(parts[i].Records))
	}
	return e, parts, vs, p.note(ctx, p.DB, a, "read_erasure", "portal_erasure", id, nil)
}

const (
	// The row lock holds off a second officer and the one who asked.
	sqlDecideErasure = `UPDATE portal_erasure SET status = 'diputus', ended_at = $2, decided_by = $3 WHERE id = $1 AND status = 'diminta' RETURNING account_id`
	sqlAddVerdict    = `INSERT INTO portal_erasure_part (erasure_id, part, erased, things, reason) VALUES ($1, $2, $3, $4, $5)`
)

// Decide erases the parts that the verdicts name and keeps the others, all at once, and
// tells who asked. Each part needs a verdict, what is kept a reason: errs.Invalid on field
// "alasan-PART". Things of the verdicts is not read. Decided or taken back meanwhile is
// errs.Conflict; nobody decides their own.
func (p *Personal) Decide(ctx context.Context, a authz.Actor, id int64, verdicts []Verdict) (err error) {
	defer errs.In(&err, "portal.Decide(%d)", id)
	e, parts, _, err := p.Erasure(ctx, a, id)
	if err != nil {
		return err
	}
	if e.AccountID == a.AccountID {
		return errs.New(errs.Forbidden, "Permintaan Anda sendiri diputus orang lain.")
	}
	of := make([]Verdict, len(parts))
	for i, part := range parts {
		j := slices.IndexFunc(verdicts, func(v Verdict) bool { return v.Part == part.Code })
		if j < 0 || verdicts[j].Erased && part.Goes == "" {
			return errs.New(errs.BadRequest, "")
		}
		if of[i] = verdicts[j]; !of[i].Erased && strings.TrimSpace(of[i].Reason) == "" {
			return errs.Invalid(errs.Field{Name: "alasan-" + part.Code, Message: "Tulis mengapa " + part.Title + " tetap disimpan."})
		}
	}
	return pg.InTx(ctx, p.DB, func(tx pgx.Tx) error {
		now := p.Clock.Now()
		account, err := pg.Scalar[int64](ctx, tx, sqlDecideErasure, id, now, a.AccountID)
		if errs.KindOf(err) == errs.NotFound && err != nil {
			return errs.New(errs.Conflict, "Permintaan ini sudah diputus atau ditarik.")
		}
		if err != nil {
			return err
		}
		if err := p.Accounts.Reach(ctx, tx, account, "Permintaan penghapusan data Anda sudah diputus", told(parts, of)); err != nil {
			return err
		}
		for i, v := range of {
			if v.Erased {
				if v.Things, err = p.Holders[i].Forget(ctx, tx, a, account, now); err != nil {
					return err
				}
			}
			if err := pg.Exec(ctx, tx, sqlAddVerdict, id, v.Part, v.Erased, v.Things, strings.TrimSpace(v.Reason)); err != nil {
				return err
			}
		}
		return p.note(ctx, tx, a, "decide_erasure", "portal_erasure", id, map[string]any{"dihapus": erased(of)})
	})
}

func erased(vs []Verdict) (codes []string) {
	for _, v := range vs {
		if v.Erased {
			codes = append(codes, v.Part)
		}
	}
	return codes
}

// told says what was decided, to the person.
func told(parts []dossier.Part, of []Verdict) string {
	var b strings.Builder
	b.WriteString("Ini keputusan atas permintaan Anda.")
	for i, part := range parts {
		b.WriteString("\n\n" + part.Title + ": ")
		if of[i].Erased {
			b.WriteString("dihapus. " + part.Goes)
			if part.Stays != "" {
				b.WriteString(" Tetap disimpan: " + part.Stays)
			}
			continue
		}
		b.WriteString("tetap disimpan. " + of[i].Reason)
	}
	b.WriteString("\n\nTidak setuju? Sampaikan keberatan lewat petugas pelindungan data di kantor Dinas Kominfo.")
	return b.String()
}
