package epuskesmas

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	byEmail = "email"
	byPhone = "hp"
)

func contactKind(contact string) string {
	if strings.Contains(contact, "@") {
		return byEmail
	}
	return byPhone
}

func contactContext(kind string) string {
	if kind == byPhone {
		return notify.PhoneContext
	}
	return contextContact
}

// patient finds who is meant among the patients of a puskesmas, or makes them: by NIK,
// else by name and birth date among those that this contact has booked for. Nothing
// that is known of them is shown to whoever books.
func (m *Module) patient(ctx context.Context, tx pgx.Tx, b Booking, unitID int64, contact []byte, now time.Time) (id int64, born time.Time, err error) {
	if b.PatientID != 0 {
		p, err := pg.One[struct {
			ID        int64
			BirthDate time.Time
		}](ctx, tx, sqlPatientInUnit, b.PatientID, unitID)
		return p.ID, p.BirthDate, err
	}
	var nikSealed, nikHash, bpjsSealed, bpjsHash, phone []byte
	var sex *int
	if b.NIK != "" {
		nikSealed, nikHash = m.box.Seal(b.NIK, contextNIK), m.box.Hash(contextNIK, b.NIK)
		if nik, ok := indo.ParseNIK(b.NIK, now); ok {
			n := 1
			if nik.Female {
				n = 2
			}
			sex = &n
		}
		id, err = m.patientByNIK(ctx, tx, b, unitID, nikHash)
	}
	if b.BPJS != "" {
		bpjsSealed, bpjsHash = m.box.Seal(b.BPJS, contextBPJS), m.box.Hash(contextBPJS, b.BPJS)
	}
	fold := indo.FoldPerson(b.Name)
	if err == nil && id == 0 && contact != nil {
		id, err = pg.Scalar[int64](ctx, tx, sqlPatientOfContact, unitID, fold, dateOf(b.BirthDate), contact)
		err = unlessNotFound(err)
	}
	if err != nil {
		return 0, born, err
	}
	if id != 0 {
		if nikHash == nil && bpjsHash == nil {
			return id, b.BirthDate, nil
		}
		err = pg.Exec(ctx, tx, sqlCompletePatient, id, nikSealed, nikHash, bpjsSealed, bpjsHash)
		return id, b.BirthDate, err
	}
	if b.Contact != "" && contactKind(b.Contact) == byPhone {
		phone = m.box.Seal(b.Contact, notify.PhoneContext)
	}
	id, err = pg.Scalar[int64](ctx, tx, sqlInsertPatient, unitID, b.Name, fold, dateOf(b.BirthDate), sex, nikSealed, nikHash, bpjsSealed,
		bpjsHash, phone, now)
	if errs.KindOf(err) == errs.NotFound && err != nil { // somebody else has just entered the NIK
		id, err = m.patientByNIK(ctx, tx, b, unitID, nikHash)
	}
	return id, b.BirthDate, err
}

func unlessNotFound(err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	return err
}

// patientByNIK is who has the NIK here, 0 for nobody. A name with no word in common is
// refused: nobody takes a number in a stranger's name.
func (m *Module) patientByNIK(ctx context.Context, tx pgx.Tx, b Booking, unitID int64, hash []byte) (int64, error) {
	type row struct {
		ID        int64
		NameFold  string
		BirthDate time.Time
	}
	r, err := pg.One[row](ctx, tx, sqlPatientByNIK, unitID, hash)
	if errs.KindOf(err) == errs.NotFound {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	known := strings.Fields(r.NameFold)
	typed := strings.Fields(indo.FoldPerson(b.Name))
	if !slices.ContainsFunc(typed, func(w string) bool { return slices.Contains(known, w) }) || r.BirthDate.Format(time.DateOnly) != dateOf(b.BirthDate) {
		return 0, errs.Invalid(errs.Field{Name: ControlNIK, Message: "Nama dan tanggal lahir tidak cocok dengan NIK ini. Periksa lagi, atau daftar di loket."})
	}
	return r.ID, nil
}
