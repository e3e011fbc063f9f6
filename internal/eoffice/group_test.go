package eoffice

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// Groups belong to an office, whose tata usaha keeps them, or to the city, for whoever sets its
// habits; a drafter finds those of the own office and of all above it.
func TestGroupsAreKeptByTheirOffice(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p, boss := c.people(), c.boss()
	own, root := c.unit("DPU"), boss.MainPosition().UnitID
	mine, err := c.MakeGroup(c.ctx, p.clerk.Actor, own, "  Mitra   Bina Marga ")
	c.must(err)
	theirs, err := c.MakeGroup(c.ctx, p.otherClerk.Actor, c.unit("BAPPEDA"), "Mitra Bappeda")
	c.must(err)
	all, err := c.MakeGroup(c.ctx, boss.Actor, root, "Para Camat se-Kota Makassar")
	c.must(err)
	for _, who := range []worker{p.head, p.otherClerk} {
		errstest.Kind(t, c.AddMember(c.ctx, who.Actor, mine, p.other.desk), errs.NotFound)
		errstest.Kind(t, c.RenameGroup(c.ctx, who.Actor, mine, "Milik saya"), errs.NotFound)
		errstest.Kind(t, c.DropGroup(c.ctx, who.Actor, mine), errs.NotFound)
		_, _, err := c.GroupOf(c.ctx, who.Actor, mine)
		errstest.Kind(t, err, errs.NotFound)
		_, err = c.Groups(c.ctx, who.Actor, own)
		errstest.Kind(t, err, errs.NotFound)
	}
	_, err = c.MakeGroup(c.ctx, p.clerk.Actor, root, "Semua")
	errstest.Kind(t, err, errs.NotFound)
	for _, name := range []string{"", "ab", strings.Repeat("x", 121)} {
		_, err := c.MakeGroup(c.ctx, p.clerk.Actor, own, name)
		errstest.Field(t, err, ControlGroupName)
	}
	other, err := c.MakeGroup(c.ctx, p.clerk.Actor, own, "Lain")
	c.must(err)
	errstest.Field(t, c.RenameGroup(c.ctx, p.clerk.Actor, other, "mitra bina marga"), ControlGroupName)
	c.must(c.RenameGroup(c.ctx, p.clerk.Actor, other, "Kelurahan sasaran"))
	errstest.Field(t, c.AddHeads(c.ctx, boss.Actor, all, "rt", true), ControlHeads)
	c.must(c.AddHeads(c.ctx, boss.Actor, all, "kecamatan", true))
	g, members, err := c.GroupOf(c.ctx, boss.Actor, all)
	if err != nil || !g.City || g.Members != 15 || len(members) != 15 {
		t.Errorf("%+v, %d desks, %v", g, len(members), err)
	}
	errstest.Field(t, c.AddHeads(c.ctx, p.clerk.Actor, mine, "kecamatan", false), ControlHeads)
	errstest.Field(t, func() error {
		c.must(c.AddHeads(c.ctx, boss.Actor, all, "kelurahan", true))
		return c.AddHeads(c.ctx, boss.Actor, all, "puskesmas", true)
	}(), ControlHeads)
	id := c.begin(p, p.draft())
	read, err := readCase(c.ctx, c.db.Pool, id, 0, c.clock.Now())
	c.must(err)
	for text, want := range map[string]string{"kelompok": "Kelurahan sasaran,Mitra Bina Marga,Para Camat se-Kota Makassar", "CAMAT kota": "Para Camat se-Kota Makassar", "mitra": "Mitra Bina Marga", "%": "", "zebra": ""} {
		found, err := c.GroupsFor(c.ctx, read, text)
		c.must(err)
		var names []string
		for _, g := range found {
			names = append(names, g.Name)
		}
		if got := strings.Join(names, ","); got != want {
			t.Errorf("%q finds %q", text, got)
		}
	}
	_, err = c.AddGroup(c.ctx, p.drafter.Actor, id, theirs, false)
	errstest.Field(t, err, ControlTo)
	c.must(c.DropGroup(c.ctx, boss.Actor, all))
	_, err = c.AddGroup(c.ctx, p.drafter.Actor, id, all, false)
	errstest.Field(t, err, ControlTo)
	if n := one[int](c, `SELECT count(*) FROM audit_entry WHERE action LIKE 'eoffice.group.%'`); n != 8 {
		t.Errorf("%d entries on the audit trail", n)
	}
}

// A group that is chosen becomes single recipients: nobody twice, nobody who has another part
// in the letter, the vacant ones told. The letter keeps what the group was called.
func TestAGroupIsWrittenOut(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id, err := c.MakeGroup(c.ctx, p.clerk.Actor, c.unit("DPU"), "Para Kepala Dinas")
	c.must(err)
	vacant := one[int64](c, `INSERT INTO org_position (unit_id, title, kind) VALUES ($1, 'Kepala UPT Alat Berat', 'struktural') RETURNING id`, c.unit("DPU"))
	gone := one[int64](c, `INSERT INTO org_position (unit_id, title, kind) VALUES ($1, 'Kepala Seksi Lama', 'struktural') RETURNING id`, c.unit("DPU"))
	seats := []int64{p.third.desk, p.other.desk, p.head.desk, p.stranger.desk, p.otherClerk.desk, vacant, gone, p.clerk.desk}
	for _, desk := range seats {
		c.must(c.AddMember(c.ctx, p.clerk.Actor, id, desk))
		c.must(c.AddMember(c.ctx, p.clerk.Actor, id, desk))
	}
	c.must(c.DropMember(c.ctx, p.clerk.Actor, id, p.clerk.desk))
	c.exec(`UPDATE org_position SET valid_to = '2026-11-01' WHERE id = $1`, gone)
	d := p.draft()
	d.CC = nil
	letter := c.begin(p, d) // to Bappeda; its head signs
	got, err := c.AddGroup(c.ctx, p.drafter.Actor, letter, id, false)
	c.must(err)
	if got.Added != 4 || got.Known != 2 || fmt.Sprint(got.Vacant) != "[Kepala UPT Alat Berat]" {
		t.Errorf("added %+v", got)
	}
	again, err := c.AddGroup(c.ctx, p.drafter.Actor, letter, id, true)
	if err != nil || again.Added != 0 || again.Known != 6 {
		t.Errorf("once more: %+v, %v", again, err)
	}
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: letter})
	errstest.Field(t, err, ControlTo)
	if !strings.Contains(errs.FieldsOf(err)[0].Message, "Kepala UPT Alat Berat sedang tidak ada pemangkunya") {
		t.Errorf("of the vacant desk: %v", err)
	}
	k, d, err := c.DraftOf(c.ctx, p.drafter.Actor, letter)
	c.must(err)
	for i := range d.To { // as the form sends it back
		d.To[i].Group, d.To[i].ToUnit = "", d.To[i].PositionID == vacant
	}
	_, err = c.SaveDraft(c.ctx, p.drafter.Actor, letter, k.Saved, d)
	c.must(err)
	c.must(c.DropGroup(c.ctx, p.clerk.Actor, id))
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: letter})
	c.must(err)
	c.toSign(p, letter)
	c.must(c.sign(p.head, letter).Err)
	words := pdfWords(t, c.paperOf(p.drafter, letter, PaperSigned))
	for _, want := range []string{"1. " + one[string](c, `SELECT title FROM org_position WHERE id = $1`, p.other.desk) + " 2. Para Kepala Dinas (daftar terlampir)", "Kepala UPT Alat Berat"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not on the paper:\n%s", want, words)
		}
	}
	if n := one[int](c, `SELECT count(*) FROM eoffice_recipient WHERE letter_id = $1 AND status = 'terkirim'`, letter); n != 5 {
		t.Errorf("%d got it", n)
	}
}

// Who changes a group at once with others loses nothing, and no group becomes larger than a
// letter's recipients may be.
func TestGroupsAreKeptAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p, boss := c.people(), c.boss()
	var wait sync.WaitGroup
	made := make([]error, 6)
	for i := range made {
		wait.Go(func() { _, made[i] = c.MakeGroup(c.ctx, p.clerk.Actor, c.unit("DPU"), "Mitra") })
	}
	wait.Wait()
	won := 0
	for _, err := range made {
		if err == nil {
			won++
		} else {
			errstest.Field(t, err, ControlGroupName)
		}
	}
	if won != 1 {
		t.Errorf("%d groups of one name", won)
	}
	id, err := c.MakeGroup(c.ctx, boss.Actor, boss.MainPosition().UnitID, "Semua lurah")
	c.must(err)
	added := make([]error, 6)
	for i := range added {
		wait.Go(func() {
			if i%2 == 0 {
				added[i] = c.AddHeads(c.ctx, boss.Actor, id, "kelurahan", true)
			} else {
				added[i] = c.AddMember(c.ctx, boss.Actor, id, p.head.desk)
			}
		})
	}
	wait.Wait()
	for _, err := range added {
		c.must(err)
	}
	if n, ords := one[int](c, `SELECT count(*) FROM eoffice_group_member WHERE group_id = $1`, id), one[int](c, `SELECT count(DISTINCT ord) FROM eoffice_group_member WHERE group_id = $1`, id); n != 154 || ords != n {
		t.Errorf("%d desks at %d places", n, ords)
	}
	letter := c.begin(p, p.draft())
	c.exec(`INSERT INTO eoffice_group_member (group_id, position_id, ord) SELECT $1, id, 1000 FROM org_position p WHERE kind = 'kepala' AND NOT EXISTS
		(SELECT FROM eoffice_group_member m WHERE m.group_id = $1 AND m.position_id = p.id) ON CONFLICT DO NOTHING`, id)
	_, err = c.AddGroup(c.ctx, p.drafter.Actor, letter, id, false)
	errstest.Field(t, err, ControlTo)
	if n := one[int](c, `SELECT count(*) FROM eoffice_recipient WHERE letter_id = $1`, letter); n != 2 {
		t.Errorf("%d recipients are left", n)
	}
}
