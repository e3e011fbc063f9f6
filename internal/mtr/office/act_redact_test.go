package office_test

import (
	"bytes"
	picture "image/jpeg"
	"io"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// picture is a photo as a viewer gets it, or nil when there is none for them.
func (o *office) picture(v mtr.Viewer, ref string, size mtr.PhotoSize) []byte {
	o.t.Helper()
	f, err := o.m.OpenPhoto(o.ctx, v, ref, size)
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	o.must(err)
	defer f.Body.Close()
	data, err := io.ReadAll(f.Body)
	o.must(err)
	return data
}

// Both sizes are black where the boxes are and nowhere else, the old address shows
// nothing any more, and the original is there for whoever has the key.
func TestPhotosAreBlackedOut(t *testing.T) {
	o := newOffice(t)
	id := o.proven(filed{})
	ref := ask[string](o, `SELECT ref FROM mtr_photo WHERE report_id = $1`, id)
	moderator := mtr.Viewer{Actor: o.moderator.Actor}
	before := o.picture(moderator, ref, mtr.Large)
	in := mtr.RedactPhotoInput{Act: o.act(id), Ref: ref, Reason: "Ada wajah anak.", Boxes: []mtr.Box{{Left: 0, Top: 0, Width: 50, Height: 50}}}
	for _, wrong := range [][]mtr.Box{nil, {{Left: 60, Width: 50, Height: 10}}, {{Left: -1, Width: 5, Height: 5}}, {{Width: 0, Height: 5}}, make([]mtr.Box, 6)} {
		bad := in
		bad.Boxes = wrong
		o.refused(o.m.RedactPhoto(o.ctx, o.moderator.Actor, bad), errs.Unprocessable, mtr.ControlBoxes)
	}
	o.refused(o.m.RedactPhoto(o.ctx, o.worker.Actor, in), errs.Forbidden)
	o.must(o.m.RedactPhoto(o.ctx, o.moderator.Actor, in))

	now := ask[string](o, `SELECT ref FROM mtr_photo WHERE report_id = $1`, id)
	if now == ref || o.picture(moderator, ref, mtr.Large) != nil {
		t.Error("the photo is still at its old address")
	}
	for _, size := range []mtr.PhotoSize{mtr.Large, mtr.Small} {
		m, err := picture.Decode(bytes.NewReader(o.picture(moderator, now, size)))
		o.must(err)
		w, h := m.Bounds().Dx(), m.Bounds().Dy()
		dark := func(x, y int) bool { r, g, b, _ := m.At(x, y).RGBA(); return r+g+b < 3*0x1800 }
		for y := 0; y < h/2-8; y += 5 {
			for x := 0; x < w/2-8; x += 5 {
				if !dark(x, y) {
					t.Fatalf("%s: something shows at %d,%d of %d×%d", size, x, y, w, h)
				}
			}
		}
		light := 0
		for x := w/2 + 8; x < w; x += 5 {
			if !dark(x, 3*h/4) {
				light++
			}
		}
		if light == 0 {
			t.Errorf("%s: everything is black", size)
		}
	}
	left := 0
	o.must(o.blobs.List(o.ctx, func(key string, _ blob.Info) error {
		if strings.Contains(key, ref) {
			left++
		}
		return nil
	}))
	if left != 0 {
		t.Errorf("%d open files of the old photo are left", left)
	}
	key := ask[string](o, `SELECT blob_key FROM mtr_redaction WHERE report_id = $1`, id)
	body, _, err := o.blobs.Get(o.ctx, key)
	o.must(err)
	sealed, err := io.ReadAll(body)
	o.must(err)
	o.must(body.Close())
	if plain, err := o.box.Open(sealed, "mtr.original"); err != nil || plain != string(before) || bytes.Contains(sealed, before[:64]) {
		t.Errorf("the original is not kept as it was: %v", err)
	}

	// What breaks off halfway leaves files that go by themselves.
	late := in
	late.Ref, late.Version = now, 1
	o.refused(o.m.RedactPhoto(o.ctx, o.moderator.Actor, late), errs.Conflict)
	o.clock.Advance(2 * time.Hour)
	o.must(o.m.Sweep(o.ctx))
	var files []string
	o.must(o.blobs.List(o.ctx, func(key string, _ blob.Info) error {
		files = append(files, key)
		return nil
	}))
	if len(files) != 3 || ask[int](o, `SELECT count(*) FROM mtr_stray`) != 0 || o.picture(moderator, now, mtr.Small) == nil {
		t.Errorf("left are %v", files)
	}
}

// What is blacked out is gone from every column and sealed; nothing else changes.
func TestWordsAreBlackedOut(t *testing.T) {
	o := newOffice(t)
	id, number := o.file(filed{})
	o.words(id, "Bising di rumah Pak Amir", "Pak  AMIR ribut. Telepon 0812-3456. Amirulah.", "Rumah Pak Amir", -5.14, 119.42)
	for _, wrong := range []string{"", "ab", "Pak Budi", "Pak Amir\nPak Budi", strings.Repeat("Pak Amir\n", 21)} {
		o.refused(o.m.Redact(o.ctx, o.moderator.Actor, mtr.RedactInput{Act: o.act(id), Passages: wrong, Reason: "Nama orang."}), errs.Unprocessable, mtr.ControlPassages)
	}
	o.refused(o.m.Redact(o.ctx, o.moderator.Actor, mtr.RedactInput{Act: o.act(id), Passages: "Pak Amir", Reason: "Nama pak amir."}), errs.Unprocessable, mtr.ControlReason)
	o.must(o.m.Redact(o.ctx, o.moderator.Actor, mtr.RedactInput{Act: o.act(id), Passages: "pak amir\n0812-3456", Reason: "Nama orang."}))
	v, err := o.m.DeskView(o.ctx, o.dispatcher.Actor, number)
	o.must(err)
	if v.Title != "Bising di rumah ███" || v.Body != "███ ribut. Telepon ███. Amirulah." || v.Landmark != "Rumah ███" {
		t.Errorf("it reads %q, %q, %q", v.Title, v.Body, v.Landmark)
	}
	sealed := ask[[]byte](o, `SELECT words_sealed FROM mtr_redaction WHERE report_id = $1`, id)
	if plain, err := o.box.Open(sealed, "mtr.original"); err != nil || !strings.Contains(plain, "Pak  AMIR ribut. Telepon 0812-3456") {
		t.Errorf("the original reads %q, %v", plain, err)
	}
	page, err := o.m.PublicList(o.ctx, mtr.Filter{Text: "0812-3456"}, mtr.Page{})
	o.must(err)
	if len(page.Items) != 0 {
		t.Error("what is blacked out is found")
	}
	o.replays(id)
}

// Turning anonymous closes the photos to the field and the identity to the desks, once.
func TestAnonymousAfterwards(t *testing.T) {
	o := newOffice(t)
	citizen := ask[int64](o, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at)
		VALUES ('warga', 'Siti', 'siti@contoh.id', $1, $1) RETURNING id`, tuesday)
	who := authz.Actor{AccountID: citizen, Kind: authz.Citizen}
	id, number := o.file(filed{account: citizen})
	ref := o.shot(id, mtr.PhotoBefore, 1, false)
	o.must(o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(id), UnitID: o.dishub}))
	o.must(o.m.Assign(o.ctx, o.head.Actor, mtr.AssignInput{Act: o.act(id), PositionID: o.worker.position, PersonID: o.worker.PersonID}))
	worker := mtr.Viewer{Actor: o.worker.Actor}
	if o.picture(worker, ref, mtr.Small) == nil || o.picture(mtr.Viewer{}, ref, mtr.Small) == nil {
		t.Fatal("the photo of a report that is not anonymous is closed")
	}
	key := mtr.ReporterKey{Number: number}
	o.refused(o.m.Anonymize(o.ctx, authz.Actor{AccountID: o.worker.AccountID, Kind: authz.Citizen}, key), errs.NotFound)
	won := 0
	for _, err := range race(5, func(int) error { return o.m.Anonymize(o.ctx, who, key) }) {
		if err == nil {
			won++
		} else {
			o.refused(err, errs.Conflict)
		}
	}
	if won != 1 {
		t.Errorf("%d of five clicks won", won)
	}
	if o.picture(worker, ref, mtr.Small) != nil || o.picture(mtr.Viewer{}, ref, mtr.Small) != nil {
		t.Error("the photo is still open")
	}
	if o.picture(mtr.Viewer{Actor: who}, ref, mtr.Small) == nil {
		t.Error("the reporter lost their photo")
	}
	_, err := o.m.RevealIdentity(o.ctx, o.head.Actor, o.reason(id, "Perlu menelepon pelapor."))
	o.refused(err, errs.Forbidden)
	if r, err := o.m.PublicView(o.ctx, number); err != nil || strings.Contains(strings.ToLower(r.Timeline[len(r.Timeline)-1].Reason), "anonim") {
		t.Error(r.Timeline, err)
	}
	o.replays(id)
}
