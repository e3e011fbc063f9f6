package eoffice

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Every action on a case in every status, by who may do everything and by who may do nothing.
func TestEveryPairOfADisposal(t *testing.T) {
	t.Parallel()
	for _, from := range append([]Status{""}, DisposalStatuses...) {
		for _, action := range DisposalActions {
			name := fmt.Sprintf("%s in %q", action, from)
			d := Disposal{ID: 1, Ancestors: []int64{1, 2}, Kind: ToDestroy, Status: from, Seq: 3, ReportStatus: Signed, Longest: 9,
				Members: []PanelMember{{PositionID: 1}, {PositionID: 2, Vote: ActVoteYes}, {PositionID: 40, Vote: ActVoteYes}}}
			e, err := DecideDisposal(&d, keeper(), action, "")
			_, stranger := DecideDisposal(&d, Moment{Now: start, Actor: authz.Actor{AccountID: 9, Kind: authz.Staff}}, action, "")
			s, ok := DisposalSteps[from][action]
			if !ok {
				if errs.KindOf(err) != errs.Conflict || errs.KindOf(stranger) != errs.Conflict {
					t.Errorf("%s: %v, %v", name, err, stranger)
				}
				continue
			}
			want := map[Status]Status{same: from, onward: DisposalAgreed}[s.To]
			switch {
			case action == ActCaseMake:
				want = DisposalJudged
			case want == "":
				want = s.To
			}
			if err != nil || e.To != want || e.From != from || e.Seq != 4 {
				t.Errorf("%s: %+v, %v, want %s", name, e, err, want)
			}
			if errs.KindOf(stranger) != errs.Forbidden {
				t.Errorf("%s by a stranger: %v", name, stranger)
			}
		}
	}
	d := Disposal{Ancestors: []int64{1}, Kind: ToDestroy, Status: DisposalAgreed, ReportStatus: Signed, Longest: 10}
	for _, c := range []struct {
		say    string
		change func()
	}{{"ANRI", func() {}}, {"", func() { d.ANRINote = "B-KN.00/12/2026, 3 Januari 2026" }}, {"belum ditandatangani", func() { d.ReportStatus = AwaitingSign }},
		{"belum ditandatangani", func() { d.ReportStatus = Revoked }}} {
		c.change()
		_, err := DecideDisposal(&d, keeper(), ActCarryOut, "")
		if (c.say == "") != (err == nil) || err != nil && !strings.Contains(errs.MessageOf(err), c.say) {
			t.Errorf("carried out: %v, want %q", err, c.say)
		}
	}
}

// disposing is a city in which a folder with confidential words in all places is due for
// destruction.
type disposing struct {
	*city
	people
	own, other, judge worker
	letter            int64
	folder            Folder
	keys              []string // of the files of the letter
}

// phrase stands in everything that must be gone.
const phrase = "kalimatyanghilang"

func newDisposing(t *testing.T, s Secrecy) *disposing {
	t.Helper()
	c := newCity(t)
	p := c.people()
	x := &disposing{city: c, people: p}
	x.own, x.other = c.archivists(p)
	x.judge = c.hire("struktural", "DPU", p.head.desk)
	c.must(c.SaveClass(c.ctx, c.boss().Actor, Class{Code: "600.1", Name: "Pekerjaan umum", ActiveYears: 1, InactiveYears: 1, Fate: "musnah", InUse: true}))
	d := p.draft()
	d.Secrecy, d.Body = s, "<p>Isi dengan "+phrase+" pertama.</p>"
	d.To = append(d.To, Addressee{Name: "Camat Somba Opu", Address: "Jalan " + phrase})
	id, err := c.Begin(c.ctx, p.drafter.Actor, "UND", p.drafter.desk, "undangan")
	c.must(err)
	_, err = c.SaveDraft(c.ctx, p.drafter.Actor, id, 0, d)
	c.must(err)
	c.must(c.AttachFile(c.ctx, p.drafter.Actor, id, Upload{Name: "Lampiran.txt", Upload: strings.NewReader("Lampiran dengan " + phrase + " juga.")}))
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	ask := Asking{Desks: []int64{p.head.desk}, Question: "Apakah " + phrase + " benar?", Due: start.AddDate(0, 0, 3)}
	c.must(c.AskOpinions(c.ctx, p.drafter.Actor, Act{ID: id}, ask))
	opinion := one[int64](c, `SELECT id FROM eoffice_opinion WHERE letter_id = $1`, id)
	c.open(p.head, id)
	c.must(c.Opine(c.ctx, p.head.Actor, Act{ID: opinion}, Answer{Stance: AgreesIf, Words: "Hanya bila " + phrase}))
	c.open(p.verifier, id)
	_, err = c.Edit(c.ctx, p.verifier.Actor, Act{ID: id}, Content{d.Subject, "<p>Isi dengan " + phrase + " kedua.</p>"})
	c.must(err)
	c.open(p.verifier, id)
	c.must(c.Return(c.ctx, p.verifier.Actor, Act{ID: id, Reason: "Perbaiki " + phrase + " itu"}))
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	c.toSign(p, id)
	c.must(c.sign(p.head, id).Err)
	if c.state(id).Status == Signed {
		_, err := c.Send(c.ctx, p.clerk.Actor, Act{ID: id})
		c.must(err)
	}
	c.open(p.other, id)
	r := c.recipient(id, p.other.desk)
	c.must(c.SavePlan(c.ctx, p.other.Actor, r.ID, 0, Plan{Start: start.AddDate(0, 0, 7), Place: "Ruang " + phrase}))
	if s == Open {
		ids, err := c.Give(c.ctx, p.other.Actor, Giving{RecipientID: r.ID, Orders: []NewOrder{{To: p.stranger.desk, Lead: true, Instructions: []string{"Tindak lanjuti"}, Note: "Kerjakan " + phrase}}})
		c.must(err)
		c.open(p.stranger, id)
		c.must(c.OnOrder(c.ctx, p.stranger.Actor, ActStart, Act{ID: ids[0]}))
		c.must(c.ReportOrder(c.ctx, p.stranger.Actor, Act{ID: ids[0]}, Report{Text: "Selesai, " + phrase}))
		c.must(c.OnOrder(c.ctx, p.other.Actor, ActAccept, Act{ID: ids[0]}))
	}
	if c.recipient(id, p.other.desk).Status != Done {
		c.must(c.Finish(c.ctx, p.other.Actor, r.ID, "Hasilnya "+phrase))
	}
	x.letter = id
	st := c.state(id)
	x.keys = append([]string{st.PDFKey}, one[string](c, `SELECT blob_key FROM eoffice_file WHERE letter_id = $1`, id))
	return x
}

// due files the letter in a folder of Dinas PU that was closed five years ago.
func (x *disposing) due() {
	x.t.Helper()
	if got, err := x.FileLetters(x.ctx, x.own.Actor, x.unit("DPU"), []int64{x.letter}, 0); err != nil || got.Done != 1 {
		x.t.Fatalf("%+v, %v", got, err)
	}
	id := one[int64](x.city, `SELECT folder_id FROM eoffice_filing WHERE letter_id = $1`, x.letter)
	if x.state(x.letter).Secrecy.Confidential() {
		x.must(x.AgreeFiling(x.ctx, x.head.Actor, id, x.letter, true))
	}
	day := start.AddDate(-5, 0, 0)
	x.exec(`UPDATE eoffice_folder SET year = $2, opened_on = $3 WHERE id = $1`, id, day.Year(), day)
	x.must(x.CloseFolder(x.ctx, x.own.Actor, OnFolder{ID: id}, day))
	_, err := x.ProposeDue(x.ctx)
	x.must(err)
	if x.folder = x.folderOf(id); x.folder.Proposed != ToDestroy {
		x.t.Fatalf("proposed %q", x.folder.Proposed)
	}
}

// proposal is the case of the folder, judged by three desks.
func (x *disposing) proposal() NewDisposal {
	return NewDisposal{UnitID: x.folder.UnitID, Kind: ToDestroy, Folders: []int64{x.folder.ID}, Panel: []int64{x.head.desk, x.second.desk, x.judge.desk}}
}

// agreed is a case that everybody agreed to, with its signed berita acara.
func (x *disposing) agreed() int64 {
	x.t.Helper()
	id, err := x.ProposeDisposal(x.ctx, x.own.Actor, x.proposal())
	x.must(err)
	for _, w := range []worker{x.head, x.second, x.judge} {
		x.must(x.VoteOnDisposal(x.ctx, w.Actor, id, true, "Setuju"))
	}
	x.signDeed(id)
	return id
}

func (x *disposing) signDeed(id int64) {
	x.t.Helper()
	deed, err := x.WriteDeed(x.ctx, x.own.Actor, id)
	x.must(err)
	again, err := x.WriteDeed(x.ctx, x.own.Actor, id)
	if err != nil || again != deed {
		x.t.Fatalf("a second click began %d after %d, %v", again, deed, err)
	}
	x.must(x.Withdraw(x.ctx, x.own.Actor, Act{ID: deed, Reason: "Salah susun"}))
	if deed, err = x.WriteDeed(x.ctx, x.own.Actor, id); err != nil || deed == again {
		x.t.Fatalf("after a withdrawn berita acara comes %d, %v", deed, err)
	}
	row, d, err := x.DraftOf(x.ctx, x.own.Actor, deed)
	x.must(err)
	of, err := x.DisposalOf(x.ctx, x.own.Actor, id)
	x.must(err)
	for _, p := range of.Members {
		if !slices.ContainsFunc(d.Chain, func(l Link) bool { return l.PositionID == p.PositionID && l.Duty == Sign }) {
			x.t.Errorf("%s does not sign: %+v", p.Title, d.Chain)
		}
	}
	x.must(checkChain(d.Chain))
	if d.KKA = "000.1"; !strings.Contains(d.Body, x.folder.Code()) {
		x.t.Fatalf("the berita acara says %s", d.Body)
	}
	d.Chain = []Link{{PositionID: x.head.desk, Duty: Sign}}
	_, err = x.SaveDraft(x.ctx, x.own.Actor, deed, row.Saved, d)
	x.must(err)
	_, err = x.Submit(x.ctx, x.own.Actor, Act{ID: deed})
	x.must(err)
	x.open(x.head, deed)
	x.must(x.sign(x.head, deed).Err)
}

// found lists where the phrase is readable: every column of every table, and every file.
func (x *disposing) found() (out []string) {
	x.t.Helper()
	columns, err := pg.Many[struct{ Table, Column string }](x.ctx, x.db.Owner(), `
		SELECT c.relname AS table, a.attname AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped`)
	x.must(err)
	for _, col := range columns {
		if n := one[int](x.city, fmt.Sprintf(`SELECT count(*) FROM %q WHERE %q::text ILIKE '%%%s%%'`, col.Table, col.Column, phrase)); n > 0 {
			out = append(out, col.Table+"."+col.Column)
		}
	}
	for _, key := range x.keys {
		if r, _, err := x.blobs.Get(x.ctx, key); err == nil {
			r.Close()
			out = append(out, key)
		}
	}
	return out
}

// sealed lists where words of the letter lie under seal: every sealed column of every table that
// speaks of letters, and its events.
func (x *disposing) sealed() (out []string) {
	x.t.Helper()
	columns, err := pg.Many[struct{ Table, Column, Key string }](x.ctx, x.db.Owner(), `
		SELECT a.attrelid::regclass::text AS table, a.attname AS column, k.attname AS key FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		JOIN pg_attribute k ON k.attrelid = a.attrelid AND (k.attname IN ('letter_id', 'recipient_id') OR k.attname = 'id' AND c.relname = 'eoffice_letter') AND NOT k.attisdropped
		WHERE c.relname LIKE 'eoffice\_%' AND c.relkind = 'r' AND a.attname LIKE '%\_sealed' AND a.attname <> 'token_sealed' AND NOT a.attisdropped`)
	x.must(err)
	for _, col := range columns {
		sql := fmt.Sprintf(`SELECT count(*) FROM %s WHERE %s IS NOT NULL AND %s = $1`, col.Table, col.Column, col.Key)
		if col.Key == "recipient_id" {
			sql = fmt.Sprintf(`SELECT count(*) FROM %s JOIN eoffice_recipient r ON r.id = recipient_id WHERE %s IS NOT NULL AND r.letter_id = $1`, col.Table, col.Column)
		}
		if one[int](x.city, sql, x.letter) > 0 {
			out = append(out, col.Table+"."+col.Column)
		}
	}
	if one[int](x.city, `SELECT count(*) FROM eoffice_event WHERE letter_id = $1 AND detail -> 'kata' IS NOT NULL`, x.letter) > 0 {
		out = append(out, "eoffice_event.detail")
	}
	return out
}

// What is destroyed is readable nowhere any more; what it was stays: number, day, subject,
// who did what. The letter's page says how it went.
func TestNothingIsReadableAfterDestruction(t *testing.T) {
	t.Parallel()
	for _, s := range []Secrecy{Open, Secret} {
		t.Run(string(s), func(t *testing.T) {
			t.Parallel()
			x := newDisposing(t, s)
			before := x.found()
			planted := map[Secrecy][]string{
				Open:   {"eoffice_letter.body", "eoffice_version.body", "eoffice_search.", "eoffice/lampiran/", "eoffice_opinion.question", "eoffice_opinion.words", "eoffice_agenda.place", "eoffice_disposition.note", "eoffice_disposition.report", "eoffice_event.reason"},
				Secret: {"eoffice_letter.content_sealed", "eoffice_version.content_sealed", "eoffice_opinion.question_sealed", "eoffice_opinion.words_sealed", "eoffice_agenda.place_sealed", "eoffice_event.detail"},
			}
			places := strings.Join(append(before, x.sealed()...), " ")
			for _, want := range planted[s] {
				if !strings.Contains(places, want) {
					t.Fatalf("the phrase is not in %s, only in %s: the search is broken", want, places)
				}
			}
			x.due()
			number := x.state(x.letter).LetterNumber
			id := x.agreed()
			errstest.Kind(t, x.CarryOut(x.ctx, x.head.Actor, id), errs.Forbidden)
			x.must(x.CarryOut(x.ctx, x.own.Actor, id))
			if left := x.found(); len(left) > 0 {
				t.Errorf("still readable: %v", left)
			}
			if left := x.sealed(); len(left) > 0 {
				t.Errorf("sealed words stay: %v", left)
			}
			errstest.Kind(t, x.CarryOut(x.ctx, x.own.Actor, id), errs.Conflict)
			x.sameAsReplay(t, x.letter)
			d := x.open(x.drafter, x.letter)
			if d.Status != Destroyed || d.Gone == nil || d.Gone.DeedNumber == "" || d.LetterNumber != number || len(d.Papers()) > 0 || len(d.Files) > 0 || len(d.Events) == 0 {
				t.Errorf("the stub: %+v, papers %v", d.Gone, d.Papers())
			}
			if s == Open && d.Content.Subject != "Perbaikan drainase" {
				t.Errorf("its subject: %q", d.Content.Subject)
			}
			addressee, got := x.people.other, x.recipient(x.letter, x.people.other.desk)
			if may := x.open(addressee, x.letter).RecipientActions[got.ID]; slices.Contains(may, ActFollow) {
				t.Errorf("what is gone may be ordered about: %v", may)
			}
			_, err := x.Give(x.ctx, addressee.Actor, Giving{RecipientID: got.ID, Orders: []NewOrder{{To: x.stranger.desk, Instructions: []string{"Tindak lanjuti"}}}})
			errstest.Kind(t, err, errs.Conflict)
			if f := x.folderOf(x.folder.ID); f.Status != Destroyed || f.Proposed != NoProposal || f.CaseID != 0 {
				t.Errorf("%+v", f)
			}
			if n, err := x.ProposeDue(x.ctx); err != nil || n != 0 {
				t.Errorf("proposed %d, %v", n, err)
			}
			if v, err := x.Versions(x.ctx, x.drafter.Actor, x.letter); err != nil || len(v) != 0 {
				t.Errorf("versions: %v, %v", v, err)
			}
		})
	}
}

// The panel decides: two who say their word at once end the case once, one objection ends it,
// and without a panel, the berita acara or the head of a confidential folder nothing goes.
func TestThePanelDecides(t *testing.T) {
	t.Parallel()
	x := newDisposing(t, Secret)
	x.due()
	n := x.proposal()
	if unit, err := x.ProposingOffice(x.ctx, x.own.Actor, 0); err != nil || unit != x.folder.UnitID {
		t.Errorf("proposed for %d, %v", unit, err)
	}
	if unit, err := x.ProposingOffice(x.ctx, x.people.other.Actor, x.folder.UnitID); err != nil || unit != 0 {
		t.Errorf("proposed for %d to somebody else, %v", unit, err)
	}
	n.Panel = n.Panel[:2]
	_, err := x.ProposeDisposal(x.ctx, x.own.Actor, n)
	errstest.Field(t, err, ControlPanel)
	boss := x.boss()
	errstest.Kind(t, x.SetPanelLeast(x.ctx, x.own.Actor, 2), errs.NotFound)
	errstest.Field(t, x.SetPanelLeast(x.ctx, boss.Actor, 0), ControlPanelLeast)
	errstest.Field(t, x.SetPanelLeast(x.ctx, boss.Actor, 16), ControlPanelLeast)
	x.must(x.SetPanelLeast(x.ctx, boss.Actor, 4))
	_, err = x.ProposeDisposal(x.ctx, x.own.Actor, x.proposal())
	errstest.Field(t, err, ControlPanel)
	x.must(x.SetPanelLeast(x.ctx, boss.Actor, 3))
	n.Panel = []int64{x.second.desk, x.judge.desk, x.verifier.desk}
	_, err = x.ProposeDisposal(x.ctx, x.own.Actor, n)
	errstest.Field(t, err, ControlPanel)
	_, err = x.ProposeDisposal(x.ctx, x.clerk.Actor, x.proposal())
	errstest.Kind(t, err, errs.Forbidden)
	_, err = x.ProposeDisposal(x.ctx, x.other.Actor, x.proposal())
	errstest.Kind(t, err, errs.Forbidden)
	n = x.proposal()
	n.Kind, n.KeeperID = ToInactive, n.UnitID
	_, err = x.ProposeDisposal(x.ctx, x.own.Actor, n)
	errstest.Field(t, err, ControlFolder)
	// Of many who propose the same folder one does.
	var wait sync.WaitGroup
	ids, failures := make([]int64, 4), make([]error, 4)
	for i := range ids {
		wait.Go(func() { ids[i], failures[i] = x.ProposeDisposal(x.ctx, x.own.Actor, x.proposal()) })
	}
	wait.Wait()
	if k := len(slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return id == 0 })); k != 1 {
		t.Fatalf("%d cases: %v", k, failures)
	}
	id := slices.Max(ids)
	errstest.Field(t, x.VoteOnDisposal(x.ctx, x.judge.Actor, id, false, ""), ControlWords)
	x.must(x.VoteOnDisposal(x.ctx, x.judge.Actor, id, false, "Masih dibutuhkan untuk gugatan"))
	errstest.Kind(t, x.VoteOnDisposal(x.ctx, x.second.Actor, id, true, ""), errs.Conflict)
	if f := x.folderOf(x.folder.ID); f.CaseID != 0 || f.Proposed != ToDestroy {
		t.Errorf("after the objection: %+v", f)
	}
	if id, err = x.ProposeDisposal(x.ctx, x.own.Actor, x.proposal()); err != nil {
		t.Fatal(err)
	}
	errstest.Kind(t, x.ReopenFolder(x.ctx, x.own.Actor, OnFolder{ID: x.folder.ID, Reason: "Salah tutup"}), errs.Conflict)
	x.must(x.VoteOnDisposal(x.ctx, x.head.Actor, id, true, ""))
	errstest.Kind(t, x.VoteOnDisposal(x.ctx, x.head.Actor, id, true, ""), errs.Forbidden)
	errstest.Kind(t, x.VoteOnDisposal(x.ctx, x.third.Actor, id, true, ""), errs.NotFound)
	votes := make([]error, 6)
	for i := range votes {
		who := []worker{x.second, x.judge}[i%2]
		wait.Go(func() { votes[i] = x.VoteOnDisposal(x.ctx, who.Actor, id, true, "Setuju") })
	}
	wait.Wait()
	if k := len(slices.DeleteFunc(votes, func(err error) bool { return err != nil })); k != 2 {
		t.Errorf("%d votes counted", k)
	}
	d, err := x.DisposalOf(x.ctx, x.second.Actor, id)
	if err != nil || d.Status != DisposalAgreed || len(d.Events) != 4 {
		t.Errorf("%s, %d events, %v", d.Status, len(d.Events), err)
	}
	errstest.Kind(t, x.CarryOut(x.ctx, x.own.Actor, id), errs.Conflict) // no berita acara
	errstest.Field(t, x.LinkDeed(x.ctx, x.own.Actor, id, "tidak ada"), ControlDeed)
	if n := one[int](x.city, `SELECT count(*) FROM eoffice_version WHERE letter_id = $1`, x.letter); n == 0 {
		t.Error("it was destroyed")
	}
	if _, err := x.db.Pool.Exec(x.ctx, `SELECT eoffice_destroy($1, $2, '2026-11-24')`, x.letter, id+1); err == nil {
		t.Error("the database destroys without a case")
	}
	errstest.Field(t, x.CancelDisposal(x.ctx, x.own.Actor, id, ""), ControlReason)
	x.must(x.CancelDisposal(x.ctx, x.own.Actor, id, "Panitia diganti"))
	if _, err := x.db.Pool.Exec(x.ctx, `SELECT eoffice_destroy($1, $2, '2026-11-24')`, x.letter, id); err == nil {
		t.Error("the database destroys for a case that was given up")
	}
}

// A legal hold stops everything: proposals, cases, and a destruction that is agreed to. Of
// a hold and a destruction at the same time one comes first, and the other does not happen.
func TestALegalHoldStopsEverything(t *testing.T) {
	t.Parallel()
	x := newDisposing(t, Open)
	x.due()
	on := OnFolder{ID: x.folder.ID, Reason: "Perkara nomor 12 tahun 2026"}
	errstest.Field(t, x.SetHold(x.ctx, x.own.Actor, on, "", nil), ControlAskedBy)
	errstest.Kind(t, x.SetHold(x.ctx, x.clerk.Actor, on, "Pengadilan Negeri", nil), errs.Forbidden)
	x.must(x.SetHold(x.ctx, x.own.Actor, on, "Pengadilan Negeri Makassar", nil))
	if n, err := x.ProposeDue(x.ctx); err != nil || n != 0 || x.folderOf(x.folder.ID).Proposed != NoProposal {
		t.Errorf("%d, %v", n, err)
	}
	_, err := x.ProposeDisposal(x.ctx, x.own.Actor, x.proposal())
	errstest.Field(t, err, ControlFolder)
	d, err := x.FolderOf(x.ctx, x.own.Actor, x.folder.ID, 0)
	if err != nil || len(d.Holds) != 1 || d.Holds[0].AskedBy != "Pengadilan Negeri Makassar" {
		t.Fatalf("%+v, %v", d.Holds, err)
	}
	x.must(x.LiftHold(x.ctx, x.head.Actor, OnFolder{ID: x.folder.ID, Reason: "Perkara sudah putus"}, d.Holds[0].ID))
	errstest.Kind(t, x.LiftHold(x.ctx, x.own.Actor, OnFolder{ID: x.folder.ID, Reason: "Sekali lagi"}, d.Holds[0].ID), errs.Conflict)
	// Until a day: the last one still counts.
	today := x.clock.Now()
	x.must(x.SetHold(x.ctx, x.own.Actor, on, "Inspektorat Daerah", &today))
	if n, err := x.ProposeDue(x.ctx); err != nil || n != 0 {
		t.Errorf("%d, %v", n, err)
	}
	x.clock.Advance(24 * time.Hour)
	if n, err := x.ProposeDue(x.ctx); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	id := x.agreed()
	x.must(x.SetHold(x.ctx, x.own.Actor, on, "Inspektorat Daerah", nil))
	errstest.Kind(t, x.CarryOut(x.ctx, x.own.Actor, id), errs.Conflict)
	if got := x.found(); len(got) == 0 {
		t.Error("it was destroyed under the hold")
	}
	d, err = x.FolderOf(x.ctx, x.own.Actor, x.folder.ID, 0)
	x.must(err)
	x.must(x.LiftHold(x.ctx, x.own.Actor, OnFolder{ID: x.folder.ID, Reason: "Perkara sudah putus"}, d.Holds[0].ID))
	var wait sync.WaitGroup
	var held, carried error
	wait.Go(func() { held = x.SetHold(x.ctx, x.own.Actor, on, "Kejaksaan Negeri", nil) })
	wait.Go(func() { carried = x.CarryOut(x.ctx, x.own.Actor, id) })
	wait.Wait()
	if (held == nil) == (carried == nil) {
		t.Fatalf("hold: %v, destruction: %v", held, carried)
	}
	if left := x.found(); (len(left) > 0) != (held == nil) {
		t.Errorf("hold: %v, still readable: %v", held, left)
	}
}

// A letter that another office keeps is destroyed only once that destroys it too; inactive
// folders move to the records unit, static ones are handed over for ever.
func TestFoldersMoveAndAreHandedOver(t *testing.T) {
	t.Parallel()
	x := newDisposing(t, Open)
	x.due()
	if got, err := x.FileLetters(x.ctx, x.other.Actor, x.unit("BAPPEDA"), []int64{x.letter}, 0); err != nil || got.Done != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	x.must(x.CarryOut(x.ctx, x.own.Actor, x.agreed()))
	if f := x.folderOf(x.folder.ID); f.Status != Destroyed || x.state(x.letter).Status != Archived {
		t.Errorf("%s, the letter that Bappeda keeps is %s", f.Status, x.state(x.letter).Status)
	}
	boss, keeper := x.boss(), x.hire("fungsional", "SETDA", 0, PermArchive)
	id := one[int64](x.city, `SELECT id FROM eoffice_folder WHERE unit_id = $1`, x.unit("BAPPEDA"))
	day := start.AddDate(-1, 0, -1)
	x.exec(`UPDATE eoffice_folder SET year = $2, opened_on = $3 WHERE id = $1`, id, day.Year(), day)
	x.must(x.CloseFolder(x.ctx, x.other.Actor, OnFolder{ID: id}, day))
	_, err := x.ProposeDue(x.ctx)
	x.must(err)
	n := NewDisposal{UnitID: x.unit("BAPPEDA"), Kind: ToInactive, Folders: []int64{id}, KeeperID: x.unit("SETDA")}
	_, err = x.ProposeDisposal(x.ctx, x.other.Actor, n)
	errstest.Field(t, err, ControlKeeper)
	errstest.Kind(t, x.SetKeeper(x.ctx, x.other.Actor, n.KeeperID, true), errs.NotFound)
	x.must(x.SetKeeper(x.ctx, boss.Actor, n.KeeperID, true))
	move, err := x.ProposeDisposal(x.ctx, x.other.Actor, n)
	x.must(err)
	if _, err := x.FolderOf(x.ctx, keeper.Actor, id, 0); errs.KindOf(err) != errs.NotFound {
		t.Errorf("seen before it moved: %v", err)
	}
	x.must(x.CarryOut(x.ctx, x.other.Actor, move))
	f, err := x.FolderOf(x.ctx, keeper.Actor, id, 0)
	if err != nil || f.Status != FolderInactive || f.KeeperName == "" {
		t.Errorf("%+v, %v", f, err)
	}
	x.must(x.SaveClass(x.ctx, boss.Actor, Class{Code: "600.1", Name: "Pekerjaan umum", ActiveYears: 1, InactiveYears: 0, Fate: "permanen", InUse: true}))
	_, err = x.ProposeDue(x.ctx)
	x.must(err)
	n.Kind, n.Panel = ToHandOver, []int64{x.people.other.desk, x.stranger.desk, x.otherClerk.desk}
	hand, err := x.ProposeDisposal(x.ctx, x.other.Actor, n)
	x.must(err)
	for _, w := range []worker{x.people.other, x.stranger, x.otherClerk} {
		x.must(x.VoteOnDisposal(x.ctx, w.Actor, hand, true, ""))
	}
	errstest.Kind(t, x.CarryOut(x.ctx, x.other.Actor, hand), errs.Conflict)
	number := one[string](x.city, `SELECT letter_number FROM eoffice_letter WHERE kind_code = 'BA' AND letter_number IS NOT NULL`)
	errstest.Field(t, x.LinkDeed(x.ctx, x.other.Actor, hand, number), ControlDeed) // of another office
	x.exec(`UPDATE eoffice_letter SET unit_id = $1 WHERE kind_code = 'BA'`, n.UnitID)
	x.must(x.LinkDeed(x.ctx, x.other.Actor, hand, number))
	linked := one[int64](x.city, `SELECT id FROM eoffice_letter WHERE letter_number = $1`, number)
	if got, err := x.WriteDeed(x.ctx, x.other.Actor, hand); err != nil || got != linked {
		t.Errorf("a linked berita acara is opened as %d, %v", got, err)
	}
	x.must(x.CarryOut(x.ctx, x.other.Actor, hand))
	if f := x.folderOf(id); f.Status != FolderHandedOver || x.state(x.letter).Status != Archived {
		t.Errorf("%s", f.Status)
	}
}
