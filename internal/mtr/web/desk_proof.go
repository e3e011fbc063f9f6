package mtrweb

import (
	"mime/multipart"
	"net/http"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Controls of the proof's form.
const (
	controlStep = "langkah"
	stepUpload  = "unggah"
)

// proof takes what shows that the work is done. Files are stored first: when
// the rest is refused they wait on the page.
func (k *desk) proof(w http.ResponseWriter, r *http.Request) error {
	a := actFor(mtr.ActSubmitProof)
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	act, err := actOf(f)
	if err != nil {
		return err
	}
	refs, err := k.storeProof(r, act.ReportID, f)
	if err != nil {
		return k.refused(w, r, a, f, err)
	}
	if f.Value(controlStep) == stepTemplate && f.OK() {
		return k.useTemplate(w, r, a, act, f)
	}
	answer := f.Text(mtr.ControlAnswer)
	if f.Value(controlStep) == stepUpload && len(refs) == 0 && len(f.Files(mtr.ControlDocument)) == 0 {
		f.Fail(mtr.ControlPhoto, "Pilih berkasnya dahulu.")
	}
	if f.OK() && f.Value(controlStep) == stepUpload {
		keepAnswer(r, act.ReportID, answer)
		web.Flash(r, "info", "Sudah diunggah. Tambah foto lain, atau serahkan buktinya bila sudah lengkap.")
		return web.Redirect(w, r, reportHref(web.Path(r, "nomor"), mtr.QueueKey(f.Value(paramQueue)))+"#"+a.Path)
	}
	if err = f.Err(); err == nil {
		err = k.MTR.SubmitProof(r.Context(), web.ActorOf(r.Context()), mtr.ProofInput{Act: act, Answer: answer})
	}
	if err != nil {
		if readUploads(f).scripted {
			// Our script keeps the photos on the page and sends all of them again.
			for _, ref := range refs {
				// What cannot be taken back now waits on the page.
				_ = k.MTR.RemoveProof(r.Context(), web.ActorOf(r.Context()), act.ReportID, ref)
			}
		}
		return k.refused(w, r, a, f, err)
	}
	keepAnswer(r, 0, "")
	a.Done = "menunggu pemeriksa hasil. Terima kasih."
	a.Leaves = true
	return done(w, r, a, f)
}

// storeProof stores the files of the form; what is refused becomes a sentence
// at its control. It returns the photos that were added.
func (k *desk) storeProof(r *http.Request, reportID int64, f *form.Form) ([]string, error) {
	ctx, actor := r.Context(), web.ActorOf(r.Context())
	photos := readUploads(f)
	refs, err := photos.addEach(f, func(in mtr.PhotoInput) (string, error) {
		p, err := k.MTR.AddProofPhoto(ctx, actor, reportID, in)
		return p.Ref, err
	})
	if err != nil {
		return refs, err
	}
	for _, header := range f.Files(mtr.ControlDocument) {
		if err := k.storeDocument(r, reportID, header); err != nil {
			if errs.KindOf(err) != errs.Unprocessable {
				return refs, err
			}
			f.FailWith(err)
		}
	}
	return refs, nil
}

func (k *desk) storeDocument(r *http.Request, reportID int64, header *multipart.FileHeader) error {
	file, err := header.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = k.MTR.AddProofDocument(r.Context(), web.ActorOf(r.Context()), reportID,
		mtr.DocumentInput{Name: form.Clean(header.Filename), File: file, Size: header.Size})
	return err
}

// removeProof takes back a file that was uploaded and not yet handed in.
func (k *desk) removeProof(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	act, err := actOf(f)
	if err != nil {
		return err
	}
	if err := k.MTR.RemoveProof(r.Context(), web.ActorOf(r.Context()), act.ReportID, f.Line(controlPhotoRef)); err != nil {
		return err
	}
	return web.Redirect(w, r, reportHref(web.Path(r, "nomor"), mtr.QueueKey(f.Value(paramQueue)))+"#"+actFor(mtr.ActSubmitProof).Path)
}

func (k *desk) photo(w http.ResponseWriter, r *http.Request) error {
	return k.servePhoto(w, r, mtr.Viewer{Actor: web.ActorOf(r.Context())}, web.Path(r, "ref"))
}

func (k *desk) document(w http.ResponseWriter, r *http.Request) error {
	return k.serveDocument(w, r, mtr.Viewer{Actor: web.ActorOf(r.Context())}, web.Path(r, "ref"))
}
