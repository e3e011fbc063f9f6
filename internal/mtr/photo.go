package mtr

import (
	"bytes"
	"context"
	"io"
	"path"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// PhotoProcessor makes uploaded pictures safe; *media.Processor does it.
type PhotoProcessor interface {
	Process(ctx context.Context, r io.ReadSeeker) (media.Photo, error)
}

// PhotoSize is one of the two sizes kept.
type PhotoSize string

const (
	Large PhotoSize = "besar" // 1600 px
	Small PhotoSize = "kecil" // 400 px
)

func photoKey(ref string, size PhotoSize) string {
	return "mtr/foto/" + ref + "/" + string(size) + ".jpg"
}

func photoKeys(ref string) []string { return []string{photoKey(ref, Large), photoKey(ref, Small)} }

func documentKey(ref string) string { return "mtr/dokumen/" + ref + ".pdf" }

// process cleans an upload; what is no photo becomes a wrong field.
func (m *Module) process(ctx context.Context, in PhotoInput) (media.Photo, error) {
	p, err := m.photos.Process(ctx, in.File)
	if k := errs.KindOf(err); err != nil && (k == errs.Unprocessable || k == errs.TooLarge) {
		return p, errs.Invalid(errs.Field{Name: ControlPhoto, Message: errs.MessageOf(err)})
	}
	return p, err
}

var errTooManyPhotos = errs.Invalid(errs.Field{Name: ControlPhoto, Message: "Paling banyak 5 foto. Hapus satu foto lebih dahulu."})

// photoOwner is to whom a new photo belongs: a draft or a report.
type photoOwner struct {
	draftID, reportID, uploadedBy int64
	kind                          PhotoKind
}

// store puts a processed photo into the store. The row comes first, so that a crash
// leaves no blob that nobody knows of.
func (m *Module) store(ctx context.Context, p media.Photo, in PhotoInput, reserve func(tx pgx.Tx) (photoOwner, error)) (ref string, err error) {
	ref = crypt.Token()
	taken, lat, lng := p.TakenAt, (*float64)(nil), (*float64)(nil)
	if taken == nil && in.ClientTakenAt != nil && plausible(*in.ClientTakenAt, m.now()) {
		taken = in.ClientTakenAt
	}
	switch {
	case p.GPS != nil:
		lat, lng = &p.GPS.Lat, &p.GPS.Lng
	case in.ClientGPS != nil && in.ClientGPS.valid():
		lat, lng = &in.ClientGPS.Lat, &in.ClientGPS.Lng
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		o, err := reserve(tx)
		if err != nil {
			return err
		}
		return pg.Exec(ctx, tx, sqlInsertPhoto, ref, o.draftID, o.reportID, o.kind, o.uploadedBy, p.W, p.H, int64(p.DHash), taken, lat, lng, m.now())
	})
	if err != nil {
		return "", err
	}
	for size, data := range map[PhotoSize][]byte{Large: p.Large, Small: p.Small} {
		if err = m.blobs.Put(ctx, photoKey(ref, size), bytes.NewReader(data), int64(len(data)), media.ContentType); err != nil {
			break
		}
	}
	if err == nil {
		err = pg.Changed(m.db.Exec(ctx, sqlPhotoStored, ref))
	}
	if err != nil {
		_ = m.dropPhoto(context.WithoutCancel(ctx), ref) // the sweeper comes by later
		return "", err
	}
	return ref, nil
}

// plausible: phones whose clock is wrong say nothing useful.
func plausible(t, now time.Time) bool {
	return t.After(now.AddDate(-20, 0, 0)) && t.Before(now.Add(24*time.Hour))
}

func (p Point) valid() bool {
	return p.Lat >= -90 && p.Lat <= 90 && p.Lng >= -180 && p.Lng <= 180
}

// dropPhoto removes a photo that was not sent; one that was stays.
func (m *Module) dropPhoto(ctx context.Context, ref string) error {
	err := pg.Changed(m.db.Exec(ctx, sqlClaimPhoto, ref))
	if errs.KindOf(err) == errs.Conflict {
		return nil
	}
	if err != nil {
		return err
	}
	return m.erasePhoto(ctx, ref)
}

// erasePhoto removes blobs first, so that a failure leaves the row to try again.
func (m *Module) erasePhoto(ctx context.Context, ref string) error {
	for _, size := range []PhotoSize{Large, Small} {
		if err := m.blobs.Delete(ctx, photoKey(ref, size)); err != nil {
			return err
		}
	}
	return pg.Exec(ctx, m.db, sqlForgetPhoto, ref)
}

// dropDocument removes a document that was not sent; one that was stays.
func (m *Module) dropDocument(ctx context.Context, ref string) error {
	err := pg.Changed(m.db.Exec(ctx, sqlClaimDocument, ref))
	if errs.KindOf(err) == errs.Conflict {
		return nil
	}
	if err != nil {
		return err
	}
	return m.eraseDocument(ctx, ref)
}

func (m *Module) eraseDocument(ctx context.Context, ref string) error {
	if err := m.blobs.Delete(ctx, documentKey(ref)); err != nil {
		return err
	}
	return pg.Exec(ctx, m.db, sqlForgetDocument, ref)
}

// AddPhoto decodes, cleans and stores one photo. More than MaxPhotos, or a file
// that is no photo, is errs.Invalid on ControlPhoto.
func (m *Module) AddPhoto(ctx context.Context, token string, in PhotoInput) (_ DraftPhoto, err error) {
	defer errs.In(&err, "mtr.AddPhoto")
	// Before any decoding: whoever has no draft costs nothing.
	row, _, err := m.findDraft(ctx, m.db, sqlDraft, token)
	if err != nil {
		return DraftPhoto{}, err
	}
	if row.ReportID != 0 {
		return DraftPhoto{}, errAlreadySent
	}
	if n, err := pg.Scalar[int](ctx, m.db, sqlCountDraftPhotos, row.ID); err != nil || n >= MaxPhotos {
		return DraftPhoto{}, orTooMany(err)
	}
	p, err := m.process(ctx, in)
	if err != nil {
		return DraftPhoto{}, err
	}
	ref, err := m.store(ctx, p, in, func(tx pgx.Tx) (photoOwner, error) {
		row, _, err := m.findDraft(ctx, tx, sqlDraftForUpdate, token)
		if err != nil {
			return photoOwner{}, err
		}
		if row.ReportID != 0 {
			return photoOwner{}, errAlreadySent
		}
		if n, err := pg.Scalar[int](ctx, tx, sqlCountDraftPhotos, row.ID); err != nil || n >= MaxPhotos {
			return photoOwner{}, orTooMany(err)
		}
		return photoOwner{draftID: row.ID, kind: PhotoBefore}, nil
	})
	if err != nil {
		return DraftPhoto{}, err
	}
	photos, err := draftPhotos(ctx, m.db, row.ID)
	for _, photo := range photos {
		if photo.Ref == ref {
			return photo, err
		}
	}
	return DraftPhoto{Ref: ref, Width: p.W, Height: p.H}, err
}

func orTooMany(err error) error {
	if err != nil {
		return err
	}
	return errTooManyPhotos
}

// RemovePhoto takes a photo out of the draft; one that is not there is no error.
func (m *Module) RemovePhoto(ctx context.Context, token, ref string) (err error) {
	defer errs.In(&err, "mtr.RemovePhoto")
	_, err = pg.Scalar[string](ctx, m.db, sqlDraftPhoto, ref, crypt.HashToken(token), m.now())
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return m.dropPhoto(ctx, ref)
}

// Viewer is who wants to see a photo or a document: whoever may see the report, or
// the draft.
type Viewer struct {
	Actor       authz.Actor
	DraftToken  string
	ReportToken string
}

// File is an opened photo or document. Public says that anybody may see it, so
// shared caches may keep it.
type File struct {
	Body        io.ReadCloser
	Info        blob.Info
	ContentType string
	Name        string
	Public      bool
	ETag        string
}

var errNoPhoto = errs.New(errs.NotFound, "Foto ini tidak ada.")

// OpenPhoto opens a photo for a viewer; not theirs to see is errs.NotFound.
func (m *Module) OpenPhoto(ctx context.Context, v Viewer, ref string, size PhotoSize) (_ File, err error) {
	defer errs.In(&err, "mtr.OpenPhoto")
	if size != Small && size != Large || len(ref) != 22 {
		return File{}, errNoPhoto
	}
	public, err := m.mayOpenPhoto(ctx, v, ref)
	if err != nil {
		return File{}, err
	}
	body, info, err := m.blobs.Get(ctx, photoKey(ref, size))
	return File{
		Body: body, Info: info, ContentType: media.ContentType, Public: public,
		Name: ref + "-" + string(size) + ".jpg", ETag: `"` + ref + "-" + string(size) + `"`,
	}, err
}

func (m *Module) mayOpenPhoto(ctx context.Context, v Viewer, ref string) (public bool, err error) {
	found := func(sql string, args ...any) (bool, error) {
		_, err := pg.Scalar[string](ctx, m.db, sql, args...)
		if errs.KindOf(err) == errs.NotFound {
			return false, nil
		}
		return err == nil, err
	}
	if ok, err := found(sqlPublicPhoto, ref); ok || err != nil {
		return true, err
	}
	if v.DraftToken != "" {
		if ok, err := found(sqlDraftPhoto, ref, crypt.HashToken(v.DraftToken), m.now()); ok || err != nil {
			return false, err
		}
	}
	type photo struct {
		Ref          string
		ReportID     int64
		Kind         PhotoKind
		Sent, Hidden bool
	}
	p, err := pg.One[photo](ctx, m.db, sqlPhoto, ref)
	if errs.KindOf(err) == errs.NotFound {
		return false, errNoPhoto
	}
	if err != nil {
		return false, err
	}
	c, err := pg.One[Case](ctx, m.db, sqlCase, p.ReportID)
	if err != nil {
		return false, err
	}
	mo := Moment{Now: m.now(), Actor: v.Actor}
	if mo.Reporter, err = m.isReporter(ctx, m.db, v.Actor, v.ReportToken, &c); err != nil {
		return false, err
	}
	// The reporter sees their own, and proof once it is handed in.
	if mo.Reporter && !p.Hidden && (p.Sent || p.Kind == PhotoInfo) {
		return false, nil
	}
	if maySeePhoto(&c, c.RolesOf(mo)&^AsReporter, p.Kind, p.Hidden, mo.Now) {
		return false, nil
	}
	return false, errNoPhoto
}

// maySeePhoto for staff: hidden ones only moderators and dispatchers; what the
// reporter of an anonymous or rahasia report took only those who lead, until it is
// released to the field, and as long as it is.
func maySeePhoto(c *Case, r Role, kind PhotoKind, hidden bool, now time.Time) bool {
	const leads = AsDispatcher | AsHandler | AsSupervisor | AsModerator
	switch {
	case hidden:
		return r.Has(AsModerator | AsDispatcher)
	case kind != PhotoAfter && photosLocked(c, now):
		return r.Has(leads)
	}
	return r.Has(anyStaff)
}

// photosLocked: whoever sees where a photo was taken from may guess who took it.
func photosLocked(c *Case, now time.Time) bool {
	released := c.PhotosReleasedAt != nil && (c.PhotosUntil == nil || now.Before(*c.PhotosUntil))
	return (c.Anonymous || c.Confidential) && !released
}

// isReporter reports whether the token or the account is that of the reporter.
func (m *Module) isReporter(ctx context.Context, q pg.Querier, a authz.Actor, token string, c *Case) (bool, error) {
	if a.AccountID != 0 && a.AccountID == c.AccountID {
		return true, nil
	}
	if token == "" {
		return false, nil
	}
	id, err := pg.Scalar[int64](ctx, q, sqlReportIDByKey, crypt.HashToken(token), m.now())
	if errs.KindOf(err) == errs.NotFound {
		return false, nil
	}
	return err == nil && id == c.ID, err
}

// OpenDocument opens a document; only the reporter and those in charge may.
func (m *Module) OpenDocument(ctx context.Context, v Viewer, ref string) (_ File, err error) {
	defer errs.In(&err, "mtr.OpenDocument")
	type document struct {
		Ref      string
		ReportID int64
		Name     string
		Sent     bool
	}
	none := errs.New(errs.NotFound, "Dokumen ini tidak ada.")
	if len(ref) != 22 {
		return File{}, none
	}
	d, err := pg.One[document](ctx, m.db, sqlDocument, ref)
	if errs.KindOf(err) == errs.NotFound {
		return File{}, none
	}
	if err != nil {
		return File{}, err
	}
	c, err := pg.One[Case](ctx, m.db, sqlCase, d.ReportID)
	if err != nil {
		return File{}, err
	}
	mo := Moment{Now: m.now(), Actor: v.Actor}
	if mo.Reporter, err = m.isReporter(ctx, m.db, v.Actor, v.ReportToken, &c); err != nil {
		return File{}, err
	}
	if !(mo.Reporter && d.Sent) && !c.RolesOf(mo).Has(anyStaff) {
		return File{}, none
	}
	body, info, err := m.blobs.Get(ctx, documentKey(ref))
	return File{Body: body, Info: info, ContentType: media.PDFType, Name: d.Name, ETag: `"` + ref + `"`}, err
}

// documentName is a file name without a path, safe in a header, ending in .pdf.
func documentName(s string) string {
	s = path.Base(strings.ReplaceAll(strings.TrimSpace(s), `\`, "/"))
	s = strings.ReplaceAll(indo.CleanName(s), `"`, "-")
	s = strings.TrimSuffix(strings.TrimSuffix(s, ".pdf"), ".PDF")
	if s == "" || s == "." || s == "/" {
		s = "dokumen"
	}
	return cut(s, 150) + ".pdf"
}
