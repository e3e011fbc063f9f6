package eoffice

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

const (
	// signWithin is how long rendering, signing and storing one letter may take.
	signWithin = 2 * time.Minute
	// signLost is after how long a letter in menandatangani is taken for lost.
	signLost = 3 * time.Minute
)

// Passphrase is what BSrE asks of a signer; the zero value where nothing is asked. It lives
// in the memory of the one request and is kept nowhere.
type Passphrase struct{ NIK, Text string }

// String keeps a secret out of logs.
func (Passphrase) String() string { return "***" }

// SignResult is how signing one letter ended.
type SignResult struct {
	ID     int64
	Number string
	Err    error
}

// NeedsPassphrase tells whether signing asks for the signer's NIK and passphrase (BSrE).
func (m *Module) NeedsPassphrase() bool { return m.signer.NeedsPassphrase() }

// Sign signs letters, each in its three steps: a transaction takes the number, outside of
// any the letter is set, signed and stored, another one records it. Each was opened by the
// signer as it is; several at once only where everybody may know of them. One failure does
// not stop the others, unless BSrE refused the signer or is away.
func (m *Module) Sign(ctx context.Context, a authz.Actor, acts []Act, secret Passphrase) []SignResult {
	out := make([]SignResult, len(acts))
	for i, act := range acts {
		out[i].ID = act.ID
		if i > 0 && m.signer.NeedsPassphrase() && refusesAll(out[i-1].Err) {
			out[i].Err = out[i-1].Err
			continue
		}
		out[i].Number, out[i].Err = m.signOne(ctx, a, act, secret, len(acts) > 1)
	}
	return out
}

// refusesAll tells whether an error is about who signs and with what, not about a letter.
func refusesAll(err error) bool {
	k := errs.KindOf(err)
	return err != nil && (k == errs.Unprocessable || k == errs.Unavailable)
}

func (m *Module) signOne(ctx context.Context, a authz.Actor, act Act, secret Passphrase, bulk bool) (number string, err error) {
	var job signing
	c, err := m.act(ctx, a, act, ActSign, func(tx pgx.Tx, c *Case, mo Moment) (ch Change, err error) {
		if bulk && c.Secrecy != Open {
			return ch, errs.New(errs.Conflict, "Naskah yang tidak biasa sifatnya ditandatangani satu per satu.")
		}
		if err := wasRead(ctx, tx, a, c); err != nil {
			return ch, err
		}
		return m.number(ctx, tx, c, mo, Booked{})
	}, func(tx pgx.Tx, c *Case, mo Moment, _ Event) (err error) {
		job, err = m.prepare(ctx, tx, c, mo)
		return err
	})
	if err != nil {
		return "", err
	}
	work, cancel := context.WithTimeout(ctx, signWithin)
	defer cancel()
	done, err := m.carryOut(work, job, secret)
	if err == nil {
		// A signature that was made is recorded, whether or not its signer still waits.
		err = m.signed(context.WithoutCancel(ctx), a, &c, done)
	}
	if err != nil {
		m.putBack(ctx, &c, done.key)
		return "", err
	}
	return c.LetterNumber, nil
}

// series is the one in which letters of a kind are counted: those of an office, by what
// they are, the confidential ones apart. A letter stays in the one that it has its number of.
func series(c *Case, k kind.Kind) string {
	s := fmt.Sprintf("naskah:%d:%s", c.UnitID, k.Series)
	if c.LetterNo == 0 && c.Secrecy.Confidential() || c.LetterNo != 0 && c.CountedSecret {
		s += ":rahasia"
	}
	return s
}

// sealToken is the context under which the secret of a letter's QR code is sealed.
const sealToken = "eoffice.token"

const sqlSaveToken = `UPDATE eoffice_letter SET token_sealed = $2, token_hash = $3 WHERE id = $1 AND token_hash IS NULL`

const sqlToken = `SELECT COALESCE(token_sealed, '') FROM eoffice_letter WHERE id = $1`

// number gives a letter its number and the names on its paper, unless it has them: the next
// number, or the one that was kept for it. The counter's row, or that of the number kept,
// stays locked until the transaction ends.
func (m *Module) number(ctx context.Context, tx pgx.Tx, c *Case, mo Moment, use Booked) (ch Change, err error) {
	k, err := kindOf(c)
	if err != nil {
		return ch, err
	}
	kept, on := Booking{}, mo.Now
	if use.ID != 0 {
		if kept, on, err = m.take(ctx, tx, c, k.Series, mo, use); err != nil {
			return ch, err
		}
		mo.Now, ch.Dated = on, &on // whom the paper names signed it on its day
	}
	if len(c.Blocks) == 0 {
		if ch.Blocks, err = m.blocks(ctx, tx, c, mo); err != nil {
			return ch, err
		}
	}
	token := crypt.Token()
	if err := pg.Exec(ctx, tx, sqlSaveToken, c.ID, m.box.Seal(token, sealToken), crypt.HashToken(token)); err != nil {
		return ch, err
	}
	if c.LetterNo != 0 {
		return ch, nil
	}
	office, err := officeOf(ctx, tx, c.UnitID)
	if err != nil {
		return ch, err
	}
	ch.Year, ch.No = on.In(clock.Makassar).Year(), kept.No
	if use.ID == 0 {
		if ch.No, err = numbering.Next(ctx, tx, series(c, k), ch.Year); err != nil {
			return ch, err
		}
	}
	pattern := k.Pattern
	if c.Secrecy.Confidential() {
		pattern = strings.Replace(pattern, "{no}", "{derajat}-{no}", 1)
	}
	ch.Number = numbering.FormatPattern(pattern, numbering.Parts{
		Degree: string(c.Secrecy), KKA: c.KKA, Position: office.Code, Unit: office.Code, No: ch.No, Suffix: kept.Suffix, Date: on,
	})
	return ch, nil
}

// signing is everything that the second step needs.
type signing struct {
	Case
	block Block // who signs now
	doc   naskah.Document
}

func (m *Module) prepare(ctx context.Context, q pg.Querier, c *Case, mo Moment) (job signing, err error) {
	job.Case = *c
	for _, b := range c.Blocks {
		if b.PositionID == c.DeskID {
			job.block = b
		}
	}
	if job.block.PersonID != mo.Actor.PersonID {
		return job, errs.New(errs.Conflict, "Naskah ini menyebut "+job.block.Name+
			" di tempat tanda tangan Anda. Kembalikan kepada konseptor, supaya disusun lagi.")
	}
	job.doc, err = m.composed(ctx, q, c, "")
	return job, err
}

// finished is a signed PDF in the store.
type finished struct {
	key  string
	hash []byte
}

// carryOut sets the letter, or takes it as the signer before left it, signs and stores it.
// A panic counts as a failure of this letter alone.
func (m *Module) carryOut(ctx context.Context, job signing, secret Passphrase) (done finished, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("signing: %v", p)
		}
	}()
	var pdf []byte
	if job.PDFKey == "" {
		pdf, err = m.set(job.doc)
	} else {
		pdf, err = m.readAll(ctx, job.PDFKey)
	}
	if err != nil {
		return done, err
	}
	b := job.block
	pdf, err = m.signer.Sign(ctx, sign.Request{
		PDF: pdf, Name: b.Name, Title: b.title(), Unit: job.UnitName, PersonID: b.PersonID, NIK: secret.NIK, Passphrase: secret.Text,
		Reason: job.LetterNumber, Place: City, At: job.StatusAt,
	})
	if err != nil {
		return done, err
	}
	done = finished{key: "eoffice/naskah/" + crypt.Token() + ".pdf", hash: sign.Hash(pdf)}
	return done, m.blobs.Put(ctx, done.key, bytes.NewReader(pdf), int64(len(pdf)), media.PDFType)
}

func (m *Module) readAll(ctx context.Context, key string) ([]byte, error) {
	r, _, err := m.blobs.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	return b, errors.Join(err, r.Close())
}

func (m *Module) signed(ctx context.Context, a authz.Actor, c *Case, done finished) error {
	before := c.PDFKey
	_, err := m.act(ctx, a, Act{ID: c.ID, Version: c.Seq}, ActSigned, func(pgx.Tx, *Case, Moment) (Change, error) {
		return Change{PDF: done.key, Hash: done.hash}, nil
	}, func(tx pgx.Tx, c *Case, mo Moment, e Event) error {
		if e.To != Signed {
			return nil
		}
		return m.afterSigned(ctx, tx, c, mo)
	})
	if err == nil && before != "" {
		m.drop(ctx, before) // the new file holds every byte of it
	}
	return err
}

// putBack returns a letter whose signing failed, and drops what was stored for it. What
// fails here too is left to [Module.RecoverSignings].
func (m *Module) putBack(ctx context.Context, c *Case, key string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := m.unsign(ctx, c.ID, c.Seq); err != nil {
		slog.WarnContext(ctx, "put a letter back", "letter", c.ID, "err", err)
		return // it may have been signed after all: its file stays
	}
	if key != "" {
		m.drop(ctx, key)
	}
}

// unsign puts a letter back to the desk of who was signing it.
func (m *Module) unsign(ctx context.Context, id int64, version int) error {
	_, err := m.act(ctx, authz.System("e-office"), Act{ID: id, Version: version}, ActSignFail, nil, nil)
	return err
}

const sqlLostSignings = `SELECT id, seq FROM eoffice_letter WHERE status = 'menandatangani' AND status_at <= $1 ORDER BY id LIMIT 200`

// RecoverSignings puts back the letters whose signing broke off, because a portal died or
// the database was away. They keep their numbers. It returns how many there were.
func (m *Module) RecoverSignings(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "eoffice.RecoverSignings")
	lost, err := pg.Many[struct {
		ID  int64
		Seq int
	}](ctx, m.db, sqlLostSignings, m.now().Add(-signLost))
	if err != nil {
		return 0, err
	}
	for _, l := range lost {
		one := m.unsign(ctx, l.ID, l.Seq)
		switch k := errs.KindOf(one); {
		case one == nil:
			n++
		case k != errs.Conflict && k != errs.NotFound: // signed meanwhile
			err = errors.Join(err, one)
		}
	}
	return n, err
}
