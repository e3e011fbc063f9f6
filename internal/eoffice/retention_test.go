package eoffice

import (
	"bytes"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// A code without years of its own has those of the nearest code above; no code may be left
// without any. A trial of a list says what it would bring and keeps nothing.
func TestRetentionIsInherited(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	boss := c.boss()
	for _, x := range []Class{
		{Code: "600.1", Name: "Pekerjaan umum", ActiveYears: 1, InactiveYears: 2, Fate: "musnah", InUse: true},
		{Code: "600.1.2", Name: "Drainase", Inherits: true, InUse: true},
		{Code: "600.1.2.3", Name: "Saluran", Inherits: true, InUse: true},
		{Code: "600.12", Name: "Yang lain", Inherits: true, InUse: true},
	} {
		c.must(c.SaveClass(c.ctx, boss.Actor, x))
	}
	list, err := c.Classes(c.ctx, "600.1")
	c.must(err)
	for _, x := range list {
		want := map[string]string{"600.1": "600.1", "600.1.2": "600.1", "600.1.2.3": "600.1", "600.12": "600"}[x.Code]
		if x.Rule != want || want == "600.1" && (x.ActiveYears != 1 || x.Fate != "musnah") || x.Inherits != (x.Rule != x.Code) {
			t.Errorf("%+v, want the rule of %s", x, want)
		}
	}
	errstest.Field(t, c.SaveClass(c.ctx, boss.Actor, Class{Code: "777", Name: "Tanpa induk", Inherits: true}), ControlActive)
	errstest.Field(t, c.SaveClass(c.ctx, boss.Actor, Class{Code: "600", Name: "Pekerjaan umum dan lingkungan", Inherits: true}), ControlActive)
	text := []byte("kode;nama;aktif;inaktif;sesudahnya\n600.1;Pekerjaan umum;1;2;musnah\n600.1.2;Drainase;3;4;permanen\n600.1.9;Jembatan;;;\n")
	for _, trial := range []bool{true, false} {
		got, err := c.ImportClasses(c.ctx, boss.Actor, bytes.NewReader(text), int64(len(text)), trial)
		if err != nil || got != (Imported{Added: 1, Changed: 1, Same: 1}) {
			t.Fatalf("%+v, %v", got, err)
		}
		if n := one[int](c, `SELECT count(*) FROM eoffice_kka WHERE code = '600.1.9' OR code = '600.1.2' AND fate = 'permanen'`); (n == 0) != trial {
			t.Errorf("trial %v: %d", trial, n)
		}
	}
	if rule := one[string](c, `SELECT rule || fate FROM eoffice_retention('600.1.2.3')`); rule != "600.1.2permanen" {
		t.Errorf("inherited %s", rule)
	}
}

// closedFolder is a folder of Dinas PU with one letter, closed on a day.
func (c *city) closedFolder(p people, keeper worker, day time.Time) Folder {
	c.t.Helper()
	f := c.fileIn(keeper, "DPU", c.done(p, p.draft()))
	c.exec(`UPDATE eoffice_folder SET year = $2, opened_on = $3 WHERE id = $1`, f.ID, day.Year(), day)
	c.must(c.CloseFolder(c.ctx, keeper.Actor, OnFolder{ID: f.ID}, day))
	return c.folderOf(f.ID)
}

// The daily job proposes what is due and nothing twice; people put it off or decide; a
// change of the rules takes back what is not due any more.
func TestTheJobProposes(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p, boss := c.people(), c.boss()
	own, other := c.archivists(p)
	rule := Class{Code: "600.1", Name: "Pekerjaan umum", ActiveYears: 2, InactiveYears: 3, Fate: "dinilai_kembali", InUse: true}
	c.must(c.SaveClass(c.ctx, boss.Actor, rule))
	f := c.closedFolder(p, own, start.AddDate(-3, 0, 0))
	fresh := c.closedFolder(p, own, start)
	run := func(want int) {
		t.Helper()
		if n, err := c.ProposeDue(c.ctx); err != nil || n != want {
			t.Errorf("proposed for %d folders, %v, want %d", n, err, want)
		}
	}
	is := func(want Proposal) {
		t.Helper()
		if got := c.folderOf(f.ID); got.Proposed != want || (got.ProposedAt != nil) != (want != NoProposal) {
			t.Errorf("proposed %q, want %q", got.Proposed, want)
		}
	}
	run(1)
	run(0)
	is(ToInactive)
	if c.folderOf(fresh.ID).Proposed != NoProposal {
		t.Error("proposed for what was closed today")
	}
	rule.ActiveYears = 4
	c.must(c.SaveClass(c.ctx, boss.Actor, rule))
	run(1)
	is(NoProposal)
	rule.ActiveYears, rule.InactiveYears = 2, 1
	c.must(c.SaveClass(c.ctx, boss.Actor, rule))
	run(1)
	is(ToAppraise)
	for who, want := range map[string]int{"own": 1, "other": 0} {
		if n, err := c.ArchiveCounts(c.ctx, map[string]worker{"own": own, "other": other}[who].Actor); err != nil || n.Proposed != want {
			t.Errorf("%s: %+v, %v", who, n, err)
		}
	}
	on := OnFolder{ID: f.ID, Reason: "Masih dipakai pemeriksaan"}
	errstest.Kind(t, c.Postpone(c.ctx, other.Actor, on, start.AddDate(1, 0, 0)), errs.NotFound)
	errstest.Kind(t, c.Postpone(c.ctx, p.clerk.Actor, on, start.AddDate(1, 0, 0)), errs.Forbidden)
	errstest.Field(t, c.Postpone(c.ctx, own.Actor, on, start), ControlUntil)
	errstest.Field(t, c.Postpone(c.ctx, own.Actor, OnFolder{ID: f.ID}, start.AddDate(1, 0, 0)), ControlReason)
	c.must(c.Postpone(c.ctx, own.Actor, on, start.AddDate(0, 1, 0)))
	run(0)
	is(NoProposal)
	errstest.Kind(t, c.Appraise(c.ctx, own.Actor, on, "musnah", time.Time{}), errs.Conflict)
	c.clock.Advance(31 * 24 * time.Hour)
	run(1)
	is(ToAppraise)
	errstest.Field(t, c.Appraise(c.ctx, own.Actor, on, "dibakar", time.Time{}), ControlOutcome)
	c.must(c.Appraise(c.ctx, own.Actor, on, KeepOn, c.clock.Now().AddDate(1, 0, 0)))
	run(1) // kept, but not among what is active
	is(ToInactive)
	c.clock.Advance(366 * 24 * time.Hour)
	run(1)
	is(ToAppraise)
	c.must(c.Appraise(c.ctx, own.Actor, on, "musnah", time.Time{}))
	run(0)
	is(ToDestroy)
	due, err := c.DueIn(c.ctx, own.Actor, 2028)
	if err != nil || len(due) != 1 || due[0].Inactive != 1 || due[0].Destroy != 0 {
		t.Errorf("due in 2028: %+v, %v", due, err)
	}
	list, err := c.DueFolders(c.ctx, own.Actor, c.unit("DPU"), 2028)
	if err != nil || len(list) != 1 || list[0].ID != fresh.ID {
		t.Errorf("%+v, %v", list, err)
	}
	c.clock.Advance(366 * 24 * time.Hour) // what was to go and lies there is due still
	if due, err = c.DueIn(c.ctx, own.Actor, 2028); err != nil || len(due) != 1 || due[0].Inactive != 1 || due[0].Destroy != 1 {
		t.Errorf("due this year: %+v, %v", due, err)
	}
	if list, err = c.DueFolders(c.ctx, own.Actor, c.unit("DPU"), 2028); err != nil || len(list) != 2 || list[0].ID != f.ID {
		t.Errorf("%+v, %v", list, err)
	}
	if elsewhere, err := c.DueIn(c.ctx, other.Actor, 2028); err != nil || len(elsewhere) != 0 {
		t.Errorf("another office's: %+v, %v", elsewhere, err)
	}
}
