package misconduct

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Control names.
const (
	ControlWho     = "siapa"
	ControlWhen    = "kapan"
	ControlBody    = "uraian"
	ControlContact = "kontak"
	ControlFiles   = "bukti"
	ControlCode    = "kode"
	ControlOutcome = "hasil"
)

const (
	// MaxBody is how long words may be, in characters.
	MaxBody = 8000
	minBody = 20
	maxLine = 300
	// MaxFiles that go with one writing.
	MaxFiles = 5
	// MaxFileBytes of one file.
	MaxFileBytes = 10 << 20

	// What the channel takes in a day before somebody floods it: far above what people write.
	maxCasesADay  = 300
	maxWritesADay = 20
)

// Upload is a file as it was sent.
type Upload struct {
	media.Upload
	Size int64
}

// Sending is a first writing. Contact is for whoever wants to be known; FormKey is of the
// form, so that one sent twice is one case.
type Sending struct {
	FormKey                  string
	Who, When, Body, Contact string
	Files                    []Upload
}

const (
	sqlInspektorat = `SELECT id FROM org_unit WHERE code = 'INSP' AND valid_to IS NULL`

	sqlCameToday = `SELECT count(*)::int FROM mtr_misconduct WHERE came_on = $1::date`

	sqlInsertCase = `
INSERT INTO mtr_misconduct (ref, code_hash, unit_id, status, seq, waiting, came_on, changed_on)
VALUES ($1, $2, $3, $4, 1, true, $5::date, $5::date) ON CONFLICT ON CONSTRAINT mtr_misconduct_code_key DO NOTHING RETURNING id`

	sqlInsertEntry = `
INSERT INTO mtr_misconduct_entry (case_id, seq, action, body_sealed, account_id, day) VALUES ($1, $2, $3, $4, NULLIF($5::bigint, 0), $6::date)`

	sqlInsertFile = `INSERT INTO mtr_misconduct_file (case_id, seq, content_type, size, content_sealed) VALUES ($1, $2, $3, $4, $5)`
)

// Send begins a case and returns the code that leads back to it, this once.
func (m *Module) Send(ctx context.Context, in Sending) (code string, err error) {
	defer errs.In(&err, "misconduct.Send")
	text, wrong := in.text()
	files, badFiles, err := m.scan(ctx, in.Files)
	if err != nil {
		return "", err
	}
	if wrong = append(wrong, badFiles...); len(wrong) > 0 {
		return "", errs.Invalid(wrong...)
	}
	code = m.codeOf(in.FormKey, text, files)
	ref := newRef()
	return code, pg.InTx(ctx, m.d.DB, func(tx pgx.Tx) error {
		unit, err := pg.Scalar[int64](ctx, tx, sqlInspektorat)
		if errs.KindOf(err) == errs.NotFound {
			return errs.New(errs.Unavailable, "Kanal ini sedang tidak dapat menerima laporan. Datang langsung ke Inspektorat Daerah.")
		}
		if err != nil {
			return err
		}
		n, err := pg.Scalar[int](ctx, tx, sqlCameToday, m.today())
		if err != nil {
			return err
		}
		if n >= maxCasesADay {
			return errFull
		}
		id, err := pg.Scalar[int64](ctx, tx, sqlInsertCase, ref, m.codeHash(code), unit, Received, m.today())
		if errs.KindOf(err) == errs.NotFound { // this very form was sent before
			return nil
		}
		if err != nil {
			return err
		}
		if err := m.write(ctx, tx, id, ref, 1, ActSend, text, 0, files); err != nil {
			return err
		}
		return m.tell(ctx, tx, ref, 1, unit)
	})
}

var errFull = errs.New(errs.TooMany, "Kanal ini menerima terlalu banyak kiriman hari ini. Coba lagi besok, atau datang langsung ke Inspektorat Daerah.")

// text is what was written, as one text, and what is wrong with it.
func (in Sending) text() (string, []errs.Field) {
	var wrong []errs.Field
	fail := func(control, message string) { wrong = append(wrong, errs.Field{Name: control, Message: message}) }
	who, when, contact := line(in.Who), line(in.When), line(in.Contact)
	body := words(in.Body)
	switch n := utf8.RuneCountInString(who); {
	case n == 0:
		fail(ControlWho, "Tulis siapa yang dilaporkan: nama, jabatan, atau kantornya.")
	case n > maxLine:
		fail(ControlWho, "Ringkas menjadi paling banyak 300 huruf.")
	}
	if utf8.RuneCountInString(when) > maxLine {
		fail(ControlWhen, "Ringkas menjadi paling banyak 300 huruf.")
	}
	wrong = append(wrong, checkBody(body, minBody)...)
	if utf8.RuneCountInString(contact) > maxLine {
		fail(ControlContact, "Ringkas menjadi paling banyak 300 huruf.")
	}
	text := "Yang dilaporkan: " + who
	if when != "" {
		text += "\nKapan dan di mana: " + when
	}
	if contact != "" {
		text += "\nKontak yang diberikan pengirim: " + contact
	}
	return text + "\n\n" + body, wrong
}

func line(s string) string { return strings.Join(strings.Fields(s), " ") }

func words(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

func checkBody(s string, shortest int) []errs.Field {
	switch n := utf8.RuneCountInString(s); {
	case n < shortest && shortest > 1:
		return []errs.Field{{Name: ControlBody, Message: "Ceritakan apa yang terjadi, paling sedikit 20 huruf."}}
	case n < shortest:
		return []errs.Field{{Name: ControlBody, Message: "Tulis pesan Anda."}}
	case n > MaxBody:
		return []errs.Field{{Name: ControlBody, Message: "Ringkas menjadi paling banyak 8.000 huruf."}}
	}
	return nil
}

// scanned is a file ready to be sealed.
type scanned struct {
	contentType string
	data        []byte
}

// scan makes files safe: photos lose what the camera wrote into them.
func (m *Module) scan(ctx context.Context, in []Upload) (out []scanned, wrong []errs.Field, err error) {
	refuse := func(message string) ([]scanned, []errs.Field, error) {
		return nil, []errs.Field{{Name: ControlFiles, Message: message}}, nil
	}
	if len(in) > MaxFiles {
		return refuse("Paling banyak 5 berkas sekaligus.")
	}
	for _, u := range in {
		if u.Size > MaxFileBytes {
			return refuse("Satu berkas paling besar 10 MB.")
		}
		d, err := m.d.Scans.Document(ctx, u.Upload)
		if k := errs.KindOf(err); err != nil && (k == errs.Unprocessable || k == errs.TooLarge) {
			return refuse(errs.MessageOf(err))
		}
		if err != nil {
			return nil, nil, err
		}
		if !media.Inline(d.ContentType) {
			return refuse("Kirim foto atau PDF saja.")
		}
		data, err := io.ReadAll(d)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, scanned{d.ContentType, data})
	}
	return out, nil, nil
}

// write seals one entry with its files.
func (m *Module) write(ctx context.Context, tx pgx.Tx, id int64, ref string, seq int, a Action, text string, account int64, files []scanned) error {
	sealed := m.d.Box.Seal(text, contextOf(ref))
	if err := pg.Exec(ctx, tx, sqlInsertEntry, id, seq, a, sealed, account, m.today()); err != nil {
		return err
	}
	for _, f := range files {
		err := pg.Exec(ctx, tx, sqlInsertFile, id, seq, f.contentType, len(f.data), m.d.Box.Seal(string(f.data), contextOf(ref)))
		if err != nil {
			return err
		}
	}
	return nil
}

// letters of codes and refs: none that is mistaken for another.
var letters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// codeOf is the code of what a form sent: the same for the same, and nothing that anybody
// could reckon without the portal's key.
func (m *Module) codeOf(formKey, text string, files []scanned) string {
	h := sha256.New()
	for _, f := range files {
		sum := sha256.Sum256(f.data)
		h.Write(sum[:])
	}
	mac := m.d.Box.MAC(contextForm, bytes.Join([][]byte{[]byte(formKey), []byte(text), h.Sum(nil)}, []byte{0}))
	s := letters.EncodeToString(mac)[:20]
	return strings.Join([]string{s[:4], s[4:8], s[8:12], s[12:16], s[16:]}, "-")
}

// codeHash takes a code as people type it.
func (m *Module) codeHash(code string) []byte {
	code = strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z':
			return r
		}
		return -1
	}, strings.ToUpper(code))
	code = strings.NewReplacer("O", "0", "I", "1", "L", "1", "U", "V").Replace(code)
	return m.d.Box.Hash(contextCode, code)
}

// newRef is how the desk names a case.
func newRef() string { return "P-" + letters.EncodeToString(crypt.HashToken(crypt.Token()))[:8] }
