package apptest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Village is a kelurahan at work, with its letters and a family that asks for some:
// Sitti (0), her husband Basri (1), who is the head, Fadil (2), who is 19, and Aisyah (3).
type Village struct {
	*Server
	Kelurahan                  int64
	Operator, Secretary, Lurah authz.Actor
	Family                     []int64 // residents
	NIK                        []string
}

var villagers atomic.Int64

// Village brings the kelurahan with a code to life.
func (s *Server) Village(t testing.TB, code string) *Village {
	t.Helper()
	v := &Village{Server: s}
	v.must(t, s.App.Letters.EnsureKinds(context.Background()))
	hire := func(kind, title string, ps ...authz.Permission) Hired {
		h := s.Hire(t, Staff{
			Email: fmt.Sprintf("%s%d@portal.example", kind, villagers.Add(1)), Name: "Hasnah Mile", UnitCode: code,
			Title: title, Kind: kind, Permissions: ps,
		})
		v.Kelurahan = h.UnitID
		return h
	}
	operator := hire("pelaksana", "Pengelola Pelayanan Kelurahan",
		letter.PermView, letter.PermCheck, letter.PermIdentity, letter.PermConfigure, epemerintahan.PermView, epemerintahan.PermEdit)
	secretary := hire("sekretaris", "Sekretaris Kelurahan", letter.PermView, letter.PermParaf)
	lurah := hire("kepala", "", letter.PermView, letter.PermSign)
	v.Operator, v.Secretary, v.Lurah = v.Actor(t, operator.AccountID), v.Actor(t, secretary.AccountID), v.Actor(t, lurah.AccountID)
	v.settle(t)
	return v
}

// settle records the family.
func (v *Village) settle(t testing.TB) {
	t.Helper()
	f := epemerintahan.NewFamily{
		Home: epemerintahan.Home{KelurahanID: v.Kelurahan, RW: "003", RT: "002", Address: "Jl. Toddopuli III No. 12"},
		KK:   fmt.Sprintf("737113250112%04d", villagers.Add(1)),
	}
	for _, p := range []struct {
		relation, sex, marital int
		name                   string
		born                   time.Time
	}{
		{3, epemerintahan.Female, 2, "Sitti Rahmawati", time.Date(1985, 3, 12, 0, 0, 0, 0, time.UTC)},
		{1, epemerintahan.Male, 2, "Basri Dg. Ngalle", time.Date(1981, 5, 9, 0, 0, 0, 0, time.UTC)},
		{4, epemerintahan.Male, 1, "Muh. Fadil Basri", time.Date(2007, 8, 17, 0, 0, 0, 0, time.UTC)},
		{4, epemerintahan.Female, 1, "Aisyah Basri", time.Date(2012, 1, 30, 0, 0, 0, 0, time.UTC)},
	} {
		day := p.born.Day()
		if p.sex == epemerintahan.Female {
			day += 40
		}
		nik := fmt.Sprintf("737113%02d%s%04d", day, p.born.Format("0106"), villagers.Add(1))
		v.NIK = append(v.NIK, nik)
		f.Members = append(f.Members, epemerintahan.NewResident{NIK: nik, Person: epemerintahan.Person{
			Relation: p.relation, Name: p.name, Sex: p.sex, BirthPlace: "Makassar", BirthDate: p.born,
			Religion: 1, Education: 5, Job: 3, Marital: p.marital, Citizenship: 1, Permanence: 1,
		}})
	}
	v.must(t, pg.InTx(context.Background(), v.Pool, func(tx pgx.Tx) error {
		added, err := v.App.Residents.AddFamilies(context.Background(), tx, v.Operator, []epemerintahan.NewFamily{f})
		if err == nil && len(added[0].Problems) > 0 {
			err = fmt.Errorf("%+v", added[0].Problems)
		}
		if err == nil {
			v.Family = added[0].Residents
		}
		return err
	}))
}

// Enter makes a letter of a kind at the counter, about a member of the family.
func (v *Village) Enter(t testing.TB, code string, who int) int64 {
	t.Helper()
	ctx := context.Background()
	k, err := v.App.Letters.KindFor(ctx, v.Kelurahan, code)
	v.must(t, err)
	e := letter.Entry{
		KelurahanID: v.Kelurahan, Code: code, Subject: letter.Person{ResidentID: v.Family[who]}, Values: k.SampleValues(v.Clock.Now()),
	}
	for _, r := range k.Requirements {
		e.Checked = append(e.Checked, r.Name)
	}
	id, err := v.App.Letters.Enter(ctx, v.Operator, e)
	v.must(t, err)
	return id
}

func (v *Village) must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Actor is an account as it acts now.
func (s *Server) Actor(t testing.TB, accountID int64) authz.Actor {
	t.Helper()
	a, err := s.App.Accounts.Actor(context.Background(), accountID)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Prove lets the operator confirm that the account's owner is a member of the family.
func (v *Village) Prove(t testing.TB, accountID int64, who int) {
	t.Helper()
	ctx, m := context.Background(), v.App.Letters
	v.must(t, m.ClaimIdentity(ctx, v.Actor(t, accountID), v.NIK[who], v.Kelurahan, nil))
	claims, err := m.Claims(ctx, v.Operator, 0)
	v.must(t, err)
	v.must(t, m.ConfirmIdentity(ctx, v.Operator, claims[len(claims)-1].ID))
}
