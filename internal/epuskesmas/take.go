package epuskesmas

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// place is what somebody takes in a session.
type place struct {
	sessionID int64
	visitID   int64
	patientID *int64
	online    bool
	payer     Payer
	class     estimate.Class
	reason    string
	here      *time.Time // the patient is here already
	advised   *time.Time
	actor     int64
	// free of quota: a step inside the house.
	free bool
}

// taken is the number given.
type taken struct {
	ID     int64
	Number int
	Code   string
}

// take gives the next number of a session, or errFull. It is the last thing before the
// commit: who else asks waits.
func take(ctx context.Context, tx pgx.Tx, p place, now time.Time) (t taken, err error) {
	status := Booked
	if p.here != nil {
		status = Waiting
	}
	t, err = pg.One[taken](ctx, tx, sqlTake, p.sessionID, p.online, p.payer == JKN, now, p.visitID, p.patientID, p.class, p.reason,
		status, p.here, p.advised, p.actor, p.free)
	switch {
	case pg.Violates(err, "epuskesmas_ticket_patient_key"):
		return t, errSecond
	case errs.KindOf(err) == errs.NotFound && err != nil:
		return t, errFull
	}
	return t, err
}

var (
	errFull   = errs.New(errs.Conflict, "Tempat di sesi ini sudah habis. Pilih sesi atau hari lain.")
	errSecond = errs.New(errs.Conflict, "Pasien ini sudah punya nomor untuk poli dan hari yang sama. Pakai nomor itu, atau batalkan dulu.")
)
