package org

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// PositionInput is what an administrator says about a position; form fields
// jabatan, jenis, atasan, kursi.
type PositionInput struct {
	UnitID     int64
	Title      string
	Kind       string
	SuperiorID int64
	Seats      int
}

func (in *PositionInput) tidy() error {
	in.Title = indo.CleanName(in.Title)
	var fs []errs.Field
	if n := len([]rune(in.Title)); n < 1 || n > 200 {
		fs = append(fs, errs.Field{Name: "jabatan", Message: "Tulis nama jabatan, paling banyak 200 huruf."})
	}
	if !hasKind(PositionKinds(), in.Kind) {
		fs = append(fs, errs.Field{Name: "jenis", Message: "Pilih jenis jabatan."})
	}
	if in.Seats < 1 || in.Seats > 1000 || in.Kind == PositionHead && in.Seats != 1 {
		fs = append(fs, errs.Field{Name: "kursi", Message: "Isi jumlah kursi dari 1 sampai 1.000; kepala unit hanya satu."})
	}
	if len(fs) > 0 {
		return errs.Invalid(fs...)
	}
	return nil
}

// AddPosition creates a position in a unit and returns its id.
func AddPosition(ctx context.Context, q pg.Querier, a authz.Actor, at time.Time, in PositionInput) (id int64, err error) {
	defer errs.In(&err, "org.AddPosition(%d)", in.UnitID)
	if err := in.tidy(); err != nil {
		return 0, err
	}
	id, err = pg.Scalar[int64](ctx, q, sqlPositionInsert, in.UnitID, in.Title, in.Kind, zeroIsNull(in.SuperiorID), in.Seats, dayOf(at), at)
	if err != nil {
		return 0, positionError(err)
	}
	return id, audit.Write(ctx, q, a, at, audit.Entry{
		Action: "org.position.add", Object: "org_position", ObjectID: id, UnitID: in.UnitID,
		Detail: map[string]any{"title": in.Title, "kind": in.Kind, "seats": in.Seats},
	})
}

// UpdatePosition changes a position where it is: title, kind, superior, seats.
// Seats that are sat on are not taken away: errs.Unprocessable for "kursi".
func UpdatePosition(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, id int64, in PositionInput) (err error) {
	defer errs.In(&err, "org.UpdatePosition(%d)", id)
	if err := in.tidy(); err != nil {
		return err
	}
	old, err := lockPosition(ctx, tx, id)
	if err != nil {
		return err
	}
	taken, err := pg.Scalar[int](ctx, tx, sqlPositionHighestSeat, id, at)
	if err != nil {
		return err
	}
	if in.Seats < taken {
		return errs.Invalid(errs.Field{Name: "kursi", Message: "Kursi ini masih terisi. Akhiri dahulu penempatan pejabatnya."})
	}
	if in.SuperiorID != 0 {
		loop, err := pg.Scalar[bool](ctx, tx, sqlPositionSuperiorLoops, id, in.SuperiorID)
		if err != nil {
			return err
		}
		if loop {
			return errs.Invalid(errs.Field{Name: "atasan", Message: "Jabatan ini sudah menjadi atasannya. Pilih atasan lain."})
		}
	}
	if err := pg.Exec(ctx, tx, sqlPositionUpdate, id, in.Title, in.Kind, zeroIsNull(in.SuperiorID), in.Seats, at); err != nil {
		return positionError(err)
	}
	return audit.Write(ctx, tx, a, at, audit.Entry{
		Action: "org.position.update", Object: "org_position", ObjectID: id, UnitID: old.UnitID,
		Detail: map[string]any{"title": in.Title, "kind": in.Kind, "seats": in.Seats, "superior": in.SuperiorID},
	})
}

// ClosePosition ends a position on a day together with whoever holds it then.
func ClosePosition(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, id int64, day time.Time) (err error) {
	defer errs.In(&err, "org.ClosePosition(%d)", id)
	old, err := lockPosition(ctx, tx, id)
	if err != nil {
		return err
	}
	if !day.After(old.ValidFrom) {
		return errs.Invalid(errs.Field{Name: "tanggal", Message: "Tanggal penutupan harus setelah jabatan ini mulai berlaku."})
	}
	if err := pg.Changed(tx.Exec(ctx, sqlPositionClose, id, day, at)); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlOccupanciesEndOfPosition, id, midnight(day)); err != nil {
		return err
	}
	return audit.Write(ctx, tx, a, at, audit.Entry{
		Action: "org.position.close", Object: "org_position", ObjectID: id, UnitID: old.UnitID,
		Detail: map[string]any{"day": day.Format(time.DateOnly)},
	})
}

// lockedPosition is what decisions about a position need.
type lockedPosition struct {
	UnitID    int64
	Kind      string
	Seats     int
	ValidFrom time.Time
	ValidTo   *time.Time
}

func lockPosition(ctx context.Context, tx pgx.Tx, id int64) (lockedPosition, error) {
	return pg.One[lockedPosition](ctx, tx, sqlPositionLock, id)
}

func positionError(err error) error {
	for constraint, f := range map[string]errs.Field{
		"org_position_title_key":      {Name: "jabatan", Message: "Unit ini sudah punya jabatan dengan nama itu. Tambah kursinya bila perlu."},
		"org_position_head_key":       {Name: "jenis", Message: "Unit ini sudah punya jabatan kepala."},
		"org_position_superior_fkey":  {Name: "atasan", Message: "Jabatan atasan tidak ditemukan."},
		"org_position_superior_check": {Name: "atasan", Message: "Jabatan tidak dapat menjadi atasannya sendiri."},
		"org_position_unit_fkey":      {Name: "unit", Message: "Unit tidak ditemukan."},
	} {
		if pg.Violates(err, constraint) {
			return errs.Invalid(f)
		}
	}
	return err
}

// Appointment puts a person into a position.
type Appointment struct {
	PositionID  int64
	PersonID    int64
	Kind        string // Definitive, Plt or Plh
	From        time.Time
	To          *time.Time // nil: until further notice; a Plh needs an end
	BasisNumber string     // number of the decree
	BasisDate   *time.Time
	// Move ends the definitive post the person holds elsewhere at From.
	// Without it a second definitive post is refused.
	Move bool
}

// Appoint stores an appointment and returns the occupancy's id. Open work stays
// with the position that the person leaves. Two appointments to one seat cannot
// both succeed, whenever they come; form fields orang, bentuk, mulai, sampai.
func Appoint(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, in Appointment) (id int64, err error) {
	defer errs.In(&err, "org.Appoint(%d, %d)", in.PositionID, in.PersonID)
	invalid := func(name, message string) (int64, error) {
		return 0, errs.Invalid(errs.Field{Name: name, Message: message})
	}
	switch {
	case in.Kind != Definitive && in.Kind != Plt && in.Kind != Plh:
		return invalid("bentuk", "Pilih definitif, Plt, atau Plh.")
	case in.From.IsZero():
		return invalid("mulai", "Isi tanggal mulai tugas.")
	case in.To != nil && !in.To.After(in.From):
		return invalid("sampai", "Tanggal berakhir harus setelah tanggal mulai.")
	case in.Kind == Plh && in.To == nil:
		return invalid("sampai", "Plh perlu tanggal berakhir.")
	case len([]rune(in.BasisNumber)) > 120:
		return invalid("dasar", "Nomor surat paling banyak 120 huruf.")
	}
	// Position before person, always, so that two appointments cannot deadlock.
	p, err := lockPosition(ctx, tx, in.PositionID)
	if err != nil {
		return 0, err
	}
	person, err := pg.One[lockedPerson](ctx, tx, sqlPersonLock, in.PersonID)
	if errs.KindOf(err) == errs.NotFound {
		return invalid("orang", "Orang ini tidak ditemukan.")
	}
	if err != nil {
		return 0, err
	}
	if in.From.Before(midnight(p.ValidFrom)) || p.ValidTo != nil && !in.From.Before(midnight(*p.ValidTo)) {
		return invalid("mulai", "Jabatan ini tidak berlaku pada tanggal itu.")
	}
	if person.LeftOn != nil && !in.From.Before(midnight(*person.LeftOn)) {
		return invalid("orang", "Orang ini sudah tidak bekerja pada tanggal itu.")
	}
	if in.Kind == Definitive {
		if err := leaveFormerPost(ctx, tx, in); err != nil {
			return 0, err
		}
	}
	seat, err := pg.Scalar[*int](ctx, tx, sqlFreeSeat, in.PositionID, p.Seats, in.Kind == Plh, in.From, in.To)
	if err != nil {
		return 0, err
	}
	if seat == nil {
		return 0, seatTaken(in.Kind)
	}
	id, err = pg.Scalar[int64](ctx, tx, sqlOccupancyInsert, in.PositionID, *seat, in.PersonID, in.Kind, in.From, in.To, in.BasisNumber, in.BasisDate, at)
	switch {
	case pg.Violates(err, "org_occupancy_holder_excl"), pg.Violates(err, "org_occupancy_plh_excl"):
		return 0, seatTaken(in.Kind)
	case pg.Violates(err, "org_occupancy_person_excl"):
		return invalid("orang", "Orang ini sudah memegang jabatan itu dalam waktu yang sama.")
	case err != nil:
		return 0, err
	}
	return id, audit.Write(ctx, tx, a, at, audit.Entry{
		Action: "org.occupancy.appoint", Object: "org_occupancy", ObjectID: id, UnitID: p.UnitID,
		Detail: map[string]any{"position": in.PositionID, "person": in.PersonID, "kind": in.Kind, "seat": *seat,
			"from": in.From.In(clock.Makassar).Format(time.RFC3339), "basis": in.BasisNumber},
	})
}

func seatTaken(kind string) error {
	message := "Jabatan ini sudah terisi dalam waktu itu. Akhiri dahulu pejabat yang sekarang, atau tunjuk Plh."
	if kind == Plh {
		message = "Sudah ada Plh dalam waktu itu."
	}
	return &errs.Error{Kind: errs.Conflict, Message: message, Fields: []errs.Field{{Name: "mulai", Message: message}}}
}

// leaveFormerPost ends, or refuses because of, a definitive post held elsewhere.
func leaveFormerPost(ctx context.Context, tx pgx.Tx, in Appointment) error {
	posts, err := pg.Scalars[int64](ctx, tx, sqlDefinitivePosts, in.PersonID, in.PositionID, in.From, in.To)
	if err != nil || len(posts) == 0 {
		return err
	}
	if !in.Move {
		return errs.Invalid(errs.Field{Name: "orang", Message: "Orang ini memegang jabatan definitif lain. Pilih “Pindah dari jabatan lama” bila ia dimutasi."})
	}
	return pg.Exec(ctx, tx, sqlOccupanciesEnd, posts, in.From)
}

type lockedPerson struct {
	Name   string
	LeftOn *time.Time
}

// EndOccupancy ends an occupancy at a second, or withdraws one that has not
// begun by then. One that ends no later already is errs.Conflict.
func EndOccupancy(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, id int64, ends time.Time) (err error) {
	defer errs.In(&err, "org.EndOccupancy(%d)", id)
	o, err := pg.One[struct {
		UnitID   int64
		StartsAt time.Time
	}](ctx, tx, sqlOccupancyUnit, id)
	if err != nil {
		return err
	}
	action := "org.occupancy.end"
	if o.StartsAt.Before(ends) {
		err = pg.Changed(tx.Exec(ctx, sqlOccupancyEnd, id, ends))
	} else if o.StartsAt.After(at) {
		action = "org.occupancy.withdraw"
		err = pg.Changed(tx.Exec(ctx, sqlOccupancyDelete, id))
	} else {
		err = errs.Invalid(errs.Field{Name: "sampai", Message: "Tanggal berakhir harus setelah tanggal mulai."})
	}
	if err != nil {
		return err
	}
	return audit.Write(ctx, tx, a, at, audit.Entry{
		Action: action, Object: "org_occupancy", ObjectID: id, UnitID: o.UnitID,
		Detail: map[string]any{"ends": ends.In(clock.Makassar).Format(time.RFC3339)},
	})
}
