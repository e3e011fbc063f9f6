package mtr

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// What the reporter's page needs besides the Case.
const sqlReporterPage = `
SELECT r.body, r.landmark, r.category_id, c.name AS category_name, COALESCE(r.kelurahan_id, 0) AS kelurahan_id,
	COALESCE(kel.short_name, '') AS kelurahan_name, COALESCE(kec.short_name, '') AS kecamatan_name, r.lat, r.lng,
	r.extra, r.behalf, r.submitted_at, r.code_sealed, COALESCE(p.number, '') AS parent_number,
	k.email_sealed, k.email_hash, k.email_verified_at, k.phone_sealed, k.phone_hash, k.phone_verified_at
FROM mtr_report r
JOIN mtr_category c ON c.id = r.category_id
JOIN mtr_contact k ON k.report_id = r.id
LEFT JOIN org_unit kel ON kel.id = r.kelurahan_id
LEFT JOIN org_unit kec ON kec.id = r.kecamatan_id
LEFT JOIN mtr_report p ON p.id = r.parent_id AND p.listed
WHERE r.id = $1`

type reporterRow struct {
	Body, Landmark               string
	CategoryID                   int64
	CategoryName                 string
	KelurahanID                  int64
	KelurahanName, KecamatanName string
	Lat, Lng                     *float64
	Extra                        map[string]string
	Behalf                       Behalf
	SubmittedAt                  time.Time
	CodeSealed                   []byte
	ParentNumber                 string
	EmailSealed, EmailHash       []byte
	EmailVerifiedAt              *time.Time
	PhoneSealed, PhoneHash       []byte
	PhoneVerifiedAt              *time.Time
}

// ReporterView is the report for whoever holds its link or account; otherwise errs.NotFound.
func (m *Module) ReporterView(ctx context.Context, a authz.Actor, k ReporterKey) (v ReporterReport, err error) {
	defer errs.In(&err, "mtr.ReporterView")
	who, err := m.reporter(ctx, a, k)
	if err != nil {
		return v, err
	}
	c, err := pg.One[Case](ctx, m.db, sqlCase, who.reportID)
	if err != nil {
		return v, err
	}
	r, err := pg.One[reporterRow](ctx, m.db, sqlReporterPage, c.ID)
	if err != nil {
		return v, err
	}
	category, err := m.Category(ctx, r.CategoryID)
	if err != nil {
		return v, err
	}
	mo := Moment{Now: m.now(), Actor: a, Reporter: true}
	v = ReporterReport{
		PublicReport: PublicReport{
			ID: c.ID, Number: c.Number, Published: c.PublishedAt != nil && c.HiddenAt == nil && !c.Confidential,
			Title: c.Title, Body: r.Body, Landmark: r.Landmark, CategoryID: r.CategoryID, CategoryCode: c.CategoryCode,
			CategoryName: r.CategoryName, Class: c.Class, Status: c.Status, KelurahanID: r.KelurahanID,
			KelurahanName: r.KelurahanName, KecamatanName: r.KecamatanName, UnitName: c.UnitName, Since: c.StatusChangedAt,
			ReceivedAt: orElse(c.ReceivedAt, &r.SubmittedAt), ForwardedAt: c.ForwardedAt, RespondedAt: c.RespondedAt,
			DoneAt: c.DoneAt, ClosedAt: c.ClosedAt, DueKind: c.DueKind, DueAt: c.DueAt, PausedAt: c.PausedAt,
			ExpectedAt: c.ExpectedAt, Bounces: c.Bounces, Reopens: c.Reopens, ParentNumber: r.ParentNumber,
			Agency: c.Agency, AgencyRef: c.AgencyRef, AgencyAnswer: c.AgencyAnswer, Rating: c.Rating,
		},
		UnitID: c.UnitID, Anonymous: c.Anonymous, Confidential: c.Confidential, ExactLandmark: r.Landmark, OnBehalf: r.Behalf,
		Extra: Answered(category, r.Extra), Version: c.Seq,
	}
	if c.DueAt != nil && c.PausedAt == nil {
		v.Late = !mo.Now.Before(*c.DueAt)
		v.Near = !v.Late && !mo.Now.Before(*c.WarnAt)
	}
	if r.Lat != nil && r.Lng != nil {
		v.Place = &Point{Lat: *r.Lat, Lng: *r.Lng}
		v.ExactPlace = v.Place
	}
	if c.Status == Done {
		v.DisputeUntil = c.DueAt
	}
	for _, action := range ActionsFor(&c, mo) {
		if Steps[c.Status][action].Who.Has(AsReporter) {
			v.Actions = append(v.Actions, action)
		}
	}
	if v.Code, err = m.box.Open(r.CodeSealed, contextCode); err != nil {
		return v, err
	}
	if err := m.showContact(&v, r); err != nil {
		return v, err
	}
	if v.Blocked = c.Blocked && c.Status == Unconfirmed; v.Blocked {
		if v.BlockNote, err = m.blockOf(ctx, m.db, c.ID); err != nil {
			return v, err
		}
	}
	return v, m.showHistory(ctx, &v, &c)
}

// showContact masks the contact: whoever holds the link need not learn it.
func (m *Module) showContact(v *ReporterReport, r reporterRow) error {
	if r.EmailSealed == nil && r.PhoneSealed == nil {
		return nil
	}
	k := contactRow{
		EmailSealed: r.EmailSealed, EmailVerifiedAt: r.EmailVerifiedAt,
		PhoneSealed: r.PhoneSealed, PhoneVerifiedAt: r.PhoneVerifiedAt,
	}
	masked := map[string]string{}
	if r.EmailSealed != nil {
		email, err := m.box.Open(r.EmailSealed, contextEmail)
		if err != nil {
			return err
		}
		masked[byEmail] = maskEmail(email)
	}
	if r.PhoneSealed != nil {
		phone, err := m.box.Open(r.PhoneSealed, contextPhone)
		if err != nil {
			return err
		}
		masked[byPhone] = indo.MaskPhone(phone)
	}
	v.ContactMasked = strings.Trim(masked[byEmail]+", "+masked[byPhone], ", ")
	v.ContactVerified = r.EmailVerifiedAt != nil || r.PhoneVerifiedAt != nil
	if channel := k.unverified(); channel != "" && v.May(ActConfirmContact) {
		v.CodeSentTo = masked[channel]
	}
	return nil
}

// maskEmail keeps the first letter and the domain: a•••@contoh.id.
func maskEmail(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at <= 0 {
		return "•••"
	}
	first := []rune(s)[:1]
	return string(first) + "•••" + s[at:]
}

const sqlReporterPhotos = `
SELECT ref, kind, width, height, COALESCE(event_seq, 0) AS seq FROM mtr_photo
WHERE report_id = $1 AND stored AND hidden_at IS NULL AND (event_seq IS NOT NULL OR kind = 'tambahan')
ORDER BY id`

const sqlReporterMessages = `
SELECT w.event_seq AS seq, e.at, e.action, w.body FROM mtr_message w
JOIN mtr_event e ON e.report_id = w.report_id AND e.seq = w.event_seq
WHERE w.report_id = $1 ORDER BY w.event_seq`

// showHistory fills photos, messages, timeline and the staff's open words.
func (m *Module) showHistory(ctx context.Context, v *ReporterReport, c *Case) error {
	var photos []struct {
		Ref           string
		Kind          PhotoKind
		Width, Height int
		Seq           int
	}
	var messages []struct {
		Seq    int
		At     time.Time
		Action Action
		Body   string
	}
	parts := &pgx.Batch{}
	into(parts, &photos, sqlReporterPhotos, c.ID)
	into(parts, &messages, sqlReporterMessages, c.ID)
	into(parts, &v.Timeline, sqlReporterEvents, c.ID)
	if err := m.db.SendBatch(ctx, parts).Close(); err != nil {
		return pg.Classify(err)
	}
	with := map[int][]PublicPhoto{}
	for _, p := range photos {
		shown := PublicPhoto{Ref: p.Ref, Kind: p.Kind, Width: p.Width, Height: p.Height}
		switch {
		case p.Kind != PhotoInfo:
			v.Photos = append(v.Photos, shown)
		case p.Seq == 0:
			v.Pending = append(v.Pending, shown)
		default:
			with[p.Seq] = append(with[p.Seq], shown)
		}
	}
	for _, w := range messages {
		v.Appealed = v.Appealed || w.Action == ActAppeal
		v.Messages = append(v.Messages, Message{At: w.At, Action: w.Action, Body: w.Body, Photos: with[w.Seq]})
	}
	for _, e := range v.Timeline {
		switch {
		case e.Action == ActAskInfo && c.Status == NeedsInfo:
			v.InfoAsked = e.Reason
		case e.Action == ActHide && c.HiddenAt != nil:
			v.HiddenNote = e.Reason
		}
	}
	return nil
}

const myItems = `
SELECT r.id, r.number, r.title, c.code AS category_code, c.name AS category_name, r.class, r.status,
	COALESCE(kel.short_name, '') AS kelurahan_name, COALESCE(kec.short_name, '') AS kecamatan_name,
	COALESCE(u.short_name, '') AS unit_name,
	COALESCE((SELECT p.ref FROM mtr_photo p WHERE p.report_id = r.id AND p.kind = 'sebelum' AND p.stored
		AND p.event_seq IS NOT NULL AND p.hidden_at IS NULL ORDER BY p.id LIMIT 1), '') AS thumb,
	COALESCE(r.received_at, r.submitted_at) AS received_at, r.status_changed_at AS changed_at, r.due_at,
	` + isLate + ` AS late, ` + isNear + ` AS near
FROM page JOIN mtr_report r USING (id)
JOIN mtr_category c ON c.id = r.category_id
LEFT JOIN org_unit kel ON kel.id = r.kelurahan_id
LEFT JOIN org_unit kec ON kec.id = r.kecamatan_id
LEFT JOIN org_unit u ON u.id = r.unit_id
ORDER BY r.id DESC`

const (
	sqlMyOlder = `
WITH page AS (SELECT id FROM mtr_report WHERE account_id = $2 AND ($3::bigint = 0 OR id < $3) ORDER BY id DESC LIMIT $4)` + myItems
	sqlMyNewer = `
WITH page AS (SELECT id FROM mtr_report WHERE account_id = $2 AND id > $3 ORDER BY id LIMIT $4)` + myItems
)

// MyReports lists the reports of the signed-in citizen, newest first.
func (m *Module) MyReports(ctx context.Context, a authz.Actor, p Page) (_ PublicPage, err error) {
	defer errs.In(&err, "mtr.MyReports")
	if !a.SignedIn() {
		return PublicPage{}, errs.New(errs.Unauthenticated, "")
	}
	sql, from := sqlMyOlder, p.Before
	if p.After != 0 {
		sql, from = sqlMyNewer, p.After
	}
	items, err := pg.Many[PublicItem](ctx, m.db, sql, m.now(), a.AccountID, from, p.limit()+1)
	return p.cut(items), err
}
