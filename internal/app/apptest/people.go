package apptest

import (
	"context"
	"fmt"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// Staff is somebody who works for the city.
type Staff struct {
	Email, Name string
	UnitCode    string // where the position is and the permissions hold
	Title       string // of the position; "" is "Pelaksana"
	Kind        string // of the position: kepala, pelaksana …; "" is pelaksana. A kepala takes the unit's own post
	Permissions []authz.Permission
	// City makes the permissions hold in the whole city.
	City bool
}

// Hired is the ids of somebody made by Hire.
type Hired struct{ AccountID, PersonID, PositionID, OccupancyID, UnitID int64 }

// Hire makes an account, a person and a definitive position since a year ago,
// with a role of exactly the permissions.
func (s *Server) Hire(t testing.TB, h Staff) (out Hired) {
	t.Helper()
	ctx := context.Background()
	at := s.Clock.Now().AddDate(-1, 0, 0)
	if h.Title == "" {
		h.Title = "Pelaksana " + h.Name
	}
	if h.Kind == "" {
		h.Kind = "pelaksana"
	}
	scan := func(dst *int64, sql string, args ...any) {
		t.Helper()
		if err := s.DB.Owner().QueryRow(ctx, sql, args...).Scan(dst); err != nil {
			t.Fatalf("hire %s: %v", h.Email, err)
		}
	}
	scan(&out.UnitID, `SELECT id FROM org_unit WHERE lower(code) = lower($1) AND valid_to IS NULL`, h.UnitCode)
	scan(&out.AccountID, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at) VALUES ('pegawai', $1, $2, $3, $3) RETURNING id`, h.Name, h.Email, at)
	scan(&out.PersonID, `INSERT INTO org_person (account_id, name, staff_number, employment) VALUES ($1, $2, $3, 'pns') RETURNING id`, out.AccountID, h.Name, h.Email)
	if h.Kind == "kepala" { // every unit has the post already
		scan(&out.PositionID, `SELECT id FROM org_position WHERE unit_id = $1 AND kind = 'kepala' AND valid_to IS NULL`, out.UnitID)
	} else {
		scan(&out.PositionID, `INSERT INTO org_position (unit_id, title, kind) VALUES ($1, $2, $3) RETURNING id`, out.UnitID, h.Title, h.Kind)
	}
	scan(&out.OccupancyID, `INSERT INTO org_occupancy (position_id, person_id, kind, starts_at) VALUES ($1, $2, 'definitif', $3) RETURNING id`, out.PositionID, out.PersonID, at)
	s.Grant(t, out.PositionID, s.scope(t, h, out.UnitID), h.Permissions...)
	return out
}

func (s *Server) scope(t testing.TB, h Staff, unit int64) int64 {
	if !h.City {
		return unit
	}
	if err := s.Pool.QueryRow(context.Background(), `SELECT id FROM org_unit WHERE parent_id IS NULL`).Scan(&unit); err != nil {
		t.Fatal(err)
	}
	return unit
}

// Grant lets the holder of a position do things in a unit and below it.
func (s *Server) Grant(t testing.TB, positionID, unitID int64, ps ...authz.Permission) {
	t.Helper()
	ctx := context.Background()
	if len(ps) == 0 {
		return
	}
	var role int64
	if err := s.DB.Owner().QueryRow(ctx, `INSERT INTO authz_role (code, name) VALUES ('uji-' || $1::bigint || '-' || (SELECT count(*) FROM authz_role), 'Uji') RETURNING id`, positionID).Scan(&role); err != nil {
		t.Fatal(err)
	}
	for _, p := range ps {
		if _, err := s.DB.Owner().Exec(ctx, `INSERT INTO authz_role_permission (role_id, permission) VALUES ($1, $2)`, role, string(p)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.DB.Owner().Exec(ctx, `INSERT INTO authz_grant (position_id, role_id, unit_id, valid_from, created_at) VALUES ($1, $2, $3, $4, $4)`, positionID, role, unitID, s.Clock.Now().AddDate(-1, 0, 0)); err != nil {
		t.Fatal(err)
	}
}

// Citizen makes a citizen's account with a verified e-mail address.
func (s *Server) Citizen(t testing.TB, email, name string) (accountID int64) {
	t.Helper()
	err := s.DB.Owner().QueryRow(context.Background(),
		`INSERT INTO authn_account (kind, name, email, email_verified_at, created_at) VALUES ('warga', $1, $2, $3, $3) RETURNING id`,
		name, email, s.Clock.Now()).Scan(&accountID)
	if err != nil {
		t.Fatal(err)
	}
	return accountID
}

// Password gives an account a password, for what asks for it once more.
func (s *Server) Password(t testing.TB, accountID int64, password string) {
	t.Helper()
	hash, err := s.App.Accounts.Hasher.Hash(context.Background(), password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB.Owner().Exec(context.Background(), `UPDATE authn_account SET password_hash = $2 WHERE id = $1`, accountID, hash); err != nil {
		t.Fatal(err)
	}
}

// Assign gives somebody of the Inspektorat an assignment over modules in the whole city: it ran
// since a month ago and does for another. Without one they read nobody else's material.
func (s *Server) Assign(t testing.TB, h Hired, modules ...string) (id int64) {
	t.Helper()
	now := s.Clock.Now()
	var city int64
	if err := s.Pool.QueryRow(context.Background(), `SELECT id FROM org_unit WHERE parent_id IS NULL`).Scan(&city); err != nil {
		t.Fatal(err)
	}
	n := authz.NewAssignment{UnitID: h.UnitID, Number: fmt.Sprintf("700/%d/%d", h.PersonID, now.UnixNano()), IssuedOn: now, Subject: "Pengawasan uji",
		From: now.AddDate(0, -1, 0), To: now.AddDate(0, 1, 0), Members: []int64{h.PersonID}, By: h.AccountID}
	for _, module := range modules {
		n.Scopes = append(n.Scopes, authz.Scope{Module: module, UnitID: city})
	}
	id, err := authz.AddAssignment(context.Background(), s.Pool, now, n)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
