package eoffice

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// boss sets what holds for the whole city.
func (c *city) boss() worker {
	return c.hire("pelaksana", one[string](c, `SELECT code FROM org_unit WHERE parent_id IS NULL`), 0, PermConfigure)
}

// What an office sets is its own; two who save at once do not overwrite each other.
func TestAnOfficeSetsHowItWrites(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	chief := c.hire("struktural", "DPU", p.head.desk, PermConfigure)
	unit := c.unit("DPU")
	o, err := c.OfficeOf(c.ctx, unit)
	if err != nil || o.Code != "DPU" || o.AnswerDays != 3 || !o.AutoSend || o.Version != 0 {
		t.Fatalf("%+v, %v", o, err)
	}
	o.Code, o.Paper, o.AnswerDays = "PU", "A4", 5
	errstest.Kind(t, c.SaveOffice(c.ctx, p.head.Actor, o), errs.NotFound)
	var wait sync.WaitGroup
	results := make([]error, 6)
	for i := range results {
		wait.Go(func() { results[i] = c.SaveOffice(c.ctx, chief.Actor, o) })
	}
	wait.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else {
			errstest.Kind(t, err, errs.Conflict)
		}
	}
	if won != 1 {
		t.Errorf("%d saves won", won)
	}
	o, err = c.OfficeOf(c.ctx, unit)
	c.must(err)
	if o.Version != 1 || o.Code != "PU" || o.AnswerDays != 5 {
		t.Errorf("saved: %+v", o)
	}
	id := c.sent(p, p.draft())
	if got := c.state(id).LetterNumber; got != "600.1/1/PU/XI/2026" {
		t.Errorf("numbered %q", got)
	}
	for control, change := range map[string]func(*Office){
		ControlCode: func(o *Office) { o.Code = "D P U" }, ControlPaper: func(o *Office) { o.Paper = "A3" }, ControlAnswer: func(o *Office) { o.AnswerDays = 31 },
	} {
		bad := o
		change(&bad)
		errstest.Field(t, c.SaveOffice(c.ctx, chief.Actor, bad), control)
	}
	errstest.Kind(t, c.SaveOffice(c.ctx, chief.Actor, Office{UnitID: c.unit("BAPPEDA"), Code: "X", Paper: "A4", AnswerDays: 3}), errs.NotFound)
}

// The classification is the city's: changed one by one, or by a file as a whole.
func TestTheCityKeepsTheClassification(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p, boss := c.people(), c.boss()
	chief := c.hire("struktural", "DPU", p.head.desk, PermConfigure)
	class := Class{Code: "600.1.2.3", Name: " Saluran  drainase ", ActiveYears: 2, InactiveYears: 5, Fate: "permanen", InUse: true}
	errstest.Kind(t, c.SaveClass(c.ctx, chief.Actor, class), errs.NotFound)
	c.must(c.SaveClass(c.ctx, boss.Actor, class))
	got, err := c.Classes(c.ctx, "drainase")
	if err != nil || len(got) != 1 || got[0].Name != "Saluran drainase" || got[0].Fate != "permanen" {
		t.Fatalf("%+v, %v", got, err)
	}
	class.InUse = false
	c.must(c.SaveClass(c.ctx, boss.Actor, class))
	d := p.draft()
	d.KKA = class.Code
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: c.begin(p, d)})
	errstest.Field(t, err, ControlKKA)
	for control, change := range map[string]func(*Class){
		ControlCode: func(x *Class) { x.Code = "6" }, ControlName: func(x *Class) { x.Name = "" }, ControlActive: func(x *Class) { x.ActiveYears = -1 },
		ControlInactive: func(x *Class) { x.InactiveYears = 101 }, ControlFate: func(x *Class) { x.Fate = "dibakar" },
	} {
		bad := class
		change(&bad)
		errstest.Field(t, c.SaveClass(c.ctx, boss.Actor, bad), control)
	}
	load := func(text string) (int, error) {
		got, err := c.ImportClasses(c.ctx, boss.Actor, bytes.NewReader([]byte(text)), int64(len(text)), false)
		return got.Added + got.Changed, err
	}
	const head = "kode;nama;aktif;inaktif;sesudahnya\n"
	before := one[int](c, `SELECT count(*) FROM eoffice_kka`)
	for text, says := range map[string]string{
		head: "tidak memuat kode", head + "600.7;Taman;1;2;permanen\nx;Salah;1;2;musnah\n": "Baris 3", head + "600.7;Taman;satu;2;musnah\n": "angka",
	} {
		_, err := load(text)
		errstest.Field(t, err, ControlSheet)
		if got := errs.FieldsOf(err)[0].Message; !strings.Contains(got, says) {
			t.Errorf("%q says %q", text, got)
		}
	}
	if n := one[int](c, `SELECT count(*) FROM eoffice_kka`); n != before {
		t.Errorf("a file that was refused changed %d codes", n-before)
	}
	if n, err := load(head + "600.7;Taman kota;1;2;Dinilai kembali\n600.7.1;Bibit;1;1;musnah\n"); err != nil || n != 2 {
		t.Errorf("%d, %v", n, err)
	}
	if n := one[int](c, `SELECT count(*) FROM eoffice_kka WHERE code LIKE '600.7%' AND in_use`); n != 2 {
		t.Errorf("%d codes", n)
	}
}

// How fast letters go is the city's.
func TestTheCitySetsThePace(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p, boss := c.people(), c.boss()
	all, err := c.Paces(c.ctx)
	if err != nil || len(all) != 4 {
		t.Fatalf("%+v, %v", all, err)
	}
	for i := range all {
		all[i].StepMinutes = 60
	}
	errstest.Kind(t, c.SavePaces(c.ctx, p.head.Actor, all), errs.NotFound)
	c.must(c.SavePaces(c.ctx, boss.Actor, all))
	id := c.submit(p, p.draft())
	if s := c.state(id); s.DueAt == nil || s.DueAt.Sub(s.StatusAt).Hours() != 1 {
		t.Errorf("due %v after %v", s.DueAt, s.StatusAt)
	}
	all[0].ActionMinutes = 0
	errstest.Field(t, c.SavePaces(c.ctx, boss.Actor, all), PaceControls(all[0].Code)[2])
}
