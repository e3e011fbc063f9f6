package eoffice

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Controls of the form that writes a letter from outside down; [ControlTo] is whom it is for.
const (
	ControlSender      = "asal"
	ControlNumber      = "nomor"
	ControlDate        = "tanggal"
	ControlReceived    = "diterima"
	ControlChannel     = "lewat"
	ControlPlace       = "tempat"
	ControlOtherSystem = "sistem_lain"
	ControlOther       = "nomor_lain"
)

// Channels are the ways in which letters come from outside, the usual one first.
var Channels = []string{"kertas", "email", "srikandi", "lain"}

// ChannelLabel names a channel.
func ChannelLabel(channel string) string {
	return map[string]string{"kertas": "Kertas", "email": "Surel", "srikandi": "SRIKANDI", "lain": "Lainnya"}[channel]
}

// OtherSystems are those whose numbers are kept beside ours.
var OtherSystems = []string{"SRIKANDI", "SIMAYA", "Sistem lain"}

// Arrival is what a tata usaha writes down of a letter from outside.
type Arrival struct {
	Kind        string
	Sender      string
	Number      string // as it stands on the letter
	Date        time.Time
	Received    time.Time
	Subject     string // of R and SR nothing: the envelope stays closed
	Secrecy     Secrecy
	Urgency     Urgency
	KKA         string // "": comes later
	Channel     string
	Place       string // of the paper
	OtherSystem string
	Other       string // the number that it has there
	To          int64  // position in the office that it is for
	Papers      []int64
	Drop        []int64 // files that a correction takes away
	Twin        bool    // although another entry looks the same
}

// check cleans what was typed and says what is wrong with it, every gap at its control.
// papers is how many scans it will have.
func (in *Arrival) check(now time.Time, papers int) error {
	var wrong []errs.Field
	bad := func(name, message string) { wrong = append(wrong, errs.Field{Name: name, Message: message}) }
	for _, s := range []*string{&in.Sender, &in.Number, &in.Subject, &in.Place, &in.Other, &in.KKA} {
		*s = strings.Join(strings.Fields(*s), " ")
	}
	line := func(name, value string, most int, missing string) {
		switch n := utf8.RuneCountInString(value); {
		case n == 0 && missing != "":
			bad(name, missing)
		case n > most:
			bad(name, fmt.Sprintf("Paling banyak %d huruf.", most))
		}
	}
	line(ControlSender, in.Sender, 200, "Tulis dari mana surat ini.")
	line(ControlNumber, in.Number, 120, "Tulis nomor surat, atau “tanpa nomor”.")
	today := now.In(clock.Makassar)
	switch {
	case in.Date.IsZero():
		bad(ControlDate, "Tulis tanggal surat.")
	case in.Date.After(today):
		bad(ControlDate, "Tanggal surat belum tiba.")
	}
	switch {
	case in.Received.IsZero():
		bad(ControlReceived, "Tulis tanggal surat diterima.")
	case in.Received.After(today):
		bad(ControlReceived, "Tanggal diterima belum tiba.")
	case in.Received.Before(in.Date):
		bad(ControlReceived, "Surat tidak dapat diterima sebelum tanggalnya.")
	}
	if !slices.Contains(Secrecies, in.Secrecy) {
		bad(ControlSecrecy, "Pilih sifat naskah.")
	}
	if in.Secrecy.Confidential() {
		if in.Subject != "" {
			bad(ControlSubject, "Amplop naskah rahasia tetap tertutup: kosongkan hal. Isinya hanya untuk yang dituju.")
		}
		if papers > 0 {
			bad(ControlFile, "Amplop naskah rahasia tetap tertutup: catat tanpa pindaian.")
		}
	} else {
		line(ControlSubject, in.Subject, maxSubject, "Tulis hal surat.")
	}
	if !slices.Contains(Urgencies, in.Urgency) {
		bad(ControlUrgency, "Pilih urgensi.")
	}
	if !slices.Contains(Channels, in.Channel) {
		bad(ControlChannel, "Pilih lewat apa surat ini datang.")
	}
	if _, ok := kind.ByCode(in.Kind); !ok {
		bad(ControlKind, "Pilih jenis naskah.")
	}
	missing := ""
	if papers == 0 {
		missing = "Lampirkan pindaian, atau tulis tempat kertasnya."
	}
	line(ControlPlace, in.Place, 120, missing)
	line(ControlOther, in.Other, 120, "")
	if in.Other != "" && !slices.Contains(OtherSystems, in.OtherSystem) {
		bad(ControlOtherSystem, "Pilih sistemnya.")
	}
	if papers > MaxFiles {
		bad(ControlFile, fmt.Sprintf("Satu naskah paling banyak memuat %d berkas.", MaxFiles))
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return nil
}

// twinKey is what two entries of one letter share.
func (in *Arrival) twinKey() string {
	return cmp.Or(indo.Squeeze(in.Sender), in.Sender) + "/" + cmp.Or(indo.Squeeze(in.Number), in.Number)
}

// Intake is a desk at which somebody writes letters from outside down for its office.
type Intake struct {
	PositionID int64
	Title      string
	UnitID     int64 // the office
	UnitName   string
}

const sqlIntakes = `
SELECT p.id AS position_id, p.title, o.id AS unit_id, o.name AS unit_name
FROM unnest($1::bigint[]) WITH ORDINALITY s (id, n) JOIN org_position p ON p.id = s.id
JOIN LATERAL (SELECT o.id, o.name FROM org_unit u, unnest(u.ancestors) WITH ORDINALITY a (id, n) JOIN org_unit o ON o.id = a.id
	WHERE u.id = p.unit_id AND ` + isOffice + ` ORDER BY a.n DESC LIMIT 1) o ON true
WHERE o.id IN (SELECT id FROM org_unit WHERE ancestors && $2) ORDER BY s.n`

// intakes lists where the actor writes letters down, the definitive desk first.
func intakes(ctx context.Context, q pg.Querier, m Moment) ([]Intake, error) {
	return pg.Many[Intake](ctx, q, sqlIntakes, desks(m.Seats), listOf(m.Actor.Units(PermRegister)))
}

// Desk of an office, for whom a letter from outside may be.
const sqlOfficeDesks = placeRows + `
WHERE (p.valid_to IS NULL OR p.valid_to > $2::date) AND $1 = ANY(u.ancestors) AND (u.id = $1 OR u.kind IN ('bidang', 'subbagian', 'seksi', 'bagian'))
ORDER BY p.kind <> 'kepala' OR u.id <> $1, array_length(u.ancestors, 1), p.kind <> 'kepala', p.title, p.id LIMIT 300`

const sqlSenders = `
SELECT name FROM (SELECT sender AS name, max(id) AS last FROM (SELECT l.sender, l.id FROM eoffice_letter l
		WHERE l.unit_id = $1 AND l.origin = 'masuk' AND l.status <> 'dibatalkan' ORDER BY l.id DESC LIMIT 3000) l GROUP BY sender
	UNION ALL SELECT name, 0 FROM org_unit o WHERE (valid_to IS NULL OR valid_to > $2::date) AND ` + isOffice + `) s
GROUP BY name ORDER BY max(last) DESC, name LIMIT 500`

// Arrivals is what the form needs that writes letters from outside down at a desk.
type Arrivals struct {
	Intakes []Intake
	At      Intake
	Desks   []Place  // of the office, its head first
	Senders []string // earlier ones, the latest first, then the city's offices
}

// ArrivalForm prepares the form for one of the actor's desks (0: the first). Who is tata
// usaha of no office gets errs.Forbidden.
func (m *Module) ArrivalForm(ctx context.Context, a authz.Actor, positionID int64) (f Arrivals, err error) {
	defer errs.In(&err, "eoffice.ArrivalForm")
	mo := Moment{Now: m.now(), Actor: a}
	if mo.Seats, err = seats(ctx, m.db, a, mo.Now); err != nil {
		return f, err
	}
	if f.Intakes, f.At, err = intakeAt(ctx, m.db, mo, positionID); err != nil {
		return f, err
	}
	return f, m.fillArrivals(ctx, &f, mo.Now)
}

// ArrivalFormOf prepares the form for a letter that lies in an office.
func (m *Module) ArrivalFormOf(ctx context.Context, a authz.Actor, unitID int64) (f Arrivals, err error) {
	defer errs.In(&err, "eoffice.ArrivalFormOf(%d)", unitID)
	if err := m.registers(ctx, a, unitID); err != nil {
		return f, err
	}
	f.At.UnitID = unitID
	return f, m.fillArrivals(ctx, &f, m.now())
}

func (m *Module) fillArrivals(ctx context.Context, f *Arrivals, at time.Time) (err error) {
	if f.Desks, err = pg.Many[Place](ctx, m.db, sqlOfficeDesks, f.At.UnitID, at); err != nil {
		return err
	}
	f.Senders, err = pg.Scalars[string](ctx, m.db, sqlSenders, f.At.UnitID, at)
	return err
}

var errNotClerk = errs.New(errs.Forbidden, "Mencatat naskah masuk adalah tugas tata usaha. Minta administrator bila itu tugas Anda.")

func intakeAt(ctx context.Context, q pg.Querier, mo Moment, positionID int64) (all []Intake, at Intake, err error) {
	if all, err = intakes(ctx, q, mo); err != nil {
		return nil, at, err
	}
	i := slices.IndexFunc(all, func(x Intake) bool { return positionID == 0 || x.PositionID == positionID })
	if i < 0 {
		return nil, at, errNotClerk
	}
	return all, all[i], nil
}

// Twin is an entry that may be the same letter.
type Twin struct {
	ID     int64
	Agenda string
	Sender string
	Number string
	Date   *time.Time
	File   bool // a scan is the same
}

// TwinError says that a letter seems to have been written down already: errs.Conflict, with
// where. An [Arrival] with Twin set is taken all the same.
type TwinError struct{ Twins []Twin }

func (e *TwinError) Error() string { return fmt.Sprintf("%d entries look the same", len(e.Twins)) }

const sqlTwins = `
SELECT l.id, COALESCE((SELECT r.agenda_no || '/' || r.agenda_year FROM eoffice_recipient r WHERE r.letter_id = l.id AND r.agenda_no IS NOT NULL ORDER BY r.id LIMIT 1), '') AS agenda,
	l.sender, l.sender_number AS number, l.letter_date AS date, t.file
FROM (SELECT id, bool_or(file) AS file FROM (
		SELECT l.id, false AS file FROM eoffice_letter l WHERE l.unit_id = $1 AND l.origin = 'masuk' AND l.twin_key = $2 AND l.letter_date = $3::date
		UNION ALL SELECT f.letter_id, true FROM eoffice_file f WHERE f.hash = ANY($4) AND f.purpose = 'naskah' AND f.removed_at IS NULL) x GROUP BY id) t
JOIN eoffice_letter l ON l.id = t.id
WHERE l.unit_id = $1 AND l.origin = 'masuk' AND l.status <> 'dibatalkan' AND l.id <> $5 ORDER BY l.id DESC LIMIT 5`

// twins refuses a letter that its office seems to have written down already.
func twins(ctx context.Context, q pg.Querier, unitID, self int64, in *Arrival, hashes [][]byte) error {
	if in.Twin {
		return nil
	}
	list, err := pg.Many[Twin](ctx, q, sqlTwins, unitID, in.twinKey(), in.Date.Format(time.DateOnly), hashes, self)
	if err != nil || len(list) == 0 {
		return err
	}
	return errs.Wrap(errs.Conflict, &TwinError{list}, "Surat ini tampaknya sudah dicatat. Periksa dahulu, lalu putuskan.")
}
