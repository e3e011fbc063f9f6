package mtrweb

import (
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// servePhoto writes a photo for v, in the size that the path names. What the
// viewer may not see does not exist.
func (d Deps) servePhoto(w http.ResponseWriter, r *http.Request, v mtr.Viewer, ref string) error {
	size := mtr.PhotoSize(web.Path(r, "ukuran"))
	if size != mtr.Large && size != mtr.Small {
		return errs.New(errs.NotFound, "")
	}
	f, err := d.MTR.OpenPhoto(r.Context(), v, ref, size)
	if err != nil {
		return err
	}
	return serveFile(w, r, f, "inline")
}

// serveDocument writes a document for v as a download.
func (d Deps) serveDocument(w http.ResponseWriter, r *http.Request, v mtr.Viewer, ref string) error {
	f, err := d.MTR.OpenDocument(r.Context(), v, ref)
	if err != nil {
		return err
	}
	return serveFile(w, r, f, "attachment")
}

// serveFile writes a stored file so that no browser takes it for a page: its
// type is fixed, nothing in it may run, and no other site may embed it. What
// is public may be cached for ten minutes, the longest that a photo hidden by
// a moderator lives on; anything else is not kept.
func serveFile(w http.ResponseWriter, r *http.Request, f mtr.File, disposition string) error {
	defer f.Body.Close()
	h := w.Header()
	h.Set("Content-Type", f.ContentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	if f.Public {
		h.Set("Cache-Control", "public, max-age=600")
	} else {
		h.Set("Cache-Control", "private, no-store")
		h.Set("X-Robots-Tag", "noindex")
	}
	if f.ETag != "" {
		h.Set("ETag", f.ETag)
		if f.Public && web.Matches(r.Header.Get("If-None-Match"), f.ETag) {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	if f.Info.Size > 0 {
		h.Set("Content-Length", strconv.FormatInt(f.Info.Size, 10))
	}
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, f.Body) // the reader may be gone
	}
	return nil
}

func (h *pages) publicPhoto(w http.ResponseWriter, r *http.Request) error {
	return h.servePhoto(w, r, mtr.Viewer{Actor: web.ActorOf(r.Context())}, web.Path(r, "foto"))
}

// PhotoHref is the address of a public photo.
func PhotoHref(ref string, size mtr.PhotoSize) string {
	if ref == "" {
		return ""
	}
	return join("/mtr/foto", ref, string(size))
}

// gallery shows photos under base, whose routes serve them.
func gallery(base, alt, caption string, photos []mtr.PublicPhoto) []ui.Photo {
	out := make([]ui.Photo, len(photos))
	for i, p := range photos {
		out[i] = ui.Photo{
			Small: join(base, p.Ref, string(mtr.Small)), Large: join(base, p.Ref, string(mtr.Large)),
			Alt: alt + " " + strconv.Itoa(i+1), Caption: caption,
		}
	}
	return out
}

func ofKind(photos []mtr.PublicPhoto, k mtr.PhotoKind) (out []mtr.PublicPhoto) {
	for _, p := range photos {
		if p.Kind == k {
			out = append(out, p)
		}
	}
	return out
}

// uploads are the photos of a form, each with what the phone read from it
// before shrinking.
type uploads struct {
	files []*multipart.FileHeader
	infos []string
	// scripted: sent by our script, which keeps the photos when the form is
	// refused and sends all of them again.
	scripted bool
}

func readUploads(f *form.Form) uploads {
	return uploads{
		files: f.Files(mtr.ControlPhoto), infos: f.Multi(mtr.ControlPhoto + "_info"),
		scripted: f.Has(mtr.ControlPhoto + "_info"),
	}
}

// addEach hands each photo to add and records what was refused, by the name
// that the photo has on the phone. It returns the refs that were added; an
// error that is not the sender's doing ends it.
func (u uploads) addEach(f *form.Form, add func(mtr.PhotoInput) (ref string, err error)) (refs []string, err error) {
	if len(u.files) > mtr.MaxPhotos {
		f.Fail(mtr.ControlPhoto, "Paling banyak "+strconv.Itoa(mtr.MaxPhotos)+" foto. Anda memilih "+strconv.Itoa(len(u.files))+".")
		return nil, nil
	}
	var refused []string
	for i, header := range u.files {
		ref, err := addOne(header, u.info(i), add)
		switch errs.KindOf(err) {
		case errs.Unprocessable, errs.TooLarge:
			refused = append(refused, sentence(header.Filename, len(u.files), err))
			continue
		}
		if err != nil {
			return refs, err
		}
		refs = append(refs, ref)
	}
	if len(refused) > 0 {
		f.Fail(mtr.ControlPhoto, strings.Join(refused, " "))
	}
	return refs, nil
}

// sentence is the reason of a refusal; among several photos it names the one.
func sentence(name string, of int, err error) string {
	message := errs.MessageOf(err)
	if fields := errs.FieldsOf(err); len(fields) > 0 {
		message = fields[0].Message
	}
	if of < 2 {
		return message
	}
	if name = indo.CleanName(name); name == "" {
		return message
	}
	if runes := []rune(name); len(runes) > 40 {
		name = string(runes[:40]) + "…"
	}
	return name + ": " + message
}

func addOne(header *multipart.FileHeader, info string, add func(mtr.PhotoInput) (string, error)) (string, error) {
	file, err := header.Open()
	if err != nil {
		return "", err
	}
	defer file.Close()
	in := mtr.PhotoInput{File: file, Size: header.Size}
	in.ClientGPS, in.ClientTakenAt = readInfo(info)
	return add(in)
}

// open opens all of them; done closes them again.
func (u uploads) open() (in []mtr.PhotoInput, done func(), err error) {
	var files []io.Closer
	done = func() {
		for _, f := range files {
			f.Close()
		}
	}
	for i, header := range u.files {
		file, err := header.Open()
		if err != nil {
			done()
			return nil, nil, err
		}
		files = append(files, file)
		p := mtr.PhotoInput{File: file, Size: header.Size}
		p.ClientGPS, p.ClientTakenAt = readInfo(u.info(i))
		in = append(in, p)
	}
	return in, done, nil
}

func (u uploads) info(i int) string {
	if i < len(u.infos) {
		return u.infos[i]
	}
	return ""
}

// readInfo reads "lat;lng;time". It is a hint: what cannot be read is left out.
func readInfo(s string) (*mtr.Point, *time.Time) {
	parts := strings.Split(s, ";")
	if len(parts) != 3 {
		return nil, nil
	}
	var at *mtr.Point
	lat, latErr := strconv.ParseFloat(parts[0], 64)
	lng, lngErr := strconv.ParseFloat(parts[1], 64)
	if latErr == nil && lngErr == nil && lat >= -90 && lat <= 90 && lng >= -180 && lng <= 180 {
		at = &mtr.Point{Lat: lat, Lng: lng}
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, parts[2], clock.Makassar); err == nil && t.Year() > 1990 && t.Year() < 2200 {
			return at, &t
		}
	}
	return at, nil
}
