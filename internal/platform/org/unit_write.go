package org

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// UnitInput is what an administrator says about a unit. The names in messages
// are those of the form: induk, jenis, kode, nama, singkatan, lat, mulai.
type UnitInput struct {
	ParentID   int64
	Kind       string
	Code       string
	Name       string
	ShortName  string // empty: the name
	AreaID     int64
	Address    string
	Phone      string
	Lat, Lng   *float64
	ByNameOnly bool
	ValidFrom  time.Time // zero: today; not changed by UpdateUnit
}

var unitCode = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// tidy trims the input and says what is wrong with it.
func (in *UnitInput) tidy() error {
	in.Code, in.Name, in.ShortName = strings.TrimSpace(in.Code), indo.CleanName(in.Name), indo.CleanName(in.ShortName)
	in.Address, in.Phone = strings.TrimSpace(in.Address), strings.TrimSpace(in.Phone)
	if in.ShortName == "" {
		in.ShortName = in.Name
	}
	var fs []errs.Field
	fail := func(name, message string) { fs = append(fs, errs.Field{Name: name, Message: message}) }
	if !hasKind(Kinds(), in.Kind) {
		fail("jenis", "Pilih jenis unit.")
	}
	if !unitCode.MatchString(in.Code) {
		fail("kode", "Tulis kode dengan huruf, angka, titik, atau tanda hubung, paling banyak 64.")
	}
	if n := len([]rune(in.Name)); n < 1 || n > 200 {
		fail("nama", "Tulis nama unit, paling banyak 200 huruf.")
	}
	if n := len([]rune(in.ShortName)); n > 60 {
		fail("singkatan", "Tulis nama pendek, paling banyak 60 huruf.")
	}
	if len([]rune(in.Address)) > 300 {
		fail("alamat", "Alamat paling banyak 300 huruf.")
	}
	if in.Phone != "" {
		normal, ok := indo.Phone(in.Phone)
		if !ok {
			fail("telepon", "Tulis nomor telepon seperti 0411 123456.")
		}
		in.Phone = normal
	}
	if (in.Lat == nil) != (in.Lng == nil) || in.Lat != nil && (*in.Lat < -90 || *in.Lat > 90 || *in.Lng < -180 || *in.Lng > 180) {
		fail("lat", "Isi lintang dan bujur dalam derajat, atau kosongkan keduanya.")
	}
	if (in.ParentID == 0) != (in.Kind == KindCity) {
		fail("induk", "Pilih unit induknya.")
	}
	if len(fs) > 0 {
		return errs.Invalid(fs...)
	}
	return nil
}

func hasKind(ks []Kind, value string) bool {
	for _, k := range ks {
		if k.Value == value {
			return true
		}
	}
	return false
}

// AddUnit creates a unit and returns its id. A code or a sibling's name that is
// taken, and any wrong value, is errs.Unprocessable with the form's field.
func AddUnit(ctx context.Context, q pg.Querier, a authz.Actor, at time.Time, in UnitInput) (id int64, err error) {
	defer errs.In(&err, "org.AddUnit(%q)", in.Code)
	if err := in.tidy(); err != nil {
		return 0, err
	}
	from := in.ValidFrom
	if from.IsZero() {
		from = dayOf(at)
	}
	id, err = pg.Scalar[int64](ctx, q, sqlUnitInsert, zeroIsNull(in.ParentID), in.Kind, in.Code, in.Name, in.ShortName,
		zeroIsNull(in.AreaID), in.Address, in.Phone, in.Lat, in.Lng, in.ByNameOnly, from, at)
	if err != nil {
		return 0, unitError(err)
	}
	return id, audit.Write(ctx, q, a, at, audit.Entry{
		Action: "org.unit.add", Object: "org_unit", ObjectID: id, UnitID: id,
		Detail: map[string]any{"code": in.Code, "kind": in.Kind, "parent": in.ParentID},
	})
}

// UpdateUnit changes a unit; a new parent moves everything below along. A
// former name is kept for what was written under it.
func UpdateUnit(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, id int64, in UnitInput) (err error) {
	defer errs.In(&err, "org.UpdateUnit(%d)", id)
	if err := in.tidy(); err != nil {
		return err
	}
	old, err := pg.One[Unit](ctx, tx, sqlUnitLock, id)
	if err != nil {
		return err
	}
	if old.Name != in.Name || old.ShortName != in.ShortName {
		if err := pg.Exec(ctx, tx, sqlUnitFormerNameInsert, id, old.Name, old.ShortName, dayOf(at)); err != nil {
			return err
		}
	}
	err = pg.Exec(ctx, tx, sqlUnitUpdate, id, zeroIsNull(in.ParentID), in.Kind, in.Code, in.Name, in.ShortName,
		zeroIsNull(in.AreaID), in.Address, in.Phone, in.Lat, in.Lng, in.ByNameOnly, at)
	if err != nil {
		return unitError(err)
	}
	return audit.Write(ctx, tx, a, at, audit.Entry{
		Action: "org.unit.update", Object: "org_unit", ObjectID: id, UnitID: id, Detail: changedUnit(old, in),
	})
}

// changedUnit says what changed, from and to; units hold no personal data.
func changedUnit(old Unit, in UnitInput) map[string]any {
	d := map[string]any{}
	note := func(name string, from, to any) {
		if from != to {
			d[name] = []any{from, to}
		}
	}
	note("parent", deref(old.ParentID), in.ParentID)
	note("kind", old.Kind, in.Kind)
	note("code", old.Code, in.Code)
	note("name", old.Name, in.Name)
	note("short_name", old.ShortName, in.ShortName)
	note("area", deref(old.AreaID), in.AreaID)
	note("lat", deref(old.Lat), deref(in.Lat))
	note("lng", deref(old.Lng), deref(in.Lng))
	note("by_name_only", old.ByNameOnly, in.ByNameOnly)
	return d
}

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// unitError gives violated constraints their sentences.
func unitError(err error) error {
	for constraint, f := range map[string]errs.Field{
		"org_unit_code_key":     {Name: "kode", Message: "Kode ini sudah dipakai unit lain yang masih berlaku."},
		"org_unit_sibling_key":  {Name: "nama", Message: "Unit induk ini sudah punya unit dengan nama yang sama."},
		"org_unit_cycle_check":  {Name: "induk", Message: "Unit tidak dapat berada di bawah dirinya sendiri."},
		"org_unit_parent_fkey":  {Name: "induk", Message: "Unit induk tidak ditemukan."},
		"org_unit_area_fkey":    {Name: "wilayah", Message: "Kecamatan tidak ditemukan."},
		"org_unit_root_check":   {Name: "jenis", Message: "Hanya kota yang tidak punya induk, dan kota hanya satu."},
		"org_unit_one_root_key": {Name: "jenis", Message: "Kota hanya satu."},
	} {
		if pg.Violates(err, constraint) {
			return errs.Invalid(f)
		}
	}
	return err
}

// CloseUnit ends a unit on a day: that day it no longer exists. Its positions
// close and their occupancies end at that midnight. A unit with open children is
// refused (close or move them first), as is a unit that is closed already
// (errs.Conflict). A successor, 0 for none, takes over what comes in later.
func CloseUnit(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, id int64, day time.Time, successorID int64) (err error) {
	defer errs.In(&err, "org.CloseUnit(%d)", id)
	u, err := pg.One[Unit](ctx, tx, sqlUnitLock, id)
	if err != nil {
		return err
	}
	switch {
	case u.ValidTo != nil:
		return errs.New(errs.Conflict, "Unit ini sudah ditutup.")
	case u.Kind == KindCity:
		return errs.Invalid(errs.Field{Name: "tanggal", Message: "Kota tidak dapat ditutup."})
	case !day.After(u.ValidFrom):
		return errs.Invalid(errs.Field{Name: "tanggal", Message: "Tanggal penutupan harus setelah unit ini mulai berlaku."})
	}
	if successorID != 0 {
		s, err := UnitByID(ctx, tx, successorID)
		if errs.KindOf(err) == errs.NotFound || err == nil && (s.ID == id || s.ValidTo != nil && !s.ValidTo.After(day)) {
			return errs.Invalid(errs.Field{Name: "penerus", Message: "Pilih unit lain yang masih berlaku pada tanggal itu sebagai penerus."})
		}
		if err != nil {
			return err
		}
	}
	n, err := pg.Scalar[int](ctx, tx, sqlUnitOpenChildren, id, day)
	if err != nil {
		return err
	}
	if n > 0 {
		return errs.Invalid(errs.Field{Name: "tanggal", Message: fmt.Sprintf(
			"Masih ada %d unit di bawahnya. Tutup atau pindahkan dahulu unit-unit itu.", n)})
	}
	if err := pg.Changed(tx.Exec(ctx, sqlUnitClose, id, day, zeroIsNull(successorID), at)); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlUnitEndOccupancies, id, midnight(day)); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlUnitClosePositions, id, day, at); err != nil {
		return err
	}
	return audit.Write(ctx, tx, a, at, audit.Entry{
		Action: "org.unit.close", Object: "org_unit", ObjectID: id, UnitID: id,
		Detail: map[string]any{"day": day.Format(time.DateOnly), "successor": successorID},
	})
}

// AddRW creates RW number n of a kelurahan with the position of its ketua and
// returns the unit's id. One that exists is errs.Unprocessable for "nomor".
func AddRW(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, kelurahanID int64, n int) (id int64, err error) {
	defer errs.In(&err, "org.AddRW(%d, %d)", kelurahanID, n)
	return addNeighbourhood(ctx, tx, a, at, kelurahanID, KindKelurahan, KindRW, n)
}

// AddRT creates RT number n of an RW, like AddRW.
func AddRT(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, rwID int64, n int) (id int64, err error) {
	defer errs.In(&err, "org.AddRT(%d, %d)", rwID, n)
	return addNeighbourhood(ctx, tx, a, at, rwID, KindRW, KindRT, n)
}

func addNeighbourhood(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, parentID int64, parentKind, kind string, n int) (int64, error) {
	if n < 1 || n > 999 {
		return 0, errs.Invalid(errs.Field{Name: "nomor", Message: "Tulis nomor dari 1 sampai 999."})
	}
	parent, err := UnitByID(ctx, tx, parentID)
	if err != nil {
		return 0, err
	}
	if parent.Kind != parentKind || !parent.Valid(at) {
		return 0, errs.Invalid(errs.Field{Name: "induk", Message: "Unit ini tidak dapat memiliki " + strings.ToUpper(kind) + "."})
	}
	label := fmt.Sprintf("%s %03d", strings.ToUpper(kind), n)
	name := label + " " + parent.Name
	id, err := AddUnit(ctx, tx, a, at, UnitInput{
		ParentID: parentID, Kind: kind, Code: fmt.Sprintf("%s.%s%03d", parent.Code, strings.ToUpper(kind), n), Name: name, ShortName: label,
	})
	if err != nil {
		if len(errs.FieldsOf(err)) > 0 {
			return 0, errs.Invalid(errs.Field{Name: "nomor", Message: label + " sudah ada."})
		}
		return 0, err
	}
	_, err = AddPosition(ctx, tx, a, at, PositionInput{UnitID: id, Title: "Ketua " + name, Kind: PositionHead, Seats: 1})
	return id, err
}
