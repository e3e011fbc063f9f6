package eoffice

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// archivists of the two offices.
func (c *city) archivists(p people) (own, other worker) {
	c.t.Helper()
	return c.hire("fungsional", "DPU", p.head.desk, PermArchive), c.hire("fungsional", "BAPPEDA", p.other.desk, PermArchive)
}

// done is a letter that its addressee read and finished.
func (c *city) done(p people, d Draft) int64 {
	c.t.Helper()
	id := c.sent(p, d)
	c.open(p.other, id)
	c.must(c.Finish(c.ctx, p.other.Actor, c.recipient(id, p.other.desk).ID, "Sudah dilaksanakan."))
	return id
}

// fileIn files letters as proposed and returns the folder of the first.
func (c *city) fileIn(w worker, unit string, ids ...int64) Folder {
	c.t.Helper()
	got, err := c.FileLetters(c.ctx, w.Actor, c.unit(unit), ids, 0)
	c.must(err)
	if got.Done != len(ids) {
		c.t.Fatalf("filed %+v", got)
	}
	return c.folderOf(one[int64](c, `SELECT folder_id FROM eoffice_filing WHERE letter_id = $1 AND unit_id = $2`, ids[0], c.unit(unit)))
}

func (c *city) folderOf(id int64) Folder {
	c.t.Helper()
	var f Folder
	tx, err := c.db.Pool.Begin(c.ctx)
	c.must(err)
	defer tx.Rollback(c.ctx)
	f, err = holdFolder(c.ctx, tx, id)
	c.must(err)
	return f
}

// pairFolder is a folder in which nothing forbids anything.
func pairFolder(from Status) Folder {
	return Folder{ID: 1, Ancestors: []int64{1, 2}, HeadID: 7, Status: from, Seq: 3, Letters: 2}
}

// keeper is somebody who is everything to every folder.
func keeper() Moment {
	m := everything("definitif")
	m.Actor.Grants = append(m.Actor.Grants, authz.Grant{Permission: PermArchive, UnitID: 1})
	return m
}

// Every action on a folder in every status, by who may do everything and by who may do nothing.
func TestEveryPairOfAFolder(t *testing.T) {
	t.Parallel()
	for _, from := range append([]Status{""}, FolderStatuses...) {
		for _, action := range FolderActions {
			f, name := pairFolder(from), string(action)+" in "+string(from)
			mo := keeper()
			switch action {
			case ActAgreeFiling, ActRefuseFiling:
				f.Waiting = 1
			case ActPostpone, ActAppraise:
				f.Proposed = ToAppraise
			case ActLift:
				f.HeldUntil = []time.Time{dayOf(start)}
			case ActPropose:
				mo.Actor = authz.System("uji")
			}
			e, err := DecideFolder(&f, mo, action, "")
			_, stranger := DecideFolder(&f, Moment{Now: start, Actor: authz.Actor{AccountID: 9, Kind: authz.Staff}}, action, "")
			s, ok := FolderSteps[from][action]
			if !ok {
				if errs.KindOf(err) != errs.Conflict || errs.KindOf(stranger) != errs.Conflict {
					t.Errorf("%s: %v, %v", name, err, stranger)
				}
				continue
			}
			want := s.To
			if want == same {
				want = from
			}
			if err != nil || e.To != want || e.From != from || e.Seq != 4 {
				t.Errorf("%s: %+v, %v", name, e, err)
			}
			if errs.KindOf(stranger) != errs.Forbidden {
				t.Errorf("%s by a stranger: %v", name, stranger)
			}
		}
	}
}

// Each office files what it wrote and what it got, in the folder of its classification; the
// office that wrote a letter archives it.
func TestFinishedLettersAreFiled(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	own, other := c.archivists(p)
	first, second, open := c.done(p, p.draft()), c.done(p, p.draft()), c.sent(p, p.draft())
	rows, next, err := c.Unfiled(c.ctx, own.Actor, c.unit("DPU"), 0, 0)
	if err != nil || len(rows) != 3 || next != 0 || rows[0].Proposed() != "600.1/2026/1" || rows[0].FolderID != 0 {
		t.Fatalf("%+v, %v", rows, err)
	}
	for _, only := range rows {
		if got, next, err := c.Unfiled(c.ctx, own.Actor, c.unit("DPU"), 0, only.LetterID); err != nil || next != 0 || !slices.Equal(got, []Unfiled{only}) {
			t.Errorf("only %d: %+v, %d, %v", only.LetterID, got, next, err)
		}
	}
	for _, is := range []struct{ after, only int64 }{{0, open + 1}, {first, first}, {second, first}} {
		if got, _, err := c.Unfiled(c.ctx, own.Actor, c.unit("DPU"), is.after, is.only); err != nil || len(got) != 0 {
			t.Errorf("%+v, of which there is none: %+v, %v", is, got, err)
		}
	}
	if _, _, err := c.Unfiled(c.ctx, own.Actor, c.unit("BAPPEDA"), 0, 0); errs.KindOf(err) != errs.NotFound {
		t.Errorf("another office's: %v", err)
	}
	f := c.fileIn(own, "DPU", first, second)
	if f.Code() != "600.1/2026/1" || f.Letters != 2 || f.Title != "Pekerjaan umum" || c.state(first).Status != Archived {
		t.Errorf("%+v, %s", f, c.state(first).Status)
	}
	c.sameAsReplay(t, first)
	rows, _, err = c.Unfiled(c.ctx, other.Actor, c.unit("BAPPEDA"), 0, 0)
	if err != nil || len(rows) != 2 || rows[0].Own {
		t.Fatalf("got by Bappeda: %+v, %v", rows, err)
	}
	got, err := c.FileLetters(c.ctx, other.Actor, c.unit("BAPPEDA"), []int64{first, open, 999999}, 0)
	if err != nil || got.Done != 1 || len(got.Problems) != 2 || !strings.Contains(got.Problems[0].Problem, "belum selesai") {
		t.Errorf("%+v, %v", got, err)
	}
	d := c.open(other, first)
	if len(d.Folders) != 2 || d.Folders[0].Mine || !d.Folders[1].Mine {
		t.Errorf("the letter says it lies in %+v", d.Folders)
	}
	if again, _ := c.FileLetters(c.ctx, own.Actor, c.unit("DPU"), []int64{first}, 0); again.Done != 0 || !strings.Contains(again.Problems[0].Problem, "sudah ada") {
		t.Errorf("filed twice: %+v", again)
	}
	// By hand into another open folder, from which it does not come back once that is closed.
	id, err := c.OpenFolder(c.ctx, own.Actor, NewFolder{UnitID: c.unit("DPU"), Year: 2026, KKA: "600.1", Title: "Drainase Toddopuli", Place: "Rak 3"})
	c.must(err)
	moved, err := c.FileLetters(c.ctx, own.Actor, c.unit("DPU"), []int64{first}, id)
	if err != nil || moved.Done != 1 || c.folderOf(id).Letters != 1 || c.folderOf(f.ID).Letters != 1 || c.folderOf(id).No != 2 {
		t.Errorf("moved: %+v, %v", moved, err)
	}
	errstest.Field(t, c.CloseFolder(c.ctx, own.Actor, OnFolder{ID: id}, start.AddDate(0, 0, 1)), ControlDay)
	c.must(c.CloseFolder(c.ctx, own.Actor, OnFolder{ID: id}, start.AddDate(0, 0, -1)))
	if back, _ := c.FileLetters(c.ctx, own.Actor, c.unit("DPU"), []int64{first}, f.ID); back.Done != 0 || !strings.Contains(back.Problems[0].Problem, "tertutup") {
		t.Errorf("taken out of a closed folder: %+v", back)
	}
	errstest.Kind(t, c.CloseFolder(c.ctx, own.Actor, OnFolder{ID: id, Seq: 1}, start), errs.Conflict)
	errstest.Field(t, c.ReopenFolder(c.ctx, own.Actor, OnFolder{ID: id}), ControlReason)
	errstest.Kind(t, c.ReopenFolder(c.ctx, p.clerk.Actor, OnFolder{ID: id, Reason: "Salah tutup"}), errs.Forbidden)
	c.must(c.ReopenFolder(c.ctx, own.Actor, OnFolder{ID: id, Reason: "Salah tutup"}))
	errstest.Kind(t, c.CorrectFolder(c.ctx, other.Actor, OnFolder{ID: id}, "Lain", ""), errs.NotFound)
	detail, err := c.FolderOf(c.ctx, p.head.Actor, id, 0)
	if err != nil || len(detail.Rows) != 1 || detail.Rows[0].LetterID != first || len(detail.Events) != 3 {
		t.Errorf("%+v, %v", detail, err)
	}
	if _, err := c.FolderOf(c.ctx, p.drafter.Actor, id, 0); errs.KindOf(err) != errs.NotFound {
		t.Errorf("seen by a drafter: %v", err)
	}
}

// What is confidential the archivist files and the head of the office agrees to; until then
// it is not archived, and nobody else learns what it is about.
func TestConfidentialLettersNeedTheHead(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	own, _ := c.archivists(p)
	d := p.draft()
	d.Secrecy = Secret
	first, second := c.done(p, d), c.done(p, d)
	if got, _ := c.FileLetters(c.ctx, p.clerk.Actor, c.unit("DPU"), []int64{first}, 0); got.Done != 0 {
		t.Error("the tata usaha filed it")
	}
	got, err := c.FileLetters(c.ctx, own.Actor, c.unit("DPU"), []int64{first, second}, 0)
	if err != nil || got.Done != 2 || got.Waiting != 2 || c.state(first).Status != Sent {
		t.Fatalf("%+v, %v", got, err)
	}
	waits, err := c.HeadWaits(c.ctx, p.head.Actor)
	if err != nil || len(waits) != 1 {
		t.Fatalf("%v, %v", waits, err)
	}
	id := waits[0]
	errstest.Kind(t, c.CloseFolder(c.ctx, own.Actor, OnFolder{ID: id}, start), errs.Conflict)
	errstest.Kind(t, c.AgreeFiling(c.ctx, own.Actor, id, first, true), errs.Forbidden)
	seen, err := c.FolderOf(c.ctx, own.Actor, id, 0)
	if err != nil || !seen.Confidential || len(seen.Rows) != 2 || seen.Rows[0].Subject != "" {
		t.Errorf("%+v, %v", seen, err)
	}
	var wait sync.WaitGroup
	results := make([]error, 4)
	for i := range results {
		wait.Go(func() { results[i] = c.AgreeFiling(c.ctx, p.head.Actor, id, first, true) })
	}
	wait.Wait()
	if n := len(slices.DeleteFunc(results, func(err error) bool { return err != nil })); n != 1 {
		t.Errorf("agreed to %d times", n)
	}
	c.must(c.AgreeFiling(c.ctx, p.head.Actor, id, second, false))
	if c.state(first).Status != Archived || c.state(second).Status != Sent || c.folderOf(id).Letters != 1 {
		t.Errorf("%s, %s", c.state(first).Status, c.state(second).Status)
	}
	rows, _, err := c.Unfiled(c.ctx, own.Actor, c.unit("DPU"), 0, 0)
	if err != nil || len(rows) != 1 || rows[0].LetterID != second || rows[0].Subject != "" {
		t.Errorf("what was refused: %+v, %v", rows, err)
	}
}

// However many file letters of one classification at once, they lie in one folder.
func TestManyFileIntoOneFolder(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	own, _ := c.archivists(p)
	ids := []int64{c.done(p, p.draft()), c.done(p, p.draft()), c.done(p, p.draft())}
	var wait sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for i := range 9 {
		wait.Go(func() {
			got, err := c.FileLetters(c.ctx, own.Actor, c.unit("DPU"), ids[i%3:i%3+1], 0)
			mu.Lock()
			defer mu.Unlock()
			if done += got.Done; err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := one[int](c, `SELECT count(*) FROM eoffice_folder`); n != 1 || done != 3 {
		t.Errorf("%d folders, %d filed", n, done)
	}
	if _, err := c.OpenFolder(c.ctx, own.Actor, NewFolder{UnitID: c.unit("DPU"), Year: 2027, KKA: "600.1"}); errs.KindOf(err) != errs.Unprocessable {
		t.Errorf("of next year: %v", err)
	}
}
