package eoffice

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Controls of the groups of recipients.
const (
	ControlGroupName = "nama_kelompok"
	ControlMember    = "anggota"
	ControlHeads     = "kepala"
)

// Group is a kelompok tujuan: desks to which letters often go together. An office keeps it for
// itself and all below; the city's are everybody's.
type Group struct {
	ID       int64
	UnitID   int64
	UnitName string
	City     bool
	Name     string // as it stands after "Yth."
	Members  int
}

const groupRows = `
SELECT g.id, g.unit_id, u.name AS unit_name, u.parent_id IS NULL AS city, g.name,
	(SELECT count(*) FROM eoffice_group_member m WHERE m.group_id = g.id)::integer AS members
FROM eoffice_group g JOIN org_unit u ON u.id = g.unit_id
`

const (
	sqlGroupUnits = `
SELECT o.id, o.name FROM org_unit o WHERE o.valid_to IS NULL AND ` + isOffice + ` AND (o.ancestors && $1 OR o.ancestors && $2 AND o.parent_id IS NOT NULL)
ORDER BY array_length(o.ancestors, 1), o.name, o.id`

	sqlGroups = groupRows + `WHERE g.unit_id = $1 ORDER BY lower(g.name)`
	sqlGroup  = groupRows + `WHERE g.id = $1`

	// What the office $2 may take: its own groups and those of the units above it.
	offered     = `g.unit_id = ANY((SELECT a.ancestors FROM org_unit a WHERE a.id = $2)::bigint[])`
	sqlGroupFor = groupRows + `WHERE g.id = $1 AND ` + offered

	sqlFindGroups = groupRows + `
WHERE ` + offered + ` AND NOT EXISTS (SELECT FROM unnest($1::text[]) w WHERE NOT lower('kelompok ' || g.name) LIKE '%' || w || '%')
ORDER BY array_length(u.ancestors, 1) DESC, lower(g.name) LIMIT 20`

	sqlGroupPlaces = placeRows + `
JOIN eoffice_group_member m ON m.position_id = p.id
WHERE m.group_id = $1 AND (p.valid_to IS NULL OR p.valid_to > $2::date) AND (u.valid_to IS NULL OR u.valid_to > $2::date)
ORDER BY m.ord, p.title, p.id`
)

// keepsGroups tells whether the actor keeps the groups of a unit: the tata usaha of an office,
// and for all of the city who sets its habits.
func keepsGroups(a authz.Actor, u org.Unit) bool {
	return a.HasIn(PermConfigure, u.Ancestors) || u.ParentID != nil && a.HasIn(PermRegister, u.Ancestors)
}

// GroupUnits are the offices whose groups the actor keeps.
func (m *Module) GroupUnits(ctx context.Context, a authz.Actor) (_ []SetUnit, err error) {
	defer errs.In(&err, "eoffice.GroupUnits")
	return pg.Many[SetUnit](ctx, m.db, sqlGroupUnits, listOf(a.Units(PermConfigure)), listOf(a.Units(PermRegister)))
}

// Groups lists the groups of an office, for who keeps them.
func (m *Module) Groups(ctx context.Context, a authz.Actor, unitID int64) (_ []Group, err error) {
	defer errs.In(&err, "eoffice.Groups(%d)", unitID)
	if err := m.mayKeep(ctx, m.db, a, unitID); err != nil {
		return nil, err
	}
	return pg.Many[Group](ctx, m.db, sqlGroups, unitID)
}

var errNoGroup = errs.New(errs.NotFound, "Kelompok ini tidak ada di kantor Anda.")

func (m *Module) mayKeep(ctx context.Context, q pg.Querier, a authz.Actor, unitID int64) error {
	u, err := org.UnitByID(ctx, q, unitID)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	if err != nil || !keepsGroups(a, u) {
		return errNoGroup
	}
	return nil
}

// GroupOf is a group with its desks, for who keeps it; others get errs.NotFound.
func (m *Module) GroupOf(ctx context.Context, a authz.Actor, id int64) (g Group, members []Place, err error) {
	defer errs.In(&err, "eoffice.GroupOf(%d)", id)
	if g, err = pg.One[Group](ctx, m.db, sqlGroup, id); err != nil {
		return g, nil, orNoGroup(err)
	}
	if err := m.mayKeep(ctx, m.db, a, g.UnitID); err != nil {
		return g, nil, err
	}
	members, err = pg.Many[Place](ctx, m.db, sqlGroupPlaces, id, m.now())
	return g, members, err
}

func orNoGroup(err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return errNoGroup
	}
	return err
}

// GroupsFor finds at most 20 groups by words of their names that the drafter of a letter may
// choose; "kelompok" finds all.
func (m *Module) GroupsFor(ctx context.Context, c Case, text string) (_ []Group, err error) {
	defer errs.In(&err, "eoffice.GroupsFor(%d)", c.ID)
	words := strings.Fields(strings.ToLower(likeless.Replace(text)))
	if len(words) == 0 || len(words) > 10 {
		return nil, nil
	}
	return pg.Many[Group](ctx, m.db, sqlFindGroups, words, c.UnitID)
}

const (
	sqlCountGroups = `SELECT count(*) FROM eoffice_group WHERE unit_id = $1`
	sqlMakeGroup   = `INSERT INTO eoffice_group (unit_id, name, updated_at) VALUES ($1, $2, $3) RETURNING id`
	sqlLockGroup   = `SELECT unit_id, name FROM eoffice_group WHERE id = $1 FOR NO KEY UPDATE`
	sqlRenameGroup = `UPDATE eoffice_group SET name = $2, updated_at = $3 WHERE id = $1`
	sqlDropGroup   = `DELETE FROM eoffice_group WHERE id = $1`
	sqlDropMember  = `DELETE FROM eoffice_group_member WHERE group_id = $1 AND position_id = $2`
	sqlMembers     = `SELECT count(*) FROM eoffice_group_member WHERE group_id = $1`

	sqlAddMembers = `
INSERT INTO eoffice_group_member (group_id, position_id, ord)
SELECT $1, p.id, (SELECT COALESCE(max(ord), 0) FROM eoffice_group_member WHERE group_id = $1) + row_number() OVER (ORDER BY u.name, p.title, p.id)
FROM org_position p JOIN org_unit u ON u.id = p.unit_id
WHERE p.valid_to IS NULL AND u.valid_to IS NULL AND u.kind NOT IN ('rw', 'rt') AND p.id = ANY($2)
ON CONFLICT DO NOTHING`

	// The heads of the units of a kind, of those below $1 or of the whole city.
	sqlHeadsOfKind = `
SELECT p.id FROM org_position p JOIN org_unit u ON u.id = p.unit_id
WHERE p.kind = 'kepala' AND p.valid_to IS NULL AND u.valid_to IS NULL AND u.kind = $2 AND u.kind NOT IN ('rw', 'rt') AND ($3 OR u.ancestors @> ARRAY[$1::bigint])`

	sqlHeadKinds = `
SELECT u.kind, count(*)::integer AS city, count(*) FILTER (WHERE u.ancestors @> ARRAY[$1::bigint])::integer AS below
FROM org_unit u JOIN org_position p ON p.unit_id = u.id AND p.kind = 'kepala' AND p.valid_to IS NULL
WHERE u.valid_to IS NULL AND u.kind NOT IN ('kota', 'rw', 'rt') GROUP BY u.kind`
)

// maxGroups is how many groups an office keeps at most.
const maxGroups = 100

// HeadsOffer is a kind of unit whose heads may be put into a group at once.
type HeadsOffer struct {
	Kind  string // of package org
	City  int    // heads of such units in the city
	Below int    // of which in the office of the group and below
}

// HeadsOffers are the kinds of units whose heads may be put into a group of an office at once.
func (m *Module) HeadsOffers(ctx context.Context, unitID int64) (_ []HeadsOffer, err error) {
	defer errs.In(&err, "eoffice.HeadsOffers(%d)", unitID)
	all, err := pg.Many[HeadsOffer](ctx, m.db, sqlHeadKinds, unitID)
	order := map[string]int{}
	for i, k := range org.Kinds() {
		order[k.Value] = i
	}
	slices.SortFunc(all, func(a, b HeadsOffer) int { return order[a.Kind] - order[b.Kind] })
	return all, err
}

func groupName(name string) (string, error) {
	name = squash(name)
	if n := utf8.RuneCountInString(name); n < 3 || n > 120 {
		return "", errs.Invalid(errs.Field{Name: ControlGroupName, Message: "Tulis nama kelompok dalam 3 sampai 120 huruf."})
	}
	return name, nil
}

// named says that the name is taken where that is what went wrong.
func named(err error) error {
	if pg.Violates(err, "eoffice_group_name_key") {
		return errs.Invalid(errs.Field{Name: ControlGroupName, Message: "Kantor ini sudah mempunyai kelompok dengan nama itu."})
	}
	return err
}

// MakeGroup begins a group of an office, without desks yet.
func (m *Module) MakeGroup(ctx context.Context, a authz.Actor, unitID int64, name string) (id int64, err error) {
	defer errs.In(&err, "eoffice.MakeGroup(%d)", unitID)
	if name, err = groupName(name); err != nil {
		return 0, err
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := m.mayKeep(ctx, tx, a, unitID); err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlHoldUnit, unitID); err != nil {
			return err
		}
		switch n, err := pg.Scalar[int](ctx, tx, sqlCountGroups, unitID); {
		case err != nil:
			return err
		case n >= maxGroups:
			return errs.Invalid(errs.Field{Name: ControlGroupName, Message: "Satu kantor paling banyak mempunyai 100 kelompok. Bubarkan dahulu yang tidak dipakai."})
		}
		if id, err = pg.Scalar[int64](ctx, tx, sqlMakeGroup, unitID, name, m.now()); err != nil {
			return named(err)
		}
		return m.noteGroup(ctx, tx, a, "buat", id, unitID, nil)
	})
	return id, err
}

func (m *Module) noteGroup(ctx context.Context, tx pgx.Tx, a authz.Actor, verb string, id, unitID int64, detail map[string]any) error {
	return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "eoffice.group." + verb, Object: "eoffice_group", ObjectID: id, UnitID: unitID, Detail: detail})
}

// onGroup runs a change of a group for who keeps it, one after the other, and notes it.
func (m *Module) onGroup(ctx context.Context, a authz.Actor, id int64, verb string, detail map[string]any, do func(tx pgx.Tx, unitID int64) error) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		g, err := pg.One[struct {
			UnitID int64
			Name   string
		}](ctx, tx, sqlLockGroup, id)
		if err != nil {
			return orNoGroup(err)
		}
		if err := m.mayKeep(ctx, tx, a, g.UnitID); err != nil {
			return err
		}
		if err := do(tx, g.UnitID); err != nil {
			return err
		}
		return m.noteGroup(ctx, tx, a, verb, id, g.UnitID, detail)
	})
}

// RenameGroup gives a group another name. Letters keep the one they have.
func (m *Module) RenameGroup(ctx context.Context, a authz.Actor, id int64, name string) (err error) {
	defer errs.In(&err, "eoffice.RenameGroup(%d)", id)
	if name, err = groupName(name); err != nil {
		return err
	}
	return m.onGroup(ctx, a, id, "nama", nil, func(tx pgx.Tx, _ int64) error {
		return named(pg.Exec(ctx, tx, sqlRenameGroup, id, name, m.now()))
	})
}

// DropGroup dissolves a group. Letters keep their recipients.
func (m *Module) DropGroup(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "eoffice.DropGroup(%d)", id)
	return m.onGroup(ctx, a, id, "bubar", nil, func(tx pgx.Tx, _ int64) error {
		return pg.Exec(ctx, tx, sqlDropGroup, id)
	})
}

// AddMember puts a desk into a group; one that is in it stays where it is.
func (m *Module) AddMember(ctx context.Context, a authz.Actor, id, positionID int64) (err error) {
	defer errs.In(&err, "eoffice.AddMember(%d)", id)
	return m.onGroup(ctx, a, id, "tambah", map[string]any{"jabatan": positionID}, func(tx pgx.Tx, _ int64) error {
		return m.addMembers(ctx, tx, id, []int64{positionID}, ControlMember)
	})
}

// DropMember takes a desk out of a group.
func (m *Module) DropMember(ctx context.Context, a authz.Actor, id, positionID int64) (err error) {
	defer errs.In(&err, "eoffice.DropMember(%d)", id)
	return m.onGroup(ctx, a, id, "keluar", map[string]any{"jabatan": positionID}, func(tx pgx.Tx, _ int64) error {
		return pg.Exec(ctx, tx, sqlDropMember, id, positionID)
	})
}

// AddHeads puts the heads of all units of a kind into a group: of those of its office and
// below, or of the whole city.
func (m *Module) AddHeads(ctx context.Context, a authz.Actor, id int64, kind string, city bool) (err error) {
	defer errs.In(&err, "eoffice.AddHeads(%d, %.20q)", id, kind)
	return m.onGroup(ctx, a, id, "tambah", map[string]any{"jenis": kind, "kota": city}, func(tx pgx.Tx, unitID int64) error {
		heads, err := pg.Scalars[int64](ctx, tx, sqlHeadsOfKind, unitID, kind, city)
		if err != nil {
			return err
		}
		if len(heads) == 0 {
			return errs.Invalid(errs.Field{Name: ControlHeads, Message: "Pilih kepala unit apa yang ditambahkan."})
		}
		return m.addMembers(ctx, tx, id, heads, ControlHeads)
	})
}

func (m *Module) addMembers(ctx context.Context, tx pgx.Tx, id int64, positions []int64, control string) error {
	if err := pg.Exec(ctx, tx, sqlAddMembers, id, positions); err != nil {
		return err
	}
	n, err := pg.Scalar[int](ctx, tx, sqlMembers, id)
	if err == nil && n > maxAddressees {
		err = errs.Invalid(errs.Field{Name: control, Message: "Satu kelompok paling banyak memuat 200 jabatan, sebanyak penerima satu naskah."})
	}
	return err
}

// GroupAdded is what became of a group that was chosen for a letter.
type GroupAdded struct {
	Name   string
	Added  int
	Known  int      // desks that had a part in the letter already and keep it
	Vacant []string // titles of desks among the added at which nobody sits
}

// AddGroup writes the desks of a group out as recipients of a draft, each for itself: those
// that have a part in it already keep that.
func (m *Module) AddGroup(ctx context.Context, a authz.Actor, letterID, groupID int64, copies bool) (out GroupAdded, err error) {
	defer errs.In(&err, "eoffice.AddGroup(%d, %d)", letterID, groupID)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, mo, err := m.drafting(ctx, tx, a, letterID)
		if err != nil {
			return err
		}
		g, err := pg.One[Group](ctx, tx, sqlGroupFor, groupID, c.UnitID)
		if err != nil && errs.KindOf(err) == errs.NotFound {
			return errs.Invalid(errs.Field{Name: ControlTo, Message: "Kelompok itu tidak ada lagi. Cari yang lain."})
		}
		if err != nil {
			return err
		}
		members, err := pg.Many[Place](ctx, tx, sqlGroupPlaces, groupID, mo.Now)
		if err != nil {
			return err
		}
		d, err := m.draftOf(ctx, tx, letterID)
		if err != nil {
			return err
		}
		out = d.addGroup(g.Name, members, copies)
		_, err = m.saveDraft(ctx, tx, a, letterID, c.Saved, d)
		return err
	})
	return out, err
}

// addGroup adds desks as recipients that came with a group.
func (d *Draft) addGroup(name string, members []Place, copies bool) GroupAdded {
	out := GroupAdded{Name: name}
	for _, p := range members {
		if d.concerns(p.PositionID) {
			out.Known++
			continue
		}
		t := Addressee{PositionID: p.PositionID, Group: name}
		if copies {
			d.CC = append(d.CC, t)
		} else {
			d.To = append(d.To, t)
		}
		out.Added++
		if p.Holder == "" {
			out.Vacant = append(out.Vacant, p.Title)
		}
	}
	return out
}

// concerns tells whether a desk has a part in a draft.
func (d *Draft) concerns(position int64) bool {
	has := func(t Addressee) bool { return t.PositionID == position }
	return slices.ContainsFunc(d.To, has) || slices.ContainsFunc(d.CC, has) || slices.ContainsFunc(d.Chain, func(l Link) bool { return l.PositionID == position })
}
