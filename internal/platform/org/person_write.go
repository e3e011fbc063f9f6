package org

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// PersonInput is what an administrator says about a person; form fields nama,
// nip, pangkat, kepegawaian, email.
type PersonInput struct {
	Name        string
	StaffNumber string // NIP for PNS and PPPK
	Rank        string
	Employment  string
	Email       string
}

func (in *PersonInput) tidy() error {
	in.Name, in.Rank = indo.CleanName(in.Name), indo.CleanName(in.Rank)
	in.StaffNumber, in.Email = strings.TrimSpace(in.StaffNumber), strings.ToLower(strings.TrimSpace(in.Email))
	var fs []errs.Field
	fail := func(name, message string) { fs = append(fs, errs.Field{Name: name, Message: message}) }
	if n := len([]rune(in.Name)); n < 1 || n > 120 {
		fail("nama", "Tulis nama lengkap, paling banyak 120 huruf.")
	}
	if !hasKind(Employments(), in.Employment) {
		fail("kepegawaian", "Pilih PNS, PPPK, non-ASN, atau warga.")
	}
	switch in.Employment {
	case EmploymentPNS, EmploymentPPPK:
		nip, ok := indo.NIP(in.StaffNumber)
		if !ok {
			fail("nip", "Tulis NIP 18 angka yang benar.")
		} else {
			in.StaffNumber = nip
		}
	default:
		if len(in.StaffNumber) > 40 {
			fail("nip", "Nomor pegawai paling banyak 40 huruf.")
		}
	}
	if len([]rune(in.Rank)) > 60 {
		fail("pangkat", "Pangkat paling banyak 60 huruf.")
	}
	if in.Email != "" && (len(in.Email) > 254 || !strings.Contains(in.Email, "@") || strings.ContainsAny(in.Email, " ,;<>")) {
		fail("email", "Tulis alamat email seperti nama@contoh.id.")
	}
	if len(fs) > 0 {
		return errs.Invalid(fs...)
	}
	return nil
}

func emptyIsNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// AddPerson records somebody who works for the city and returns the id.
func AddPerson(ctx context.Context, q pg.Querier, a authz.Actor, at time.Time, in PersonInput) (id int64, err error) {
	defer errs.In(&err, "org.AddPerson")
	if err := in.tidy(); err != nil {
		return 0, err
	}
	id, err = pg.Scalar[int64](ctx, q, sqlPersonInsert, in.Name, emptyIsNull(in.StaffNumber), in.Rank, in.Employment, in.Email, at)
	if err != nil {
		return 0, personError(err)
	}
	return id, audit.Write(ctx, q, a, at, audit.Entry{Action: "org.person.add", Object: "org_person", ObjectID: id,
		Detail: map[string]any{"employment": in.Employment}})
}

// UpdatePerson changes what is recorded about a person.
func UpdatePerson(ctx context.Context, q pg.Querier, a authz.Actor, at time.Time, id int64, in PersonInput) (err error) {
	defer errs.In(&err, "org.UpdatePerson(%d)", id)
	if err := in.tidy(); err != nil {
		return err
	}
	tag, err := q.Exec(ctx, sqlPersonUpdate, id, in.Name, emptyIsNull(in.StaffNumber), in.Rank, in.Employment, in.Email, at)
	if err != nil {
		return personError(err)
	}
	if tag.RowsAffected() == 0 {
		return errs.New(errs.NotFound, "")
	}
	return audit.Write(ctx, q, a, at, audit.Entry{Action: "org.person.update", Object: "org_person", ObjectID: id})
}

// LinkAccount says which account a person signs in with, 0 for none. An account
// that belongs to somebody else is errs.Conflict.
func LinkAccount(ctx context.Context, q pg.Querier, a authz.Actor, at time.Time, personID, accountID int64) (err error) {
	defer errs.In(&err, "org.LinkAccount(%d, %d)", personID, accountID)
	tag, err := q.Exec(ctx, sqlPersonLink, personID, zeroIsNull(accountID), at)
	if pg.Violates(err, "org_person_account_key") {
		return errs.New(errs.Conflict, "Akun ini sudah milik pegawai lain.")
	}
	if err != nil {
		return pg.Classify(err)
	}
	if tag.RowsAffected() == 0 {
		return errs.New(errs.NotFound, "")
	}
	return audit.Write(ctx, q, a, at, audit.Entry{Action: "org.person.link", Object: "org_person", ObjectID: personID,
		Detail: map[string]any{"account": accountID}})
}

// SessionEnder signs an account out everywhere, in the caller's transaction.
// Package authn provides it; org does not know sessions.
type SessionEnder interface {
	EndSessions(ctx context.Context, tx pgx.Tx, accountID int64) error
}

// Leave records that a person works for the city until the day before day:
// every occupancy ends at that midnight, open work stays with the positions.
// When the day is here already the sessions end in this very transaction; for a
// day to come SettleLeavers does it.
func Leave(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, personID int64, day time.Time, sessions SessionEnder) (err error) {
	defer errs.In(&err, "org.Leave(%d)", personID)
	if _, err := pg.One[lockedPerson](ctx, tx, sqlPersonLock, personID); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlOccupanciesWithdrawOfPerson, personID, midnight(day), at); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlOccupanciesEndOfPerson, personID, midnight(day)); err != nil {
		return err
	}
	account, err := pg.Scalar[*int64](ctx, tx, sqlPersonLeave, personID, day, at)
	if err != nil {
		return err
	}
	if account != nil && !midnight(day).After(at) {
		if err := settle(ctx, tx, at, personID, *account, sessions); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, a, at, audit.Entry{Action: "org.person.leave", Object: "org_person", ObjectID: personID,
		Detail: map[string]any{"day": day.Format(time.DateOnly)}})
}

// Readmit records that somebody who had left works for the city again, without
// a post yet. One who has not left is errs.Conflict.
func Readmit(ctx context.Context, q pg.Querier, a authz.Actor, at time.Time, personID int64) (err error) {
	defer errs.In(&err, "org.Readmit(%d)", personID)
	if err := pg.Changed(q.Exec(ctx, sqlPersonReadmit, personID, at)); err != nil {
		return err
	}
	return audit.Write(ctx, q, a, at, audit.Entry{Action: "org.person.readmit", Object: "org_person", ObjectID: personID})
}

func settle(ctx context.Context, tx pgx.Tx, at time.Time, personID, accountID int64, sessions SessionEnder) error {
	if err := sessions.EndSessions(ctx, tx, accountID); err != nil {
		return err
	}
	return pg.Exec(ctx, tx, sqlPersonSettle, personID, at)
}

// SettleLeavers ends the sessions of people whose last day has passed and
// returns how many there were. Run it every minute: their rights ended at
// midnight by themselves, this closes what they left open.
func SettleLeavers(ctx context.Context, db pg.Beginner, at time.Time, sessions SessionEnder) (n int, err error) {
	defer errs.In(&err, "org.SettleLeavers")
	err = pg.InTx(ctx, db, func(tx pgx.Tx) error {
		leavers, err := pg.Many[struct{ ID, AccountID int64 }](ctx, tx, sqlLeavers, dayOf(at))
		if err != nil {
			return err
		}
		for _, l := range leavers {
			if err := settle(ctx, tx, at, l.ID, l.AccountID, sessions); err != nil {
				return err
			}
		}
		n = len(leavers)
		return nil
	})
	return n, err
}

func personError(err error) error {
	if pg.Violates(err, "org_person_staff_number_key") {
		return errs.Invalid(errs.Field{Name: "nip", Message: "NIP atau nomor pegawai ini sudah terdaftar."})
	}
	return pg.Classify(err)
}

const sqlPersonInsert = `INSERT INTO org_person (name, staff_number, rank, employment, email, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id`

const sqlPersonUpdate = `UPDATE org_person SET name = $2, staff_number = $3, rank = $4, employment = $5, email = $6, updated_at = $7
WHERE id = $1`

const sqlPersonLink = `UPDATE org_person SET account_id = $2, updated_at = $3 WHERE id = $1`

const sqlPersonLeave = `UPDATE org_person SET left_on = $2, settled_at = NULL, updated_at = $3 WHERE id = $1 RETURNING account_id`

const sqlPersonReadmit = `UPDATE org_person SET left_on = NULL, settled_at = NULL, updated_at = $2 WHERE id = $1 AND left_on IS NOT NULL`

const sqlPersonSettle = `UPDATE org_person SET settled_at = $2 WHERE id = $1`

const sqlLeavers = `SELECT id, account_id FROM org_person
WHERE left_on <= $1::date AND settled_at IS NULL AND account_id IS NOT NULL ORDER BY id FOR UPDATE SKIP LOCKED`

const sqlOccupanciesEndOfPerson = `UPDATE org_occupancy SET ends_at = greatest($2::timestamptz, starts_at + interval '1 second')
WHERE person_id = $1 AND (ends_at IS NULL OR ends_at > $2)`

// Only what has not begun may vanish: work may refer to the rest.
const sqlOccupanciesWithdrawOfPerson = `DELETE FROM org_occupancy
WHERE person_id = $1 AND starts_at >= greatest($2::timestamptz, $3::timestamptz)`
