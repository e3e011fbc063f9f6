package office_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// pdf is a document of one empty page with what is put into its middle.
func pdf(inside string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	b.WriteString(inside)
	xref := b.Len()
	b.WriteString("xref\n0 4\n0000000000 65535 f \n")
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", xref)
	return b.Bytes()
}

func document(name string, data []byte) mtr.DocumentInput {
	return mtr.DocumentInput{Name: name, File: bytes.NewReader(data), Size: int64(len(data))}
}

func TestDocumentsArePDFAndNothingElse(t *testing.T) {
	o := newOffice(t)
	id := o.started(filed{category: "PUNGLI"})
	good := pdf("")
	// An archive hidden in a comment of the PDF, whose own comment is the PDF's end.
	tail := good[bytes.Index(good, []byte("xref\n")):]
	archive := mediatest.Archive("jahat.exe", "MZ") // ends with the length of its comment
	hidden := slices.Concat(good[:bytes.Index(good, []byte("xref\n"))], binary.LittleEndian.AppendUint16(archive[:len(archive)-2:len(archive)-2], uint16(len(tail))), tail)
	for name, data := range map[string][]byte{
		"empty":              {},
		"text":               []byte("bukan pdf"),
		"photo":              mediatest.JPEG(32, 32),
		"page":               []byte("<!doctype html><script>alert(1)</script>"),
		"only a head":        []byte("%PDF-1.7\n"),
		"cut short":          good[:len(good)-30],
		"something in front": append([]byte("GIF89a"), good...),
		"something behind":   append(append([]byte{}, good...), "<script>alert(1)</script>"...),
		"archive behind":     slices.Concat(good, archive),
		"archive inside":     hidden,
		"page inside":        bytes.Replace(good, []byte("1 0 obj"), []byte("<html><script>x</script>\n1 0 obj"), 1),
		"no cross-reference": bytes.Replace(good, []byte("xref\n0 4"), []byte("XXXX\n0 4"), 1),
		"too large":          pdf(strings.Repeat("%"+strings.Repeat("x", 1022)+"\n", mtr.MaxDocumentBytes/1024+1)),
	} {
		_, err := o.m.AddProofDocument(o.ctx, o.worker.Actor, id, document(name, data))
		if errs.KindOf(err) != errs.Unprocessable || err == nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		o.refused(err, errs.Unprocessable, mtr.ControlDocument)
	}
	if n := ask[int](o, `SELECT count(*) FROM mtr_document`); n != 0 {
		t.Errorf("%d documents kept", n)
	}
	d, err := o.m.AddProofDocument(o.ctx, o.worker.Actor, id, document(`C:\surat"hasil.PDF`, good))
	o.must(err)
	if d.Name != "surat-hasil.pdf" || d.Size != int64(len(good)) {
		t.Errorf("kept as %+v", d)
	}
	f, err := o.m.OpenDocument(o.ctx, mtr.Viewer{Actor: o.head.Actor}, d.Ref)
	o.must(err)
	defer f.Body.Close()
	if got, _ := io.ReadAll(f.Body); !bytes.Equal(got, good) {
		t.Error("the document changed")
	}
	_, err = o.m.OpenDocument(o.ctx, mtr.Viewer{Actor: o.stranger.Actor}, d.Ref)
	o.refused(err, errs.NotFound)
	for range mtr.MaxDocuments - 1 {
		_, err = o.m.AddProofDocument(o.ctx, o.worker.Actor, id, document("a.pdf", good))
		o.must(err)
	}
	_, err = o.m.AddProofDocument(o.ctx, o.worker.Actor, id, document("a.pdf", good))
	o.refused(err, errs.Unprocessable, mtr.ControlDocument)
}

// Each category asks for its own evidence.
func TestEvidenceByCategory(t *testing.T) {
	o := newOffice(t)
	submit := func(id int64, answer string) error {
		return o.m.SubmitProof(o.ctx, o.worker.Actor, mtr.ProofInput{Act: o.act(id), Answer: answer})
	}

	id := o.started(filed{category: "LAMPU"}) // foto
	o.refused(submit(id, ""), errs.Unprocessable, mtr.ControlPhoto, mtr.ControlAnswer)
	_, err := o.m.AddProofDocument(o.ctx, o.worker.Actor, id, document("a.pdf", pdf("")))
	o.must(err)
	o.refused(submit(id, "Sudah."), errs.Unprocessable, mtr.ControlPhoto)
	o.photo(o.worker.Actor, id)
	o.must(submit(id, "Sudah."))
	if n := ask[int](o, `SELECT count(*) FROM mtr_photo WHERE report_id = $1 AND event_seq = $2`, id, o.state(id).Seq); n != 1 {
		t.Errorf("%d photos handed in", n)
	}

	id = o.started(filed{category: "PUNGLI"}) // dokumen
	o.photo(o.worker.Actor, id)
	o.refused(submit(id, "Sudah."), errs.Unprocessable, mtr.ControlDocument)
	_, err = o.m.AddProofDocument(o.ctx, o.worker.Actor, id, document("a.pdf", pdf("")))
	o.must(err)
	o.must(submit(id, "Sudah."))

	id = o.started(filed{category: "DUKCAPIL"}) // jawaban
	o.refused(submit(id, " "), errs.Unprocessable, mtr.ControlAnswer)
	o.must(submit(id, "KTP sudah jadi."))
}

// What was refused does not count for the next proof.
func TestRefusedProofDoesNotCountAgain(t *testing.T) {
	o := newOffice(t)
	id := o.proven(filed{})
	o.must(o.m.RejectProof(o.ctx, o.validator.Actor, o.reason(id, "Fotonya gelap.")))
	o.refused(o.m.SubmitProof(o.ctx, o.worker.Actor, mtr.ProofInput{Act: o.act(id), Answer: "Sudah."}), errs.Unprocessable, mtr.ControlPhoto)
	o.photo(o.worker.Actor, id)
	o.must(o.m.SubmitProof(o.ctx, o.worker.Actor, mtr.ProofInput{Act: o.act(id), Answer: "Sudah."}))
	o.must(o.m.Validate(o.ctx, o.validator.Actor, mtr.ValidateInput{Act: o.act(id)}))
	o.at(id, mtr.Done)
	o.replays(id)
}

func TestProofFilesComeAndGo(t *testing.T) {
	o := newOffice(t)
	id := o.started(filed{})
	_, err := o.m.AddProofPhoto(o.ctx, o.stranger.Actor, id, jpeg())
	o.refused(err, errs.NotFound)
	_, err = o.m.AddProofPhoto(o.ctx, o.mayor.Actor, id, jpeg())
	o.refused(err, errs.Forbidden)
	_, err = o.m.AddProofPhoto(o.ctx, o.worker.Actor, id, mtr.PhotoInput{File: bytes.NewReader(mediatest.SVG())})
	o.refused(err, errs.Unprocessable, mtr.ControlPhoto)

	for _, err := range race(mtr.MaxPhotos+3, func(int) error {
		_, err := o.m.AddProofPhoto(o.ctx, o.worker.Actor, id, jpeg())
		return err
	}) {
		if err != nil {
			o.refused(err, errs.Unprocessable, mtr.ControlPhoto)
		}
	}
	if n := ask[int](o, `SELECT count(*) FROM mtr_photo WHERE report_id = $1 AND stored`, id); n != mtr.MaxPhotos {
		t.Fatalf("%d photos kept", n)
	}
	refs, err := pg.Scalars[string](o.ctx, o.db.Owner(), `SELECT ref FROM mtr_photo WHERE report_id = $1 ORDER BY id`, id)
	o.must(err)
	o.refused(o.m.RemoveProof(o.ctx, o.stranger.Actor, id, refs[0]), errs.NotFound)
	o.must(o.m.RemoveProof(o.ctx, o.worker.Actor, id, refs[0]))
	o.must(o.m.RemoveProof(o.ctx, o.worker.Actor, id, refs[0]))
	if _, _, err := o.blobs.Get(o.ctx, "mtr/foto/"+refs[0]+"/besar.jpg"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("the blob of a removed photo: %v", err)
	}
	// Another report's files are out of reach.
	other := o.started(filed{})
	o.must(o.m.RemoveProof(o.ctx, o.worker.Actor, other, refs[1]))
	o.must(o.m.SubmitProof(o.ctx, o.worker.Actor, mtr.ProofInput{Act: o.act(id), Answer: "Sudah."}))
	if n := ask[int](o, `SELECT count(*) FROM mtr_photo WHERE report_id = $1 AND event_seq IS NOT NULL`, id); n != mtr.MaxPhotos-1 {
		t.Errorf("%d photos handed in", n)
	}
	o.refused(o.m.RemoveProof(o.ctx, o.worker.Actor, id, refs[1]), errs.Conflict)
	if n := ask[int](o, `SELECT count(*) FROM audit_entry WHERE object_id = $1 AND action IN ('mtr.proof.add', 'mtr.proof.remove')`, id); n != mtr.MaxPhotos+1 {
		t.Errorf("%d audit entries about files", n)
	}
}

// A photo that is taken back while the proof is handed in is either in it or gone.
func TestRemovingRacesSubmitting(t *testing.T) {
	o := newOffice(t)
	id := o.started(filed{category: "DUKCAPIL"})
	p := o.photo(o.worker.Actor, id)
	act := o.act(id)
	race(2, func(i int) error {
		if i == 0 {
			return o.m.RemoveProof(o.ctx, o.worker.Actor, id, p.Ref)
		}
		return o.m.SubmitProof(o.ctx, o.worker.Actor, mtr.ProofInput{Act: act, Answer: "Sudah."})
	})
	o.at(id, mtr.ToValidate)
	sent := ask[int](o, `SELECT count(*) FROM mtr_photo WHERE report_id = $1 AND event_seq IS NOT NULL`, id)
	rows := ask[int](o, `SELECT count(*) FROM mtr_photo WHERE report_id = $1`, id)
	body, _, err := o.blobs.Get(o.ctx, "mtr/foto/"+p.Ref+"/besar.jpg")
	if err == nil {
		body.Close()
	}
	if sent != rows || (sent == 1) != (err == nil) {
		t.Errorf("%d rows, %d handed in, blob: %v", rows, sent, err)
	}
}

// Nobody judges work they had a hand in, whatever they are besides.
func TestValidatorIsNeverTheDoer(t *testing.T) {
	validates := func(s staffer, o *office) staffer {
		s.Grants = append(s.Grants[:len(s.Grants):len(s.Grants)], o.validator.Grants...)
		return s
	}
	t.Run("handed in the proof", func(t *testing.T) {
		o := newOffice(t)
		id := o.proven(filed{})
		o.refused(o.m.Validate(o.ctx, validates(o.worker, o).Actor, mtr.ValidateInput{Act: o.act(id)}), errs.Forbidden)
		o.refused(o.m.RejectProof(o.ctx, validates(o.worker, o).Actor, o.reason(id, "Belum.")), errs.Forbidden)
	})
	t.Run("in another position", func(t *testing.T) {
		o := newOffice(t)
		id := o.proven(filed{})
		same := validates(o.worker, o)
		same.takes(o, o.dishub, "Plt Pemeriksa")
		same.Positions = same.Positions[1:] // acts as Plt only
		o.refused(o.m.Validate(o.ctx, same.Actor, mtr.ValidateInput{Act: o.act(id)}), errs.Forbidden)
	})
	t.Run("it is assigned to them", func(t *testing.T) {
		o := newOffice(t)
		id := o.started(filed{})
		o.photo(o.head.Actor, id)
		o.must(o.m.SubmitProof(o.ctx, o.head.Actor, mtr.ProofInput{Act: o.act(id), Answer: "Sudah."}))
		o.refused(o.m.Validate(o.ctx, validates(o.worker, o).Actor, mtr.ValidateInput{Act: o.act(id)}), errs.Forbidden)
		// the same person, who has left that position since
		moved := validates(o.worker, o)
		moved.Positions = nil
		o.refused(o.m.Validate(o.ctx, moved.Actor, mtr.ValidateInput{Act: o.act(id)}), errs.Forbidden)
	})
	t.Run("did the work, then gave it away", func(t *testing.T) {
		o := newOffice(t)
		id := o.started(filed{})
		o.must(o.m.Assign(o.ctx, o.head.Actor, mtr.AssignInput{Act: o.act(id), PositionID: o.colleague.position}))
		o.photo(o.colleague.Actor, id)
		o.must(o.m.SubmitProof(o.ctx, o.colleague.Actor, mtr.ProofInput{Act: o.act(id), Answer: "Sudah."}))
		o.refused(o.m.Validate(o.ctx, validates(o.worker, o).Actor, mtr.ValidateInput{Act: o.act(id)}), errs.Forbidden)
		o.must(o.m.Validate(o.ctx, o.validator.Actor, mtr.ValidateInput{Act: o.act(id)}))
	})
	t.Run("made the photo that another handed in", func(t *testing.T) {
		o := newOffice(t)
		id := o.started(filed{})
		both := o.hire("Beni", o.dishub, o.dishub, mtr.PermHandle, mtr.PermValidate)
		o.photo(both.Actor, id)
		o.must(o.m.SubmitProof(o.ctx, o.worker.Actor, mtr.ProofInput{Act: o.act(id), Answer: "Sudah."}))
		o.refused(o.m.Validate(o.ctx, both.Actor, mtr.ValidateInput{Act: o.act(id)}), errs.Forbidden)
	})
	t.Run("nor does the database let them", func(t *testing.T) {
		o := newOffice(t)
		id := o.proven(filed{})
		_, err := o.db.Pool.Exec(o.ctx, `UPDATE mtr_report SET status = 'selesai', validated_by = proof_by WHERE id = $1`, id)
		if !pg.Violates(err, "mtr_report_validation_check") {
			t.Errorf("got %v", err)
		}
	})
}
