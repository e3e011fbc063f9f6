package letter

import (
	"context"
	"net/mail"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Contexts under which telephones and addresses of RT and RW heads are sealed.
const (
	sealContact = "epemerintahan.neighbour.phone"
	sealEmail   = "epemerintahan.neighbour.email"
)

// Contact is how the head of an RW, or of an RT in it, is reached.
type Contact struct {
	ID          int64
	KelurahanID int64
	RW          string
	RT          string // "": the RW's own
	Name        string
	Email       string `db:"-"`
	UpdatedAt   time.Time
	Phone       string `db:"-"` // +62…, in full
}

type contactRow struct {
	Contact
	PhoneSealed, EmailSealed []byte
}

// Controls of a contact's form.
const (
	ControlRW          = "rw"
	ControlRT          = "rt"
	ControlContactName = "nama"
	ControlHP          = "hp"
)

const sqlContacts = `
SELECT id, kelurahan_id, rw, rt, name, updated_at, phone_sealed, email_sealed
FROM epemerintahan_neighbour WHERE kelurahan_id = $1 ORDER BY rw, rt`

const sqlSaveContact = `
INSERT INTO epemerintahan_neighbour (kelurahan_id, rw, rt, name, phone_sealed, email_sealed, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (kelurahan_id, rw, rt) DO UPDATE SET name = $4, phone_sealed = $5, email_sealed = $6, updated_at = $7
RETURNING id`

const sqlForgetContact = `DELETE FROM epemerintahan_neighbour WHERE id = $1 AND kelurahan_id = $2`

// Contacts lists the heads of RT and RW of a kelurahan. Needs PermConfigure there.
func (m *Module) Contacts(ctx context.Context, a authz.Actor, kelurahanID int64) (cs []Contact, err error) {
	defer errs.In(&err, "letter.Contacts(%d)", kelurahanID)
	if _, err := m.configurable(ctx, m.db, a, kelurahanID); err != nil {
		return nil, err
	}
	rows, err := pg.Many[contactRow](ctx, m.db, sqlContacts, kelurahanID)
	if err != nil {
		return nil, err
	}
	cs = make([]Contact, len(rows))
	for i, r := range rows {
		if r.Phone, err = m.maybe(r.PhoneSealed, sealContact); err != nil {
			return nil, err
		}
		if r.Email, err = m.maybe(r.EmailSealed, sealEmail); err != nil {
			return nil, err
		}
		cs[i] = r.Contact
	}
	return cs, nil
}

// maybe opens what is sealed; nothing is "".
func (m *Module) maybe(sealed []byte, context string) (string, error) {
	if sealed == nil {
		return "", nil
	}
	return m.box.Open(sealed, context)
}

// SaveContact keeps how the head of an RT or RW is reached, in place of what was known of
// that place. Needs PermConfigure there.
func (m *Module) SaveContact(ctx context.Context, a authz.Actor, c Contact) (err error) {
	defer errs.In(&err, "letter.SaveContact(%d)", c.KelurahanID)
	if _, err := m.configurable(ctx, m.db, a, c.KelurahanID); err != nil {
		return err
	}
	if c, err = checkContact(c); err != nil {
		return err
	}
	var phone, email []byte
	if c.Phone != "" {
		phone = m.box.Seal(c.Phone, sealContact)
	}
	if c.Email != "" {
		email = m.box.Seal(c.Email, sealEmail)
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		id, err := pg.Scalar[int64](ctx, tx, sqlSaveContact, c.KelurahanID, c.RW, c.RT, c.Name, phone, email, m.now())
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{
			Action: "epemerintahan.neighbour.save", Object: "epemerintahan_neighbour", ObjectID: id, UnitID: c.KelurahanID,
			Detail: map[string]any{"rw": c.RW, "rt": c.RT},
		})
	})
}

// ForgetContact removes one that was never asked anything; others can be changed.
func (m *Module) ForgetContact(ctx context.Context, a authz.Actor, kelurahanID, id int64) (err error) {
	defer errs.In(&err, "letter.ForgetContact(%d)", id)
	if _, err := m.configurable(ctx, m.db, a, kelurahanID); err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, sqlForgetContact, id, kelurahanID)
		switch {
		case pg.Violates(err, "epemerintahan_neighbour_ask_neighbour_id_fkey"):
			return errs.New(errs.Conflict, "Orang ini pernah dimintai konfirmasi, jadi catatannya disimpan. Ganti saja nama dan kontaknya dengan pengurus yang baru.")
		case err != nil:
			return err
		case tag.RowsAffected() == 0:
			return errs.New(errs.NotFound, "Kontak ini tidak ada.")
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{
			Action: "epemerintahan.neighbour.forget", Object: "epemerintahan_neighbour", ObjectID: id, UnitID: kelurahanID,
		})
	})
}

func checkContact(c Contact) (Contact, error) {
	var wrong []errs.Field
	fail := func(name, message string) { wrong = append(wrong, errs.Field{Name: name, Message: message}) }
	ok := false
	if c.RW, ok = epemerintahan.ParseArea(c.RW); !ok {
		fail(ControlRW, "Tulis nomor RW, 1 sampai 999.")
	}
	if c.RT != "" {
		if c.RT, ok = epemerintahan.ParseArea(c.RT); !ok {
			fail(ControlRT, "Tulis nomor RT, 1 sampai 999, atau kosongkan untuk ketua RW.")
		}
	}
	c.Name, c.Email = indo.CleanName(c.Name), indo.CleanName(c.Email)
	if n := utf8.RuneCountInString(c.Name); n < 2 || n > 100 {
		fail(ControlContactName, "Tulis nama ketua, 2 sampai 100 huruf.")
	}
	if c.Phone != "" {
		if normal, ok := indo.Phone(c.Phone); ok {
			c.Phone = normal
		} else {
			fail(ControlHP, "Tulis nomor HP yang benar, contoh: 0812-3456-7890.")
		}
	}
	if address, err := mail.ParseAddress(c.Email); c.Email != "" && (err != nil || address.Address != c.Email || len(c.Email) > 100) {
		fail(ControlEmail, "Tulis alamat email yang benar.")
	}
	if c.Phone == "" && c.Email == "" {
		fail(ControlHP, "Isi nomor HP atau email, supaya ketua bisa dihubungi.")
	}
	if len(wrong) > 0 {
		return c, errs.Invalid(wrong...)
	}
	return c, nil
}
