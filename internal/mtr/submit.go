package mtr

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// series of the numbers that people read aloud.
const series = "MTR"

// sourceNone is the place source of a report without a place.
const sourceNone PointSource = "tidak_ada"

// Submit turns the draft into a report, once: sending it again returns the same
// receipt. What is missing is errs.Invalid with the Control names.
func (m *Module) Submit(ctx context.Context, a authz.Actor, token string) (r Receipt, err error) {
	defer errs.In(&err, "mtr.Submit")
	return m.submitOnce(ctx, a, sender{}, token)
}

func (m *Module) submitOnce(ctx context.Context, a authz.Actor, from sender, token string) (r Receipt, err error) {
	defer m.changed()
	// Before the transaction: within it a second connection might not be had.
	categories, err := m.allCategories(ctx)
	if err != nil {
		return r, err
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		r, _, err = m.submit(ctx, tx, a, from, categories, token)
		return err
	})
	return r, err
}

// submit is Submit within a transaction; born says that the report is new. From its number on
// all others wait, for as many ways to the database as it takes: hence the pipe.
func (m *Module) submit(ctx context.Context, outer pgx.Tx, a authz.Actor, from sender, categories []Category, token string) (r Receipt, born bool, err error) {
	tx := pg.Pipe(outer)
	row, answers, err := m.findDraft(ctx, tx, sqlDraftForUpdate, token)
	if err != nil {
		return r, false, err
	}
	id := row.ReportID
	if id == 0 {
		if id, err = m.bear(ctx, tx, a, from, categories, row.ID, answers); err != nil {
			return r, false, err
		}
	}
	if r, err = m.receipt(ctx, tx, id); err != nil {
		return r, false, err
	}
	return r, row.ReportID == 0, tx.Flush(ctx)
}

// bear writes the report of a draft and everything that comes with it. The number is
// taken after whatever can be slow or refused.
func (m *Module) bear(ctx context.Context, tx pgx.Tx, a authz.Actor, from sender, categories []Category, draftID int64, in Answers) (int64, error) {
	category, area, err := whole(ctx, tx, categories, &in)
	if err != nil {
		return 0, err
	}
	c := Case{
		Title: in.Title, CategoryCode: category.Code, Class: in.Class, Confidential: in.Confidential, Anonymous: in.Anonymous,
		FieldCheck: category.FieldCheck, Proof: category.Proof, AccountID: a.AccountID, DispatchUnitID: area.ID,
	}
	if c.DispatchUnitID == 0 {
		city, err := org.Root(ctx, tx)
		if err != nil {
			return 0, err
		}
		c.DispatchUnitID = city.ID
	}
	mo := Moment{Now: m.now(), Actor: a, Reporter: true}
	if mo.Cal, err = calendar.Load(ctx, tx, c.DispatchUnitID); err != nil {
		return 0, err
	}
	contact := m.seal(in.Email, in.Phone)
	words := m.box.Hash(contextWords, indo.Fold(in.Title+" "+in.Body))
	if err := m.slow(ctx, tx, a, from, contact, mo.Now); err != nil {
		return 0, err
	}
	held := []Hold{}
	if !in.Imported { // somebody looked at it there
		if held, err = m.holds(ctx, tx, a, from, in, words, contact, mo.Now); err != nil {
			return 0, err
		}
	}
	c.Blocked, c.Unasked = has(held, HoldBlocked), !in.askable(contact)
	intent := Intent{Action: ActSubmit}
	if len(held) > 0 {
		intent.Action = ActHold
	}
	if p := PriorityOf(category, in.Title, in.Body, in.Extra); p != PriorityNormal {
		intent.Change.Priority = &p
	}
	e, err := Decide(&c, mo, intent)
	if err != nil {
		return 0, err
	}
	k := contactRow{EmailSealed: contact.Email, EmailHash: contact.EmailHash, PhoneSealed: contact.Phone, PhoneHash: contact.PhoneHash}
	known := len(held) == 0 && a.SignedIn() && a.Email == in.Email
	if known {
		k.EmailVerifiedAt = &mo.Now
	}
	if in.Proven && contact.Phone != nil {
		k.PhoneVerifiedAt = &mo.Now
	}
	ask := !known && !c.Blocked && !c.Unasked
	if ask { // without a code left the report counts, and its code can wait
		if ask, err = freeCode(ctx, tx, k.hash(k.unverified()), codeDay(mo.Now)); err != nil {
			return 0, err
		}
	}
	year := mo.Now.In(clock.Makassar).Year()
	n, err := numbering.Next(ctx, tx, series, year)
	if err != nil {
		return 0, err
	}
	c.Number = numbering.Format(series, year, n)
	next := Apply(c.State, e)
	if c.ID, err = m.insertReport(ctx, tx, c, next, in, area, category.ID, held, words); err != nil {
		return 0, err
	}
	return c.ID, m.follow(ctx, tx, &c, next, mo, e, func(tx pgx.Tx, c *Case, e Event) error {
		return m.bring(ctx, tx, c, e, draftID, from, in, k, ask)
	})
}

// whole checks all answers as one and brings them into normal form.
func whole(ctx context.Context, tx pgx.Tx, categories []Category, a *Answers) (Category, org.Area, error) {
	i := slices.IndexFunc(categories, func(c Category) bool { return c.ID == a.CategoryID && c.Active })
	if i < 0 {
		return Category{}, org.Area{}, errs.Invalid(errs.Field{Name: ControlCategory, Message: "Pilih salah satu kategori."})
	}
	category := categories[i]
	var wrong []errs.Field
	if !has(Classes, a.Class) {
		wrong = append(wrong, errs.Field{Name: ControlClass, Message: "Pilih jenis laporan."})
	}
	kelurahan, fields, err := checkPlace(ctx, tx, *a)
	if err != nil {
		return category, org.Area{}, err
	}
	if a.KelurahanID = kelurahan; len(fields) == 0 && kelurahan == 0 && category.Place == PlaceRequired && !a.Imported {
		fields = []errs.Field{{Name: ControlKelurahan, Message: "Tunjukkan tempatnya di peta, atau pilih kelurahan."}}
	}
	wrong = append(wrong, fields...)
	extra := map[string]string{}
	for _, q := range category.Questions {
		if v := a.Extra[q.Code]; v != "" {
			extra[q.Code] = v
		}
	}
	a.Extra = extra
	if !a.Imported {
		wrong = append(wrong, checkAnswers(category, extra)...)
	}
	wrong = append(wrong, checkWords(*a)...)
	wrong = append(wrong, checkWho(*a)...)
	if len(wrong) > 0 {
		return category, org.Area{}, errs.Invalid(wrong...)
	}
	a.Email, _ = cleanEmail(a.Email)
	a.Phone, _ = indo.Phone(a.Phone)
	if kelurahan == 0 {
		a.Source = sourceNone
		return category, org.Area{}, nil
	}
	area, err := org.AreaByID(ctx, tx, kelurahan)
	return category, area, err
}

const sqlInsertReport = `
INSERT INTO mtr_report (number, code_hash, code_sealed, category_id, class, title, body, extra, lat, lng, place_source, landmark,
	kelurahan_id, kecamatan_id, dispatch_unit_id, anonymous, confidential, behalf, account_id, submitted_at, words_hash, held_for,
	proof, field_check, seq, status, due_kind, due_at, warn_at, received_at, status_changed_at, priority)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULLIF($13::bigint, 0), NULLIF($14::bigint, 0), $15, $16, $17, $18,
	NULLIF($19::bigint, 0), $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $20, $31)
ON CONFLICT (code_hash) WHERE open DO NOTHING
RETURNING id`

// insertReport draws short codes until one is free.
func (m *Module) insertReport(ctx context.Context, tx pgx.Tx, c Case, s State, in Answers, area org.Area, categoryID int64, held []Hold, words []byte) (int64, error) {
	var lat, lng *float64
	if in.Place != nil {
		lat, lng = &in.Place.Lat, &in.Place.Lng
	}
	for range 20 {
		code := newShortCode()
		id, err := pg.Scalar[int64](ctx, tx, sqlInsertReport, c.Number, m.codeHash(code), m.box.Seal(code, contextCode), categoryID, c.Class,
			in.Title, in.Body, in.Extra, lat, lng, in.Source, in.Landmark, area.ID, area.KecamatanID, c.DispatchUnitID,
			c.Anonymous, c.Confidential, in.Behalf, c.AccountID, s.StatusChangedAt, words, held, c.Proof, c.FieldCheck,
			s.Seq, s.Status, s.DueKind, s.DueAt, s.WarnAt, s.ReceivedAt, s.Priority)
		if errs.KindOf(err) != errs.NotFound {
			return id, err
		}
	}
	return 0, errs.New(errs.Unavailable, "")
}

const sqlInsertContact = `
INSERT INTO mtr_contact (report_id, name_sealed, email_sealed, email_hash, email_verified_at, phone_sealed, phone_hash,
	behalf_name_sealed, consent_at, link_sealed, phone_verified_at, device_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

const sqlInsertKey = `INSERT INTO mtr_key (token_hash, report_id, created_at, expires_at) VALUES ($1, $2, $3, $4)`

const sqlTakePhotos = `
UPDATE mtr_photo SET draft_id = NULL, report_id = $2, event_seq = $3 WHERE draft_id = $1 AND stored`

// bring writes what comes with a new report: who sent it, the secret link, the photos,
// the end of the draft, and the first word to its reporter: that it is there, or the code that
// they are asked for.
func (m *Module) bring(ctx context.Context, tx pgx.Tx, c *Case, e Event, draftID int64, from sender, in Answers, k contactRow, ask bool) error {
	var consent *time.Time
	if in.Behalf != BehalfSelf || in.Taken {
		consent = &e.At
	}
	link := crypt.Token()
	err := pg.Exec(ctx, tx, sqlInsertContact, c.ID, m.sealName(in.Name), k.EmailSealed, k.EmailHash, k.EmailVerifiedAt,
		k.PhoneSealed, k.PhoneHash, m.sealName(in.BehalfName), consent, m.box.Seal(link, contextLink), k.PhoneVerifiedAt, m.deviceHash(from.device))
	if err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlInsertKey, crypt.HashToken(link), c.ID, e.At, nil); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlTakePhotos, draftID, c.ID, e.Seq); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlDraftSubmitted, draftID, c.ID, e.At); err != nil { // the draft is locked
		return err
	}
	if ask {
		if err := m.putCode(ctx, tx, c, k, e.At); err != nil {
			return err
		}
	}
	if e.Action == ActSubmit && (c.AccountID != 0 || k.EmailVerifiedAt != nil || k.PhoneVerifiedAt != nil) {
		subject, text := reporterNotice(c, e)
		return m.tellReporter(ctx, tx, c.ID, c.Number, e.At, eventKey(c.ID, e.Seq, "pelapor"), subject, text)
	}
	return nil
}

func (m *Module) sealName(name string) []byte {
	if name == "" {
		return nil
	}
	return m.box.Seal(name, contextName)
}

// askable reports whether a contact is there to be proved by a code.
func (a *Answers) askable(contact sealedContact) bool {
	return !a.Imported && !contact.empty() && !(a.Proven && contact.Email == nil)
}

const sqlReceipt = `
SELECT r.id AS report_id, r.number, r.code_sealed, k.link_sealed, r.status, COALESCE(r.received_at, r.submitted_at) AS received_at,
	CASE WHEN r.due_kind = 'verifikasi' THEN r.due_at END AS verify_due_at,
	k.code_hash IS NOT NULL AND k.code_expires_at > $2 AS contact_pending, 'diblokir' = ANY (r.held_for) AS blocked
FROM mtr_report r JOIN mtr_contact k ON k.report_id = r.id WHERE r.id = $1`

// receipt of a submitted draft.
func (m *Module) receipt(ctx context.Context, q pg.Querier, reportID int64) (Receipt, error) {
	type row struct {
		ReportID               int64
		Number                 string
		CodeSealed, LinkSealed []byte
		Status                 Status
		ReceivedAt             time.Time
		VerifyDueAt            *time.Time
		ContactPending         bool
		Blocked                bool
	}
	r, err := pg.One[row](ctx, q, sqlReceipt, reportID, m.now())
	if err != nil {
		return Receipt{}, err
	}
	code, err := m.box.Open(r.CodeSealed, contextCode)
	if err != nil {
		return Receipt{}, err
	}
	link, err := m.box.Open(r.LinkSealed, contextLink)
	return Receipt{
		ReportID: r.ReportID, Number: r.Number, Code: code, Token: link, Status: r.Status, ReceivedAt: r.ReceivedAt,
		VerifyDueAt: r.VerifyDueAt, ContactPending: r.ContactPending, Held: r.Status == Unconfirmed,
		Moderated: r.Status == Unconfirmed && r.VerifyDueAt != nil, Blocked: r.Blocked && r.Status == Unconfirmed,
	}, err
}
