package letter

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// askLife is how long a link to an RT or RW head is good.
const askLife = 3 * 24 * time.Hour

// ControlNote is the control of what the RT or RW head adds, in at most MaxNote letters.
const (
	ControlNote = "catatan"
	MaxNote     = 300
)

// neighbour is the head of an RT or RW, as one is reached.
type neighbour struct {
	ID          int64
	PhoneSealed []byte
	EmailSealed []byte
}

// The RT's own head, else the RW's.
const sqlNeighbour = `
SELECT n.id, n.phone_sealed, n.email_sealed FROM epemerintahan_neighbour n JOIN epemerintahan_office o ON o.kelurahan_id = n.kelurahan_id AND o.ask_rt
WHERE n.kelurahan_id = $1 AND n.rw = $2 AND n.rt IN ($3, '') ORDER BY n.rt DESC LIMIT 1`

// neighbourOf is whom the office asks about a subject; the zero value when it asks nobody.
func (m *Module) neighbourOf(ctx context.Context, q pg.Querier, kelurahanID int64, subject Person) (neighbour, error) {
	n, err := pg.One[neighbour](ctx, q, sqlNeighbour, kelurahanID, subject.RW, subject.RT)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return neighbour{}, nil
	}
	return n, err
}

const sqlInsertAsk = `
INSERT INTO epemerintahan_neighbour_ask (letter_id, neighbour_id, token_hash, asked_at, expires_at) VALUES ($1, $2, $3, $4, $5)`

// askNeighbour sends the secret link to the contact that the kelurahan registered.
func (m *Module) askNeighbour(ctx context.Context, tx pgx.Tx, c *Case, e Event, n neighbour) error {
	token := crypt.Token()
	if err := pg.Exec(ctx, tx, sqlInsertAsk, c.ID, n.ID, crypt.HashToken(token), e.At, e.At.Add(askLife)); err != nil {
		return err
	}
	msg := notify.Message{
		Topic: topicNeighbour, Subject: "Kelurahan " + c.KelurahanName + " meminta keterangan Anda (" + c.RequestNumber + ")",
		Secret: notify.SealText(m.box, "Seorang warga Anda meminta surat. Mohon nyatakan apakah ia benar warga Anda. Tautan ini berlaku 3 hari; "+
			"jangan bagikan.\n\n"+m.baseURL+"/surat/rt/"+token),
		Object: object, ObjectID: c.ID, At: e.At, Expires: e.At.Add(askLife), Key: eventKey(c.ID, e.Seq) + ":rt",
	}
	if n.EmailSealed != nil {
		var err error
		if msg.Email, err = notify.ResealEmail(m.box, n.EmailSealed, sealEmail); err != nil {
			return err
		}
		msg.Channel = notify.Email
		return notify.Queue(ctx, tx, msg)
	}
	phone, err := m.box.Open(n.PhoneSealed, sealContact)
	if err != nil {
		return err
	}
	msg.Phone, msg.Channel = m.box.Seal(phone, notify.PhoneContext), notify.Auto
	return notify.Queue(ctx, tx, msg)
}

// Asked is what the RT or RW head sees behind their link: no more than they need to know the person.
type Asked struct {
	RequestNumber, Title, Subject, Address, Purpose, KelurahanName string
	Answered                                                       bool
}

const sqlAsk = `
SELECT id, letter_id, answered_at IS NOT NULL AS answered FROM epemerintahan_neighbour_ask WHERE token_hash = $1 AND expires_at > $2`

type ask struct {
	ID       int64
	LetterID int64
	Answered bool
}

func (m *Module) askOf(ctx context.Context, token string) (ask, error) {
	a, err := pg.One[ask](ctx, m.db, sqlAsk, crypt.HashToken(token), m.now())
	if err != nil && errs.KindOf(err) == errs.NotFound {
		err = errs.New(errs.NotFound, "Tautan ini salah atau sudah lewat tiga hari. Kelurahan melanjutkan tanpa jawaban Anda.")
	}
	return a, err
}

// Ask shows what the link asks; an unknown or expired one is errs.NotFound, one of a
// letter that went on without the answer errs.Gone.
func (m *Module) Ask(ctx context.Context, token string) (out Asked, err error) {
	defer errs.In(&err, "letter.Ask")
	a, err := m.askOf(ctx, token)
	if err != nil {
		return out, err
	}
	c, err := pg.One[Case](ctx, m.db, sqlCase, a.LetterID)
	if err == nil && !a.Answered && c.Status != AwaitingRT {
		err = errs.New(errs.Gone, "Permohonan ini sudah dilanjutkan atau dibatalkan, jadi jawaban Anda tidak diperlukan lagi.")
	}
	if err != nil {
		return out, err
	}
	subject, v, err := m.contents(ctx, m.db, &c)
	if err != nil {
		return out, err
	}
	out = Asked{
		RequestNumber: c.RequestNumber, Title: c.Title, Subject: subject.Name, Purpose: v["keperluan"].Text, KelurahanName: c.KelurahanName,
		Answered: a.Answered,
		Address:  strings.TrimSpace(subject.Address + " RT " + subject.RT + " RW " + subject.RW),
	}
	return out, m.read(ctx, m.db, authz.Actor{}, "ask", &c, map[string]any{"penduduk": c.ResidentID})
}

const sqlAnswer = `
UPDATE epemerintahan_neighbour_ask SET answered_at = $2, yes = $3, note = $4 WHERE id = $1 AND answered_at IS NULL`

// Answer keeps what the RT or RW head says, once.
func (m *Module) Answer(ctx context.Context, token string, yes bool, note string) (err error) {
	defer errs.In(&err, "letter.Answer")
	note = strings.TrimSpace(note)
	switch n := utf8.RuneCountInString(note); {
	case n > MaxNote:
		return errs.Invalid(errs.Field{Name: ControlNote, Message: "Ringkas catatan menjadi paling banyak 300 huruf."})
	case !yes && n < 5:
		return errs.Invalid(errs.Field{Name: ControlNote, Message: "Tulis mengapa orang ini bukan warga Anda atau permintaannya tidak benar."})
	}
	a, err := m.askOf(ctx, token)
	if err != nil {
		return err
	}
	action := ActConfirmRT
	if !yes {
		action = ActDenyRT
	}
	_, err = m.act(ctx, caller{neighbour: true, id: a.LetterID}, action, func(pgx.Tx, *Case, Moment) (Intent, error) {
		return Intent{Reason: note}, nil
	}, func(tx pgx.Tx, _ *Case, e Event) error {
		return pg.Changed(tx.Exec(ctx, sqlAnswer, a.ID, e.At, yes, note))
	})
	return err
}

const sqlLapsedAsks = `
SELECT l.id FROM epemerintahan_letter l
WHERE l.open AND l.status = 'menunggu_rt' AND l.id > $2
	AND NOT EXISTS (SELECT FROM epemerintahan_neighbour_ask n WHERE n.letter_id = l.id AND n.expires_at > $1)
ORDER BY l.id LIMIT $3`

// SkipLapsed goes on without the RT and RW heads who did not answer in three days.
func (m *Module) SkipLapsed(ctx context.Context) (int, error) {
	return eachID(ctx, m.db, sqlLapsedAsks, m.now(), func(id int64) (bool, error) {
		_, err := m.act(ctx, caller{actor: authz.System("surat"), id: id}, ActSkipRT, func(pgx.Tx, *Case, Moment) (Intent, error) {
			return Intent{Reason: "Tidak ada jawaban dalam tiga hari"}, nil
		}, nil)
		if errs.KindOf(err) == errs.Conflict {
			return false, nil
		}
		return err == nil, err
	})
}
