package mtr

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/jobs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// followBatch is how many are told in one transaction.
const followBatch = 200

// digestHours: the day's summary goes out in the morning.
const followDigestHour = 7

// digestLines is how many lines a summary holds at most.
const digestLines = 40

// newsOf is what those who follow a report read about an event; "" = nothing. What the
// reporter alone should know is not for them.
func newsOf(action Action, reason, unit, agency string, expected *time.Time) string {
	switch action {
	case ActForward:
		return "diteruskan ke " + unit
	case ActRecategorize:
		return "dipindahkan ke kategori yang lebih tepat"
	case ActStart:
		return "mulai dikerjakan"
	case ActSchedule:
		if expected == nil {
			return "dijadwalkan"
		}
		return "dijadwalkan dikerjakan " + indo.LongDate(*expected)
	case ActSubmitProof:
		return "selesai dikerjakan, buktinya sedang diperiksa"
	case ActRejectProof:
		return "dikerjakan kembali"
	case ActValidate:
		return "selesai"
	case ActDispute:
		return "disanggah pelapor, jadi dikerjakan kembali"
	case ActReject:
		return "tidak dapat ditindaklanjuti"
	case ActMarkDuplicate:
		return "digabung dengan laporan lain"
	case ActReferOut:
		return "dirujuk ke " + agency
	case ActAgencyAnswer:
		return "dijawab " + agency
	case ActRespond:
		if reason == "" {
			return ""
		}
		return "ditanggapi petugas"
	case ActAutoClose, ActConfirm:
		return "ditutup"
	}
	return ""
}

// forAreas are the events that those hear of who follow a category, a kelurahan or a unit:
// a report is there for all to see, or done.
var forAreas = []Action{ActForward, ActValidate, ActReject, ActReferOut}

// forSupporters are the events of which supporters are told; see [followerNotice].
var forSupporters = []Action{
	ActForward, ActStart, ActSchedule, ActValidate, ActReject, ActMarkDuplicate, ActUnmark, ActReferOut, ActAgencyAnswer,
}

// tellArgs is the job that tells those who follow about an event.
type tellArgs struct {
	ReportID int64 `json:"report_id"`
	Seq      int   `json:"seq"`
}

func (tellArgs) Kind() string { return "mtr_tell" }

type followDigestArgs struct{}

func (followDigestArgs) Kind() string { return "mtr_follow_digest" }

const sqlAnyFollows = `
SELECT EXISTS (SELECT FROM mtr_follow f JOIN mtr_report r ON r.id = $1
	WHERE f.confirmed_at IS NOT NULL AND f.ended_at IS NULL AND f.pace = 'segera' AND ` + followsReport + `)`

// followsReport is the condition that following f is about report r, of what it is told.
const followsReport = `(f.subject = 'laporan' AND f.subject_id = r.id OR f.subject = 'kategori' AND f.subject_id = r.category_id
	OR f.subject = 'kelurahan' AND f.subject_id = r.kelurahan_id OR f.subject = 'unit' AND f.subject_id = r.unit_id)`

// tellFollowing leaves word for the job, if anybody wants to know at once.
func (m *Module) tellFollowing(ctx context.Context, tx pgx.Tx, c *Case, e Event) error {
	if e.Audience != ForPublic || c.Confidential || c.HiddenAt != nil || newsOf(e.Action, e.Reason, c.UnitName, c.Agency, c.ExpectedAt) == "" {
		return nil
	}
	any, err := pg.Scalar[bool](ctx, tx, sqlAnyFollows, c.ID)
	if err != nil || !any {
		return err
	}
	return jobs.Insert(ctx, tx, tellArgs{c.ID, e.Seq}, nil)
}

// news is a public event of a report that is still public when it is told.
type news struct {
	Number, Title, CategoryName, KelurahanName string
	Action                                     Action
	Reason, UnitName, Agency                   string
	ExpectedAt                                 *time.Time
	At                                         time.Time
}

const newsColumns = `
SELECT r.number, CASE WHEN r.words_public THEN r.title ELSE '' END AS title, c.name AS category_name, COALESCE(k.short_name, '') AS kelurahan_name,
	e.action, CASE WHEN e.role = 'pelapor' THEN '' ELSE e.reason END AS reason,
	COALESCE(t.name, u.name, '') AS unit_name, r.agency, r.expected_at, e.at
FROM mtr_event e JOIN mtr_report r ON r.id = e.report_id
JOIN mtr_category c ON c.id = r.category_id
LEFT JOIN org_unit k ON k.id = r.kelurahan_id
LEFT JOIN org_unit u ON u.id = r.unit_id
LEFT JOIN org_unit t ON t.id = (e.change ->> 'unit')::bigint
`

// The report stays as it is until the messages are there: whoever blacks out its title then
// finds them.
const sqlNews = newsColumns + `WHERE e.report_id = $1 AND e.seq = $2 AND e.audience = 'publik' AND r.listed FOR SHARE OF r`

// Who supports a report, or a duplicate of it, by a bare address: whose account has that
// address is known only to the program.
const sqlSupportingAddresses = `
WITH RECURSIVE g AS (
	SELECT $1::bigint AS id
	UNION
	SELECT d.id FROM mtr_report d JOIN g ON d.parent_id = g.id WHERE d.status = 'duplikat'
)
SELECT s.contact_hash FROM g JOIN mtr_support s ON s.report_id = g.id
WHERE s.email_sealed IS NOT NULL AND s.verified_at <= $2 AND s.ended_at IS NULL`

// Whoever supports the report was told as a supporter, of what those are told ($6).
const sqlToTell = `
SELECT f.id, f.subject, COALESCE(f.account_id, 0) AS account_id, COALESCE(f.device_id, 0) AS device_id, f.email_sealed, f.channel,
	COALESCE((SELECT a.email FROM authn_account a WHERE a.id = f.account_id AND a.email_verified_at IS NOT NULL), '') AS account_email
FROM mtr_follow f JOIN mtr_report r ON r.id = $1
WHERE f.id > $2 AND f.confirmed_at IS NOT NULL AND f.ended_at IS NULL AND f.pace = 'segera' AND f.confirmed_at <= $4
	AND ` + followsReport + ` AND (f.subject = 'laporan' OR $3)
	AND NOT ($6 AND EXISTS (
		WITH RECURSIVE g AS (
			SELECT r.id
			UNION
			SELECT d.id FROM mtr_report d JOIN g ON d.parent_id = g.id WHERE d.status = 'duplikat'
		)
		SELECT FROM g JOIN mtr_support s ON s.report_id = g.id
		WHERE s.verified_at <= $4 AND s.ended_at IS NULL AND (s.account_id = f.account_id OR s.contact_hash = f.email_hash)))
ORDER BY f.id LIMIT $5`

// follower is somebody to tell.
type follower struct {
	ID          int64
	Subject     Subject
	AccountID   int64
	DeviceID    int64
	EmailSealed []byte
	Channel     notify.Channel
}

// reader is a follower of one report, with the address of their account.
type reader struct {
	follower
	AccountEmail string
}

// tellNow tells everybody who follows at once about an event, unless the report is not
// for the public any more. Told again, nobody hears twice.
func (m *Module) tellNow(ctx context.Context, reportID int64, seq int) (err error) {
	defer errs.In(&err, "mtr.tellNow(%d)", reportID)
	told := map[string]bool{} // somebody may follow the report and its kelurahan, by account and by address
	for last, more := int64(0), true; more; {
		err := pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
			more = false
			n, err := pg.One[news](ctx, tx, sqlNews, reportID, seq)
			if errs.KindOf(err) == errs.NotFound {
				return nil
			}
			if err != nil {
				return err
			}
			all, err := pg.Many[reader](ctx, tx, sqlToTell, reportID, last, has(forAreas, n.Action), n.At, followBatch, has(forSupporters, n.Action))
			if err != nil || len(all) == 0 {
				return err
			}
			if last == 0 && has(forSupporters, n.Action) {
				if err := m.toldAsSupporters(ctx, tx, reportID, n.At, told); err != nil {
					return err
				}
			}
			last, more = all[len(all)-1].ID, true
			for _, f := range all {
				if err := m.tellOne(ctx, tx, f, n, reportID, seq, told); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// toldAsSupporters notes who hears of the event by the address with which they support.
func (m *Module) toldAsSupporters(ctx context.Context, tx pgx.Tx, reportID int64, at time.Time, told map[string]bool) error {
	hashes, err := pg.Scalars[[]byte](ctx, tx, sqlSupportingAddresses, reportID, at)
	for _, h := range hashes {
		told[string(h)] = true
	}
	return err
}

// tellOne tells a follower, unless the same person was told.
func (m *Module) tellOne(ctx context.Context, tx pgx.Tx, f reader, n news, reportID int64, seq int, told map[string]bool) error {
	msg, who, address, err := m.toFollower(f.follower)
	if err != nil {
		return err
	}
	person := who
	if email := cmp.Or(f.AccountEmail, address); email != "" {
		person = string(m.seal(email, "").EmailHash)
	}
	if told[person] {
		return nil
	}
	told[person] = true
	msg.Subject, msg.Text, msg.At = n.subject(), n.text(), n.At
	msg.Link = notify.Link{Label: "Buka laporan", URL: "/mtr/laporan/" + n.Number}
	msg.Key = eventKey(reportID, seq, "ikut:"+who)
	return notify.Queue(ctx, tx, msg)
}

// toFollower is an empty message to somebody, a name for them, and the address that they follow by.
func (m *Module) toFollower(f follower) (msg notify.Message, who, address string, err error) {
	msg = notify.Message{Topic: TopicFollow, Channel: f.Channel, AccountID: f.AccountID, DeviceID: f.DeviceID, Object: followObject, ObjectID: f.ID}
	if f.DeviceID != 0 {
		return msg, "p" + itoa(f.DeviceID), "", nil
	}
	if f.AccountID != 0 {
		return msg, "a" + itoa(f.AccountID), "", nil
	}
	address, err = m.box.Open(f.EmailSealed, contextEmail)
	msg.Email = notify.SealEmail(m.box, address)
	return msg, "e" + m.derived(contextFollow, strings.ToLower(address)), address, err
}

// named is how messages name a report.
func named(number, what string) string { return number + " (" + what + ")" }

func (n news) named() string { return named(n.Number, cmp.Or(n.Title, n.CategoryName)) }

func (n news) said() string { return newsOf(n.Action, n.Reason, n.UnitName, n.Agency, n.ExpectedAt) }

func (n news) subject() string { return "Laporan " + n.Number + " " + n.said() }

func (n news) text() string {
	text := "Laporan " + n.named() + place(n.KelurahanName) + " " + n.said() + "."
	if n.Reason != "" {
		text += "\n\nKeterangan petugas: " + n.Reason
	}
	return text
}

func place(kelurahan string) string {
	if kelurahan == "" {
		return ""
	}
	return " di Kelurahan " + kelurahan
}

// What was stopped by the link in a message has ended.
const sqlStopped = `
UPDATE mtr_follow f SET ended_at = u.created_at FROM notify_unsubscribe u
WHERE u.object = 'mtr_follow' AND u.object_id = f.id AND f.ended_at IS NULL`

const sqlDigestDue = `
SELECT min(f.id) FROM mtr_follow f
WHERE f.pace = 'harian' AND f.confirmed_at IS NOT NULL AND f.ended_at IS NULL AND f.digest_at < $1
GROUP BY f.account_id, f.email_hash, f.device_id ORDER BY 1 LIMIT 500`

const sqlLockDigest = `
SELECT g.id, g.subject, g.subject_id, COALESCE(g.account_id, 0) AS account_id, COALESCE(g.device_id, 0) AS device_id, g.email_sealed, g.channel, g.digest_at
FROM mtr_follow f JOIN mtr_follow g ON g.account_id = f.account_id OR g.email_hash = f.email_hash OR g.device_id = f.device_id
WHERE f.id = $1 AND g.pace = 'harian' AND g.confirmed_at IS NOT NULL AND g.ended_at IS NULL AND g.digest_at < $2
ORDER BY g.id FOR UPDATE OF g`

const sqlDigested = `UPDATE mtr_follow SET digest_at = $2 WHERE id = ANY ($1)`

const sqlDigestNews = newsColumns + `
WHERE e.audience = 'publik' AND r.listed AND e.at <= $2 AND EXISTS (SELECT FROM mtr_follow f
	WHERE f.id = ANY ($1) AND e.at > f.digest_at AND ` + followsReport + ` AND (f.subject = 'laporan' OR e.action = ANY ($3)))
	AND e.at > $4
ORDER BY e.at DESC, e.id DESC LIMIT $5 FOR SHARE OF r`

// SendFollowDigests tells once a day, in the morning, those who want it so, what happened
// since they were told last. It returns how many were told.
func (m *Module) SendFollowDigests(ctx context.Context) (told int, err error) {
	defer errs.In(&err, "mtr.SendFollowDigests")
	now := m.now()
	local := now.In(clock.Makassar)
	morning := time.Date(local.Year(), local.Month(), local.Day(), followDigestHour, 0, 0, 0, clock.Makassar)
	if now.Before(morning) {
		return 0, nil
	}
	if err := pg.Exec(ctx, m.db, sqlStopped); err != nil {
		return 0, err
	}
	for {
		firsts, err := pg.Scalars[int64](ctx, m.db, sqlDigestDue, morning)
		if err != nil || len(firsts) == 0 {
			return told, err
		}
		for _, first := range firsts {
			did, err := m.digestFor(ctx, first, morning, now)
			if err != nil {
				return told, err
			}
			if did {
				told++
			}
		}
	}
}

func (m *Module) digestFor(ctx context.Context, first int64, morning, now time.Time) (did bool, err error) {
	type row struct {
		follower
		SubjectID int64
		DigestAt  time.Time
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		did = false
		rows, err := pg.Many[row](ctx, tx, sqlLockDigest, first, morning)
		if err != nil || len(rows) == 0 { // another process was faster
			return err
		}
		ids, since := []int64{}, rows[0].DigestAt
		for _, r := range rows {
			ids = append(ids, r.ID)
			if r.DigestAt.Before(since) {
				since = r.DigestAt
			}
		}
		all, err := pg.Many[news](ctx, tx, sqlDigestNews, ids, now, actionNames(forAreas), since, digestLines*3)
		if err != nil {
			return err
		}
		if text, n := summary(all, m.baseURL); n > 0 {
			msg, who, _, err := m.toFollower(rows[0].follower)
			if err != nil {
				return err
			}
			msg.Subject, msg.Text, msg.At = indo.Int(n)+" kabar laporan yang Anda ikuti", text, now
			msg.Link = notify.Link{Label: "Lihat semua laporan", URL: "/mtr"}
			if msg.DeviceID != 0 {
				msg.Text, msg.Link.URL = glance(all)
			}
			msg.Key = "mtr:ikut:" + now.In(clock.Makassar).Format(time.DateOnly) + ":" + who
			if len(rows) > 1 { // the link at its end is about all of them
				msg.Object, msg.ObjectID = "", 0
			}
			if err := notify.Queue(ctx, tx, msg); err != nil {
				return err
			}
			did = true
		}
		return pg.Exec(ctx, tx, sqlDigested, ids, now)
	})
	return did, err
}

func actionNames(list []Action) []string {
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = string(a)
	}
	return out
}

// summary lists what is news, newest first, and counts it.
func summary(all []news, baseURL string) (text string, n int) {
	var b strings.Builder
	for _, it := range all {
		if it.said() == "" {
			continue
		}
		if n++; n <= digestLines {
			b.WriteString(indo.LongDateTime(it.At) + ": laporan " + it.named() + place(it.KelurahanName) + " " + it.said() + ".\n" +
				baseURL + "/mtr/laporan/" + it.Number + "\n\n")
		}
	}
	if n > digestLines {
		b.WriteString("… dan " + indo.Int(n-digestLines) + " kabar lain.\n")
	}
	return strings.TrimSpace(b.String()), n
}

// glance is what a phone shows of a summary, and the page that a press on it opens.
func glance(all []news) (text, path string) {
	var said []string
	reports := map[string]bool{}
	for _, it := range all {
		if it.said() != "" {
			said, reports[it.Number], path = append(said, it.Number+" "+it.said()), true, "/mtr/laporan/"+it.Number
		}
	}
	if len(reports) > 1 {
		path = "/mtr"
	}
	return strings.Join(said, ". ") + ".", path
}

func (m *Module) followWorkers(ws *river.Workers) {
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, job *river.Job[tellArgs]) error {
		return m.tellNow(ctx, job.Args.ReportID, job.Args.Seq)
	}))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[followDigestArgs]) error {
		_, err := m.SendFollowDigests(ctx)
		return err
	}))
}
