package portal

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// PersonRow is somebody in a list of the administration.
type PersonRow struct {
	ID          int64
	Name        string
	StaffNumber string
	Rank        string
	Employment  string
	LeftOn      *time.Time
	HasAccount  bool
	Title       string // the main post now; empty for none
	UnitName    string
	Kind        string // of the occupancy
}

// PeopleFilter narrows People. Zero fields do not narrow, except that people
// who have left show only in State "keluar".
type PeopleFilter struct {
	Words     string
	State     string // "", keluar, tanpa_jabatan or tanpa_akun
	AfterName string
	AfterID   int64
}

// People lists those whom the actor manages by name, at most limit: people who
// hold or held a position in the actor's units; everybody for the whole city.
func (ad *Admin) People(ctx context.Context, a authz.Actor, f PeopleFilter, limit int) (ps []PersonRow, err error) {
	defer errs.In(&err, "portal.People")
	city, err := ad.InCity(ctx, a, PermPeople)
	if err != nil {
		return nil, err
	}
	ps, err = pg.Many[PersonRow](ctx, ad.DB, sqlPeople, city, realm(a, PermPeople), f.Words, f.State, f.AfterName, f.AfterID, limit, ad.Clock.Now())
	if err != nil {
		return nil, err
	}
	return ps, ad.note(ctx, ad.DB, a, audit.Entry{Action: "org.person.search", Object: "org_person", Detail: map[string]any{"found": len(ps)}})
}

// managed is a person together with how far the actor manages them.
type managed struct {
	org.Person
	Wholly bool // no post outside the actor's units
}

// person returns somebody whom the actor manages.
func (ad *Admin) person(ctx context.Context, q pg.Querier, a authz.Actor, id int64) (m managed, err error) {
	reach, err := pg.One[struct{ Any, Wholly bool }](ctx, q, sqlPersonReach, id, realm(a, PermPeople), ad.Clock.Now())
	if err != nil {
		return m, err
	}
	city, err := ad.InCity(ctx, a, PermPeople)
	if err != nil {
		return m, err
	}
	if !city && !reach.Any {
		return m, errs.New(errs.NotFound, "")
	}
	m.Wholly = city || reach.Wholly
	m.Person, err = org.PersonByID(ctx, q, id)
	return m, err
}

var errElsewhere = errs.New(errs.Conflict, "Orang ini juga bertugas di luar unit Anda. Minta administrator kota mengubahnya.")

// whole is person for changes to the person: those with a post elsewhere are
// errs.Conflict.
func (ad *Admin) whole(ctx context.Context, q pg.Querier, a authz.Actor, id int64) (org.Person, error) {
	m, err := ad.person(ctx, q, a, id)
	if err == nil && !m.Wholly {
		err = errElsewhere
	}
	return m.Person, err
}

// PersonDetail is everything the administration shows of one person.
type PersonDetail struct {
	org.Person
	Wholly      bool
	Occupancies []org.Occupancy
	Account     *authn.Account // nil: cannot sign in
}

// Person returns somebody whom the actor manages and notes that it was read.
func (ad *Admin) Person(ctx context.Context, a authz.Actor, id int64) (d PersonDetail, err error) {
	defer errs.In(&err, "portal.Person(%d)", id)
	m, err := ad.person(ctx, ad.DB, a, id)
	if err != nil {
		return d, err
	}
	d.Person, d.Wholly = m.Person, m.Wholly
	if d.Occupancies, err = org.Occupancies(ctx, ad.DB, org.OccupancyFilter{PersonID: id}); err != nil {
		return d, err
	}
	if d.AccountID != nil {
		acc, err := ad.Accounts.Account(ctx, *d.AccountID)
		if err != nil {
			return d, err
		}
		d.Account = &acc
	}
	return d, ad.note(ctx, ad.DB, a, audit.Entry{Action: "org.person.read", Object: "org_person", ObjectID: id})
}

// AddPerson records somebody and, with a position, appoints them there at once.
// Only the whole city's administrator may leave the position out: nobody else
// would see the person afterwards.
func (ad *Admin) AddPerson(ctx context.Context, a authz.Actor, key string, in org.PersonInput, post org.Appointment) (id int64, err error) {
	defer errs.In(&err, "portal.AddPerson")
	return ad.once(ctx, a, key, func(tx pgx.Tx) (int64, error) {
		now := ad.Clock.Now()
		if post.PositionID == 0 {
			if err := ad.needCity(ctx, a, PermPeople); err != nil {
				return 0, err
			}
			return org.AddPerson(ctx, tx, a, now, in)
		}
		if err := ad.mayFill(ctx, tx, a, post.PositionID); err != nil {
			return 0, err
		}
		id, err := org.AddPerson(ctx, tx, a, now, in)
		if err != nil {
			return 0, err
		}
		post.PersonID = id
		_, err = org.Appoint(ctx, tx, a, now, post)
		return id, err
	})
}

// UpdatePerson changes what is recorded about a person; errs.Conflict when
// somebody else did since the form was opened.
func (ad *Admin) UpdatePerson(ctx context.Context, a authz.Actor, id, version int64, in org.PersonInput) (err error) {
	defer errs.In(&err, "portal.UpdatePerson(%d)", id)
	return pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error {
		updated, err := pg.Scalar[time.Time](ctx, tx, sqlPersonVersion, id)
		if err != nil {
			return err
		}
		if _, err := ad.whole(ctx, tx, a, id); err != nil {
			return err
		}
		if err := fresh(version, updated); err != nil {
			return err
		}
		return org.UpdatePerson(ctx, tx, a, ad.Clock.Now(), id, in)
	})
}

// Leave records that a person works for the city until the day before day.
// When that day is here, the sessions end and a staff account is shut at once.
func (ad *Admin) Leave(ctx context.Context, a authz.Actor, id int64, day time.Time) (err error) {
	defer errs.In(&err, "portal.Leave(%d)", id)
	return pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error {
		p, err := ad.whole(ctx, tx, a, id)
		if err != nil {
			return err
		}
		if p.AccountID != nil && *p.AccountID == a.AccountID {
			return errs.New(errs.Conflict, "Anda tidak dapat mengeluarkan diri sendiri. Minta administrator lain.")
		}
		return org.Leave(ctx, tx, a, ad.Clock.Now(), id, DateOf(day), leaving{a, ad.Clock.Now()})
	})
}

// Readmit records that somebody who had left works for the city again. The
// account stays shut until an administrator of accounts opens it.
func (ad *Admin) Readmit(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "portal.Readmit(%d)", id)
	return pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error {
		if _, err := ad.whole(ctx, tx, a, id); err != nil {
			return err
		}
		return org.Readmit(ctx, tx, a, ad.Clock.Now(), id)
	})
}

// SettleLeavers shuts the accounts of those whose last day has passed; run it
// every minute.
func (ad *Admin) SettleLeavers(ctx context.Context) (n int, err error) {
	now := ad.Clock.Now()
	return org.SettleLeavers(ctx, ad.DB, now, leaving{authz.System("pegawai keluar"), now})
}

// Leaving is what ends the sessions, and for staff the account, of somebody
// whom an import says has left.
func Leaving(a authz.Actor, at time.Time) org.SessionEnder { return leaving{a, at} }

// leaving ends what somebody who has left could still do.
type leaving struct {
	a  authz.Actor
	at time.Time
}

// EndSessions signs the account out everywhere. A staff account is disabled as
// well; a citizen who was ketua RT stays a citizen.
func (l leaving) EndSessions(ctx context.Context, tx pgx.Tx, accountID int64) error {
	staff, err := pg.Scalar[bool](ctx, tx, sqlActiveStaff, accountID)
	if err != nil {
		return err
	}
	if staff {
		return authn.DisableTx(ctx, tx, l.a, l.at, accountID, "Tidak lagi bekerja di Pemerintah Kota")
	}
	return authn.EndSessions(ctx, tx, accountID)
}

// InvitePerson gives a person without an account one and mails the invitation.
func (ad *Admin) InvitePerson(ctx context.Context, a authz.Actor, id int64, email string) (inv authn.Invitation, err error) {
	defer errs.In(&err, "portal.InvitePerson(%d)", id)
	err = pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error {
		if _, err := pg.Scalar[time.Time](ctx, tx, sqlPersonVersion, id); err != nil {
			return err
		}
		p, err := ad.whole(ctx, tx, a, id)
		if err != nil {
			return err
		}
		if p.AccountID != nil {
			return errs.New(errs.Conflict, "Orang ini sudah punya akun. Kirim ulang undangannya dari halaman akun bila perlu.")
		}
		if p.LeftOn != nil {
			return errs.New(errs.Conflict, "Orang ini sudah keluar.")
		}
		if inv, err = ad.Accounts.Invite(ctx, tx, a, p.Name, email); err != nil {
			return err
		}
		return org.LinkAccount(ctx, tx, a, ad.Clock.Now(), id, inv.AccountID)
	})
	return inv, err
}

const sqlPersonVersion = `SELECT updated_at FROM org_person WHERE id = $1 FOR UPDATE`

const sqlActiveStaff = `SELECT kind = 'pegawai' AND status = 'active' FROM authn_account WHERE id = $1 FOR UPDATE`

// What counts for "wholly" is posts that are not over.
const sqlPersonReach = `SELECT
	coalesce(bool_or(u.ancestors && $2::bigint[]), false) AS any,
	coalesce(bool_and(u.ancestors && $2 OR o.ends_at <= $3::timestamptz), false) AS wholly
FROM org_occupancy o JOIN org_position p ON p.id = o.position_id JOIN org_unit u ON u.id = p.unit_id
WHERE o.person_id = $1`

const sqlPeople = `SELECT n.id, n.name, coalesce(n.staff_number, '') AS staff_number, n.rank, n.employment, n.left_on,
	n.account_id IS NOT NULL AS has_account,
	coalesce(post.title, '') AS title, coalesce(post.unit_name, '') AS unit_name, coalesce(post.kind, '') AS kind
FROM org_person n
LEFT JOIN LATERAL (
	SELECT p.title, u.name AS unit_name, o.kind
	FROM org_occupancy o JOIN org_position p ON p.id = o.position_id JOIN org_unit u ON u.id = p.unit_id
	WHERE o.person_id = n.id AND o.during @> $8::timestamptz
	ORDER BY o.kind, o.starts_at, o.id LIMIT 1
) post ON true
WHERE ($1::boolean OR EXISTS (
		SELECT FROM org_occupancy o JOIN org_position p ON p.id = o.position_id JOIN org_unit u ON u.id = p.unit_id
		WHERE o.person_id = n.id AND u.ancestors && $2::bigint[]))
	AND ($3::text = '' OR portal_unaccent(lower(n.name)) LIKE '%' || portal_unaccent(lower($3)) || '%'
		OR n.staff_number = replace($3, ' ', ''))
	AND CASE $4::text
		WHEN 'keluar' THEN n.left_on IS NOT NULL
		WHEN 'tanpa_jabatan' THEN n.left_on IS NULL AND post.title IS NULL
		WHEN 'tanpa_akun' THEN n.left_on IS NULL AND n.account_id IS NULL
		ELSE n.left_on IS NULL OR n.left_on > ($8 AT TIME ZONE 'Asia/Makassar')::date END
	AND ($6::bigint = 0 OR (lower(n.name), n.id) > (lower($5::text), $6))
ORDER BY lower(n.name), n.id LIMIT $7`
