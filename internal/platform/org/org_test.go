package org_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

var (
	now   = time.Date(2026, 11, 24, 9, 40, 0, 0, clock.Makassar)
	today = time.Date(2026, 11, 24, 0, 0, 0, 0, clock.Makassar)
	admin = authz.System("uji")
)

// city is a test's directory: the shipped one, on a database of its own.
type city struct {
	*testing.T
	ctx context.Context
	db  *pgxpool.Pool
}

func newCity(t *testing.T) city {
	t.Helper()
	t.Parallel()
	return city{t, t.Context(), pgtest.New(t).Pool}
}

func (c city) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c city) unit(code string) org.Unit {
	c.Helper()
	u, err := org.UnitByCode(c.ctx, c.db, code)
	c.must(err)
	return u
}

func (c city) tx(fn func(tx pgx.Tx) error) error { return pg.InTx(c.ctx, c.db, fn) }

func (c city) person(name string) int64 {
	c.Helper()
	id, err := org.AddPerson(c.ctx, c.db, admin, now, org.PersonInput{Name: name, Employment: org.EmploymentNonASN})
	c.must(err)
	return id
}

func (c city) account(personID int64) (id int64) {
	c.Helper()
	c.must(c.db.QueryRow(c.ctx, `INSERT INTO authn_account (kind, name, email, created_at)
		SELECT 'pegawai', name, 'p' || id || '@portal.example', now() FROM org_person WHERE id = $1 RETURNING id`, personID).Scan(&id))
	c.must(org.LinkAccount(c.ctx, c.db, admin, now, personID, id))
	return id
}

func (c city) head(unitID int64) org.Position {
	c.Helper()
	ps, err := org.PositionsIn(c.ctx, c.db, unitID, now)
	c.must(err)
	if len(ps) == 0 || ps[0].Kind != org.PositionHead {
		c.Fatalf("unit %d has no head", unitID)
	}
	return ps[0]
}

func (c city) appoint(in org.Appointment) (id int64, err error) {
	err = c.tx(func(tx pgx.Tx) (err error) {
		id, err = org.Appoint(c.ctx, tx, admin, now, in)
		return err
	})
	return id, err
}

func (c city) fails(err error, kind errs.Kind, field string) {
	c.Helper()
	if errs.KindOf(err) != kind {
		c.Errorf("got %v, want %v", err, kind)
		return
	}
	if field != "" && !slices.ContainsFunc(errs.FieldsOf(err), func(f errs.Field) bool { return f.Name == field && f.Message != "" }) {
		c.Errorf("no sentence for %q in %v", field, errs.FieldsOf(err))
	}
}

func TestShippedDirectory(t *testing.T) {
	c := newCity(t)
	count := func(kinds ...string) int {
		us, err := org.Units(c.ctx, c.db, org.UnitFilter{Kinds: kinds, At: now})
		c.must(err)
		return len(us)
	}
	for kind, want := range map[string]int{org.KindKecamatan: 15, org.KindKelurahan: 153, org.KindPuskesmas: 46, org.KindCity: 1} {
		if got := count(kind); got != want {
			t.Errorf("%d %s, want %d", got, kind, want)
		}
	}
	if got := count(org.OPDKinds()...); got != 40 {
		t.Errorf("%d OPD", got)
	}
	path, err := org.Path(c.ctx, c.db, c.unit("73.71.13.1002").ID)
	c.must(err)
	var names []string
	for _, u := range path {
		names = append(names, u.Name)
	}
	if want := []string{"Pemerintah Kota Makassar", "Kecamatan Rappocini", "Kelurahan Kassi-Kassi"}; !slices.Equal(names, want) {
		t.Errorf("path %v", names)
	}
	found, err := org.Units(c.ctx, c.db, org.UnitFilter{Search: "Kássi", At: now})
	c.must(err)
	if len(found) != 2 {
		t.Errorf("search finds %d units, want the kelurahan and its puskesmas", len(found))
	}
	if h := c.head(c.unit("73.71.13.1002").ID); h.Title != "Lurah Kassi-Kassi" || h.SuperiorTitle == nil || *h.SuperiorTitle != "Camat Rappocini" {
		t.Errorf("head: %+v", h)
	}
}

func TestUnitsComeAndGo(t *testing.T) {
	c := newCity(t)
	dpu := c.unit("DPU")
	add := func(in org.UnitInput) (int64, error) { return org.AddUnit(c.ctx, c.db, admin, now, in) }
	bidang, err := add(org.UnitInput{ParentID: dpu.ID, Kind: org.KindDivision, Code: "DPU-DRAINASE", Name: " Bidang  Drainase "})
	c.must(err)
	u, err := org.UnitByID(c.ctx, c.db, bidang)
	c.must(err)
	if u.Name != "Bidang Drainase" || u.ShortName != "Bidang Drainase" || !slices.Equal(u.Ancestors, append(slices.Clone(dpu.Ancestors), bidang)) {
		t.Errorf("added: %+v", u)
	}
	_, err = add(org.UnitInput{ParentID: dpu.ID, Kind: org.KindDivision, Code: "dpu-drainase", Name: "Lain"})
	c.fails(err, errs.Unprocessable, "kode")
	_, err = add(org.UnitInput{ParentID: dpu.ID, Kind: org.KindDivision, Code: "X", Name: "bidang drainase"})
	c.fails(err, errs.Unprocessable, "nama")
	_, err = add(org.UnitInput{Kind: "x", Code: "ada spasi", Phone: "abc"})
	for _, field := range []string{"jenis", "kode", "nama", "telepon", "induk"} {
		c.fails(err, errs.Unprocessable, field)
	}
	_, err = add(org.UnitInput{ParentID: 1 << 60, Kind: org.KindDivision, Code: "Y", Name: "Y"})
	c.fails(err, errs.Unprocessable, "induk")

	// A unit that moves takes everything below along.
	seksi, err := add(org.UnitInput{ParentID: bidang, Kind: org.KindSection, Code: "DPU-SEKSI", Name: "Seksi Kanal"})
	c.must(err)
	dlh := c.unit("DLH")
	move := func(id, parent int64, name string) error {
		return c.tx(func(tx pgx.Tx) error {
			return org.UpdateUnit(c.ctx, tx, admin, now, id, org.UnitInput{ParentID: parent, Kind: org.KindDivision, Code: "DPU-DRAINASE", Name: name})
		})
	}
	c.must(move(bidang, dlh.ID, "Bidang Drainase dan Kanal"))
	below, err := org.UnitByID(c.ctx, c.db, seksi)
	c.must(err)
	if !slices.Equal(below.Ancestors, []int64{dlh.Ancestors[0], dlh.ID, bidang, seksi}) {
		t.Errorf("ancestors after the move: %v", below.Ancestors)
	}
	c.fails(move(bidang, seksi, "Bidang Drainase dan Kanal"), errs.Unprocessable, "induk")
	for day, want := range map[time.Time]string{now.AddDate(0, 0, -1): "Bidang Drainase", now.AddDate(0, 0, 1): "Bidang Drainase dan Kanal"} {
		if got, err := org.NameAt(c.ctx, c.db, bidang, day); err != nil || got != want {
			t.Errorf("name on %v: %q, %v", day, got, err)
		}
	}

	// Closing: children first, then a successor takes over.
	closing := func(id int64, day time.Time, successor int64) error {
		return c.tx(func(tx pgx.Tx) error { return org.CloseUnit(c.ctx, tx, admin, now, id, day, successor) })
	}
	next := today.AddDate(0, 0, 7)
	c.fails(closing(bidang, next, 0), errs.Unprocessable, "tanggal")
	c.must(closing(seksi, next, 0))
	c.fails(closing(bidang, next, bidang), errs.Unprocessable, "penerus")
	c.must(closing(bidang, next, dpu.ID))
	c.fails(closing(bidang, next, 0), errs.Conflict, "")
	for day, want := range map[time.Time]int64{now: bidang, next.Add(-time.Second): bidang, next: dpu.ID} {
		if got, err := org.Current(c.ctx, c.db, bidang, day); err != nil || got.ID != want {
			t.Errorf("current on %v: %d, %v", day, got.ID, err)
		}
	}
	// Its code and name are free again.
	_, err = add(org.UnitInput{ParentID: dlh.ID, Kind: org.KindDivision, Code: "DPU-DRAINASE", Name: "Bidang Drainase dan Kanal", ValidFrom: next})
	c.must(err)
}

func TestNeighbourhoods(t *testing.T) {
	c := newCity(t)
	kel := c.unit("73.71.13.1002")
	var rw, rt int64
	c.must(c.tx(func(tx pgx.Tx) (err error) {
		if rw, err = org.AddRW(c.ctx, tx, admin, now, kel.ID, 3); err != nil {
			return err
		}
		rt, err = org.AddRT(c.ctx, tx, admin, now, rw, 2)
		return err
	}))
	u, err := org.UnitByID(c.ctx, c.db, rt)
	c.must(err)
	if u.Name != "RT 002 RW 003 Kelurahan Kassi-Kassi" || u.Code != "73.71.13.1002.RW003.RT002" || u.Depth() != 4 {
		t.Errorf("RT: %+v", u)
	}
	c.fails(c.tx(func(tx pgx.Tx) error { _, err := org.AddRW(c.ctx, tx, admin, now, kel.ID, 3); return err }), errs.Unprocessable, "nomor")
	c.fails(c.tx(func(tx pgx.Tx) error { _, err := org.AddRT(c.ctx, tx, admin, now, kel.ID, 1); return err }), errs.Unprocessable, "induk")
	c.fails(c.tx(func(tx pgx.Tx) error { _, err := org.AddRT(c.ctx, tx, admin, now, rw, 0); return err }), errs.Unprocessable, "nomor")
}

func TestActingRightsEndAtTheSecond(t *testing.T) {
	c := newCity(t)
	kel := c.unit("73.71.13.1002")
	post := c.head(kel.ID)
	lurah, deputy := c.person("Lurah Asli"), c.person("Sekretaris Lurah")
	account := c.account(deputy)
	_, err := c.appoint(org.Appointment{PositionID: post.ID, PersonID: lurah, Kind: org.Definitive, From: now.AddDate(-1, 0, 0)})
	c.must(err)
	_, err = c.appoint(org.Appointment{PositionID: post.ID, PersonID: deputy, Kind: org.Plh, From: now})
	c.fails(err, errs.Unprocessable, "sampai")
	ends := now.Add(48 * time.Hour)
	_, err = c.appoint(org.Appointment{PositionID: post.ID, PersonID: deputy, Kind: org.Plh, From: now, To: &ends, BasisNumber: "800/12/2026"})
	c.must(err)
	for at, want := range map[time.Time]int{now.Add(-time.Second): 0, now: 1, ends.Add(-time.Microsecond): 1, ends: 0} {
		ps, err := org.PositionsOf(c.ctx, c.db, account, at)
		c.must(err)
		if len(ps) != want || want == 1 && (ps[0].Kind != org.Plh || ps[0].Title != "Lurah Kassi-Kassi" || ps[0].UnitID != kel.ID || ps[0].OccupancyID == 0) {
			t.Errorf("at %v: %+v", at, ps)
		}
	}
	// While there is a Plh, the Plh decides.
	for at, want := range map[time.Time]string{now.Add(-time.Hour): "Lurah Asli", now: "Sekretaris Lurah", ends: "Lurah Asli"} {
		if h, err := org.Head(c.ctx, c.db, kel.ID, at); err != nil || h.Name != want {
			t.Errorf("head at %v: %+v, %v", at, h, err)
		}
	}
	// A vacant post is looked for further up.
	camat := c.person("Camat")
	_, err = c.appoint(org.Appointment{PositionID: c.head(c.unit("73.71.13").ID).ID, PersonID: camat, Kind: org.Plt, From: now})
	c.must(err)
	other := c.unit("73.71.13.1001")
	if _, err := org.Head(c.ctx, c.db, other.ID, now); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a vacant post: %v", err)
	}
	if h, err := org.NearestHead(c.ctx, c.db, other.ID, now); err != nil || h.Name != "Camat" || h.Kind != org.Plt {
		t.Errorf("nearest head: %+v, %v", h, err)
	}
	staff, err := org.StaffOf(c.ctx, c.db, c.unit("73.71.13").ID, now)
	c.must(err)
	if len(staff) != 3 || staff[0].Name != "Camat" {
		t.Errorf("staff of the kecamatan: %+v", staff)
	}
}

// Ten appointments to one seat at once: one wins, nine are told so.
func TestOneSeatOneHolder(t *testing.T) {
	c := newCity(t)
	post := c.head(c.unit("DPU").ID)
	people := make([]int64, 10)
	for i := range people {
		people[i] = c.person("Calon")
	}
	var wg sync.WaitGroup
	results := make([]error, len(people))
	for i, p := range people {
		wg.Go(func() {
			_, results[i] = c.appoint(org.Appointment{PositionID: post.ID, PersonID: p, Kind: []string{org.Definitive, org.Plt}[i%2], From: now})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else {
			c.fails(err, errs.Conflict, "mulai")
		}
	}
	if hs, err := org.HoldersOf(c.ctx, c.db, post.ID, now); won != 1 || err != nil || len(hs) != 1 {
		t.Errorf("%d won, holders %+v, %v", won, hs, err)
	}
}

// One person into ten posts at once, as a definitive holder: one wins.
func TestOnePersonOneDefinitivePost(t *testing.T) {
	c := newCity(t)
	p := c.person("Pegawai")
	kecamatan, err := org.Units(c.ctx, c.db, org.UnitFilter{Kinds: []string{org.KindKecamatan}, At: now})
	c.must(err)
	var wg sync.WaitGroup
	results := make([]error, 10)
	for i := range results {
		post := c.head(kecamatan[i].ID)
		wg.Go(func() {
			_, results[i] = c.appoint(org.Appointment{PositionID: post.ID, PersonID: p, Kind: org.Definitive, From: now})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else {
			c.fails(err, errs.Unprocessable, "orang")
		}
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
}

func TestSeats(t *testing.T) {
	c := newCity(t)
	dpu := c.unit("DPU")
	var id int64
	c.must(c.tx(func(tx pgx.Tx) (err error) {
		id, err = org.AddPosition(c.ctx, tx, admin, now, org.PositionInput{UnitID: dpu.ID, Title: "Pengawas lapangan", Kind: org.PositionClerk, Seats: 2})
		return err
	}))
	update := func(in org.PositionInput) error {
		return c.tx(func(tx pgx.Tx) error { return org.UpdatePosition(c.ctx, tx, admin, now, id, in) })
	}
	for i, want := range []errs.Kind{0, 0, errs.Conflict} {
		_, err := c.appoint(org.Appointment{PositionID: id, PersonID: c.person("P"), Kind: org.Definitive, From: now})
		if i < 2 {
			c.must(err)
		} else {
			c.fails(err, want, "mulai")
		}
	}
	c.fails(update(org.PositionInput{Title: "Pengawas lapangan", Kind: org.PositionClerk, Seats: 1}), errs.Unprocessable, "kursi")
	c.fails(update(org.PositionInput{Title: "Pengawas lapangan", Kind: org.PositionHead, Seats: 1}), errs.Unprocessable, "kursi")
	c.fails(update(org.PositionInput{Title: "", Kind: "x", Seats: 0}), errs.Unprocessable, "jabatan")
	c.must(update(org.PositionInput{Title: "Pengawas", Kind: org.PositionClerk, Seats: 3, SuperiorID: c.head(dpu.ID).ID}))
	// A superior below oneself would make a circle.
	head := c.head(dpu.ID)
	err := c.tx(func(tx pgx.Tx) error {
		return org.UpdatePosition(c.ctx, tx, admin, now, head.ID, org.PositionInput{Title: head.Title, Kind: head.Kind, Seats: 1, SuperiorID: id})
	})
	c.fails(err, errs.Unprocessable, "atasan")
	_, err = org.AddPosition(c.ctx, c.db, admin, now, org.PositionInput{UnitID: dpu.ID, Title: "Kepala kedua", Kind: org.PositionHead, Seats: 1})
	c.fails(err, errs.Unprocessable, "jenis")
	c.must(c.tx(func(tx pgx.Tx) error { return org.ClosePosition(c.ctx, tx, admin, now, id, today.AddDate(0, 0, 1)) }))
	if hs, err := org.HoldersOf(c.ctx, c.db, id, today.AddDate(0, 0, 1)); err != nil || len(hs) != 0 {
		t.Errorf("a closed position is still held: %+v, %v", hs, err)
	}
}

type ended struct {
	sync.Mutex
	accounts []int64
}

func (e *ended) EndSessions(_ context.Context, _ pgx.Tx, accountID int64) error {
	e.Lock()
	defer e.Unlock()
	e.accounts = append(e.accounts, accountID)
	return nil
}

func TestMovingAndLeaving(t *testing.T) {
	c := newCity(t)
	a, b := c.head(c.unit("73.71.13.1001").ID), c.head(c.unit("73.71.13.1002").ID)
	p := c.person("Pegawai")
	account := c.account(p)
	_, err := c.appoint(org.Appointment{PositionID: a.ID, PersonID: p, Kind: org.Definitive, From: now.AddDate(0, -1, 0)})
	c.must(err)
	next := today.AddDate(0, 0, 7)
	_, err = c.appoint(org.Appointment{PositionID: b.ID, PersonID: p, Kind: org.Definitive, From: next, Move: true})
	c.must(err)
	holds := func(at time.Time) (titles []string) {
		ps, err := org.PositionsOf(c.ctx, c.db, account, at)
		c.must(err)
		for _, p := range ps {
			titles = append(titles, p.Title)
		}
		return titles
	}
	if got := holds(next.Add(-time.Second)); !slices.Equal(got, []string{a.Title}) {
		t.Errorf("before the move: %v", got)
	}
	if got := holds(next); !slices.Equal(got, []string{b.Title}) {
		t.Errorf("after the move: %v", got)
	}
	// Leaving on a day to come ends rights that midnight and sessions a minute later.
	var sessions ended
	leaves := today.AddDate(0, 0, 14)
	c.must(c.tx(func(tx pgx.Tx) error { return org.Leave(c.ctx, tx, admin, now, p, leaves, &sessions) }))
	if len(sessions.accounts) != 0 {
		t.Error("sessions ended before the day")
	}
	if len(holds(leaves.Add(-time.Second))) != 1 || len(holds(leaves)) != 0 {
		t.Error("rights do not end at midnight")
	}
	for at, want := range map[time.Time]int{leaves.Add(-time.Second): 0} {
		if n, err := org.SettleLeavers(c.ctx, c.db, at, &sessions); err != nil || n != want {
			t.Errorf("settled %d, %v", n, err)
		}
	}
	if n, err := org.SettleLeavers(c.ctx, c.db, leaves.Add(time.Minute), &sessions); err != nil || n != 1 || !slices.Equal(sessions.accounts, []int64{account}) {
		t.Errorf("settled %d, %v, %v", n, sessions.accounts, err)
	}
	if n, err := org.SettleLeavers(c.ctx, c.db, leaves.Add(time.Hour), &sessions); err != nil || n != 0 {
		t.Errorf("settled twice: %d, %v", n, err)
	}
	_, err = c.appoint(org.Appointment{PositionID: a.ID, PersonID: p, Kind: org.Definitive, From: leaves})
	c.fails(err, errs.Unprocessable, "orang")
	// Leaving today ends the sessions in the same transaction.
	q := c.person("Yang lain")
	second := c.account(q)
	c.must(c.tx(func(tx pgx.Tx) error { return org.Leave(c.ctx, tx, admin, now, q, today, &sessions) }))
	if !slices.Contains(sessions.accounts, second) {
		t.Error("the sessions of who leaves today go on")
	}
}

func TestWithdrawAndEnd(t *testing.T) {
	c := newCity(t)
	post := c.head(c.unit("DLH").ID)
	end := func(id int64, at time.Time) error {
		return c.tx(func(tx pgx.Tx) error { return org.EndOccupancy(c.ctx, tx, admin, now, id, at) })
	}
	running, err := c.appoint(org.Appointment{PositionID: post.ID, PersonID: c.person("A"), Kind: org.Plt, From: now.AddDate(0, 0, -3)})
	c.must(err)
	c.fails(end(running, now.AddDate(0, 0, -4)), errs.Unprocessable, "sampai")
	c.must(end(running, now))
	c.fails(end(running, now.Add(time.Hour)), errs.Conflict, "")
	coming, err := c.appoint(org.Appointment{PositionID: post.ID, PersonID: c.person("B"), Kind: org.Definitive, From: now.AddDate(0, 0, 3)})
	c.must(err)
	c.must(end(coming, now))
	c.fails(end(coming, now), errs.NotFound, "")
}

// Whatever changes the directory leaves a trail.
func TestEverythingIsAudited(t *testing.T) {
	c := newCity(t)
	p := c.person("Pegawai")
	_, err := c.appoint(org.Appointment{PositionID: c.head(c.unit("DLH").ID).ID, PersonID: p, Kind: org.Definitive, From: now})
	c.must(err)
	c.must(c.tx(func(tx pgx.Tx) error { return org.Leave(c.ctx, tx, admin, now, p, today.AddDate(0, 0, 1), &ended{}) }))
	actions, err := pg.Scalars[string](c.ctx, c.db, `SELECT action FROM audit_entry ORDER BY id`)
	c.must(err)
	if want := []string{"org.person.add", "org.occupancy.appoint", "org.person.leave"}; !slices.Equal(actions, want) {
		t.Errorf("trail %v", actions)
	}
}

func benchCity(b *testing.B) *pgxpool.Pool {
	db := pgtest.New(b).Pool
	as, err := org.Areas(b.Context(), db)
	if err != nil {
		b.Fatal(err)
	}
	var features []map[string]any
	for _, a := range as {
		features = append(features, territory(a.Code, "Polygon", square(a.Lat, a.Lng, 0.001)))
	}
	if _, err := org.ImportBoundaries(b.Context(), db, admin, now, strings.NewReader(geojson(features...)), true); err != nil {
		b.Fatal(err)
	}
	return db
}
