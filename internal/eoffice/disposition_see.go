package eoffice

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// An order comes through offices: that of the recipient in whose tree it is, those of who got
// the orders above it, and that of who gets it. These offices see all of it. Who stands lower
// in the tree sees of what is above only the sheets that led there, as they come along on
// paper, not what was reported on them. Who wrote the letter, and the other recipients, see
// how far it has come at each, but no orders.

// officeOfDesk is the office of a position p.
const officeOfDesk = `(SELECT o.id FROM org_unit w, unnest(w.ancestors) WITH ORDINALITY a (id, n) JOIN org_unit o ON o.id = a.id
	WHERE w.id = p.unit_id AND ` + isOffice + ` ORDER BY a.n DESC LIMIT 1)`

const (
	// The offices that the letter $1 came to and whose orders the person $2 sees at $3: those at
	// whose desks they got it, and those in the units $4, whose orders they read by permission.
	sqlSeenOffices = `
SELECT x.office FROM (SELECT unit_id AS office FROM eoffice_recipient WHERE letter_id = $1 AND unit_id IS NOT NULL
	UNION SELECT ` + officeOfDesk + ` FROM eoffice_disposition d JOIN org_position p ON p.id = d.to_id WHERE d.letter_id = $1 AND d.status <> 'dibatalkan') x
JOIN org_unit u ON u.id = x.office
WHERE u.ancestors && $4 OR x.office IN (
	SELECT ` + officeOfDesk + ` FROM (SELECT r.position_id, r.why FROM eoffice_letter l, ` + itsReaders + ` AND l.id = $1) g JOIN org_position p ON p.id = g.position_id
	WHERE g.why NOT IN ('konseptor', 'rantai', 'pendapat')
		OR EXISTS (SELECT FROM eoffice_recipient k WHERE k.letter_id = $1 AND k.sent_at IS NOT NULL AND p.id IN (k.position_id, k.screener_id))
		OR EXISTS (SELECT FROM eoffice_disposition d WHERE d.letter_id = $1 AND d.to_id = p.id AND d.status <> 'dibatalkan'))`

	// The orders on the letter $1 that the offices $2 see, and whether they came through them. Of
	// each: the order that its sheet lies below (0: none) and those of the sheets that led to it.
	// What was called back came to nobody.
	sqlSeenOrders = `
WITH RECURSIVE walk AS (
	SELECT d.id, d.recipient_id, 0::bigint AS sheet, ARRAY[0::bigint] AS sheets, ARRAY[k.unit_id, CASE WHEN d.status <> 'dibatalkan' THEN ` + officeOfDesk + ` END] AS offices
	FROM eoffice_disposition d JOIN eoffice_recipient k ON k.id = d.recipient_id JOIN org_position p ON p.id = d.to_id WHERE d.letter_id = $1 AND d.parent_id IS NULL
	UNION ALL
	SELECT d.id, d.recipient_id, d.parent_id, t.sheets || d.parent_id, t.offices || CASE WHEN d.status <> 'dibatalkan' THEN ` + officeOfDesk + ` END
	FROM walk t JOIN eoffice_disposition d ON d.parent_id = t.id JOIN org_position p ON p.id = d.to_id)
SELECT t.id, t.offices && $2 AS own FROM walk t
WHERE EXISTS (SELECT FROM walk b WHERE b.recipient_id = t.recipient_id AND b.offices && $2 AND t.sheet = ANY (b.sheets))`
)

// seenBy is what somebody sees of the orders on a letter.
type seenBy struct {
	offices []int64
	orders  map[int64]bool // by id; true: what came of it too
}

// own are the orders of which they see what came of them too.
func (s seenBy) own() []int64 {
	out := []int64{}
	for id, own := range s.orders {
		if own {
			out = append(out, id)
		}
	}
	return out
}

// seenOrders is what whoever acts, who may see all of a letter, sees of the orders on it.
func seenOrders(ctx context.Context, q pg.Querier, c *Case, mo Moment) (s seenBy, err error) {
	s.offices, err = pg.Scalars[int64](ctx, q, sqlSeenOffices, c.ID, mo.Actor.PersonID, mo.Now, c.readUnits(mo.Actor))
	if err != nil || len(s.offices) == 0 {
		s.offices = listOf(s.offices)
		return s, err
	}
	list, err := pg.Many[struct {
		ID  int64
		Own bool
	}](ctx, q, sqlSeenOrders, c.ID, s.offices)
	s.orders = map[int64]bool{}
	for _, o := range list {
		s.orders[o.ID] = o.Own
	}
	return s, err
}

// readUnits are the units whose letters of that secrecy somebody reads by permission.
func (c *Case) readUnits(a authz.Actor) []int64 {
	units := []int64{}
	if Matrix[c.Secrecy][Clerk] == Whole {
		units = append(units, a.Units(PermRegister)...)
		if c.finished() {
			units = append(units, a.Units(PermArchive)...)
		}
	}
	if Matrix[c.Secrecy][Colleague] == Whole {
		units = append(units, a.Units(PermUnitView)...)
	}
	return units
}
