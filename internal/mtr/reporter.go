package mtr

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlReporterByToken = `
SELECT k.report_id FROM mtr_key k JOIN mtr_report r ON r.id = k.report_id
WHERE r.number = $1 AND k.token_hash = $2 AND (k.expires_at IS NULL OR k.expires_at > $3)`

const sqlReporterByAccount = `SELECT id FROM mtr_report WHERE number = $1 AND account_id = NULLIF($2::bigint, 0)`

// reporter is the caller whose key opens the report; anything else is errs.NotFound.
func (m *Module) reporter(ctx context.Context, a authz.Actor, k ReporterKey) (caller, error) {
	number := tidyNumber(k.Number)
	var id int64
	var err error
	if k.Token != "" {
		id, err = pg.Scalar[int64](ctx, m.db, sqlReporterByToken, number, crypt.HashToken(k.Token), m.now())
	} else {
		id, err = pg.Scalar[int64](ctx, m.db, sqlReporterByAccount, number, a.AccountID)
	}
	return caller{actor: a, reporter: true, reportID: id}, err
}

// asReporter does an action with words of the reporter, kept apart from the history,
// and the photos uploaded before.
func (m *Module) asReporter(ctx context.Context, a authz.Actor, k ReporterKey, action Action, change Change, words string, check func() []errs.Field) (err error) {
	who, err := m.reporter(ctx, a, k)
	if err != nil {
		return err
	}
	return m.act(ctx, who, action, func(pgx.Tx, *Case, Moment) (Intent, error) {
		return Intent{Change: change}, invalid(check())
	}, func(tx pgx.Tx, c *Case, e Event) error {
		if words != "" {
			if err := pg.Exec(ctx, tx, sqlInsertMessage, c.ID, e.Seq, words); err != nil {
				return err
			}
		}
		if action != ActGiveInfo && action != ActDispute {
			return nil
		}
		return pg.Exec(ctx, tx, sqlSendPhotos, c.ID, PhotoInfo, e.Seq)
	})
}

// checkLength counts characters; shortest and longest are right.
func checkLength(control, words string, shortest int, missing string) []errs.Field {
	switch n := utf8.RuneCountInString(words); {
	case n < shortest:
		return []errs.Field{{Name: control, Message: missing}}
	case n > MaxBody:
		return []errs.Field{{Name: control, Message: "Ringkas menjadi paling banyak 4.000 huruf."}}
	}
	return nil
}

// GiveInfo answers a question (and starts the clock again) or adds something unasked.
func (m *Module) GiveInfo(ctx context.Context, a authz.Actor, k ReporterKey, in GiveInfoInput) (err error) {
	defer errs.In(&err, "mtr.GiveInfo")
	words := strings.TrimSpace(in.Body)
	return m.asReporter(ctx, a, k, ActGiveInfo, Change{}, words, func() []errs.Field {
		return checkLength(ControlBody, words, 1, "Tulis keterangan Anda.")
	})
}

// Confirm says that the problem is solved.
func (m *Module) Confirm(ctx context.Context, a authz.Actor, k ReporterKey) (err error) {
	defer errs.In(&err, "mtr.Confirm")
	return m.asReporter(ctx, a, k, ActConfirm, Change{}, "", noCheck)
}

func noCheck() []errs.Field { return nil }

// Dispute says that it is not, within 10 working days.
func (m *Module) Dispute(ctx context.Context, a authz.Actor, k ReporterKey, in DisputeInput) (err error) {
	defer errs.In(&err, "mtr.Dispute")
	words := strings.TrimSpace(in.Reason)
	return m.asReporter(ctx, a, k, ActDispute, Change{}, words, func() []errs.Field {
		return checkLength(ControlReason, words, 5, "Tulis apa yang belum beres.")
	})
}

// Rate gives 1 to 5, once.
func (m *Module) Rate(ctx context.Context, a authz.Actor, k ReporterKey, in RateInput) (err error) {
	defer errs.In(&err, "mtr.Rate")
	words := strings.TrimSpace(in.Comment)
	return m.asReporter(ctx, a, k, ActRate, Change{Rating: in.Stars}, words, func() []errs.Field {
		wrong := checkLength(ControlComment, words, 0, "")
		if in.Stars < 1 || in.Stars > 5 {
			wrong = append([]errs.Field{{Name: ControlStars, Message: "Pilih nilai dari 1 sampai 5."}}, wrong...)
		}
		return wrong
	})
}

// Cancel takes the report back before work starts.
func (m *Module) Cancel(ctx context.Context, a authz.Actor, k ReporterKey, in CancelInput) (err error) {
	defer errs.In(&err, "mtr.Cancel")
	words := strings.TrimSpace(in.Reason)
	return m.asReporter(ctx, a, k, ActCancel, Change{}, words, func() []errs.Field {
		return checkLength(ControlReason, words, 0, "")
	})
}

// AddInfoPhoto uploads a photo that GiveInfo or Dispute then sends.
func (m *Module) AddInfoPhoto(ctx context.Context, a authz.Actor, k ReporterKey, in PhotoInput) (_ PublicPhoto, err error) {
	defer errs.In(&err, "mtr.AddInfoPhoto")
	who, err := m.reporter(ctx, a, k)
	if err != nil {
		return PublicPhoto{}, err
	}
	room := func(q pg.Querier, c *Case) error {
		mo := Moment{Now: m.now(), Actor: a, Reporter: true}
		if err := Allowed(c, mo, ActGiveInfo); err != nil && Allowed(c, mo, ActDispute) != nil {
			return err
		}
		n, err := pg.Scalar[int](ctx, q, sqlCountPendingPhotos, c.ID, PhotoInfo)
		if err != nil || n >= MaxPhotos {
			return orTooMany(err)
		}
		return nil
	}
	// Before any decoding: what would be refused costs nothing.
	c, err := pg.One[Case](ctx, m.db, sqlCase, who.reportID)
	if err != nil {
		return PublicPhoto{}, err
	}
	if err := room(m.db, &c); err != nil {
		return PublicPhoto{}, err
	}
	p, err := m.process(ctx, in)
	if err != nil {
		return PublicPhoto{}, err
	}
	ref, err := m.store(ctx, p, in, func(tx pgx.Tx) (photoOwner, error) {
		c, err := lockCase(ctx, tx, who.reportID)
		if err != nil {
			return photoOwner{}, err
		}
		return photoOwner{reportID: c.ID, kind: PhotoInfo}, room(tx, &c)
	})
	return PublicPhoto{Ref: ref, Kind: PhotoInfo, Width: p.W, Height: p.H}, err
}

// RemoveInfoPhoto takes back a photo not yet sent.
func (m *Module) RemoveInfoPhoto(ctx context.Context, a authz.Actor, k ReporterKey, ref string) (err error) {
	defer errs.In(&err, "mtr.RemoveInfoPhoto")
	who, err := m.reporter(ctx, a, k)
	if err != nil {
		return err
	}
	_, err = pg.Scalar[string](ctx, m.db, sqlPendingPhoto, who.reportID, PhotoInfo, ref)
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return m.dropPhoto(ctx, ref)
}
