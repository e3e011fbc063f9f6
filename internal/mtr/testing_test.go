package mtr

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// start is where the clock of a city stands at first: a Tuesday morning at work.
var start = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)

// city is the module over a fresh database with a clock that the test moves. Photos
// are made up, everything else is real.
type city struct {
	*Module
	t     testing.TB
	ctx   context.Context
	db    *pgtest.DB
	clock *clock.Fake
	box   *crypt.Box
	count *atomic.Int64
}

func newCity(t testing.TB) *city {
	t.Helper()
	db := pgtest.New(t)
	box, err := crypt.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	store, err := blob.Open("file://" + t.TempDir() + "?sync=off")
	if err != nil {
		t.Fatal(err)
	}
	k := clock.NewFake(start)
	m := New(Deps{DB: db.Pool, Clock: k, Box: box, Blobs: store, Photos: madeUp{}, BaseURL: "https://portal.test"})
	return &city{Module: m, t: t, ctx: t.Context(), db: db, clock: k, box: box, count: &atomic.Int64{}}
}

// madeUp is a PhotoProcessor that takes any text for a photo, "bad" excepted.
type madeUp struct{}

func (madeUp) Process(_ context.Context, r io.ReadSeeker) (media.Photo, error) {
	data, err := io.ReadAll(r)
	if string(data) == "bad" {
		return media.Photo{}, errs.New(errs.Unprocessable, "Berkas ini bukan foto.")
	}
	return media.Photo{Large: data, Small: data, W: 1600, H: 1200, SmallW: 400, SmallH: 300, DHash: 1 << 63}, err
}

func photoInput() PhotoInput { return PhotoInput{File: strings.NewReader("foto"), Size: 4} }

// one is the single value of a query, as the owner of the database.
func one[T any](c *city, sql string, args ...any) (v T) {
	c.t.Helper()
	if err := c.db.Owner().QueryRow(c.ctx, sql, args...).Scan(&v); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func (c *city) unit(code string) int64 {
	c.t.Helper()
	return one[int64](c, `SELECT id FROM org_unit WHERE code = $1 AND valid_to IS NULL`, code)
}

func (c *city) category(code string) int64 {
	c.t.Helper()
	return one[int64](c, `SELECT id FROM mtr_category WHERE code = $1`, code)
}

// kelurahan is one of the city's, always the same.
func (c *city) kelurahan() int64 {
	c.t.Helper()
	return one[int64](c, `SELECT id FROM org_unit WHERE kind = 'kelurahan' AND NOT by_name_only ORDER BY code LIMIT 1`)
}

// The city's own code: whoever holds a permission there holds it everywhere.
const everywhere = "73.71"

// hire makes somebody with a position in a unit and permissions in it and below.
func (c *city) hire(unitCode string, ps ...authz.Permission) authz.Actor {
	return c.hireAs("pelaksana", unitCode, ps...)
}

// hireAs is hire with the kind of the position: "kepala" leads the unit.
func (c *city) hireAs(kind, unitCode string, ps ...authz.Permission) authz.Actor {
	c.t.Helper()
	n, unit, since := c.count.Add(1), c.unit(unitCode), c.clock.Now().AddDate(-1, 0, 0)
	email := fmt.Sprintf("pegawai%d@portal.test", n)
	account := one[int64](c, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at)
		VALUES ('pegawai', $1, $2, $3, $3) RETURNING id`, fmt.Sprintf("Pegawai %d", n), email, since)
	person := one[int64](c, `INSERT INTO org_person (account_id, name, staff_number, employment)
		VALUES ($1, $2, $3, 'pns') RETURNING id`, account, fmt.Sprintf("Pegawai %d", n), email)
	var position int64
	if kind == "kepala" {
		// The directory has one for every unit.
		position = one[int64](c, `SELECT id FROM org_position WHERE unit_id = $1 AND kind = 'kepala'`, unit)
	} else {
		position = one[int64](c, `INSERT INTO org_position (unit_id, title, kind) VALUES ($1, $2, $3) RETURNING id`,
			unit, fmt.Sprintf("Pelaksana %d", n), kind)
	}
	one[int64](c, `INSERT INTO org_occupancy (position_id, person_id, kind, starts_at) VALUES ($1, $2, 'definitif', $3) RETURNING id`,
		position, person, since)
	if len(ps) > 0 {
		role := one[int64](c, `INSERT INTO authz_role (code, name) VALUES ($1, 'Uji') RETURNING id`, fmt.Sprintf("uji-%d", n))
		for _, p := range ps {
			one[int64](c, `INSERT INTO authz_role_permission (role_id, permission) VALUES ($1, $2) RETURNING role_id`, role, string(p))
		}
		one[int64](c, `INSERT INTO authz_grant (position_id, role_id, unit_id, valid_from, created_at)
			VALUES ($1, $2, $3, $4, $4) RETURNING id`, position, role, unit, since)
	}
	return c.actor(account)
}

// citizen makes a citizen's account with a verified e-mail address.
func (c *city) citizen() authz.Actor {
	c.t.Helper()
	n := c.count.Add(1)
	return c.actor(one[int64](c, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at)
		VALUES ('warga', $1, $2, $3, $3) RETURNING id`, fmt.Sprintf("Warga %d", n), fmt.Sprintf("warga%d@contoh.id", n), c.clock.Now()))
}

func (c *city) actor(account int64) authz.Actor {
	c.t.Helper()
	a, err := authn.LoadActor(c.ctx, c.db.Pool, account, c.clock.Now())
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// answers are complete and like no others; the category asks nothing and needs a place.
func (c *city) answers() Answers {
	c.t.Helper()
	return Answers{
		PhotosDone: true, PlaceDone: true, WhoDone: true, Source: SourceManual, KelurahanID: c.kelurahan(), Landmark: "Depan pasar",
		CategoryID: c.category("SAMPAH"), Class: Complaint, Title: fmt.Sprintf("Sampah menumpuk %d", c.count.Add(1)),
		Body: "Sudah tiga hari tidak diangkut.",
	}
}

// draft is a draft with answers, changed by change unless that is nil.
func (c *city) draft(change func(*Answers)) (token string) {
	c.t.Helper()
	token, err := c.CreateDraft(c.ctx, authz.Actor{})
	if err != nil {
		c.t.Fatal(err)
	}
	in := c.answers()
	if change != nil {
		change(&in)
	}
	err = c.edit(c.ctx, token, func(_ pgx.Tx, a *Answers) error {
		*a = in
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return token
}

// submit is a report sent by a, a visitor without an account when that is zero.
func (c *city) submit(a authz.Actor, change func(*Answers)) Receipt {
	c.t.Helper()
	r, err := c.Submit(c.ctx, a, c.draft(change))
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// keyOf is the way of the receipt's holder.
func keyOf(r Receipt) ReporterKey { return ReporterKey{Number: r.Number, Token: r.Token} }

// crew is one person for each role on reports of c.kelurahan() that go to DLH.
type crew struct{ dispatcher, handler, worker, validator, moderator, supervisor authz.Actor }

func (c *city) crew() crew {
	c.t.Helper()
	return crew{
		dispatcher: c.hire(everywhere, PermDispatch), handler: c.hire("DLH", PermHandle), worker: c.hire("DLH", PermWork),
		validator: c.hire("DLH", PermValidate), moderator: c.hire(everywhere, PermModerate), supervisor: c.hire(everywhere, PermOverview),
	}
}

// try does an action through the frame of all use cases, without what a use case asks for.
func (c *city) try(a authz.Actor, reportID int64, in Intent) error {
	who := caller{actor: a, reportID: reportID, reporter: a.Kind == "" || a.Kind == authz.Citizen}
	return c.act(c.ctx, who, in.Action, func(pgx.Tx, *Case, Moment) (Intent, error) { return in, nil }, nil)
}

// do is try that must succeed.
func (c *city) do(a authz.Actor, reportID int64, in Intent) {
	c.t.Helper()
	if err := c.try(a, reportID, in); err != nil {
		c.t.Fatalf("%s: %v", in.Action, err)
	}
}

// bring leads a received report to a status by the shortest way.
func (c *city) bring(w crew, reportID int64, to Status) {
	c.t.Helper()
	dlh, soon := c.unit("DLH"), c.clock.Now().AddDate(0, 0, 7)
	forward := Intent{Action: ActForward, Change: Change{UnitID: &dlh}}
	for _, s := range map[Status][]struct {
		a  authz.Actor
		in Intent
	}{
		Received:   {},
		NeedsInfo:  {{w.dispatcher, Intent{Action: ActAskInfo, Reason: "Di sebelah mana?"}}},
		Rejected:   {{w.dispatcher, Intent{Action: ActReject, Reason: "Bukan masalah kota."}}},
		Referred:   {{w.dispatcher, Intent{Action: ActReferOut, Reason: "Jalan nasional.", Change: Change{Agency: "BBPJN"}}}},
		Cancelled:  {{authz.Actor{}, Intent{Action: ActCancel}}},
		Forwarded:  {{w.dispatcher, forward}},
		InProgress: {{w.dispatcher, forward}, {w.handler, Intent{Action: ActStart}}},
		Scheduled: {{w.dispatcher, forward}, {w.handler, Intent{Action: ActStart}},
			{w.handler, Intent{Action: ActSchedule, Reason: "Menunggu alat.", Change: Change{ExpectedAt: &soon}}}},
		ToValidate: {{w.dispatcher, forward}, {w.handler, Intent{Action: ActStart}}, {w.handler, Intent{Action: ActSubmitProof, Reason: "Sudah diangkut."}}},
		Done: {{w.dispatcher, forward}, {w.handler, Intent{Action: ActStart}}, {w.handler, Intent{Action: ActSubmitProof, Reason: "Sudah diangkut."}},
			{w.validator, Intent{Action: ActValidate}}},
		Closed: {{w.dispatcher, forward}, {w.handler, Intent{Action: ActStart}}, {w.handler, Intent{Action: ActSubmitProof, Reason: "Sudah diangkut."}},
			{w.validator, Intent{Action: ActValidate}}, {authz.Actor{}, Intent{Action: ActConfirm}}},
	}[to] {
		c.do(s.a, reportID, s.in)
	}
	if got := c.state(reportID).Status; got != to {
		c.t.Fatalf("the report is at %s, want %s", got, to)
	}
}

// reportAt is a report brought to a status.
func (c *city) reportAt(w crew, to Status) Receipt {
	c.t.Helper()
	r := c.submit(authz.Actor{}, nil)
	c.bring(w, r.ReportID, to)
	return r
}

// state is the row as the database has it.
func (c *city) state(reportID int64) State {
	c.t.Helper()
	rows, err := c.db.Pool.Query(c.ctx, sqlCase, reportID)
	if err != nil {
		c.t.Fatal(err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Case])
	if err != nil {
		c.t.Fatal(err)
	}
	return v.State
}

// letter is a queued message with its secret opened.
type letter struct {
	Topic, Subject, Text, Email string
	Phone                       bool
	AccountID                   int64
}

// letters are the messages queued about or for a report, oldest first.
func (c *city) letters() (out []letter) {
	c.t.Helper()
	rows, err := c.db.Owner().Query(c.ctx, `SELECT topic, subject, body, body_sealed, email_sealed, phone_sealed IS NOT NULL,
		COALESCE(account_id, 0) FROM notify_message ORDER BY id`)
	if err != nil {
		c.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var l letter
		var sealed, address []byte
		if err := rows.Scan(&l.Topic, &l.Subject, &l.Text, &sealed, &address, &l.Phone, &l.AccountID); err != nil {
			c.t.Fatal(err)
		}
		if sealed != nil {
			if l.Text, err = c.box.Open(sealed, "notify.text"); err != nil {
				c.t.Fatal(err)
			}
		}
		if address != nil {
			if l.Email, err = c.box.Open(address, "notify.address"); err != nil {
				c.t.Fatal(err)
			}
		}
		out = append(out, l)
	}
	if err := rows.Err(); err != nil {
		c.t.Fatal(err)
	}
	return out
}
