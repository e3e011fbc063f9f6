package eoffice

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	sqlRecord = `
INSERT INTO eoffice_letter (origin, kind_code, unit_id, drafter_id, drafted_by, entry_key, subject, content_sealed, kka, secrecy, urgency, sender, sender_number,
	letter_date, received_on, channel, paper_place, twin_key, status, status_at, created_at, updated_at)
VALUES ('masuk', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::date, $14::date, $15, $16, $17, 'tercatat', $18, $18, $18)
ON CONFLICT (drafted_by, entry_key) DO NOTHING RETURNING id`

	sqlRecordedAs = `
SELECT l.id, COALESCE(r.agenda_no || '/' || r.agenda_year, '') AS agenda FROM eoffice_letter l LEFT JOIN eoffice_recipient r ON r.letter_id = l.id
WHERE l.drafted_by = $1 AND l.entry_key = $2`

	sqlSetOther  = `INSERT INTO eoffice_other_number (letter_id, system, number) VALUES ($1, $2, $3)`
	sqlDropOther = `DELETE FROM eoffice_other_number WHERE letter_id = $1`

	sqlBelongs = `
SELECT EXISTS (SELECT FROM org_position p JOIN org_unit u ON u.id = p.unit_id WHERE p.id = $2 AND $1 = ANY(u.ancestors)
	AND (u.id = $1 OR u.kind IN ('bidang', 'subbagian', 'seksi', 'bagian')))`
)

// RecordedAs is a letter that was written down: its id and its number in the agenda.
type RecordedAs struct {
	ID     int64
	Agenda string
}

// Record writes a letter from outside down at one of the actor's desks, under the next
// number of the agenda of its office. The same key again gives the same entry. What seems
// to be there already is a [TwinError].
func (m *Module) Record(ctx context.Context, a authz.Actor, positionID int64, in Arrival, key string) (done RecordedAs, err error) {
	defer errs.In(&err, "eoffice.Record")
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) (err error) {
		done, err = m.record(ctx, tx, a, positionID, in, key)
		return err
	})
	return done, err
}

func (m *Module) record(ctx context.Context, tx pgx.Tx, a authz.Actor, positionID int64, in Arrival, key string) (done RecordedAs, err error) {
	done, err = pg.One[RecordedAs](ctx, tx, sqlRecordedAs, a.AccountID, key)
	if err == nil || errs.KindOf(err) != errs.NotFound {
		return done, err
	}
	mo := Moment{Now: m.now(), Actor: a}
	if mo.Seats, err = seats(ctx, tx, a, mo.Now); err != nil {
		return done, err
	}
	_, at, err := intakeAt(ctx, tx, mo, positionID)
	if err != nil {
		return done, err
	}
	papers, err := m.takeTray(ctx, tx, at.UnitID, in.Papers)
	if err != nil {
		return done, err
	}
	if err := m.checkArrival(ctx, tx, &in, at.UnitID, mo.Now, len(papers)); err != nil {
		return done, err
	}
	st, err := m.store(in.Secrecy, Content{Subject: in.Subject})
	if err != nil {
		return done, err
	}
	id, err := pg.Scalar[int64](ctx, tx, sqlRecord, in.Kind, at.UnitID, at.PositionID, a.AccountID, key, st.Subject, st.ContentSealed, in.KKA, in.Secrecy,
		in.Urgency, in.Sender, in.Number, in.Date.Format(time.DateOnly), in.Received.Format(time.DateOnly), in.Channel, in.Place, in.twinKey(), mo.Now)
	if err != nil && errs.KindOf(err) == errs.NotFound { // a second click came first
		return pg.One[RecordedAs](ctx, tx, sqlRecordedAs, a.AccountID, key)
	}
	if err != nil {
		return done, err
	}
	c, err := lockCase(ctx, tx, id, a.PersonID, mo.Now)
	if err != nil {
		return done, err
	}
	if mo, err = m.moment(ctx, tx, a, &c); err != nil {
		return done, err
	}
	found := c.State
	c.State = State{StatusAt: mo.Now}
	e, err := Decide(&c, mo, Intent{Action: ActRecord, Change: Change{
		Secrecy: in.Secrecy, Urgency: in.Urgency, Mode: found.Mode, Version: found.Version, Content: in.sum(papers),
	}})
	if err != nil {
		return done, err
	}
	next := Apply(c.State, c.DrafterID, e)
	if err := saveState(ctx, tx, id, found, next, mo.Now); err != nil {
		return done, err
	}
	if err := pg.Exec(ctx, tx, sqlAddRecipient, id, "kepada", 1, at.UnitID, in.To, false, "", "", "", mo.Now); err != nil {
		return done, err
	}
	err = m.follow(ctx, tx, &c, next, mo, e, func(tx pgx.Tx, c *Case, mo Moment, _ Event) error {
		rs, err := pg.Many[Recipient](ctx, tx, sqlRecipients, id)
		if err != nil {
			return err
		}
		r, err := m.actOnRecipient(ctx, tx, a, rs[0].ID, ActTakeIn, "", m.agenda(ctx, tx))
		if err != nil {
			return err
		}
		done = RecordedAs{id, r.Agenda()}
		// Whoever takes a number waits for who took the one before, so nobody's entry is missed.
		if err := twins(ctx, tx, at.UnitID, id, &in, hashesOf(papers)); err != nil {
			return err
		}
		if err := m.keepArrival(ctx, tx, a, c, in, papers, mo.Now); err != nil {
			return err
		}
		return m.index(ctx, tx, c)
	})
	return done, err
}

// checkArrival is [Arrival.check] with what the database knows.
func (m *Module) checkArrival(ctx context.Context, tx pgx.Tx, in *Arrival, unitID int64, now time.Time, papers int) error {
	err := in.check(now, papers)
	if err != nil && errs.KindOf(err) != errs.Unprocessable {
		return err
	}
	wrong := errs.FieldsOf(err)
	if in.KKA != "" {
		known, err := pg.Scalar[bool](ctx, tx, sqlKnownKKA, in.KKA)
		if err != nil {
			return err
		}
		if !known {
			wrong = append(wrong, errs.Field{Name: ControlKKA, Message: "Pilih kode klasifikasi dari daftar, atau kosongkan."})
		}
	}
	belongs, err := pg.Scalar[bool](ctx, tx, sqlBelongs, unitID, in.To)
	if err != nil {
		return err
	}
	if !belongs {
		wrong = append(wrong, errs.Field{Name: ControlTo, Message: "Pilih untuk siapa surat ini di kantor Anda."})
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return nil
}

// sum of what was written down, with its scans.
func (in *Arrival) sum(papers []File) []byte {
	return sum(in.Kind, Draft{Content: Content{Subject: in.Subject, Body: in.Sender + "\n" + in.Number}, Secrecy: in.Secrecy, Urgency: in.Urgency}, papers, nil)
}

// keepArrival writes what goes along with a letter that was written down or corrected.
func (m *Module) keepArrival(ctx context.Context, tx pgx.Tx, a authz.Actor, c *Case, in Arrival, papers []File, at time.Time) error {
	if err := pg.Exec(ctx, tx, sqlDropOther, c.ID); err != nil {
		return err
	}
	if in.Other != "" {
		if err := pg.Exec(ctx, tx, sqlSetOther, c.ID, in.OtherSystem, in.Other); err != nil {
			return err
		}
	}
	for _, f := range papers {
		f.LetterID, f.Purpose = c.ID, itself
		if _, err := m.addFile(ctx, tx, a, f, at); err != nil {
			return err
		}
	}
	return nil
}

const sqlCorrect = `
UPDATE eoffice_letter SET kind_code = $2, subject = $3, content_sealed = $4, kka = $5, sender = $6, sender_number = $7, letter_date = $8::date, received_on = $9::date,
	channel = $10, paper_place = $11, twin_key = $12, secrecy = $13
WHERE id = $1`

const sqlReaddress = `UPDATE eoffice_recipient SET position_id = $2 WHERE id = $1`

// Correct changes what was written down of a letter that is not directed yet. What it was
// before stays in its history.
func (m *Module) Correct(ctx context.Context, a authz.Actor, act Act, in Arrival) error {
	gone := []string{}
	_, err := m.act(ctx, a, act, ActCorrect, func(tx pgx.Tx, c *Case, mo Moment) (ch Change, err error) {
		was, err := m.arrivalOf(ctx, tx, c.ID)
		if err != nil {
			return ch, err
		}
		papers, err := m.takeTray(ctx, tx, c.UnitID, in.Papers)
		if err != nil {
			return ch, err
		}
		files, err := filesOf(ctx, tx, c.ID)
		if err != nil {
			return ch, err
		}
		left := slices.DeleteFunc(slices.Clone(files), func(f File) bool { return slices.Contains(in.Drop, f.ID) })
		if err := m.checkArrival(ctx, tx, &in, c.UnitID, mo.Now, len(left)+len(papers)); err != nil {
			return ch, err
		}
		if err := twins(ctx, tx, c.UnitID, c.ID, &in, hashesOf(papers)); err != nil {
			return ch, err
		}
		st, err := m.store(in.Secrecy, Content{Subject: in.Subject})
		if err != nil {
			return ch, err
		}
		err = pg.Exec(ctx, tx, sqlCorrect, c.ID, in.Kind, st.Subject, st.ContentSealed, in.KKA, in.Sender, in.Number, in.Date.Format(time.DateOnly),
			in.Received.Format(time.DateOnly), in.Channel, in.Place, in.twinKey(), in.Secrecy)
		if err != nil {
			return ch, err
		}
		rs, err := pg.Many[Recipient](ctx, tx, sqlRecipients, c.ID)
		if err != nil {
			return ch, err
		}
		if err := pg.Exec(ctx, tx, sqlReaddress, rs[0].ID, in.To); err != nil {
			return ch, err
		}
		for _, f := range files {
			if slices.Contains(in.Drop, f.ID) {
				gone = append(gone, f.BlobKey)
				if err := pg.Exec(ctx, tx, sqlRemoveFile, f.ID, c.ID, mo.Now); err != nil {
					return ch, err
				}
			}
		}
		if in.Secrecy.Confidential() {
			if err := pg.Exec(ctx, tx, sqlHideFiles, c.ID); err != nil {
				return ch, err
			}
		}
		// Sealed whatever its secrecy: that may be raised, and history is never changed.
		ch = Change{Secrecy: in.Secrecy, Urgency: in.Urgency, Version: c.Version, Content: in.sum(append(left, papers...)),
			Words: &Words{Sealed: m.box.Seal(was.difference(in, len(papers), len(gone)), sealWords)}}
		c.KindCode, c.SenderNumber, c.KKA = in.Kind, in.Number, in.KKA
		return ch, m.keepArrival(ctx, tx, a, c, in, papers, mo.Now)
	}, func(tx pgx.Tx, c *Case, _ Moment, _ Event) error { return m.index(ctx, tx, c) })
	if err == nil {
		for _, key := range gone {
			m.drop(ctx, key)
		}
	}
	return err
}

// difference says what a correction changes, one line for each part.
func (in *Arrival) difference(now Arrival, added, removed int) string {
	var lines []string
	part := func(name, was, is string) {
		if was != is {
			lines = append(lines, name+": “"+was+"” menjadi “"+is+"”")
		}
	}
	part("Asal", in.Sender, now.Sender)
	part("Nomor", in.Number, now.Number)
	part("Tanggal", indo.Date(in.Date), indo.Date(now.Date))
	part("Diterima", indo.Date(in.Received), indo.Date(now.Received))
	part("Hal", in.Subject, now.Subject)
	part("Sifat", in.Secrecy.Label(), now.Secrecy.Label())
	part("Urgensi", in.Urgency.Label(), now.Urgency.Label())
	part("Klasifikasi", in.KKA, now.KKA)
	part("Lewat", ChannelLabel(in.Channel), ChannelLabel(now.Channel))
	part("Tempat kertas", in.Place, now.Place)
	part("Nomor di sistem lain", strings.TrimSpace(in.OtherSystem+" "+in.Other), strings.TrimSpace(now.OtherSystem+" "+now.Other))
	if in.Kind != now.Kind {
		lines = append(lines, "Jenis naskah diganti")
	}
	if in.To != now.To {
		lines = append(lines, "Yang dituju diganti")
	}
	if added > 0 {
		lines = append(lines, "Pindaian ditambah")
	}
	if removed > 0 {
		lines = append(lines, "Pindaian dihapus")
	}
	if len(lines) == 0 {
		return "Tidak ada yang berubah."
	}
	return strings.Join(lines, "\n")
}

const sqlArrival = `
SELECT l.kind_code AS kind, l.sender, l.sender_number AS number, l.letter_date AS date, l.received_on AS received, l.secrecy, l.urgency, l.kka, l.channel,
	l.paper_place AS place, COALESCE(o.system, '') AS other_system, COALESCE(o.number, '') AS other,
	COALESCE((SELECT r.position_id FROM eoffice_recipient r WHERE r.letter_id = l.id ORDER BY r.id LIMIT 1), 0) AS "to"
FROM eoffice_letter l LEFT JOIN eoffice_other_number o ON o.letter_id = l.id WHERE l.id = $1 AND l.origin = 'masuk'`

func (m *Module) arrivalOf(ctx context.Context, q pg.Querier, id int64) (in Arrival, err error) {
	row, err := pg.One[struct {
		Kind, Sender, Number, KKA, Channel, Place, OtherSystem, Other string
		Date, Received                                                time.Time
		Secrecy                                                       Secrecy
		Urgency                                                       Urgency
		To                                                            int64
	}](ctx, q, sqlArrival, id)
	if err != nil {
		return in, err
	}
	content, err := m.contentOf(ctx, q, id)
	return Arrival{
		Kind: row.Kind, Sender: row.Sender, Number: row.Number, Date: row.Date, Received: row.Received, Subject: content.Subject, Secrecy: row.Secrecy,
		Urgency: row.Urgency, KKA: row.KKA, Channel: row.Channel, Place: row.Place, OtherSystem: row.OtherSystem, Other: row.Other, To: row.To,
	}, err
}

// ArrivalOf is what was written down of a letter that its tata usaha may still correct, and
// its scans; errs.Conflict once it is directed.
func (m *Module) ArrivalOf(ctx context.Context, a authz.Actor, id int64) (c Case, in Arrival, files []File, err error) {
	defer errs.In(&err, "eoffice.ArrivalOf(%d)", id)
	c, mo, err := m.seen(ctx, m.db, a, id)
	if err != nil {
		return c, in, nil, err
	}
	if err := Allowed(&c, mo, ActCorrect); err != nil {
		return c, in, nil, err
	}
	if in, err = m.arrivalOf(ctx, m.db, id); err != nil {
		return c, in, nil, err
	}
	if c.ViewOf(mo) != Whole {
		return c, in, nil, nil
	}
	files, err = filesOf(ctx, m.db, id)
	return c, in, files, err
}

// Direct sends a letter from outside on to whom it is for: from there it goes as letters
// between offices do. A desk at which nobody sits is refused, with whom to choose instead.
func (m *Module) Direct(ctx context.Context, a authz.Actor, act Act) (Case, error) {
	return m.act(ctx, a, act, ActDirect, nil, func(tx pgx.Tx, c *Case, mo Moment, _ Event) error {
		rs, err := pg.Many[Recipient](ctx, tx, sqlRecipients, c.ID)
		if err != nil {
			return err
		}
		return m.handOver(ctx, tx, a, c, mo, rs[0])
	})
}

// Redirect sends a letter from outside, which came back from a desk, to another one of the office.
func (m *Module) Redirect(ctx context.Context, a authz.Actor, recipientID, positionID int64) (err error) {
	defer errs.In(&err, "eoffice.Redirect(%d)", recipientID)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		r, err := pg.One[Recipient](ctx, tx, sqlRecipient, recipientID)
		if err != nil {
			return absent(err)
		}
		c, err := lockCase(ctx, tx, r.LetterID, a.PersonID, m.now())
		if err != nil {
			return absent(err)
		}
		mo, err := m.moment(ctx, tx, a, &c)
		if err != nil {
			return err
		}
		if c.ViewOf(mo) == Nothing {
			return errNoLetter
		}
		if r, err = pg.One[Recipient](ctx, tx, sqlRecipient, recipientID); err != nil {
			return err
		}
		if _, err := cell(RecipientSteps, r.Status, ActDirect, r.RolesOf(mo), &r, mo); err != nil {
			return err
		}
		belongs, err := pg.Scalar[bool](ctx, tx, sqlBelongs, r.UnitID, positionID)
		if err != nil {
			return err
		}
		if !belongs {
			return errs.Invalid(errs.Field{Name: ControlTo, Message: "Pilih jabatan di kantor Anda."})
		}
		if err := pg.Exec(ctx, tx, sqlReaddress, r.ID, positionID); err != nil {
			return err
		}
		r.PositionID = positionID
		return m.handOver(ctx, tx, a, &c, mo, r)
	})
}

// handOver brings a letter from outside to the desk that it is for.
func (m *Module) handOver(ctx context.Context, tx pgx.Tx, a authz.Actor, c *Case, mo Moment, r Recipient) error {
	if err := m.occupied(ctx, tx, r.PositionID, mo.Now); err != nil {
		return err
	}
	r, err := m.actOnRecipient(ctx, tx, a, r.ID, ActDirect, "", func(r *Recipient, at Moment) (ch Change, err error) {
		at.Pace = mo.Pace
		due := at.due(mo.Pace.ActionMinutes)
		ch.Due = &due
		ch.Screen, err = screenerOf(ctx, tx, r, at.Now)
		return ch, err
	})
	if err != nil {
		return err
	}
	if err := m.reached(ctx, tx, c, r, mo.Now); err != nil {
		return err
	}
	return m.index(ctx, tx, c)
}

// occupied refuses a desk at which nobody sits.
func (m *Module) occupied(ctx context.Context, q pg.Querier, positionID int64, at time.Time) error {
	empty, err := pg.Many[struct {
		ID, UnitID int64
		Title      string
	}](ctx, q, sqlVacant, []int64{positionID}, at)
	if err != nil || len(empty) == 0 {
		return err
	}
	say := empty[0].Title + " sedang tidak ada pemangkunya."
	h, err := org.NearestHead(ctx, q, empty[0].UnitID, at)
	switch {
	case err == nil:
		say += " Pilih " + h.Title + " (" + h.Name + ") atau jabatan lain."
	case errs.KindOf(err) != errs.NotFound:
		return err
	}
	return errs.New(errs.Conflict, say)
}

// Classify gives a letter from outside its classification code, which may come after all else.
func (m *Module) Classify(ctx context.Context, a authz.Actor, act Act, kka string) error {
	_, err := m.act(ctx, a, act, ActClassify, func(tx pgx.Tx, c *Case, _ Moment) (ch Change, err error) {
		known, err := pg.Scalar[bool](ctx, tx, sqlKnownKKA, kka)
		if err != nil {
			return ch, err
		}
		if !known {
			return ch, errs.Invalid(errs.Field{Name: ControlKKA, Message: "Pilih kode klasifikasi dari daftar."})
		}
		return ch, pg.Exec(ctx, tx, sqlSetKKA, c.ID, kka)
	}, nil)
	return err
}

const sqlSetKKA = `UPDATE eoffice_letter SET kka = $2 WHERE id = $1`

// forgetAgenda explains the number of an entry that is withdrawn.
func (m *Module) forgetAgenda(ctx context.Context, tx pgx.Tx, c *Case, mo Moment, e Event) error {
	rs, err := pg.Many[Recipient](ctx, tx, sqlRecipients, c.ID)
	if err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlUnindex, c.ID); err != nil {
		return err
	}
	return numbering.Explain(ctx, tx, mo.Actor, mo.Now, agendaSeries(c.UnitID), rs[0].AgendaYear, rs[0].AgendaNo, explained("Catatan dibatalkan", e))
}
