package office_test

import (
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

func TestDuplicatesPointToAReportThatGoesOn(t *testing.T) {
	o := newOffice(t)
	id, number := o.file(filed{})
	parent, parentNumber := o.file(filed{})
	of := func(id int64, number string) error {
		return o.m.MarkDuplicate(o.ctx, o.dispatcher.Actor, mtr.DuplicateInput{Act: o.act(id), ParentNumber: number})
	}
	for _, wrong := range []string{"", "  ", number, strings.ToLower(number), "MTR-26-999999", "halo", strings.Repeat("9", 5000)} {
		o.refused(of(id, wrong), errs.Unprocessable, mtr.ControlParent)
	}
	_, held := o.file(filed{held: true})
	o.refused(of(id, held), errs.Unprocessable, mtr.ControlParent)
	rejected, rejectedNumber := o.file(filed{})
	o.must(o.m.Reject(o.ctx, o.dispatcher.Actor, mtr.RejectInput{Act: o.act(rejected), Reason: "Bukan laporan."}))
	o.refused(of(id, rejectedNumber), errs.Unprocessable, mtr.ControlParent)

	o.must(of(id, " "+strings.ToLower(parentNumber)+" "))
	if got := ask[int64](o, `SELECT parent_id FROM mtr_report WHERE id = $1`, id); got != parent {
		t.Errorf("parent %d, want %d", got, parent)
	}
	o.refused(of(parent, number), errs.Unprocessable, mtr.ControlParent)
	third, _ := o.file(filed{})
	o.refused(of(third, number), errs.Unprocessable, mtr.ControlParent)
	o.replays(id)
}

// A rahasia report is not there for a dispatcher elsewhere, not even as a parent.
func TestSecretReportsAreNoParentForOthers(t *testing.T) {
	o := newOffice(t)
	elsewhere := ask[int64](o, `SELECT id FROM org_unit WHERE kind = 'kelurahan' ORDER BY code DESC LIMIT 1`)
	_, secret := o.file(filed{confidential: true})
	home := o.kelurahan
	o.kelurahan = elsewhere
	id, _ := o.file(filed{})
	o.kelurahan = home
	local := o.hire("Lina", elsewhere, elsewhere, mtr.PermDispatch)
	o.refused(o.m.MarkDuplicate(o.ctx, local.Actor, mtr.DuplicateInput{Act: o.act(id), ParentNumber: secret}), errs.Unprocessable, mtr.ControlParent)
	o.must(o.m.MarkDuplicate(o.ctx, o.dispatcher.Actor, mtr.DuplicateInput{Act: o.act(id), ParentNumber: secret}))
}

// Two reports never become duplicates of each other, however fast two people are.
func TestNoCircleOfDuplicates(t *testing.T) {
	o := newOffice(t)
	a, an := o.file(filed{})
	b, bn := o.file(filed{})
	acts := []mtr.Act{o.act(a), o.act(b)}
	won := 0
	for _, err := range race(2, func(i int) error {
		return o.m.MarkDuplicate(o.ctx, o.dispatcher.Actor, mtr.DuplicateInput{Act: acts[i], ParentNumber: []string{bn, an}[i]})
	}) {
		if err == nil {
			won++
		} else {
			o.refused(err, errs.Unprocessable, mtr.ControlParent)
		}
	}
	if won != 1 {
		t.Errorf("%d became duplicates", won)
	}
}

// A parent that is being changed is waited for, not judged by what it was.
func TestDuplicatesWaitForTheParent(t *testing.T) {
	o := newOffice(t)
	id, _ := o.file(filed{})
	parent, number := o.file(filed{})
	act := o.act(id)
	tx, err := o.db.Owner().Begin(o.ctx)
	o.must(err)
	defer func() { _ = tx.Rollback(o.ctx) }()
	_, err = tx.Exec(o.ctx, `UPDATE mtr_report SET status = 'dibatalkan' WHERE id = $1`, parent)
	o.must(err)
	done := make(chan error, 1)
	go func() {
		done <- o.m.MarkDuplicate(o.ctx, o.dispatcher.Actor, mtr.DuplicateInput{Act: act, ParentNumber: number})
	}()
	for waits := false; !waits; {
		// As the role that waits: others do not see what it waits for.
		waits, err = pg.Scalar[bool](o.ctx, o.db.Pool, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`)
		o.must(err)
		select {
		case err := <-done:
			t.Fatalf("decided without waiting: %v", err)
		default:
		}
	}
	o.must(tx.Commit(o.ctx))
	o.refused(<-done, errs.Unprocessable, mtr.ControlParent)
}

// Those whose reports were closed in favour of another hear how that one goes on, also
// through a chain, and never about words that are not public.
func TestReportersOfDuplicatesFollowTheParent(t *testing.T) {
	o := newOffice(t)
	parent, parentNumber := o.file(filed{email: "induk@contoh.id", verified: true})
	first, firstNumber := o.file(filed{email: "satu@contoh.id", verified: true})
	second, _ := o.file(filed{email: "dua@contoh.id", verified: true})
	silent, _ := o.file(filed{email: "belum@contoh.id"})
	mark := func(id int64, parent string) {
		t.Helper()
		o.must(o.m.MarkDuplicate(o.ctx, o.dispatcher.Actor, mtr.DuplicateInput{Act: o.act(id), ParentNumber: parent}))
	}
	mark(second, firstNumber)
	mark(first, parentNumber)
	mark(silent, parentNumber)
	o.must(o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(parent), UnitID: o.dishub}))
	var got []string
	for _, m := range o.messages(parent, o.state(parent).Seq) {
		if m.Email != "" {
			got = append(got, m.Email)
		}
		if m.Email == "dua@contoh.id" && (!strings.Contains(m.Text, parentNumber) || !strings.Contains(m.Text, "Dinas Perhubungan") || !strings.Contains(m.Text, "/rahasia123")) {
			t.Errorf("told: %s", m.Text)
		}
	}
	if strings.Join(got, " ") != "induk@contoh.id satu@contoh.id dua@contoh.id" {
		t.Errorf("told %v", got)
	}
	o.must(o.m.Hide(o.ctx, o.moderator.Actor, o.reason(parent, "Ada nama orang.")))
	o.must(o.m.Start(o.ctx, o.head.Actor, mtr.StartInput{Act: o.act(parent)}))
	if n := len(o.messages(parent, o.state(parent).Seq)); n != 1 {
		t.Errorf("%d messages about a hidden report", n)
	}
}

// Messages reach the reporter by account, else by a contact that was proven; the head
// of the unit and the assigned person; nobody else, and never the one who acts.
func TestMessagesReachTheRightPeople(t *testing.T) {
	o := newOffice(t)
	account := ask[int64](o, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at) VALUES ('warga', 'Siti', 'siti@akun.example', now(), now()) RETURNING id`)
	forward := func(id int64) []told {
		o.must(o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(id), UnitID: o.dishub, Note: "Sedang dijadwalkan."}))
		return o.messages(id, o.state(id).Seq)
	}
	id, number := o.file(filed{account: account, email: "lain@contoh.id", verified: true})
	got := forward(id)
	if len(got) != 2 || got[0].AccountID != account || got[0].Email != "" || got[0].URL != "/mtr/laporan-saya/"+number || !strings.Contains(got[0].Text, "Sedang dijadwalkan.") {
		t.Fatalf("to an account: %+v", got)
	}
	if got[1].AccountID != o.head.AccountID || got[1].URL != "/meja/mtr/"+number || got[1].Topic != mtr.TopicTask {
		t.Errorf("to the head: %+v", got[1])
	}

	verified, number := o.file(filed{email: "siti@contoh.id", verified: true})
	got = forward(verified)
	if len(got) != 2 || got[0].Email != "siti@contoh.id" || !strings.Contains(got[0].Text, "https://kota.example/mtr/laporan/"+number+"/rahasia123") || got[0].URL != "" {
		t.Errorf("to a contact: %+v", got)
	}
	unverified, _ := o.file(filed{email: "siti@contoh.id"})
	if got = forward(unverified); len(got) != 1 || got[0].AccountID != o.head.AccountID {
		t.Errorf("to a contact not proven: %+v", got)
	}

	o.must(o.m.Assign(o.ctx, o.head.Actor, mtr.AssignInput{Act: o.act(id), PositionID: o.worker.position, PersonID: o.worker.PersonID}))
	if got = o.messages(id, o.state(id).Seq); len(got) != 1 || got[0].AccountID != o.worker.AccountID {
		t.Errorf("of the task: %+v", got)
	}
	o.must(o.m.Start(o.ctx, o.worker.Actor, mtr.StartInput{Act: o.act(id)}))
	o.photo(o.worker.Actor, id)
	o.must(o.m.SubmitProof(o.ctx, o.worker.Actor, mtr.ProofInput{Act: o.act(id), Answer: "Sudah."}))
	o.must(o.m.RejectProof(o.ctx, o.validator.Actor, o.reason(id, "Fotonya gelap.")))
	if got = o.messages(id, o.state(id).Seq); len(got) != 2 || got[0].AccountID != account || got[1].AccountID != o.worker.AccountID || !strings.Contains(got[1].Text, "Fotonya gelap.") {
		t.Errorf("of refused proof: %+v", got)
	}
	// Whose task it was hears that it is another's now, and that nobody need go.
	o.must(o.m.Assign(o.ctx, o.head.Actor, mtr.AssignInput{Act: o.act(id), PositionID: o.colleague.position, Note: "Wati cuti."}))
	if got = o.messages(id, o.state(id).Seq); len(got) != 2 || got[0].AccountID != o.worker.AccountID || got[1].AccountID != o.colleague.AccountID || !strings.Contains(got[1].Text, "Wati cuti.") {
		t.Errorf("of a task given on: %+v", got)
	}
	o.must(o.m.MarkDuplicate(o.ctx, o.dispatcher.Actor, mtr.DuplicateInput{Act: o.act(id), ParentNumber: number}))
	if got = o.messages(id, o.state(id).Seq); len(got) != 2 || got[0].AccountID != account || got[1].AccountID != o.colleague.AccountID {
		t.Errorf("of a task that is none any more: %+v", got)
	}
	// What staff say among themselves stays there.
	o.must(o.m.Note(o.ctx, o.head.Actor, o.reason(id, "Pelapor sering menelepon.")))
	if got = o.messages(id, o.state(id).Seq); len(got) != 0 {
		t.Errorf("of a remark: %+v", got)
	}
}

// Who reported opens with a reason, to those who may, and never without a trace.
func TestRevealIdentity(t *testing.T) {
	o := newOffice(t)
	plain := o.forwarded(filed{email: "siti@contoh.id"})
	anonymous := o.forwarded(filed{email: "siti@contoh.id", anonymous: true})
	secret := o.forwarded(filed{email: "siti@contoh.id", confidential: true})
	const why = "Alamatnya perlu ditanyakan lewat telepon."
	for _, s := range []staffer{o.dispatcher, o.head, o.revealer} {
		who, err := o.m.RevealIdentity(o.ctx, s.Actor, o.reason(plain, why))
		o.must(err)
		if who.Name != "Siti Pelapor" || who.Email != "siti@contoh.id" || who.EmailVerified {
			t.Errorf("opened %+v", who)
		}
	}
	o.refused(second(o.m.RevealIdentity(o.ctx, o.validator.Actor, o.reason(plain, why))), errs.Forbidden)
	for _, id := range []int64{anonymous, secret} {
		for _, s := range []staffer{o.dispatcher, o.head} {
			o.refused(second(o.m.RevealIdentity(o.ctx, s.Actor, o.reason(id, why))), errs.Forbidden)
		}
		o.refused(second(o.m.RevealIdentity(o.ctx, o.revealer.Actor, o.reason(id, ""))), errs.Unprocessable, mtr.ControlReason)
		if n := ask[int](o, `SELECT count(*) FROM audit_entry WHERE object_id = $1 AND action = 'mtr.report.reveal'`, id); n != 0 {
			t.Errorf("%d refused openings in the trail", n)
		}
		who, err := o.m.RevealIdentity(o.ctx, o.revealer.Actor, o.reason(id, why))
		o.must(err)
		if who.Name != "Siti Pelapor" {
			t.Errorf("opened %+v", who)
		}
		if got := ask[string](o, `SELECT detail->>'alasan' FROM audit_entry WHERE object_id = $1 AND action = 'mtr.report.reveal' AND account_id = $2`, id, o.revealer.AccountID); got != why {
			t.Errorf("the trail says %q", got)
		}
	}
	if n := ask[int](o, `SELECT count(*) FROM audit_entry WHERE detail::text ILIKE '%siti%'`); n != 0 {
		t.Error("the trail holds the name")
	}
}

func second[T any](_ T, err error) error { return err }

// Photos of an anonymous report open to the field when those who lead say so.
func TestReleasePhotosOnce(t *testing.T) {
	o := newOffice(t)
	id := o.started(filed{anonymous: true})
	o.must(o.m.ReleasePhotos(o.ctx, o.head.Actor, mtr.ReleaseInput{Act: o.act(id), Days: 3, Reason: "Tiangnya tidak ketemu."}))
	o.refused(o.m.ReleasePhotos(o.ctx, o.head.Actor, mtr.ReleaseInput{Act: o.act(id), Days: 3, Reason: "Tiangnya tidak ketemu."}), errs.Conflict)
	ref := o.shot(id, mtr.PhotoBefore, 1, false)
	worker := mtr.Viewer{Actor: o.worker.Actor}
	o.clock.Advance(3*24*time.Hour - time.Minute)
	if o.picture(worker, ref, mtr.Small) == nil {
		t.Error("the photo closed too early")
	}
	o.clock.Advance(time.Minute)
	if o.picture(worker, ref, mtr.Small) != nil {
		t.Error("the photo is open after its time")
	}
	o.refused(o.m.ReleasePhotos(o.ctx, o.head.Actor, mtr.ReleaseInput{Act: o.act(id), Days: 365, Reason: "Selamanya."}), errs.Unprocessable, mtr.ControlDays)
	o.must(o.m.ReleasePhotos(o.ctx, o.head.Actor, mtr.ReleaseInput{Act: o.act(id), Days: 1, Reason: "Masih dikerjakan."}))
	if o.picture(worker, ref, mtr.Small) == nil {
		t.Error("the photo is not open again")
	}
	o.replays(id)
	open := o.started(filed{})
	o.refused(o.m.ReleasePhotos(o.ctx, o.head.Actor, mtr.ReleaseInput{Act: o.act(open), Days: 3, Reason: "Tiangnya tidak ketemu."}), errs.Conflict)
}

func TestHiddenPhotosStayHidden(t *testing.T) {
	o := newOffice(t)
	id := o.proven(filed{})
	ref := ask[string](o, `SELECT ref FROM mtr_photo WHERE report_id = $1`, id)
	hide := func(ref string) error {
		return o.m.HidePhoto(o.ctx, o.moderator.Actor, mtr.HidePhotoInput{Act: o.act(id), Ref: ref, Reason: "Ada wajah anak."})
	}
	o.refused(hide("tidak-ada"), errs.Conflict)
	o.must(hide(ref))
	o.refused(hide(ref), errs.Conflict)
	_, err := o.m.OpenPhoto(o.ctx, mtr.Viewer{Actor: o.worker.Actor}, ref, mtr.Large)
	o.refused(err, errs.NotFound)
	f, err := o.m.OpenPhoto(o.ctx, mtr.Viewer{Actor: o.moderator.Actor}, ref, mtr.Large)
	o.must(err)
	f.Body.Close()
}
