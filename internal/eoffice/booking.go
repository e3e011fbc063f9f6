package eoffice

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Booking is a number without a letter yet: kept by the tata usaha for a letter that is
// written on paper while the portal is away, or put between two others by the archivist
// (with a suffix). One letter takes it, or it ends with a reason.
type Booking struct {
	ID           int64
	UnitID       int64
	Series       string
	Confidential bool
	Year         int
	No           int64
	Suffix       string
	Day          time.Time // of its letter: from then on; with a suffix that very day
	Holder       string    // who writes the letter
	Reason       string
	BookedAt     time.Time
	BookedBy     string // name
	ExpiresAt    time.Time
	LetterID     int64 // that has it, 0: none
	LetterNumber string
	EndedAt      *time.Time
	EndedWhy     string
}

// Open tells whether a letter may still take it at a moment.
func (b Booking) Open(now time.Time) bool {
	return b.LetterID == 0 && b.EndedAt == nil && b.ExpiresAt.After(now)
}

// Label is the number as it is counted: "12", "12.a".
func (b Booking) Label() string {
	if b.Suffix != "" {
		return fmt.Sprintf("%d.%s", b.No, b.Suffix)
	}
	return fmt.Sprint(b.No)
}

// Controls of the forms of bookings.
const (
	ControlSeries   = "buku"
	ControlCount    = "banyak"
	ControlHolder   = "pemegang"
	ControlWhy      = "alasan"
	ControlExpires  = "berlaku"
	ControlAfter    = "sesudah"
	ControlPaperDay = "tanggal_kertas"
	ControlBooking  = "nomor_pesanan"
)

// MaxBooked is how many numbers are kept at once.
const MaxBooked = 50

// longestBooking is how long numbers are kept at most: an outage is over by then.
const longestBooking = 31 * 24 * time.Hour

// NewBooking is what somebody asks for: the next Count numbers, or with After one that comes
// after a number that was given and is for the letter of a Day.
type NewBooking struct {
	UnitID       int64
	Series       string
	Confidential bool
	Count        int
	After        int64
	Day          time.Time
	Holder       string
	Reason       string
	Expires      time.Time
}

const (
	bookingColumns = `
SELECT b.id, b.unit_id, b.series, b.confidential, b.year, b.no, b.suffix, b.day, b.holder, b.reason, b.booked_at, a.name AS booked_by, b.expires_at,
	COALESCE(b.letter_id, 0) AS letter_id, COALESCE(l.letter_number, '') AS letter_number, b.ended_at, b.ended_why
FROM eoffice_booking b JOIN authn_account a ON a.id = b.booked_by LEFT JOIN eoffice_letter l ON l.id = b.letter_id `

	sqlBookings = bookingColumns + `WHERE b.unit_id = $1 ORDER BY b.letter_id IS NOT NULL OR b.ended_at IS NOT NULL, b.id DESC LIMIT 200`

	sqlBookedFor = bookingColumns + `
WHERE b.unit_id = $1 AND b.series = $2 AND b.confidential = $3 AND b.letter_id IS NULL AND b.ended_at IS NULL AND b.expires_at > $4
ORDER BY b.year, b.no, b.suffix`

	sqlBookedIn = bookingColumns + `WHERE b.unit_id = $1 AND b.series = $2 AND b.confidential = $3 AND b.year = $4 AND b.no >= $5 AND b.no < $6`

	sqlHoldBooking = bookingColumns + `WHERE b.id = $1 FOR UPDATE OF b`

	sqlInsertBooking = `
INSERT INTO eoffice_booking (unit_id, series, confidential, year, no, suffix, day, holder, reason, booked_by, booked_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::date, $8, $9, $10, $11, $12) RETURNING id`

	sqlSuffixes = `SELECT suffix FROM eoffice_booking WHERE unit_id = $1 AND series = $2 AND confidential = $3 AND year = $4 AND no = $5 AND suffix <> ''`

	sqlBookingUnits = `
SELECT o.id, o.name FROM org_unit o WHERE o.ancestors && $1 AND o.valid_to IS NULL AND ` + isOffice + `
ORDER BY array_length(o.ancestors, 1), o.name, o.id`
)

// BookingOffices are the offices for which the actor may keep numbers: as tata usaha the
// next ones, as archivist ones between others.
func (m *Module) BookingOffices(ctx context.Context, a authz.Actor) (_ []BookOffice, err error) {
	defer errs.In(&err, "eoffice.BookingOffices")
	return pg.Many[BookOffice](ctx, m.db, sqlBookingUnits, append(listOf(a.Units(PermRegister)), a.Units(PermArchive)...))
}

var errNoOffice = errs.New(errs.NotFound, "Kantor ini bukan kantor Anda.")

const sqlAncestors = `SELECT ancestors FROM org_unit WHERE id = $1`

// MayBook tells what the actor may do with the numbers of an office: keep the next ones, and
// put some between others. Who may neither gets errs.NotFound.
func (m *Module) MayBook(ctx context.Context, a authz.Actor, unitID int64) (next, between bool, err error) {
	return mayBook(ctx, m.db, a, unitID)
}

func mayBook(ctx context.Context, q pg.Querier, a authz.Actor, unitID int64) (next, between bool, err error) {
	above, err := pg.Scalar[[]int64](ctx, q, sqlAncestors, unitID)
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			err = errNoOffice
		}
		return false, false, err
	}
	next, between = a.HasIn(PermRegister, above), a.HasIn(PermArchive, above)
	if !next && !between {
		return false, false, errNoOffice
	}
	return next, between, nil
}

// Bookings lists the numbers that an office has kept, those that are open first.
func (m *Module) Bookings(ctx context.Context, a authz.Actor, unitID int64) (_ []Booking, err error) {
	defer errs.In(&err, "eoffice.Bookings(%d)", unitID)
	if _, _, err := m.MayBook(ctx, a, unitID); err != nil {
		return nil, err
	}
	return pg.Many[Booking](ctx, m.db, sqlBookings, unitID)
}

// Bookable lists the numbers that a letter may take instead of the next one.
func (m *Module) Bookable(ctx context.Context, c *Case) (_ []Booking, err error) {
	defer errs.In(&err, "eoffice.Bookable(%d)", c.ID)
	k, err := kindOf(c)
	if err != nil {
		return nil, err
	}
	return pg.Many[Booking](ctx, m.db, sqlBookedFor, c.UnitID, k.Series, c.Secrecy.Confidential(), m.now())
}

// BookNumbers keeps numbers of an office: the next ones from the counter of its letters, or
// one after a number that was given. It returns them in their order.
func (m *Module) BookNumbers(ctx context.Context, a authz.Actor, n NewBooking) (out []Booking, err error) {
	defer errs.In(&err, "eoffice.BookNumbers(%d)", n.UnitID)
	next, between, err := m.MayBook(ctx, a, n.UnitID)
	if err != nil {
		return nil, err
	}
	if n.After == 0 && !next || n.After != 0 && !between {
		return nil, errs.New(errs.Forbidden, "Nomor berikutnya dipesan tata usaha, nomor sisipan diberikan arsiparis.")
	}
	if err := n.check(m.now()); err != nil {
		return nil, err
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		at := m.now()
		out, err = m.book(ctx, tx, a, at, n)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, at, audit.Entry{Action: "eoffice.booking.book", Object: "eoffice_booking", ObjectID: out[0].ID, UnitID: n.UnitID,
			Detail: map[string]any{"buku": n.Series, "rahasia": n.Confidential, "dari": out[0].Label(), "sampai": out[len(out)-1].Label(), "tahun": out[0].Year, "alasan": n.Reason}})
	})
	return out, err
}

// check says what is wrong with a request, at its controls.
func (n *NewBooking) check(now time.Time) error {
	var out []errs.Field
	fail := func(name, message string) { out = append(out, errs.Field{Name: name, Message: message}) }
	n.Holder, n.Reason = strings.Join(strings.Fields(n.Holder), " "), strings.TrimSpace(n.Reason)
	if !slices.Contains(BookSeries(), n.Series) {
		fail(ControlSeries, "Pilih buku nomornya.")
	}
	if l := utf8.RuneCountInString(n.Holder); l < 3 || l > 120 {
		fail(ControlHolder, "Tulis siapa yang memegang nomor ini, 3 sampai 120 huruf.")
	}
	if l := utf8.RuneCountInString(n.Reason); l < 5 || l > 300 {
		fail(ControlWhy, "Tulis alasannya dalam 5 sampai 300 huruf.")
	}
	switch {
	case !n.Expires.After(now):
		fail(ControlExpires, "Masa berlakunya sudah lewat. Pilih hari yang akan datang.")
	case n.Expires.After(now.Add(longestBooking)):
		fail(ControlExpires, "Nomor paling lama dipesan satu bulan.")
	}
	switch today := dayOf(now); {
	case n.After < 0:
		fail(ControlAfter, "Tulis nomor yang sudah diberikan.")
	case n.After == 0 && (n.Count < 1 || n.Count > MaxBooked):
		fail(ControlCount, fmt.Sprintf("Pesan 1 sampai %d nomor sekaligus.", MaxBooked))
	case n.After != 0 && (n.Day.IsZero() || dayOf(n.Day).After(today) || n.Day.Year() < 2000):
		fail(ControlPaperDay, "Pilih tanggal naskahnya, paling akhir hari ini.")
	}
	if len(out) > 0 {
		return errs.Invalid(out...)
	}
	return nil
}

func (m *Module) book(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, n NewBooking) (out []Booking, err error) {
	b := Booking{UnitID: n.UnitID, Series: n.Series, Confidential: n.Confidential, Day: dayOf(at), Holder: n.Holder, Reason: n.Reason, BookedAt: at, BookedBy: a.Name,
		ExpiresAt: n.Expires.Truncate(time.Microsecond)}
	if n.After != 0 {
		b.Day, b.No = dayOf(n.Day), n.After
		n.Count = 1
	}
	b.Year = b.Day.Year()
	counter := Book{UnitID: n.UnitID, Series: n.Series, Confidential: n.Confidential}.series()
	for range n.Count {
		if n.After == 0 {
			b.No, err = numbering.Next(ctx, tx, counter, b.Year)
		} else {
			b.Suffix, err = m.nextSuffix(ctx, tx, counter, b)
		}
		if err != nil {
			return nil, err
		}
		b.ID, err = pg.Scalar[int64](ctx, tx, sqlInsertBooking, b.UnitID, b.Series, b.Confidential, b.Year, b.No, b.Suffix, b.Day.Format(time.DateOnly), b.Holder, b.Reason,
			a.AccountID, at, b.ExpiresAt)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// nextSuffix is the first letter that does not stand after the number yet. The counter is
// held, so that two archivists do not take the same.
func (m *Module) nextSuffix(ctx context.Context, tx pgx.Tx, counter string, b Booking) (string, error) {
	last, err := numbering.Hold(ctx, tx, counter, b.Year)
	if err != nil {
		return "", err
	}
	if b.No > last {
		return "", errs.Invalid(errs.Field{Name: ControlAfter, Message: fmt.Sprintf("Nomor %d belum diberikan pada tahun %d; yang terakhir %d.", b.No, b.Year, last)})
	}
	taken, err := pg.Scalars[string](ctx, tx, sqlSuffixes, b.UnitID, b.Series, b.Confidential, b.Year, b.No)
	if err != nil {
		return "", err
	}
	for c := 'a'; c <= 'z'; c++ {
		if !slices.Contains(taken, string(c)) {
			return string(c), nil
		}
	}
	return "", errs.Invalid(errs.Field{Name: ControlAfter, Message: "Sesudah nomor ini sudah disisipkan 26 nomor. Pilih nomor yang lain."})
}

// Booked is the number that a letter on paper has already, and the day on it.
type Booked struct {
	ID  int64 // of the booking; 0: the letter gets the next number
	Day time.Time
}

const sqlUseBooking = `
UPDATE eoffice_booking SET letter_id = $2, used_at = $3 WHERE id = $1 AND letter_id IS NULL AND ended_at IS NULL AND expires_at > $3`

// take gives a letter the number that was kept for it, and returns it with the moment that
// its paper is dated. What is gone meanwhile is errs.Conflict.
func (m *Module) take(ctx context.Context, tx pgx.Tx, c *Case, series string, mo Moment, use Booked) (b Booking, on time.Time, err error) {
	if c.LetterNo != 0 {
		return b, on, errs.Invalid(errs.Field{Name: ControlBooking, Message: "Naskah ini sudah bernomor " + c.LetterNumber + "."})
	}
	b, err = pg.One[Booking](ctx, tx, sqlHoldBooking, use.ID)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return b, on, err
	}
	if err != nil || b.UnitID != c.UnitID || b.Series != series || b.Confidential != c.Secrecy.Confidential() {
		return b, on, errs.Invalid(errs.Field{Name: ControlBooking, Message: "Nomor itu bukan untuk naskah ini. Pilih yang lain."})
	}
	if !b.Open(mo.Now) {
		return b, on, errs.New(errs.Conflict, "Nomor "+b.Label()+" baru saja dipakai atau masa berlakunya habis. Pilih nomor lain.")
	}
	day := dayOf(use.Day)
	if b.Suffix != "" {
		day = b.Day
	}
	if use.Day.IsZero() && b.Suffix == "" || day.Before(b.Day) || day.After(dayOf(mo.Now)) || day.Year() != b.Year {
		return b, on, errs.Invalid(errs.Field{Name: ControlPaperDay, Message: "Tulis tanggal pada kertasnya, dari " + indo.Date(b.Day) + " sampai hari ini."})
	}
	if err := pg.Changed(tx.Exec(ctx, sqlUseBooking, b.ID, c.ID, mo.Now)); err != nil {
		return b, on, err
	}
	on = time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, clock.Makassar)
	if on.After(mo.Now) {
		on = mo.Now
	}
	return b, on, nil
}

const sqlEndBooking = `UPDATE eoffice_booking SET ended_at = $2, ended_why = $3 WHERE id = $1 AND letter_id IS NULL AND ended_at IS NULL`

// EndBooking gives a kept number up, with a reason of 5 to 300 letters that stands in the
// number book from then on.
func (m *Module) EndBooking(ctx context.Context, a authz.Actor, id int64, reason string) (err error) {
	defer errs.In(&err, "eoffice.EndBooking(%d)", id)
	reason = strings.TrimSpace(reason)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		b, err := pg.One[Booking](ctx, tx, sqlHoldBooking, id)
		if err != nil {
			if errs.KindOf(err) == errs.NotFound {
				return errNoOffice
			}
			return err
		}
		if _, _, err := mayBook(ctx, tx, a, b.UnitID); err != nil {
			return err
		}
		if n := utf8.RuneCountInString(reason); n < 5 || n > 300 {
			return errs.Invalid(errs.Field{Name: ControlWhy, Message: "Tulis alasannya dalam 5 sampai 300 huruf."})
		}
		if b.LetterID != 0 || b.EndedAt != nil {
			return errs.New(errs.Conflict, "Nomor "+b.Label()+" sudah dipakai atau sudah berakhir.")
		}
		return m.endBooking(ctx, tx, a, b, "Pesanan nomor tidak dipakai: "+reason)
	})
}

func (m *Module) endBooking(ctx context.Context, tx pgx.Tx, a authz.Actor, b Booking, why string) error {
	at := m.now()
	if err := pg.Changed(tx.Exec(ctx, sqlEndBooking, b.ID, at, why)); err != nil {
		return err
	}
	if b.Suffix == "" {
		counter := Book{UnitID: b.UnitID, Series: b.Series, Confidential: b.Confidential}.series()
		if err := numbering.Explain(ctx, tx, a, at, counter, b.Year, b.No, why); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, a, at, audit.Entry{Action: "eoffice.booking.end", Object: "eoffice_booking", ObjectID: b.ID, UnitID: b.UnitID,
		Detail: map[string]any{"buku": b.Series, "nomor": b.Label(), "tahun": b.Year, "alasan": why}})
}

const sqlExpired = bookingColumns + `WHERE b.letter_id IS NULL AND b.ended_at IS NULL AND b.expires_at <= $1 ORDER BY b.id LIMIT 500 FOR UPDATE OF b SKIP LOCKED`

// ExpireBookings ends the kept numbers that nobody used in their time, each with its reason
// in the number book, and returns how many there were.
func (m *Module) ExpireBookings(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "eoffice.ExpireBookings")
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		list, err := pg.Many[Booking](ctx, tx, sqlExpired, m.now())
		if err != nil {
			return err
		}
		for _, b := range list {
			why := fmt.Sprintf("Dipesan untuk %s (%s), tidak dipakai sampai %s", b.Holder, b.Reason, indo.Date(b.ExpiresAt))
			if err := m.endBooking(ctx, tx, authz.System("e-office"), b, why); err != nil {
				return err
			}
		}
		n = len(list)
		return nil
	})
	return n, err
}

const sqlEndSuffixed = `UPDATE eoffice_booking SET ended_at = $2, ended_why = $3 WHERE letter_id = $1 AND suffix <> '' AND ended_at IS NULL RETURNING id`

// endSuffixed explains in the number book why a number put between others carries no
// letter; false where the letter has none of those.
func (m *Module) endSuffixed(ctx context.Context, tx pgx.Tx, letterID int64, at time.Time, why string) (bool, error) {
	ids, err := pg.Scalars[int64](ctx, tx, sqlEndSuffixed, letterID, at, why)
	return len(ids) > 0, err
}
