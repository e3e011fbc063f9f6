package mtr

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// ReplayLife is how long the key of something that a phone had kept is remembered. Phones
// stop sending by themselves long before.
const ReplayLife = 90 * 24 * time.Hour

// KeptReport is a whole report that a phone kept until it had network.
type KeptReport struct {
	// Key is made by the phone: 22 characters of base64url, random. Whoever knows it gets
	// the receipt.
	Key      string
	Place    PlaceInput
	Category CategoryInput
	Extra    map[string]string // question code → answer
	Words    WordsInput
	Who      WhoInput
	Photos   []PhotoInput
	Device   string // network and browser; "" = unknown
}

var keyShape = regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`)

const sqlReplayed = `SELECT report_id FROM mtr_replay WHERE key_hash = $1`

// Two sendings of one key meet here: the second waits for the first and then finds it.
const sqlInsertReplay = `
INSERT INTO mtr_replay (key_hash, report_id, created_at) VALUES ($1, $2, $3) ON CONFLICT (key_hash) DO NOTHING`

const sqlPurgeReplays = `DELETE FROM mtr_replay WHERE created_at <= $1`

var errReplayed = errors.New("sent by another request meanwhile")

// SendKept makes a report of what a phone had kept, by the same rules as the form, without
// looking for reports of the same problem. Sent again under its key it is the same report,
// whatever is in it by then. What is missing is errs.Invalid with the Control names.
func (m *Module) SendKept(ctx context.Context, a authz.Actor, in KeptReport) (r Receipt, err error) {
	defer errs.In(&err, "mtr.SendKept")
	return m.sendOnce(ctx, a, in, nil, nil)
}

// sendOnce makes one report of what came under a key, however often it comes. answer, unless
// nil, adds to the answers; also, unless nil, to what is written with the report.
func (m *Module) sendOnce(ctx context.Context, a authz.Actor, in KeptReport, answer func(*Answers), also func(tx pgx.Tx, r Receipt) error) (r Receipt, err error) {
	if !keyShape.MatchString(in.Key) {
		return r, errs.New(errs.BadRequest, "Kiriman ini tidak lengkap. Tulis laporan baru.")
	}
	if len(in.Photos) > MaxPhotos {
		return r, errTooManyPhotos
	}
	hash := crypt.HashToken(in.Key)
	r, err = m.replayed(ctx, hash)
	if errs.KindOf(err) != errs.NotFound {
		return r, err
	}
	categories, err := m.allCategories(ctx)
	if err != nil {
		return r, err
	}
	// Every sending has a draft of its own, so that two at once do not mix their photos.
	token, err := m.CreateDraft(ctx, a)
	if err != nil {
		return r, err
	}
	defer func() { _ = m.DiscardDraft(context.WithoutCancel(ctx), token) }() // the sweeper comes by later
	if err := m.fill(ctx, token, in); err != nil {
		return r, err
	}
	if answer != nil {
		err := m.edit(ctx, token, func(_ pgx.Tx, a *Answers) error {
			answer(a)
			return nil
		})
		if err != nil {
			return r, err
		}
	}
	defer m.changed()
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if r, _, err = m.submit(ctx, tx, a, sender{device: in.Device}, categories, token); err != nil {
			return err
		}
		err := pg.Changed(tx.Exec(ctx, sqlInsertReplay, hash, r.ReportID, m.now()))
		if errs.KindOf(err) == errs.Conflict {
			return errReplayed
		}
		if err != nil || also == nil {
			return err
		}
		return also(tx, r)
	})
	if errors.Is(err, errReplayed) {
		return m.replayed(ctx, hash)
	}
	return r, err
}

// replayed is the receipt of what came under a key; errs.NotFound when nothing has.
func (m *Module) replayed(ctx context.Context, hash []byte) (Receipt, error) {
	id, err := pg.Scalar[int64](ctx, m.db, sqlReplayed, hash)
	if err != nil {
		return Receipt{}, err
	}
	return m.receipt(ctx, m.db, id)
}

// fill puts what the phone kept into a draft. What is wrong with it says Submit, all at once.
func (m *Module) fill(ctx context.Context, token string, in KeptReport) error {
	steps := []func() error{
		func() error { return m.SavePlace(ctx, token, in.Place) },
		func() error { return m.SaveDraftCategory(ctx, token, in.Category) },
		func() error { return m.SaveExtra(ctx, token, in.Extra) },
		func() error { return m.SaveWords(ctx, token, in.Words) },
		func() error { return m.SaveWho(ctx, token, in.Who) },
	}
	for _, save := range steps {
		if err := save(); err != nil && errs.KindOf(err) != errs.Unprocessable {
			return err
		}
	}
	return m.addEach(ctx, token, in.Photos)
}

// addEach adds photos to a draft; a refusal names the one.
func (m *Module) addEach(ctx context.Context, token string, photos []PhotoInput) error {
	for i, p := range photos {
		_, err := m.AddPhoto(ctx, token, p)
		if fields := errs.FieldsOf(err); len(fields) > 0 {
			return errs.Invalid(errs.Field{Name: ControlPhoto, Message: fmt.Sprintf("Foto %d: %s", i+1, fields[0].Message)})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
