package mtr

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// IntakeChannels are the ways in which people reach the staff who write their report down.
var IntakeChannels = []Channel{ChannelPhone, ChannelCounter, ChannelMessage, ChannelMedia, ChannelLetter}

// Intake is a report that staff write down for somebody. Who reports is that person; Key is
// of the page, so that sent twice it is one report.
type Intake struct {
	KeptReport
	Channel Channel
	// Proven: the phone number is the reporter's, called back or seen in use.
	Proven bool
	// Neighbourhood of a head of RT or RW, "RW 5" or "RT 2 RW 5"; required of them.
	Neighbourhood string
}

// MayTake tells whether the actor may write reports down for others.
func MayTake(a authz.Actor) bool { return a.IsStaff() && a.HasAny(PermDispatch, PermHandle) }

const sqlInsertTaken = `
INSERT INTO mtr_origin (report_id, channel, taken_by, neighbourhood) VALUES ($1, $2, $3, $4)`

// Take makes the report. It says who wrote it down, not that they reported; a number that
// staff did not prove gets a code like any other. What is missing is errs.Invalid with the
// Control names.
func (m *Module) Take(ctx context.Context, a authz.Actor, in Intake) (_ Receipt, err error) {
	defer errs.In(&err, "mtr.Take")
	if !MayTake(a) {
		return Receipt{}, errs.New(errs.Forbidden, "")
	}
	neighbourhood, wrong := in.check()
	if len(wrong) > 0 { // said together with what else is missing
		return Receipt{}, m.alsoWrong(ctx, in.KeptReport, wrong)
	}
	return m.sendOnce(ctx, authz.Actor{}, in.KeptReport, func(answers *Answers) {
		answers.Taken, answers.Proven = true, in.Proven
	}, func(tx pgx.Tx, r Receipt) error {
		if err := pg.Exec(ctx, tx, sqlInsertTaken, r.ReportID, in.Channel, a.AccountID, neighbourhood); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "mtr.report.take", Object: object, ObjectID: r.ReportID,
			Detail: map[string]any{"nomor": r.Number, "lewat": in.Channel}})
	})
}

// takenLife is how long whoever wrote a report down may read its code out again.
const takenLife = time.Hour

const sqlTaken = `
SELECT o.report_id FROM mtr_origin o JOIN mtr_report r ON r.id = o.report_id
WHERE r.number = $1 AND o.taken_by = $2 AND o.channel <> 'sp4n' AND r.submitted_at > $3`

// Taken is the receipt of a report that the actor wrote down within the hour; otherwise
// errs.NotFound.
func (m *Module) Taken(ctx context.Context, a authz.Actor, number string) (_ Receipt, err error) {
	defer errs.In(&err, "mtr.Taken")
	id, err := pg.Scalar[int64](ctx, m.db, sqlTaken, tidyNumber(number), a.AccountID, m.now().Add(-takenLife))
	if err != nil {
		return Receipt{}, err
	}
	return m.receipt(ctx, m.db, id)
}

// alsoWrong adds what a report would lack besides.
func (m *Module) alsoWrong(ctx context.Context, in KeptReport, wrong []errs.Field) error {
	categories, err := m.allCategories(ctx)
	if err != nil {
		return err
	}
	answers := Answers{
		Place: in.Place.Place, Source: in.Place.Source, KelurahanID: in.Place.KelurahanID, Landmark: in.Place.Landmark,
		CategoryID: in.Category.CategoryID, Class: Complaint, Extra: in.Extra, Title: in.Words.Title, Body: in.Words.Body,
		Name: in.Who.Name, Email: in.Who.Email, Phone: in.Who.Phone, Behalf: in.Who.Behalf, BehalfName: in.Who.BehalfName, Consent: in.Who.Consent,
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		_, _, err := whole(ctx, tx, categories, &answers)
		return err
	})
	if err != nil && errs.KindOf(err) != errs.Unprocessable {
		return err
	}
	return errs.Invalid(append(wrong, errs.FieldsOf(err)...)...)
}

// check says what is wrong with what only staff write, and brings the neighbourhood into
// normal form.
func (in Intake) check() (neighbourhood string, wrong []errs.Field) {
	fail := func(control, message string) { wrong = append(wrong, errs.Field{Name: control, Message: message}) }
	if !has(IntakeChannels, in.Channel) {
		fail(ControlChannel, "Pilih bagaimana laporan ini sampai.")
	}
	if !in.Who.Consent {
		fail(ControlConsent, "Bacakan apa yang dicatat, lalu centang bila orangnya setuju.")
	}
	if in.Proven && in.Who.Phone == "" {
		fail(ControlPhone, "Tulis nomor HP yang sudah dipastikan.")
	}
	if in.Who.Behalf == BehalfRTRW {
		var ok bool
		if neighbourhood, ok = tidyNeighbourhood(in.Neighbourhood); !ok {
			fail(ControlNeighbourhood, "Tulis RW-nya, misalnya: RW 5 atau RT 2 RW 5.")
		}
		if in.Place.KelurahanID == 0 && in.Place.Place == nil {
			fail(ControlKelurahan, "Pilih kelurahan RT/RW itu.")
		}
	}
	return neighbourhood, wrong
}

var neighbourhoodShape = regexp.MustCompile(`(?i)^(?:RT\s*\.?\s*0*(\d{1,3})[\s,/]*)?RW\s*\.?\s*0*(\d{1,3})$`)

// tidyNeighbourhood is "RW 005" or "RT 002 RW 005".
func tidyNeighbourhood(s string) (string, bool) {
	found := neighbourhoodShape.FindStringSubmatch(strings.TrimSpace(s))
	if found == nil {
		return "", false
	}
	out := ""
	if rt, err := strconv.Atoi(found[1]); err == nil {
		out = fmt.Sprintf("RT %03d ", rt)
	}
	rw, err := strconv.Atoi(found[2])
	return out + fmt.Sprintf("RW %03d", rw), err == nil
}

// SupportCall is somebody who calls to say that a report is their problem too.
type SupportCall struct {
	Act
	Phone   string
	Consent bool
}

const sqlSupportByPhone = `
INSERT INTO mtr_support AS s (report_id, contact_hash, phone_sealed, token_hash, token_sealed, taken_by, created_at, verified_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
ON CONFLICT (report_id, contact_hash) DO UPDATE SET verified_at = $7, ended_at = NULL, token_hash = $4, token_sealed = $5, taken_by = $6
WHERE s.ended_at IS NOT NULL
RETURNING id`

// SupportByPhone counts a caller among those who have the report's problem, once for each
// number, and lets them follow it. For staff who have a part in a published report.
func (m *Module) SupportByPhone(ctx context.Context, a authz.Actor, in SupportCall) (err error) {
	defer errs.In(&err, "mtr.SupportByPhone(%d)", in.ReportID)
	defer m.changed()
	c, err := pg.One[Case](ctx, m.db, sqlCase, in.ReportID)
	if err != nil {
		return err
	}
	if !c.RolesOf(Moment{Now: m.now(), Actor: a}).Has(anyStaff) {
		return errs.New(errs.NotFound, "")
	}
	var wrong []errs.Field
	phone, ok := indo.Phone(in.Phone)
	if !ok || !indo.IsMobile(phone) {
		wrong = append(wrong, errs.Field{Name: ControlPhone, Message: "Periksa nomor HP penelepon, contoh: 0812 3456 7890."})
	}
	if !in.Consent {
		wrong = append(wrong, errs.Field{Name: ControlConsent, Message: "Tanyakan dulu, lalu centang bila penelepon mau dikabari."})
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	k, token := m.seal("", phone), crypt.Token()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		r, err := pg.One[Supported](ctx, tx, sqlSupported, c.Number, 0)
		if errs.KindOf(err) == errs.NotFound || err == nil && !r.Open {
			return errs.New(errs.Conflict, "Laporan ini tidak dapat didukung: belum tampil untuk umum, atau sudah berakhir.")
		}
		if err != nil {
			return err
		}
		known := errs.Invalid(errs.Field{Name: ControlPhone, Message: "Nomor ini sudah mendukung laporan ini."})
		if err := pg.Exec(ctx, tx, sqlLockSupported, r.ID); err != nil {
			return err
		}
		counted, err := pg.Scalar[bool](ctx, tx, sqlSupportsByAccount, r.ID, k.PhoneHash)
		if err != nil || counted {
			return cmp.Or(err, known)
		}
		now := m.now()
		id, err := pg.Scalar[int64](ctx, tx, sqlSupportByPhone, r.ID, k.PhoneHash, k.Phone, crypt.HashToken(token), m.box.Seal(token, contextSupport), a.AccountID, now)
		if errs.KindOf(err) == errs.NotFound {
			return known
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "mtr.support.take", Object: object, ObjectID: r.ID, UnitID: c.UnitID,
			Detail: map[string]any{"nomor": c.Number, "dukungan": id}})
	})
}
