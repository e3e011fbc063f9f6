package letter

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

const (
	// signWithin is how long rendering, signing and storing one letter may take.
	signWithin = 2 * time.Minute
	// signLost is after how long a letter in menandatangani is taken for lost: whoever
	// worked on it is past signWithin by then.
	signLost = 3 * time.Minute
)

// Secret is what BSrE asks of a signer; the zero value where nothing is asked. It
// lives in the memory of the one request and is kept nowhere.
type Secret struct{ NIK, Passphrase string }

// String keeps a secret out of logs.
func (Secret) String() string { return "***" }

// SignResult is how signing one letter ended.
type SignResult struct {
	ID     int64
	Number string
	Err    error
}

// NeedsPassphrase tells whether signing asks for the signer's NIK and passphrase (BSrE).
func (m *Module) NeedsPassphrase() bool { return m.signer.NeedsPassphrase() }

// Sign signs letters, each in its three steps, as lurah, on their behalf, or as camat.
// The signer has read each letter as it is ([Module.View]). The results are in the order
// of acts; one failure does not stop the others, unless BSrE refused the signer or is
// away: it would refuse them all, and lock who is wrong too often.
func (m *Module) Sign(ctx context.Context, a authz.Actor, acts []Act, secret Secret) []SignResult {
	out := make([]SignResult, len(acts))
	for i, act := range acts {
		out[i].ID = act.ID
		if i > 0 && m.signer.NeedsPassphrase() && refusesAll(out[i-1].Err) {
			out[i].Err = out[i-1].Err
			continue
		}
		out[i].Number, out[i].Err = m.signOne(ctx, a, act, secret)
	}
	return out
}

// refusesAll tells whether an error is about who signs and with what, not about a letter.
func refusesAll(err error) bool {
	k := errs.KindOf(err)
	return err != nil && (k == errs.Unprocessable || k == errs.Unavailable)
}

// signOne signs one letter. Between the two transactions nothing is locked: the letter
// stands in menandatangani, and whatever goes wrong puts it back with its number.
func (m *Module) signOne(ctx context.Context, a authz.Actor, act Act, secret Secret) (number string, err error) {
	defer errs.In(&err, "letter.Sign(%d)", act.ID)
	var job signing
	var as Role
	c, err := m.act(ctx, staff(a, act), ActSign, func(tx pgx.Tx, c *Case, mo Moment) (in Intent, err error) {
		if err := wasRead(ctx, tx, a, c); err != nil {
			return in, err
		}
		as = c.RolesOf(mo) & (signers | AsCamat)
		in.Change, err = m.number(ctx, tx, c, mo, m.signer.Certified())
		return in, err
	}, func(tx pgx.Tx, c *Case, _ Event) (err error) {
		job, err = m.prepare(ctx, tx, c)
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
		err = m.signed(context.WithoutCancel(ctx), a, as, &c, job, done)
	}
	if err != nil {
		m.putBack(ctx, &c, done.key)
		return "", err
	}
	return c.LetterNumber, nil
}

const sqlReading = `SELECT seq FROM epemerintahan_letter_reading WHERE letter_id = $1 AND account_id = $2`

// wasRead refuses a letter that the signer has not opened as it is now.
func wasRead(ctx context.Context, q pg.Querier, a authz.Actor, c *Case) error {
	seq, err := pg.Scalar[int](ctx, q, sqlReading, c.ID, a.AccountID)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	if err != nil || seq != c.Seq {
		return errs.New(errs.Conflict, "Baca dahulu surat "+c.RequestNumber+" seperti keadaannya sekarang, lalu tanda tangani.")
	}
	return nil
}

// letterSeries is that of a kelurahan's letter numbers.
func letterSeries(kelurahanID int64) string { return fmt.Sprintf("surat:%d", kelurahanID) }

const sqlSaveToken = `UPDATE epemerintahan_letter SET token_sealed = $2, token_hash = $3 WHERE id = $1 AND token_hash IS NULL`

// number gives a letter its number, unless it has one, and the officials whom the
// paper names. The counter's row stays locked until the transaction ends.
func (m *Module) number(ctx context.Context, tx pgx.Tx, c *Case, mo Moment, certified bool) (ch Change, err error) {
	if len(c.Blocks) == 0 {
		if ch.Blocks, err = m.officials(ctx, tx, c, mo, certified); err != nil {
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
	k, err := m.kindOf(ctx, tx, c.KindVersionID)
	if err != nil {
		return ch, err
	}
	office, err := officeOf(ctx, tx, c.KelurahanID)
	if err != nil {
		return ch, err
	}
	ch.Year = mo.Now.In(clock.Makassar).Year()
	if ch.No, err = numbering.Next(ctx, tx, letterSeries(c.KelurahanID), ch.Year); err != nil {
		return ch, err
	}
	ch.Number = k.NumberFor(office, ch.No, mo.Now)
	return ch, nil
}

// officials are whom the paper names: who acts now, or for a print at the counter who
// decides for the kelurahan, and the camat where they sign too.
func (m *Module) officials(ctx context.Context, q pg.Querier, c *Case, mo Moment, certified bool) ([]Signed, error) {
	kelurahan, err := org.UnitByID(ctx, q, c.KelurahanID)
	if err != nil {
		return nil, err
	}
	h, err := m.lurahOrDeputy(ctx, q, c, mo)
	if err != nil {
		return nil, err
	}
	first, err := signedBy(ctx, q, kelurahan, Lurah, h, time.Time{})
	if err != nil {
		return nil, err
	}
	out := []Signed{first}
	if c.WithCamat {
		kecamatan, err := org.UnitByID(ctx, q, c.KecamatanID)
		if err != nil {
			return nil, err
		}
		h, err := head(ctx, q, kecamatan, mo.Now)
		if err != nil {
			return nil, err
		}
		second, err := signedBy(ctx, q, kecamatan, Camat, h, time.Time{})
		if err != nil {
			return nil, err
		}
		out = append(out, second)
	}
	for i := range out {
		out[i].Certified = certified
	}
	return out, nil
}

func head(ctx context.Context, q pg.Querier, u org.Unit, at time.Time) (org.Holder, error) {
	h, err := org.Head(ctx, q, u.ID, at)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return h, errs.New(errs.Conflict, "Jabatan kepala "+u.Name+" sedang kosong dan tidak ada Plt. atau Plh. Surat belum dapat diberi nomor.")
	}
	return h, err
}

// lurahOrDeputy is in whose name the letter goes out.
func (m *Module) lurahOrDeputy(ctx context.Context, q pg.Querier, c *Case, mo Moment) (org.Holder, error) {
	if r := c.RolesOf(mo); r.Has(AsDeputy) && !r.Has(AsLurah) && c.Status == AwaitingSign {
		for _, p := range mo.Actor.Positions {
			if p.UnitID != c.KelurahanID {
				continue
			}
			held, err := org.PositionByID(ctx, q, p.ID)
			return org.Holder{
				PositionID: p.ID, PositionKind: held.Kind, UnitID: p.UnitID, PersonID: mo.Actor.PersonID, Title: p.Title, Kind: p.Kind,
			}, err
		}
		return org.Holder{}, errs.New(errs.Forbidden, "Menandatangani atas nama lurah hanya untuk pejabat yang berjabatan di kelurahan ini.")
	}
	return head(ctx, q, org.Unit{ID: c.KelurahanID, Name: "Kelurahan " + c.KelurahanName}, mo.Now)
}

// signing is everything that the second step needs.
type signing struct {
	Case
	kind  Kind
	block int // of Blocks, who signs now
	what  Composition
}

func (m *Module) prepare(ctx context.Context, q pg.Querier, c *Case) (job signing, err error) {
	job.Case, job.block = *c, len(c.Signed)
	job.kind, job.what, err = m.composition(ctx, q, c)
	return job, err
}

const sqlToken = `SELECT COALESCE(token_sealed, '') FROM epemerintahan_letter WHERE id = $1`

// composition is what a letter says as it stands.
func (m *Module) composition(ctx context.Context, q pg.Querier, c *Case) (k Kind, in Composition, err error) {
	if k, err = m.kindOf(ctx, q, c.KindVersionID); err != nil {
		return k, in, err
	}
	if in.Office, err = officeOf(ctx, q, c.KelurahanID); err != nil {
		return k, in, err
	}
	if in.Subject, in.Values, err = m.contents(ctx, q, c); err != nil {
		return k, in, err
	}
	sealed, err := pg.Scalar[[]byte](ctx, q, sqlToken, c.ID)
	if err != nil {
		return k, in, err
	}
	if len(sealed) > 0 {
		token, err := m.box.Open(sealed, sealToken)
		if err != nil {
			return k, in, err
		}
		in.QRText = m.baseURL + "/verifikasi/" + token
	}
	in.Number, in.Mode, in.Signed, in.Date, in.Created = c.LetterNumber, c.Mode, c.Blocks, m.now(), m.now()
	if c.DatedAt != nil {
		in.Date, in.Created = *c.DatedAt, *c.DatedAt
	}
	in.ValidUntil = k.ValidUntil(in.Date)
	return k, in, nil
}

// finished is a signed PDF in the store.
type finished struct {
	key  string
	hash []byte
}

// carryOut renders the letter, or takes it as the lurah signed it, signs and stores
// it. A panic counts as a failure of this letter alone.
func (m *Module) carryOut(ctx context.Context, job signing, secret Secret) (done finished, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("signing: %v", p)
		}
	}()
	var pdf []byte
	if job.PDFKey == "" {
		doc, err := Compose(job.kind, job.what)
		if err != nil {
			return done, err
		}
		if pdf, err = m.set(doc); err != nil {
			return done, err
		}
	} else if pdf, err = readAll(ctx, m.blobs, job.PDFKey); err != nil {
		return done, err
	}
	s := job.Blocks[job.block]
	unit := job.KelurahanName
	if s.Office == Camat {
		unit = job.KecamatanName
	}
	pdf, err = m.signer.Sign(ctx, sign.Request{
		PDF: pdf, Name: s.Name, Title: s.office(), Unit: unit, PersonID: s.PersonID, NIK: secret.NIK, Passphrase: secret.Passphrase,
		Reason: job.kind.Title, Place: City, At: job.StatusAt,
	})
	if err != nil {
		return done, err
	}
	key := blobKey("surat", "pdf")
	if err := m.blobs.Put(ctx, key, bytes.NewReader(pdf), int64(len(pdf)), media.PDFType); err != nil {
		return done, err
	}
	return finished{key, sign.Hash(pdf)}, nil
}

// blobKey is a new place in the store that tells nothing.
func blobKey(folder, ending string) string {
	return "epemerintahan/" + folder + "/" + blobName() + "." + ending
}

func readAll(ctx context.Context, s blob.Store, key string) ([]byte, error) {
	r, _, err := s.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// signed is the third step. It fails when the letter was taken for lost meanwhile.
func (m *Module) signed(ctx context.Context, a authz.Actor, as Role, c *Case, job signing, done finished) error {
	who := caller{actor: a, id: c.ID, version: c.Seq, proved: as}
	before := c.PDFKey
	_, err := m.act(ctx, who, ActSigned, func(_ pgx.Tx, _ *Case, mo Moment) (Intent, error) {
		s := job.Blocks[job.block]
		s.At = mo.Now
		return Intent{Change: Change{PDF: done.key, Hash: done.hash, Signatures: []Signed{s}}}, nil
	}, nil)
	if err == nil && before != "" {
		m.drop(ctx, before) // the new file holds every byte of it
	}
	return err
}

// putBack returns a letter whose signing failed, and drops what was stored for it.
// What fails here too is left to [Module.RecoverSignings].
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

// drop removes a file that nothing points to any more.
func (m *Module) drop(ctx context.Context, key string) {
	if err := m.blobs.Delete(context.WithoutCancel(ctx), key); err != nil {
		slog.WarnContext(ctx, "drop a letter's file", "err", err)
	}
}

const sqlReadStill = `UPDATE epemerintahan_letter_reading SET seq = $3 WHERE letter_id = $1 AND seq = $2`

// unsign puts a letter back to where signing began. Whoever had read it still has:
// nothing in it changed.
func (m *Module) unsign(ctx context.Context, id int64, version int) error {
	_, err := m.act(ctx, caller{actor: authz.System("surat"), id: id, version: version}, ActSignFail, nil, func(tx pgx.Tx, c *Case, e Event) error {
		return pg.Exec(ctx, tx, sqlReadStill, id, e.Seq-2, e.Seq)
	})
	return err
}

const sqlLostSignings = `
SELECT id FROM epemerintahan_letter WHERE status = 'menandatangani' AND status_at <= $1 AND id > $2 ORDER BY id LIMIT $3`

const sqlSeq = `SELECT seq FROM epemerintahan_letter WHERE id = $1 AND status = 'menandatangani'`

// RecoverSignings puts back the letters whose signing broke off, because a portal died
// or the database was away. They keep their numbers. It returns how many there were.
func (m *Module) RecoverSignings(ctx context.Context) (int, error) {
	return eachID(ctx, m.db, sqlLostSignings, m.now().Add(-signLost), func(id int64) (bool, error) {
		seq, err := pg.Scalar[int](ctx, m.db, sqlSeq, id)
		if err == nil {
			err = m.unsign(ctx, id, seq)
		}
		if k := errs.KindOf(err); err != nil && (k == errs.Conflict || k == errs.NotFound) {
			return false, nil // it was signed meanwhile
		}
		return err == nil, err
	})
}
