package office_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// What was blacked out opens to those who answer for it, with a reason on record, and to the
// field only while a supervisor lets it.
func TestOriginalsOpenOnRecord(t *testing.T) {
	o := newOffice(t)
	id := o.started(filed{anonymous: true})
	number := ask[string](o, `SELECT number FROM mtr_report WHERE id = $1`, id)
	o.words(id, "Bising", "Rumah Pak Amir ribut.", "Pasar", -5.14, 119.42)
	pending := o.photo(o.worker.Actor, id)
	o.must(o.m.SubmitProof(o.ctx, o.worker.Actor, mtr.ProofInput{Act: o.act(id), Answer: "Sudah."}))
	before := o.picture(mtr.Viewer{Actor: o.moderator.Actor}, pending.Ref, mtr.Large)
	// A photo of the reporter, closed to the field.
	o.run(`INSERT INTO mtr_photo (ref, report_id, kind, event_seq, width, height, dhash, stored, created_at)
		SELECT 'SEB-' || repeat('y', 18), $1, 'sebelum', 1, width, height, 0, true, created_at FROM mtr_photo WHERE ref = $2`, id, pending.Ref)
	for _, size := range []mtr.PhotoSize{mtr.Large, mtr.Small} {
		o.must(o.blobs.Put(o.ctx, "mtr/foto/SEB-"+strings.Repeat("y", 18)+"/"+string(size)+".jpg", bytes.NewReader(before), int64(len(before)), "image/jpeg"))
	}
	black := func(ref string) {
		t.Helper()
		o.must(o.m.RedactPhoto(o.ctx, o.moderator.Actor, mtr.RedactPhotoInput{Act: o.act(id), Ref: ref, Reason: "Ada wajah.", Boxes: []mtr.Box{{Width: 50, Height: 50}}}))
	}
	o.refused(o.m.ReleaseOriginals(o.ctx, o.mayor.Actor, mtr.ReleaseInput{Act: o.act(id), Days: 1, Reason: "Tidak ada."}), errs.Conflict)
	o.must(o.m.Redact(o.ctx, o.moderator.Actor, mtr.RedactInput{Act: o.act(id), Passages: "Pak Amir", Reason: "Nama orang."}))
	black(pending.Ref)
	black("SEB-" + strings.Repeat("y", 18))
	all, err := o.m.Originals(o.ctx, o.revealer.Actor, number)
	o.must(err)
	if len(all) != 3 || all[0].Photo || !all[1].Photo || all[0].ByName != "Mimi" || all[0].Reason != "Nama orang." {
		t.Fatalf("they are %+v", all)
	}
	open := func(a authz.Actor, i int, reason string) (mtr.OpenedOriginal, error) {
		return o.m.OpenOriginal(o.ctx, a, mtr.OpenOriginalInput{Act: o.act(id), Seq: all[i].Seq, Reason: reason})
	}
	const why = "Diminta penyidik."
	_, err = open(o.moderator.Actor, 0, "perlu")
	o.refused(err, errs.Unprocessable, mtr.ControlReason)
	for _, a := range []authz.Actor{o.worker.Actor, o.head.Actor, o.dispatcher.Actor, o.validator.Actor} {
		_, err = open(a, 0, why)
		o.refused(err, errs.Forbidden)
		_, err = o.m.Originals(o.ctx, a, number)
		o.refused(err, errs.Forbidden)
	}
	_, err = open(o.stranger.Actor, 0, why)
	o.refused(err, errs.NotFound)
	_, err = o.m.Originals(o.ctx, o.stranger.Actor, number)
	o.refused(err, errs.NotFound)
	_, err = o.m.OpenOriginal(o.ctx, o.moderator.Actor, mtr.OpenOriginalInput{Act: o.act(id), Seq: 1, Reason: why})
	o.refused(err, errs.NotFound)
	if n := ask[int](o, `SELECT count(*) FROM mtr_event WHERE report_id = $1 AND action = 'open_original'`, id); n != 0 {
		t.Errorf("%d refusals are in the history", n)
	}

	got, err := open(o.revealer.Actor, 0, why)
	o.must(err)
	if len(got.Words) != 3 || got.Words[1] != (mtr.OriginalWords{Where: "Uraian", Text: "Rumah Pak Amir ribut."}) {
		t.Errorf("the words were %+v", got.Words)
	}
	if got, err = open(o.mayor.Actor, 1, why); err != nil || !bytes.Equal(got.JPEG, before) {
		t.Errorf("the photo is another one: %v", err)
	}
	if n := ask[int](o, `SELECT count(*) FROM audit_entry WHERE action = 'mtr.report.open_original' AND detail ->> 'alasan' = $1 AND account_id = ANY ($2)`,
		why, []int64{o.revealer.AccountID, o.mayor.AccountID}); n != 2 {
		t.Errorf("%d of two are in the trail", n)
	}

	o.refused(o.m.ReleaseOriginals(o.ctx, o.head.Actor, mtr.ReleaseInput{Act: o.act(id), Days: 1, Reason: why}), errs.Forbidden)
	o.must(o.m.ReleaseOriginals(o.ctx, o.mayor.Actor, mtr.ReleaseInput{Act: o.act(id), Days: 1, Reason: why}))
	if got, err = open(o.worker.Actor, 1, why); err != nil || len(got.JPEG) == 0 {
		t.Errorf("the officer sees nothing: %v", err)
	}
	_, err = open(o.worker.Actor, 2, why) // taken by an anonymous reporter
	o.refused(err, errs.Forbidden)
	o.clock.Advance(24 * time.Hour)
	_, err = open(o.worker.Actor, 1, why)
	o.refused(err, errs.Forbidden)
	o.replays(id)
}
