package org

import (
	"context"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// load reads the directory under a lock: readers go on, other changes of people
// and posts wait the seconds that the import takes.
func (im *staffImport) load(ctx context.Context) error {
	if err := pg.Exec(ctx, im.tx, sqlStaffLock); err != nil {
		return err
	}
	if err := im.loadUnits(ctx); err != nil {
		return err
	}
	posts, err := pg.Many[struct {
		ID         int64
		UnitID     int64
		Title      string
		Kind       string
		SuperiorID *int64
		Seats      int
	}](ctx, im.tx, sqlStaffPosts)
	if err != nil {
		return err
	}
	im.posts, im.postByID = map[postKey]*staffPost{}, map[int64]*staffPost{}
	for _, r := range posts {
		p := &staffPost{ID: r.ID, UnitID: r.UnitID, Title: r.Title, Kind: r.Kind, SuperiorID: r.SuperiorID, Seats: r.Seats}
		im.posts[postKey{p.UnitID, strings.ToLower(p.Title)}], im.postByID[p.ID] = p, p
		if p.Kind == PositionHead {
			im.posts[headKey(p.UnitID)] = p
		}
	}
	for _, p := range im.postByID {
		if p.SuperiorID != nil {
			p.superior = im.postByID[*p.SuperiorID]
		}
	}
	return im.loadPeople(ctx)
}

func (im *staffImport) loadUnits(ctx context.Context) error {
	units, err := Units(ctx, im.tx, UnitFilter{At: im.at})
	if err != nil {
		return err
	}
	im.units, im.unitByID = map[string]Unit{}, map[int64]Unit{}
	bearers := map[string]int{}
	for _, u := range units {
		im.unitByID[u.ID] = u
		names := map[string]bool{indo.Fold(u.Name): true, indo.Fold(u.ShortName): true}
		for name := range names {
			bearers[name]++
			im.units[name] = u
		}
	}
	for name, n := range bearers {
		if n > 1 {
			delete(im.units, name)
		}
	}
	for _, u := range units { // a code always wins over a name
		im.units[indo.Fold(u.Code)] = u
	}
	return nil
}

func (im *staffImport) loadPeople(ctx context.Context) error {
	people, err := pg.Many[struct {
		ID          int64
		AccountID   *int64
		Name        string
		StaffNumber *string
		Rank        string
		Employment  string
		Email       string
		LeftOn      *time.Time
	}](ctx, im.tx, sqlStaffPeople)
	if err != nil {
		return err
	}
	im.people = map[string]*staffPerson{}
	byID := map[int64]*staffPerson{}
	for _, r := range people {
		p := &staffPerson{ID: r.ID, AccountID: r.AccountID, Name: r.Name, Rank: r.Rank, Employment: r.Employment, Email: r.Email, LeftOn: r.LeftOn}
		byID[p.ID] = p
		if r.StaffNumber != nil {
			p.StaffNumber = *r.StaffNumber
			im.people[p.StaffNumber] = p
		}
	}
	seats, err := pg.Many[struct {
		ID         int64
		PositionID int64
		PersonID   int64
		Seat       int
		Kind       string
		StartsAt   time.Time
		EndsAt     *time.Time
	}](ctx, im.tx, sqlStaffSeats)
	if err != nil {
		return err
	}
	for _, r := range seats {
		post := im.postByID[r.PositionID]
		o := &staffSeat{ID: r.ID, Seat: r.Seat, Kind: r.Kind,
			StartsAt: r.StartsAt, EndsAt: r.EndsAt, post: post, holder: byID[r.PersonID]}
		post.seats = append(post.seats, o)
		o.holder.sits = append(o.holder.sits, o)
	}
	return nil
}

// write stores what was decided: who goes first, so that seats are free.
func (im *staffImport) write(ctx context.Context) error {
	for _, p := range im.people {
		if p.leaves != nil {
			if err := Leave(ctx, im.tx, im.a, im.at, p.ID, *p.leaves, im.sessions); err != nil {
				return err
			}
		}
	}
	for _, step := range []func(context.Context) error{im.writePeople, im.writePosts, im.writeSeats, im.writeTrail} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (im *staffImport) writePeople(ctx context.Context) error {
	var ids []int64
	var fresh, changed struct{ name, number, rank, employment, email []string }
	for _, p := range im.people {
		if p.row == 0 || p.leaves != nil || !p.changed {
			continue
		}
		into := &changed
		if p.ID == 0 {
			into = &fresh
		} else {
			ids = append(ids, p.ID)
		}
		into.name, into.number, into.rank = append(into.name, p.Name), append(into.number, p.StaffNumber), append(into.rank, p.Rank)
		into.employment, into.email = append(into.employment, p.Employment), append(into.email, p.Email)
	}
	made, err := pg.Many[struct {
		ID          int64
		StaffNumber string
	}](ctx, im.tx, sqlStaffInsert, fresh.name, fresh.number, fresh.rank, fresh.employment, fresh.email, im.at)
	if err != nil {
		return err
	}
	for _, m := range made {
		im.people[m.StaffNumber].ID = m.ID
	}
	return pg.Exec(ctx, im.tx, sqlStaffUpdate, ids, changed.name, changed.rank, changed.employment, changed.email, im.at)
}

func (im *staffImport) writePosts(ctx context.Context) error {
	var units []int64
	var titles, kinds []string
	var seats []int
	distinct := map[*staffPost]bool{}
	for _, p := range im.posts {
		if distinct[p] {
			continue
		}
		distinct[p] = true
		if p.fresh {
			units, titles, kinds, seats = append(units, p.UnitID), append(titles, p.Title), append(kinds, p.Kind), append(seats, p.Seats)
		}
	}
	made, err := pg.Many[struct {
		ID     int64
		UnitID int64
		Title  string
	}](ctx, im.tx, sqlStaffPostInsert, units, titles, kinds, seats, im.at)
	if err != nil {
		return positionError(err)
	}
	for _, m := range made {
		im.posts[postKey{m.UnitID, strings.ToLower(m.Title)}].ID = m.ID
	}
	var ids, superiors []int64
	seats = nil
	for p := range distinct {
		if !p.newSuperior && (!p.moreSeats || p.fresh) {
			continue
		}
		var superior int64
		if p.superior != nil {
			superior = p.superior.ID
		}
		ids, superiors, seats = append(ids, p.ID), append(superiors, superior), append(seats, p.Seats)
	}
	return pg.Exec(ctx, im.tx, sqlStaffPostUpdate, ids, superiors, seats, im.at)
}

func (im *staffImport) writeSeats(ctx context.Context) error {
	var gone, ended, posts, people []int64
	var ends, starts []time.Time
	var seats []int
	var bases []string
	for _, p := range im.posts {
		for _, o := range p.seats {
			switch {
			case o.holder.leaves != nil: // Leave did it
			case o.made:
				posts, people, seats = append(posts, p.ID), append(people, o.holder.ID), append(seats, o.Seat)
				starts, bases = append(starts, o.StartsAt), append(bases, o.basis)
			case o.gone:
				gone = append(gone, o.ID)
			case o.ended:
				ended, ends = append(ended, o.ID), append(ends, *o.EndsAt)
			}
		}
		p.seats = nil // a post may be known by two titles
	}
	if err := pg.Exec(ctx, im.tx, sqlStaffSeatsWithdraw, gone); err != nil {
		return err
	}
	if err := pg.Exec(ctx, im.tx, sqlStaffSeatsEnd, ended, ends); err != nil {
		return err
	}
	err := pg.Exec(ctx, im.tx, sqlStaffSeatsInsert, posts, seats, people, starts, bases, im.at)
	if pg.Violates(err, "org_occupancy_person_excl") {
		return errs.Wrap(errs.Conflict, err, "Seseorang di berkas ini sedang menjadi Plh di jabatan yang akan dipegangnya. Akhiri dahulu Plh itu.")
	}
	return err
}

// writeTrail leaves an entry for every person that the file changed.
func (im *staffImport) writeTrail(ctx context.Context) error {
	for _, p := range im.people {
		if p.row == 0 || p.leaves != nil || !p.changed && !p.moved && !p.reassigned {
			continue
		}
		detail := map[string]any{"person": p.changed}
		for _, m := range p.sits {
			if m.made {
				detail["position"], detail["from"], detail["basis"] = m.post.ID, m.StartsAt.Format(time.DateOnly), m.basis
			}
		}
		err := audit.Write(ctx, im.tx, im.a, im.at, audit.Entry{Action: "org.person.import", Object: "org_person",
			ObjectID: p.ID, UnitID: p.unitID, Detail: detail})
		if err != nil {
			return err
		}
	}
	return nil
}

const sqlStaffLock = `LOCK TABLE org_person, org_position, org_occupancy IN SHARE ROW EXCLUSIVE MODE`

const sqlStaffPosts = `SELECT id, unit_id, title, kind, superior_id, seats FROM org_position WHERE valid_to IS NULL`

const sqlStaffPeople = `SELECT id, account_id, name, staff_number, rank, employment, email, left_on FROM org_person`

const sqlStaffSeats = `SELECT o.id, o.position_id, o.person_id, o.seat, o.kind, o.starts_at, o.ends_at
FROM org_occupancy o JOIN org_position p ON p.id = o.position_id
WHERE o.kind <> 'plh' AND p.valid_to IS NULL ORDER BY o.id`

const sqlStaffInsert = `INSERT INTO org_person (name, staff_number, rank, employment, email, created_at, updated_at)
SELECT v.*, $6::timestamptz, $6::timestamptz FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) v
RETURNING id, staff_number`

const sqlStaffUpdate = `UPDATE org_person n SET name = v.name, rank = v.rank, employment = v.employment, email = v.email, updated_at = $6
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[]) v (id, name, rank, employment, email)
WHERE n.id = v.id`

// A post that comes with its holder has existed as long as people held it.
const sqlStaffPostInsert = `INSERT INTO org_position (unit_id, title, kind, seats, created_at, updated_at)
SELECT v.*, $5::timestamptz, $5::timestamptz FROM unnest($1::bigint[], $2::text[], $3::text[], $4::integer[]) v
RETURNING id, unit_id, title`

const sqlStaffPostUpdate = `UPDATE org_position p SET superior_id = nullif(v.superior_id, 0), seats = v.seats, updated_at = $4
FROM unnest($1::bigint[], $2::bigint[], $3::integer[]) v (id, superior_id, seats)
WHERE p.id = v.id`

const sqlStaffSeatsWithdraw = `DELETE FROM org_occupancy WHERE id = ANY ($1::bigint[])`

const sqlStaffSeatsEnd = `UPDATE org_occupancy o SET ends_at = v.ends_at
FROM unnest($1::bigint[], $2::timestamptz[]) v (id, ends_at) WHERE o.id = v.id`

const sqlStaffSeatsInsert = `INSERT INTO org_occupancy (position_id, seat, person_id, kind, starts_at, basis_number, created_at)
SELECT v.position_id, v.seat, v.person_id, 'definitif', v.starts_at, v.basis, $6
FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::timestamptz[], $5::text[]) v (position_id, seat, person_id, starts_at, basis)`
