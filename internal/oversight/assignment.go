package oversight

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
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Controls of the forms.
const (
	ControlNumber  = "nomor"
	ControlIssued  = "tanggal"
	ControlSubject = "perihal"
	ControlFrom    = "mulai"
	ControlUntil   = "sampai"
	ControlModules = "modul"
	ControlUnits   = "unit"
	ControlMembers = "anggota"
	ControlReason  = "alasan"
	ControlRef     = "rujukan"
	ControlNote    = "catatan"
)

// Bounds of an assignment.
const (
	MaxDays    = 366
	MaxMembers = 30
	MaxUnits   = 20
)

const object = "authz_assignment"

// sqlInspectorates are the Inspektorats in which the actor works ($2 are the units of their
// posts), and whether they hold a permission there ($1 are its roots).
const sqlInspectorates = `
SELECT i.id, i.ancestors && $1::bigint[] AS registers FROM org_unit i WHERE i.kind = 'inspektorat' AND i.valid_to IS NULL
	AND EXISTS (SELECT FROM org_unit w WHERE w.id = ANY ($2::bigint[]) AND w.ancestors @> ARRAY[i.id]) ORDER BY i.id`

// offices are the Inspektorats whose assignments the actor registers, and the person whose own
// ones they see: 0 where they work in none any more.
func (m *Module) offices(ctx context.Context, q pg.Querier, a authz.Actor) (registers []int64, person int64, err error) {
	places := []int64{}
	for _, p := range a.Positions {
		places = append(places, p.UnitID)
	}
	all, err := pg.Many[struct {
		ID        int64
		Registers bool
	}](ctx, q, sqlInspectorates, a.Units(PermAssign), places)
	registers = []int64{}
	for _, o := range all {
		if person = a.PersonID; o.Registers {
			registers = append(registers, o.ID)
		}
	}
	return registers, person, err
}

// Registers tells whether the actor registers assignments.
func (m *Module) Registers(ctx context.Context, a authz.Actor) (_ bool, err error) {
	defer errs.In(&err, "oversight.Registers")
	if !a.Has(PermAssign) {
		return false, nil
	}
	all, _, err := m.offices(ctx, m.d.DB, a)
	return len(all) > 0, err
}

// Assignments are those that the actor registers or, while they work in the Inspektorat, is a
// member of, newest first: those before the id before (0 = from the newest), at most limit.
func (m *Module) Assignments(ctx context.Context, a authz.Actor, before int64, limit int) (_ []authz.Assignment, err error) {
	defer errs.In(&err, "oversight.Assignments")
	offices, person, err := m.offices(ctx, m.d.DB, a)
	if err != nil {
		return nil, err
	}
	return authz.Assignments(ctx, m.d.DB, offices, person, before, limit)
}

// Detail is an assignment as somebody sees it.
type Detail struct {
	authz.Assignment
	Members  []authz.Member
	Scopes   []authz.Scope
	Runs     bool
	Revokes  bool       // the viewer may revoke it
	Member   bool       // the viewer is one of it
	Evidence []Evidence // for members
}

// View is an assignment with what was kept under it; another's is errs.NotFound.
func (m *Module) View(ctx context.Context, a authz.Actor, id int64) (d Detail, err error) {
	defer errs.In(&err, "oversight.View(%d)", id)
	return m.view(ctx, m.d.DB, a, id)
}

func (m *Module) view(ctx context.Context, q pg.Querier, a authz.Actor, id int64) (d Detail, err error) {
	offices, person, err := m.offices(ctx, q, a)
	if err != nil {
		return d, err
	}
	if d.Assignment, err = authz.AssignmentByID(ctx, q, offices, person, id); err != nil {
		return d, err
	}
	if d.Members, err = authz.Members(ctx, q, id); err != nil {
		return d, err
	}
	if d.Scopes, err = authz.Scopes(ctx, q, id); err != nil {
		return d, err
	}
	now := m.d.Clock.Now()
	d.Runs = d.Assignment.Runs(now)
	d.Revokes = slices.Contains(offices, d.UnitID) && d.RevokedAt == nil && now.Before(d.EndsAt)
	if d.Member = slices.ContainsFunc(d.Members, func(p authz.Member) bool { return p.PersonID == person }); d.Member {
		d.Evidence, err = pg.Many[Evidence](ctx, q, sqlEvidence, id)
	}
	return d, err
}

// working is an assignment under which the actor works now: one that runs, of which they are a
// member. Another one is errs.NotFound.
func (m *Module) working(ctx context.Context, q pg.Querier, a authz.Actor, id int64) (d Detail, err error) {
	if d, err = m.view(ctx, q, a, id); err == nil && (!d.Member || !d.Runs) {
		err = errs.New(errs.NotFound, "Surat tugas ini tidak sedang berjalan, jadi bahannya tidak dapat dibuka.")
	}
	return d, err
}

// Colleagues are who may be a member of an assignment that the actor registers: who has a post
// in the Inspektorat now, but for the actor.
func (m *Module) Colleagues(ctx context.Context, a authz.Actor) (_ []authz.Member, err error) {
	defer errs.In(&err, "oversight.Colleagues")
	offices, _, err := m.offices(ctx, m.d.DB, a)
	if err != nil {
		return nil, err
	}
	if len(offices) == 0 {
		return nil, errs.New(errs.NotFound, "")
	}
	return m.colleagues(ctx, m.d.DB, offices[0], a)
}

const sqlColleagues = `
SELECT DISTINCT n.id AS person_id, n.name FROM org_occupancy o JOIN org_person n ON n.id = o.person_id
JOIN org_position p ON p.id = o.position_id JOIN org_unit u ON u.id = p.unit_id
WHERE o.during @> $2::timestamptz AND u.ancestors @> ARRAY[$1::bigint] AND n.id <> $3 ORDER BY n.name, n.id LIMIT 500`

func (m *Module) colleagues(ctx context.Context, q pg.Querier, office int64, a authz.Actor) ([]authz.Member, error) {
	return pg.Many[authz.Member](ctx, q, sqlColleagues, office, m.d.Clock.Now(), a.PersonID)
}

// Input is an assignment as it is registered.
type Input struct {
	Number      string
	IssuedOn    time.Time
	Subject     string
	From, Until time.Time // Until is the last day
	Modules     []string
	UnitCodes   []string
	Members     []int64
}

// Register puts an assignment on record. Nobody registers one for themselves. A number that is
// there already is a wrong field. Needs PermAssign in the Inspektorat in which the actor works;
// to others there is no such thing: errs.NotFound.
func (m *Module) Register(ctx context.Context, a authz.Actor, in Input) (id int64, err error) {
	defer errs.In(&err, "oversight.Register")
	now := m.d.Clock.Now()
	err = pg.InTx(ctx, m.d.DB, func(tx pgx.Tx) error {
		offices, _, err := m.offices(ctx, tx, a)
		if err != nil {
			return err
		}
		if len(offices) == 0 {
			return errs.New(errs.NotFound, "")
		}
		n, err := m.checked(ctx, tx, a, in, offices[0], now)
		if err != nil {
			return err
		}
		if id, err = authz.AddAssignment(ctx, tx, now, n); err != nil {
			return err
		}
		units := []int64{}
		for _, s := range n.Scopes {
			if !slices.Contains(units, s.UnitID) {
				units = append(units, s.UnitID)
			}
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "oversight.assignment.register", Object: object, ObjectID: id, UnitID: n.UnitID, Detail: map[string]any{
			"surat_tugas": []string{n.Number}, "mulai": n.From.Format(time.DateOnly), "sampai": n.To.AddDate(0, 0, -1).Format(time.DateOnly),
			"modul": in.Modules, "unit": units, "anggota": n.Members}})
	})
	return id, err
}

func (m *Module) checked(ctx context.Context, q pg.Querier, a authz.Actor, in Input, office int64, now time.Time) (n authz.NewAssignment, err error) {
	var wrong []errs.Field
	fail := func(name, message string) { wrong = append(wrong, errs.Field{Name: name, Message: message}) }
	number, subject := strings.Join(strings.Fields(in.Number), " "), strings.TrimSpace(in.Subject)
	if l := utf8.RuneCountInString(number); l < 3 || l > 60 {
		fail(ControlNumber, "Tulis nomor surat tugasnya, 3 sampai 60 huruf.")
	}
	if l := utf8.RuneCountInString(subject); l < 5 || l > 500 {
		fail(ControlSubject, "Tulis apa yang diperiksa, 5 sampai 500 huruf.")
	}
	if in.IssuedOn.IsZero() || in.IssuedOn.After(now) {
		fail(ControlIssued, "Isi tanggal surat tugas, paling lambat hari ini.")
	}
	to := in.Until.AddDate(0, 0, 1)
	switch {
	case in.From.IsZero():
		fail(ControlFrom, "Isi hari pertama.")
	case in.Until.IsZero() || in.Until.Before(in.From):
		fail(ControlUntil, "Isi hari terakhir, tidak sebelum hari pertama.")
	case !to.After(now):
		fail(ControlUntil, "Hari terakhir sudah lewat.")
	case to.Sub(in.From) > MaxDays*24*time.Hour:
		fail(ControlUntil, "Surat tugas paling lama satu tahun.")
	}
	if len(in.Modules) == 0 || slices.ContainsFunc(in.Modules, func(x string) bool { return !slices.Contains(authz.Overseen, x) }) {
		fail(ControlModules, "Pilih sedikitnya satu bagian portal.")
	}
	if len(in.UnitCodes) == 0 || len(in.UnitCodes) > MaxUnits {
		fail(ControlUnits, fmt.Sprintf("Tulis 1 sampai %d kode unit.", MaxUnits))
	}
	for _, code := range in.UnitCodes {
		u, err := org.UnitByCode(ctx, q, code)
		switch {
		case err != nil && errs.KindOf(err) == errs.NotFound:
			fail(ControlUnits, "Tidak ada unit dengan kode "+code+".")
		case err != nil:
			return n, err
		default:
			for _, module := range in.Modules {
				n.Scopes = append(n.Scopes, authz.Scope{Module: module, UnitID: u.ID})
			}
		}
	}
	all, err := m.colleagues(ctx, q, office, a)
	if err != nil {
		return n, err
	}
	theirs := func(id int64) bool {
		return slices.ContainsFunc(all, func(p authz.Member) bool { return p.PersonID == id })
	}
	if len(in.Members) == 0 || len(in.Members) > MaxMembers || slices.ContainsFunc(in.Members, func(id int64) bool { return !theirs(id) }) {
		fail(ControlMembers, fmt.Sprintf("Pilih anggota dari Inspektorat, 1 sampai %d orang. Surat tugas untuk Anda sendiri dicatat orang lain.", MaxMembers))
	}
	if len(wrong) > 0 {
		return n, errs.Invalid(wrong...)
	}
	n.UnitID, n.Number, n.Subject, n.IssuedOn, n.From, n.To, n.Members, n.By = office, number, subject, in.IssuedOn, in.From, to, in.Members, a.AccountID
	return n, nil
}

// Revoke ends an assignment at once. One that is revoked already or over is errs.Conflict. Needs
// what Register needs.
func (m *Module) Revoke(ctx context.Context, a authz.Actor, id int64, why string) (err error) {
	defer errs.In(&err, "oversight.Revoke(%d)", id)
	if why = strings.TrimSpace(why); utf8.RuneCountInString(why) < 5 || utf8.RuneCountInString(why) > 500 {
		return errs.Invalid(errs.Field{Name: ControlReason, Message: "Tulis alasannya, 5 sampai 500 huruf."})
	}
	now := m.d.Clock.Now()
	return pg.InTx(ctx, m.d.DB, func(tx pgx.Tx) error {
		offices, _, err := m.offices(ctx, tx, a)
		if err != nil {
			return err
		}
		x, err := authz.AssignmentByID(ctx, tx, offices, 0, id)
		if err != nil {
			return err
		}
		if !now.Before(x.EndsAt) {
			return errs.New(errs.Conflict, "Surat tugas ini sudah berakhir.")
		}
		if err := authz.RevokeAssignment(ctx, tx, now, id, a.AccountID, why); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "oversight.assignment.revoke", Object: object, ObjectID: id, UnitID: x.UnitID,
			Detail: map[string]any{"surat_tugas": []string{x.Number}, "alasan": why}})
	})
}
