package bpjs

import (
	"context"
	"encoding/json"
	"regexp"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Sent is a message as the head of the puskesmas sees it: numbers, nobody's name.
type Sent struct {
	ID       int64
	TicketID int64
	Code     string // of the ticket
	Poli     string
	Kind     string
	At       time.Time // of what it tells
	Status   string    // menunggu, terkirim, ditolak or dilewati
	Attempts int
	NextAt   time.Time
	SentAt   *time.Time
	Answer   string
}

// Place is a poli or a doctor as SATUSEHAT calls them.
type Place struct {
	ID     int64
	Name   string
	Number string // location or IHS number, "" for none yet
}

// Outbox is what was told of a puskesmas and what could not be.
type Outbox struct {
	Site    epuskesmas.Site
	On      bool // something is told at all
	Shut    bool // what waits does so because an account was not accepted
	Counts  map[string]int
	List    []Sent // the newest first, those that were refused on top
	Polis   []Place
	Doctors []Place
}

// Names of the controls for SATUSEHAT's numbers; the id follows.
const (
	ControlLocation = "lokasi_"
	ControlIHS      = "ihs_"
)

const (
	sqlOutboxCounts = `SELECT status, count(*) AS n FROM epuskesmas_bpjs_message WHERE unit_id = $1 AND at >= $2 GROUP BY status`

	sqlShut = `SELECT EXISTS (SELECT FROM epuskesmas_bpjs_message WHERE unit_id = $1 AND status = 'menunggu' AND answer = $2)`

	sqlOutbox = `
SELECT m.id, m.ticket_id, t.code, p.name AS poli, m.kind, m.at, m.status, m.attempts, m.next_at, m.sent_at, m.answer
FROM epuskesmas_bpjs_message m JOIN epuskesmas_ticket t ON t.id = m.ticket_id JOIN epuskesmas_poli p ON p.id = t.poli_id
WHERE m.unit_id = $1 ORDER BY m.status = 'ditolak' DESC, m.id DESC LIMIT 100`

	sqlPlaces = `SELECT id, name, location_id AS number FROM epuskesmas_poli WHERE unit_id = $1 AND active AND kind = 'poli' ORDER BY position, id`

	sqlPractitioners = `SELECT id, name, ihs_number AS number FROM epuskesmas_doctor WHERE unit_id = $1 AND active ORDER BY name, id`

	sqlSetLocation = `UPDATE epuskesmas_poli SET location_id = $3 WHERE id = $1 AND unit_id = $2`

	sqlSetIHS = `UPDATE epuskesmas_doctor SET ihs_number = $3 WHERE id = $1 AND unit_id = $2`

	// Visits that were not sent because of a number that is there now.
	sqlWithPlaces = `
UPDATE epuskesmas_bpjs_message SET status = 'menunggu', attempts = 0, next_at = $2
WHERE unit_id = $1 AND kind = 'encounter' AND status = 'dilewati' AND answer = $3 AND at > $2::timestamptz - interval '30 days'`

	sqlTicketUnit = `SELECT t.unit_id FROM epuskesmas_ticket t WHERE t.id = $1`
)

// Outbox shows what was told in the last week. Needs PermManage.
func (s *Service) Outbox(ctx context.Context, a authz.Actor, slug string) (o Outbox, err error) {
	defer errs.In(&err, "bpjs.Outbox")
	if o.Site, _, err = s.Queue.StaffSite(ctx, a, slug, epuskesmas.PermManage); err != nil {
		return o, err
	}
	o.On = s.Client != nil || s.Ministries != nil
	counts, err := pg.Many[struct {
		Status string
		N      int
	}](ctx, s.DB, sqlOutboxCounts, o.Site.UnitID, s.Clock.Now().AddDate(0, 0, -7))
	if err != nil {
		return o, err
	}
	o.Counts = map[string]int{}
	for _, c := range counts {
		o.Counts[c.Status] = c.N
	}
	if o.Shut, err = pg.Scalar[bool](ctx, s.DB, sqlShut, o.Site.UnitID, errs.MessageOf(ErrAccount)); err != nil {
		return o, err
	}
	if o.List, err = pg.Many[Sent](ctx, s.DB, sqlOutbox, o.Site.UnitID); err != nil {
		return o, err
	}
	if o.Polis, err = pg.Many[Place](ctx, s.DB, sqlPlaces, o.Site.UnitID); err != nil {
		return o, err
	}
	o.Doctors, err = pg.Many[Place](ctx, s.DB, sqlPractitioners, o.Site.UnitID)
	return o, err
}

// Again sends a message once more that was refused. Needs PermManage.
func (s *Service) Again(ctx context.Context, a authz.Actor, slug string, id int64) (err error) {
	defer errs.In(&err, "bpjs.Again(%d)", id)
	site, _, err := s.Queue.StaffSite(ctx, a, slug, epuskesmas.PermManage)
	if err != nil {
		return err
	}
	now := s.Clock.Now().Truncate(time.Microsecond)
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := pg.Changed(tx.Exec(ctx, sqlAgain, id, site.UnitID, now)); err != nil {
			if errs.KindOf(err) == errs.Conflict {
				return errs.New(errs.Conflict, "Pesan ini tidak sedang ditolak. Muat ulang halaman.")
			}
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "epuskesmas.bpjs.again", Object: "epuskesmas_bpjs_message", ObjectID: id, UnitID: site.UnitID})
	})
}

var ministryID = regexp.MustCompile(`^[A-Za-z0-9-]{0,40}$`)

// SavePlaces keeps how SATUSEHAT calls polis and doctors, by their ids. Needs PermManage.
func (s *Service) SavePlaces(ctx context.Context, a authz.Actor, slug string, polis, doctors map[int64]string) (err error) {
	defer errs.In(&err, "bpjs.SavePlaces")
	site, _, err := s.Queue.StaffSite(ctx, a, slug, epuskesmas.PermManage)
	if err != nil {
		return err
	}
	var wrong []errs.Field
	for control, of := range map[string]map[int64]string{ControlLocation: polis, ControlIHS: doctors} {
		for id, number := range of {
			if !ministryID.MatchString(number) {
				wrong = append(wrong, errs.Field{Name: control + strconv.FormatInt(id, 10), Message: "Nomor dari SATUSEHAT hanya huruf, angka, dan tanda hubung."})
			}
		}
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	now := s.Clock.Now().Truncate(time.Microsecond)
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		for sql, of := range map[string]map[int64]string{sqlSetLocation: polis, sqlSetIHS: doctors} {
			for id, number := range of {
				if err := pg.Exec(ctx, tx, sql, id, site.UnitID, number); err != nil {
					return err
				}
			}
		}
		if err := pg.Exec(ctx, tx, sqlWithPlaces, site.UnitID, now, sayPlaces); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "epuskesmas.satusehat.places", Object: "epuskesmas_site", ObjectID: site.UnitID, UnitID: site.UnitID})
	})
}

// ExportEncounter is the Encounter of a visit at a poli as FHIR R4 JSON, as SATUSEHAT gets
// it, for whoever manages the puskesmas. What SATUSEHAT could not be sent is errs.Conflict
// with the reason.
func (s *Service) ExportEncounter(ctx context.Context, a authz.Actor, slug string, ticketID int64) (_ []byte, err error) {
	defer errs.In(&err, "bpjs.ExportEncounter(%d)", ticketID)
	site, _, err := s.Queue.StaffSite(ctx, a, slug, epuskesmas.PermManage)
	if err != nil {
		return nil, err
	}
	unit, err := pg.Scalar[int64](ctx, s.DB, sqlTicketUnit, ticketID)
	if err != nil || unit != site.UnitID {
		return nil, errs.New(errs.NotFound, "Nomor ini tidak ada di puskesmas Anda.")
	}
	acc, err := LoadAccount(ctx, s.DB, s.Box, unit)
	if err != nil {
		return nil, err
	}
	t, err := pg.One[subject](ctx, s.DB, sqlSubject, ticketID)
	if err != nil {
		return nil, err
	}
	e, err := s.encounter(ctx, acc, t)
	if err != nil {
		return nil, err
	}
	if err := audit.Write(ctx, s.DB, a, s.Clock.Now(), audit.Entry{
		Action: "epuskesmas.encounter.export", Object: "epuskesmas_ticket", ObjectID: ticketID, UnitID: unit,
	}); err != nil {
		return nil, err
	}
	return json.MarshalIndent(e, "", "  ")
}
