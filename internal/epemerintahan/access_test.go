package epemerintahan

import (
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// accessActs are what the columns of accessTable are about, in their order. Each acts
// on a family of its own that nobody has touched.
var accessActs = []struct {
	name string
	do   func(c *city, a authz.Actor, f AddedFamily, h NewFamily) error
}{
	{"view", func(c *city, a authz.Actor, f AddedFamily, _ NewFamily) error {
		_, err := c.View(c.ctx, a, f.Residents[1])
		return err
	}},
	{"reveal", func(c *city, a authz.Actor, f AddedFamily, _ NewFamily) error {
		_, err := c.Reveal(c.ctx, a, f.Residents[1])
		return err
	}},
	{"family", func(c *city, a authz.Actor, f AddedFamily, _ NewFamily) error {
		_, err := c.ViewFamily(c.ctx, a, f.FamilyID)
		return err
	}},
	{"use", func(c *city, a authz.Actor, f AddedFamily, _ NewFamily) error {
		_, err := c.Lookup(c.ctx, c.db.Pool, a, f.Residents[1], "uji")
		return err
	}},
	{"find", func(c *city, a authz.Actor, _ AddedFamily, h NewFamily) error {
		_, err := c.ByNIK(c.ctx, a, h.Members[1].NIK)
		return err
	}},
	{"search", func(c *city, a authz.Actor, _ AddedFamily, h NewFamily) error {
		p, err := c.Search(c.ctx, a, Filter{Text: h.Members[1].NIK}, nil)
		if err == nil && len(p.Items) == 0 {
			err = errs.New(errs.NotFound, "")
		}
		return err
	}},
	{"edit", func(c *city, a authz.Actor, f AddedFamily, h NewFamily) error {
		in := EditInput{ID: f.Residents[1], Version: 1, Person: h.Members[1].Person}
		in.Job = 9
		return c.Edit(c.ctx, a, in)
	}},
	{"address", func(c *city, a authz.Actor, f AddedFamily, _ NewFamily) error {
		return c.EditFamily(c.ctx, a, EditFamilyInput{ID: f.FamilyID, Version: 1, RW: "9", RT: "9", Address: "Jl. Lain"})
	}},
	{"head", func(c *city, a authz.Actor, f AddedFamily, _ NewFamily) error {
		return c.ChangeHead(c.ctx, a, HeadInput{FamilyID: f.FamilyID, Version: 1, HeadID: f.Residents[1], Relations: map[int64]int{f.Residents[0]: 9}})
	}},
	{"event", func(c *city, a authz.Actor, f AddedFamily, _ NewFamily) error {
		return c.RecordEvent(c.ctx, a, EventInput{ResidentID: f.Residents[2], Version: 3, Kind: Died, On: today})
	}},
	{"undo", func(c *city, a authz.Actor, f AddedFamily, _ NewFamily) error {
		return c.ReverseEvent(c.ctx, a, ReverseInput{ResidentID: f.Residents[2], Version: 2, Seq: 2, Reason: "uji"})
	}},
	{"split", func(c *city, a authz.Actor, f AddedFamily, _ NewFamily) error {
		_, err := c.SplitFamily(c.ctx, a, SplitInput{FamilyID: f.FamilyID, Members: f.Residents[1:2], Relations: map[int64]int{f.Residents[1]: 1}, Home: Home{RW: "1", RT: "1", Address: "Jl. Lain"}})
		return err
	}},
	{"move", func(c *city, a authz.Actor, f AddedFamily, _ NewFamily) error {
		return c.MoveMembers(c.ctx, a, MoveInput{FamilyID: f.FamilyID, ToFamilyID: f.FamilyID + 1, Members: f.Residents[1:2], Relations: map[int64]int{f.Residents[1]: 9}})
	}},
	{"add", func(c *city, a authz.Actor, f AddedFamily, _ NewFamily) error {
		_, err := c.Create(c.ctx, a, CreateInput{NewResident: c.somebody(4), FamilyID: f.FamilyID})
		return err
	}},
	{"delete", func(c *city, a authz.Actor, f AddedFamily, _ NewFamily) error {
		return c.Delete(c.ctx, a, DeleteInput{ID: f.Residents[1], Version: 1, Reason: "uji"})
	}},
	{"begin", func(c *city, a authz.Actor, _ AddedFamily, h NewFamily) error {
		_, err := c.Create(c.ctx, a, CreateInput{NewResident: c.somebody(1), Home: h.Home})
		if errs.KindOf(err) == errs.Unprocessable && errs.FieldsOf(err)[0].Name == ControlKelurahan {
			err = errs.New(errs.NotFound, "") // a choice that is not offered
		}
		return err
	}},
	{"import", func(c *city, a authz.Actor, _ AddedFamily, h NewFamily) error {
		next := c.household(kassiKassi, 1)
		next.Home = h.Home
		out, err := c.tryAdd(a, next)
		if err == nil && len(out[0].Problems) > 0 {
			err = errs.New(errs.NotFound, "")
		}
		return err
	}},
	{"print", printing(PrintOption{}, false)},
	{"print in full", printing(PrintOption{Full: true, Purpose: "Pemeriksaan berkas"}, false)},
	{"print family", printing(PrintOption{}, true)},
	{"print family in full", printing(PrintOption{Full: true, Purpose: "Pemeriksaan berkas"}, true)},
}

func printing(o PrintOption, family bool) func(*city, authz.Actor, AddedFamily, NewFamily) error {
	return func(c *city, a authz.Actor, f AddedFamily, _ NewFamily) (err error) {
		if family {
			_, err = c.PrintFamily(c.ctx, a, f.FamilyID, o)
		} else {
			_, err = c.PrintResident(c.ctx, a, f.Residents[1], o)
		}
		return err
	}
}

// accessTable says what each role gets for each of accessActs: o for done, f for
// forbidden, n for "does not exist". The places are the kelurahan of the role, another
// one of its kecamatan, and one elsewhere in the city.
var accessTable = []struct {
	role, unit         string
	ps                 []authz.Permission
	own, near, faraway string
}{
	//                                                             lihat  ubah     hapus baru cetak
	{"no role", kassiKassi, nil, "nnnnnn nnnnnnnn n nn nnnn", "nnnnnn nnnnnnnn n nn nnnn", "nnnnnn nnnnnnnn n nn nnnn"},
	{"reader", kassiKassi, []authz.Permission{PermView}, "ofoooo ffffffff f nn ofof", "nnnnnn nnnnnnnn n nn nnnn", "nnnnnn nnnnnnnn n nn nnnn"},
	{"operator", kassiKassi, []authz.Permission{PermView, PermEdit, PermReveal}, "oooooo oooooooo f oo oooo", "nnnnnn nnnnnnnn n nn nnnn", "nnnnnn nnnnnnnn n nn nnnn"},
	{"sekretaris", kassiKassi, []authz.Permission{PermView, PermEdit, PermReveal, PermOverride}, "oooooo oooooooo f oo oooo", "nnnnnn nnnnnnnn n nn nnnn", "nnnnnn nnnnnnnn n nn nnnn"},
	{"lurah", kassiKassi, []authz.Permission{PermView, PermReveal, PermOverride, PermDelete}, "oooooo ffffffff o nn oooo", "nnnnnn nnnnnnnn n nn nnnn", "nnnnnn nnnnnnnn n nn nnnn"},
	{"lurah elsewhere", tidung, []authz.Permission{PermView, PermReveal, PermOverride, PermDelete}, "nnnnnn nnnnnnnn n nn nnnn", "oooooo ffffffff o nn oooo", "nnnnnn nnnnnnnn n nn nnnn"},
	{"camat", rappocini, []authz.Permission{PermView}, "ofoooo ffffffff f nn ofof", "ofoooo ffffffff f nn ofof", "nnnnnn nnnnnnnn n nn nnnn"},
	{"city", everywhere, all, "oooooo oooooooo o oo oooo", "oooooo oooooooo o oo oooo", "oooooo oooooooo o oo oooo"},
	{"editor who may not see", kassiKassi, []authz.Permission{PermEdit, PermReveal, PermOverride, PermDelete}, "nnnnnn nnnnnnnn n nn nnnn", "nnnnnn nnnnnnnn n nn nnnn", "nnnnnn nnnnnnnn n nn nnnn"},
}

func TestWhoMayDoWhatWhere(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	mayor := c.hire(everywhere, all...)
	var code string
	if err := c.db.Owner().QueryRow(c.ctx, `SELECT code FROM org_unit WHERE kind = 'kelurahan' AND code NOT LIKE $1 ORDER BY code LIMIT 1`, rappocini+"%").Scan(&code); err != nil {
		t.Fatal(err)
	}
	places := []string{kassiKassi, tidung, code}
	type role struct {
		name string
		a    authz.Actor
		want [3]string
	}
	var roles []role
	for _, r := range accessTable {
		want := [3]string{}
		for i, s := range []string{r.own, r.near, r.faraway} {
			if want[i] = strings.ReplaceAll(s, " ", ""); len(want[i]) != len(accessActs) {
				t.Fatalf("%s has %d cells for %d acts", r.role, len(want[i]), len(accessActs))
			}
		}
		roles = append(roles, role{r.role, c.hire(r.unit, r.ps...), want})
	}
	citizen := one[int64](c, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at) VALUES ('warga', 'Warga', 'warga@contoh.id', $1, $1) RETURNING id`, start)
	none := [3]string{}
	for i := range none {
		none[i] = strings.Repeat("n", len(accessActs))
	}
	roles = append(roles, role{"citizen", authz.Actor{AccountID: citizen, Kind: authz.Citizen}, none}, role{"visitor", authz.Actor{}, none})
	// Two families for each cell, the second one where people may move to.
	var homes []NewFamily
	for range roles {
		for _, place := range places {
			for range accessActs {
				homes = append(homes, c.household(place, 3), c.household(place, 1))
			}
		}
	}
	added := c.add(mayor, homes...)
	i := 0
	for _, r := range roles {
		for p, place := range places {
			for n, act := range accessActs {
				f, h := added[i], homes[i]
				i += 2
				if act.name == "event" || act.name == "undo" { // the third one moved away and is back, or away
					ok(t, c.RecordEvent(c.ctx, mayor, EventInput{ResidentID: f.Residents[2], Kind: MovedOut, On: today.AddDate(0, 0, -3), Detail: Detail{Destination: "Gowa"}}))
				}
				if act.name == "event" {
					ok(t, c.ReverseEvent(c.ctx, mayor, ReverseInput{ResidentID: f.Residents[2], Seq: 2, Reason: "uji"}))
				}
				err := act.do(c, r.a, f, h)
				got := "?"
				switch {
				case err == nil:
					got = "o"
				case errs.KindOf(err) == errs.Forbidden:
					got = "f"
				case errs.KindOf(err) == errs.NotFound:
					got = "n"
				}
				if want := r.want[p][n : n+1]; got != want {
					t.Errorf("%s, %s in %s: %s (%v), want %s", r.name, act.name, place, got, err, want)
				}
			}
		}
	}
}

// Bad input is a sentence beside its control, and nothing is written.
func TestBadInputIsSaid(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := c.hire(kassiKassi, all...)
	home := c.family(a, kassiKassi, 1)
	long := strings.Repeat("panjang ", 80)
	for _, bad := range []struct {
		control string
		spoil   func(in *CreateInput)
	}{
		{ControlName, func(in *CreateInput) { in.Name = "" }},
		{ControlName, func(in *CreateInput) { in.Name = "\u200b\u202e  " }},
		{ControlName, func(in *CreateInput) { in.Name = "😀 !!" }},
		{ControlName, func(in *CreateInput) { in.Name = long }},
		{ControlBirthPlace, func(in *CreateInput) { in.BirthPlace = "" }},
		{ControlBirthDate, func(in *CreateInput) { in.BirthDate = time.Time{} }},
		{ControlBirthDate, func(in *CreateInput) { in.BirthDate = time.Date(1879, 12, 31, 0, 0, 0, 0, time.UTC) }},
		{ControlBirthDate, func(in *CreateInput) { in.BirthDate = today.AddDate(0, 0, 1) }},
		{ControlSex, func(in *CreateInput) { in.Sex = 3 }},
		{ControlReligion, func(in *CreateInput) { in.Religion = -1 }},
		{ControlJob, func(in *CreateInput) { in.Job = 100 }},
		{ControlMarital, func(in *CreateInput) { in.Marital = 1 << 40 }},
		{ControlFather, func(in *CreateInput) { in.FatherName = long }},
		{ControlBirthDeed, func(in *CreateInput) { in.BirthDeed = long }},
		{ControlNIK, func(in *CreateInput) { in.NIK = "" }},
		{ControlNIK, func(in *CreateInput) { in.NIK = "７３７１１３１７０８８５０００１" }},
		{ControlNIK, func(in *CreateInput) { in.NIK = "7.37114E+15" }},
		{ControlNIK, func(in *CreateInput) { in.NIK = "7371133113850001" }},
		{ControlNIK, func(in *CreateInput) { in.NIKStatus = NIKNone }},
		{ControlNIKStatus, func(in *CreateInput) { in.NIKStatus = "entah" }},
		{ControlEntry, func(in *CreateInput) { in.Entry = Died }},
		{ControlDate, func(in *CreateInput) { in.EntryOn = today.AddDate(0, 0, 1) }},
		{ControlDate, func(in *CreateInput) { in.EntryOn = time.Date(1985, 8, 16, 0, 0, 0, 0, time.UTC) }},
		{ControlOrigin, func(in *CreateInput) { in.Detail.Origin = long }},
		{ControlReason, func(in *CreateInput) { in.Reason = long }},
		{ControlRT, func(in *CreateInput) { in.RT = "0" }},
		{ControlRT, func(in *CreateInput) { in.RT = "٣" }},
		{ControlRW, func(in *CreateInput) { in.RW = "1000" }},
		{ControlAddress, func(in *CreateInput) { in.Address = "\x00 " }},
		{ControlKK, func(in *CreateInput) { in.KK = "123" }},
		{ControlKelurahan, func(in *CreateInput) { in.KelurahanID = -5 }},
		{ControlKelurahan, func(in *CreateInput) { in.KelurahanID = c.unit(rappocini) }},
		{ControlRelation, func(in *CreateInput) { in.FamilyID, in.Relation = home.FamilyID, 12 }},
		{ControlRelation, func(in *CreateInput) { in.FamilyID, in.Relation = home.FamilyID, RelationHead }},
	} {
		in := CreateInput{NewResident: c.somebody(4), Home: c.home(kassiKassi)}
		bad.spoil(&in)
		_, err := c.Create(c.ctx, a, in)
		errstest.Field(t, err, bad.control)
	}
	if n := one[int](c, `SELECT count(*)::int FROM epemerintahan_resident`); n != 1 {
		t.Errorf("%d residents are recorded", n)
	}
	_, err := c.Create(c.ctx, a, CreateInput{NewResident: c.somebody(4), FamilyID: 1 << 62})
	errstest.Kind(t, err, errs.NotFound)
	// What is odd and allowed.
	in := CreateInput{NewResident: c.somebody(4), Home: c.home(kassiKassi)}
	in.Name, in.NIK = "  Te'ne\u00a0 D’Angelo <b>O'Neil</b>\x00 ", in.NIK[:4]+" \u200b"+in.NIK[4:]+"\n"
	id, err := c.Create(c.ctx, a, in)
	ok(t, err)
	if r := c.get(a, id); r.Name != "Te'ne D’Angelo <b>O'Neil</b>" || r.Relation != RelationHead {
		t.Errorf("%+v", r.Person)
	}
	in.NIK = c.number()
	in.Relation = 4
	_, err = c.Create(c.ctx, a, CreateInput{NewResident: in.NewResident, FamilyID: c.get(a, id).FamilyID})
	errstest.Field(t, err, ControlName) // sent twice
}
