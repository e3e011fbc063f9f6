package office_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// office is a module over a fresh city with the people who deal with reports: those
// of the city, and Dishub with its own.
type office struct {
	t     *testing.T
	ctx   context.Context
	m     *mtr.Module
	db    *pgtest.DB
	clock *clock.Fake
	box   *crypt.Box
	blobs blob.Store

	city, dishub, dlh, kelurahan int64

	dispatcher, moderator, revealer, mayor staffer // in the whole city
	head, worker, colleague, validator     staffer // of Dishub
	stranger                               staffer // handler of DLH
}

// staffer is a person with one position.
type staffer struct {
	authz.Actor
	position int64
}

// tuesday is a working morning; the next working days are 25, 26 and 27 November.
var tuesday = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)

func newOffice(t *testing.T) *office {
	t.Helper()
	t.Parallel()
	o := &office{t: t, ctx: t.Context(), db: pgtest.New(t), clock: clock.NewFake(tuesday)}
	var err error
	dir := t.TempDir()
	if o.box, err = crypt.Load(filepath.Join(dir, "key"), true); err != nil {
		t.Fatal(err)
	}
	if o.blobs, err = blob.Open("file://" + dir + "/blob?sync=off"); err != nil {
		t.Fatal(err)
	}
	o.m = mtr.New(mtr.Deps{
		DB: o.db.Pool, Clock: o.clock, Box: o.box, Blobs: o.blobs,
		Photos: media.New(media.Options{Clock: o.clock}), BaseURL: "https://kota.example",
	})
	o.open()
	return o
}

// open hires the people.
func (o *office) open() {
	o.t.Helper()
	o.city = ask[int64](o, `SELECT id FROM org_unit WHERE parent_id IS NULL`)
	o.dishub = ask[int64](o, `SELECT id FROM org_unit WHERE code = 'DISHUB'`)
	o.dlh = ask[int64](o, `SELECT id FROM org_unit WHERE code = 'DLH'`)
	o.kelurahan = ask[int64](o, `SELECT id FROM org_unit WHERE kind = 'kelurahan' ORDER BY code LIMIT 1`)
	o.dispatcher = o.hire("Dewi", o.city, o.city, mtr.PermDispatch)
	o.moderator = o.hire("Mimi", o.city, o.city, mtr.PermModerate)
	o.revealer = o.hire("Ruli", o.city, o.city, mtr.PermReveal, mtr.PermOverview)
	o.mayor = o.hire("Wali", o.city, o.city, mtr.PermOverview)
	o.head = o.hire("Hasan", o.dishub, o.dishub, mtr.PermHandle)
	o.run(`UPDATE org_position SET kind = 'pelaksana' WHERE unit_id = $1`, o.dishub)
	o.run(`UPDATE org_position SET kind = 'kepala' WHERE id = $1`, o.head.position)
	o.worker = o.hire("Wati", o.dishub, o.dishub, mtr.PermWork)
	o.colleague = o.hire("Coki", o.dishub, o.dishub, mtr.PermWork)
	o.validator = o.hire("Vina", o.dishub, o.dishub, mtr.PermValidate)
	o.stranger = o.hire("Sari", o.dlh, o.dlh, mtr.PermHandle, mtr.PermValidate)
}

// ask returns one value of the database.
func ask[T any](o *office, sql string, args ...any) T {
	o.t.Helper()
	v, err := pg.Scalar[T](o.ctx, o.db.Owner(), sql, args...)
	if err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func (o *office) run(sql string, args ...any) {
	o.t.Helper()
	if _, err := o.db.Owner().Exec(o.ctx, sql, args...); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
}

// hire makes somebody with a position in unit and permissions in scope.
func (o *office) hire(name string, unit, scope int64, ps ...authz.Permission) staffer {
	o.t.Helper()
	since := tuesday.AddDate(-1, 0, 0)
	a := authz.Actor{Kind: authz.Staff, Name: name}
	a.AccountID = ask[int64](o, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at) VALUES ('pegawai', $1, lower($1) || '@kota.example', $2, $2) RETURNING id`, name, since)
	a.PersonID = ask[int64](o, `INSERT INTO org_person (account_id, name, staff_number, employment) VALUES ($1, $2, $2, 'pns') RETURNING id`, a.AccountID, name)
	s := staffer{Actor: a}
	s.position = s.takes(o, unit, "Petugas "+name)
	for _, p := range ps {
		s.Grants = append(s.Grants, authz.Grant{Permission: p, UnitID: scope})
	}
	return s
}

// takes gives the staffer a further position.
func (s *staffer) takes(o *office, unit int64, title string) int64 {
	o.t.Helper()
	kind := "definitif"
	if len(s.Positions) > 0 {
		kind = "plt"
	}
	p := authz.Position{UnitID: unit, Title: title, Kind: kind}
	p.ID = ask[int64](o, `INSERT INTO org_position (unit_id, title, kind) VALUES ($1, $2, 'pelaksana') RETURNING id`, unit, title)
	p.OccupancyID = ask[int64](o, `INSERT INTO org_occupancy (position_id, person_id, kind, starts_at) VALUES ($1, $2, $3, $4) RETURNING id`,
		p.ID, s.PersonID, kind, tuesday.AddDate(-1, 0, 0))
	s.Positions = append(s.Positions, p)
	return p.ID
}

// filed says what is special about a report.
type filed struct {
	category     string // "" = LAMPU
	anonymous    bool
	confidential bool
	held         bool
	account      int64
	email        string // sealed contact
	verified     bool
}

var filedCount atomic.Int64

// file puts a new report before the dispatchers and returns its id and number.
func (o *office) file(f filed) (id int64, number string) {
	o.t.Helper()
	if f.category == "" {
		f.category = "LAMPU"
	}
	n := filedCount.Add(1)
	number = fmt.Sprintf("MTR-26-%06d", n)
	status, action, received := mtr.Received, mtr.ActSubmit, &tuesday
	due, kind := time.Date(2026, 11, 27, 16, 30, 0, 0, clock.Makassar), mtr.DueVerify
	if f.held {
		status, action, received, due, kind = mtr.Unconfirmed, mtr.ActHold, nil, tuesday.Add(mtr.ConfirmWithin), mtr.DueConfirm
	}
	var email, hash []byte
	var verified *time.Time
	if f.email != "" {
		email, hash = o.box.Seal(f.email, "mtr.email"), o.box.Hash("mtr.email", f.email)
	}
	if f.verified {
		verified = &tuesday
	}
	err := pgx.BeginFunc(o.ctx, o.db.Pool, func(tx pgx.Tx) (err error) {
		id, err = pg.Scalar[int64](o.ctx, tx, `
			INSERT INTO mtr_report (number, code_hash, code_sealed, category_id, class, title, body, place_source, kelurahan_id,
				kecamatan_id, dispatch_unit_id, anonymous, confidential, account_id, submitted_at, words_hash, proof, field_check,
				seq, status, due_kind, due_at, warn_at, received_at, status_changed_at)
			SELECT $1, $2, $2, c.id, 'pengaduan', 'Lampu mati', 'Lampu di depan pasar mati.', 'manual', u.id, u.parent_id, u.id, $3, $4,
				NULLIF($5::bigint, 0), $6, $2, c.proof, c.field_check, 1, $7, $8, $9, $9, $10, $6
			FROM mtr_category c, org_unit u WHERE c.code = $11 AND u.id = $12 RETURNING id`,
			number, []byte(number), f.anonymous, f.confidential, f.account, tuesday, status, kind, due, received, f.category, o.kelurahan)
		if err != nil {
			return err
		}
		_, err = tx.Exec(o.ctx, `INSERT INTO mtr_event (report_id, seq, action, from_status, to_status, at, actor_kind, role, audience, change)
			VALUES ($1, 1, $2, '', $3, $4, 'anonim', 'pelapor', 'publik', $5)`, id, action, status, tuesday,
			mtr.Change{Due: &mtr.Due{Kind: kind, At: due, Warn: due}})
		if err != nil {
			return err
		}
		_, err = tx.Exec(o.ctx, `INSERT INTO mtr_contact (report_id, name_sealed, email_sealed, email_hash, email_verified_at, link_sealed)
			VALUES ($1, $2, $3, $4, $5, $6)`, id, o.box.Seal("Siti Pelapor", "mtr.name"), email, hash, verified, o.box.Seal("rahasia123", "mtr.link"))
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return id, number
}

// act names a report as it is now.
func (o *office) act(id int64) mtr.Act {
	return mtr.Act{ReportID: id, Version: ask[int](o, `SELECT seq FROM mtr_report WHERE id = $1`, id)}
}

func (o *office) reason(id int64, words string) mtr.ReasonInput {
	return mtr.ReasonInput{Act: o.act(id), Reason: words}
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// refused checks that an act failed as it should: with a kind and, for wrong answers,
// at the control. Everything refused has a sentence.
func (o *office) refused(err error, kind errs.Kind, controls ...string) {
	o.t.Helper()
	if errs.KindOf(err) != kind || err == nil {
		o.t.Fatalf("got %v, want %v", err, kind)
	}
	var got []string
	for _, f := range errs.FieldsOf(err) {
		got = append(got, f.Name)
		if f.Message == "" {
			o.t.Errorf("no sentence at %s", f.Name)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(controls) {
		o.t.Fatalf("wrong at %v, want %v", got, controls)
	}
	if kind == errs.Conflict && errs.MessageOf(err) == errs.Conflict.Sentence() {
		o.t.Error("a conflict without its own sentence")
	}
}

// The ways to a status.
func (o *office) forwarded(f filed) int64 {
	o.t.Helper()
	id, _ := o.file(f)
	o.must(o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(id), UnitID: o.dishub, Note: "Mohon segera."}))
	return id
}

func (o *office) started(f filed) int64 {
	o.t.Helper()
	id := o.forwarded(f)
	o.must(o.m.Assign(o.ctx, o.head.Actor, mtr.AssignInput{Act: o.act(id), PositionID: o.worker.position, PersonID: o.worker.PersonID}))
	o.must(o.m.Start(o.ctx, o.worker.Actor, mtr.StartInput{Act: o.act(id)}))
	return id
}

func (o *office) proven(f filed) int64 {
	o.t.Helper()
	id := o.started(f)
	o.photo(o.worker.Actor, id)
	o.must(o.m.SubmitProof(o.ctx, o.worker.Actor, mtr.ProofInput{Act: o.act(id), Answer: "Lampu sudah diganti."}))
	return id
}

func (o *office) photo(a authz.Actor, id int64) mtr.DeskPhoto {
	o.t.Helper()
	p, err := o.m.AddProofPhoto(o.ctx, a, id, jpeg())
	o.must(err)
	return p
}

func jpeg() mtr.PhotoInput {
	data := mediatest.JPEG(320, 240)
	return mtr.PhotoInput{File: bytes.NewReader(data), Size: int64(len(data))}
}

// state of a report, for reading.
type state struct {
	Status                     mtr.Status
	Seq                        int
	DueKind                    mtr.DueKind
	DueAt, WorkDueAt, PausedAt *time.Time
	UnitID, AssigneeID         *int64
	RespondedAt, PublishedAt   *time.Time
}

func (o *office) state(id int64) state {
	o.t.Helper()
	s, err := pg.One[state](o.ctx, o.db.Owner(), `SELECT status, seq, due_kind, due_at, work_due_at, paused_at, unit_id, assignee_id, responded_at, published_at
		FROM mtr_report WHERE id = $1`, id)
	o.must(err)
	return s
}

func (o *office) at(id int64, want mtr.Status) {
	o.t.Helper()
	if got := o.state(id).Status; got != want {
		o.t.Fatalf("status %s, want %s", got, want)
	}
}

// told is a queued message.
type told struct {
	Topic, Subject, Text, URL string
	AccountID                 int64
	Email                     string
}

// messages about an event of a report, opened.
func (o *office) messages(id int64, seq int) []told {
	o.t.Helper()
	type row struct {
		Topic, Subject, Body, URL string
		BodySealed                []byte
		AccountID                 int64
		EmailSealed               []byte
	}
	rows, err := pg.Many[row](o.ctx, o.db.Owner(), `SELECT topic, subject, body, link_url AS url, body_sealed, COALESCE(account_id, 0) AS account_id, email_sealed
		FROM notify_message WHERE dedup_key LIKE 'mtr:' || $1::bigint || ':' || $2::int || ':%' ORDER BY id`, id, seq)
	o.must(err)
	out := []told{}
	for _, r := range rows {
		if r.BodySealed != nil {
			r.Body, err = o.box.Open(r.BodySealed, "notify.text")
			o.must(err)
		}
		address := ""
		if r.EmailSealed != nil {
			address, err = o.box.Open(r.EmailSealed, "notify.address")
			o.must(err)
		}
		out = append(out, told{r.Topic, r.Subject, r.Body, r.URL, r.AccountID, address})
	}
	return out
}

// race runs n calls at the same moment and returns their errors.
func race(n int, call func(i int) error) []error {
	out := make([]error, n)
	var ready, done sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-begin
			out[i] = call(i)
		})
	}
	ready.Wait()
	close(begin)
	done.Wait()
	return out
}

// replays checks that the report's row is what its events say.
func (o *office) replays(id int64) {
	o.t.Helper()
	events, err := pg.Many[mtr.Event](o.ctx, o.db.Owner(), `SELECT seq, action, from_status AS "from", to_status AS "to", at,
		COALESCE(actor_id, 0) AS actor_id, actor_kind, role, COALESCE(unit_id, 0) AS unit_id, COALESCE(position_id, 0) AS position,
		audience, reason, change FROM mtr_event WHERE report_id = $1 ORDER BY seq`, id)
	o.must(err)
	s, err := mtr.Replay(events)
	o.must(err)
	row := o.state(id)
	same := func(a, b *time.Time) bool { return a == nil && b == nil || a != nil && b != nil && a.Equal(*b) }
	if s.Status != row.Status || s.Seq != row.Seq || s.DueKind != row.DueKind || !same(s.DueAt, row.DueAt) ||
		!same(s.WorkDueAt, row.WorkDueAt) || !same(s.PausedAt, row.PausedAt) || !same(s.RespondedAt, row.RespondedAt) ||
		!same(s.PublishedAt, row.PublishedAt) {
		o.t.Errorf("the row is %+v, its events say %+v", row, s)
	}
}
