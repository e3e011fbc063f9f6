package mtr

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	// MaxBoxes is how many parts of a photo are blacked out at once.
	MaxBoxes = 5
	// blackBar stands where a word was. Its length tells nothing.
	blackBar = "███"
	// minBlacked keeps single letters from blacking out a whole text, and the text from growing.
	minBlacked = 3
	maxBlacked = 20 // passages at once
)

// Box is a part of a photo in percent of its width and height, from the top left corner.
type Box struct{ Left, Top, Width, Height int }

func (b Box) valid() bool {
	return b.Left >= 0 && b.Top >= 0 && b.Width > 0 && b.Height > 0 && b.Left+b.Width <= 100 && b.Top+b.Height <= 100
}

// RedactInput says which passages are blacked out, one a line, wherever the report has them.
type RedactInput struct {
	Act
	Passages string
	Reason   string
}

// RedactPhotoInput says which parts of a photo are blacked out.
type RedactPhotoInput struct {
	Act
	Ref    string
	Boxes  []Box
	Reason string
}

// Anonymize makes the reporter anonymous afterwards: from now on no channel shows name,
// photos, landmark or exact place, and only those who may open identities find the
// name. It cannot be undone.
func (m *Module) Anonymize(ctx context.Context, a authz.Actor, k ReporterKey) (err error) {
	defer errs.In(&err, "mtr.Anonymize")
	who, err := m.reporter(ctx, a, k)
	if err != nil {
		return err
	}
	return m.act(ctx, who, ActAnonymize, nil, func(tx pgx.Tx, c *Case, _ Event) error {
		return pg.Changed(tx.Exec(ctx, sqlAnonymize, c.ID))
	})
}

const sqlAnonymize = `UPDATE mtr_report SET anonymous = true WHERE id = $1 AND NOT anonymous`

// reportWords are the words of a report that a moderator may black out.
type reportWords struct {
	Title    string            `json:"title"`
	Body     string            `json:"body"`
	Landmark string            `json:"landmark,omitempty"`
	Extra    map[string]string `json:"extra,omitempty"`
	Messages map[int64]string  `json:"messages,omitempty"` // by id
}

const sqlReportWords = `SELECT title, body, landmark, extra FROM mtr_report WHERE id = $1`

const sqlReportMessages = `SELECT id, body FROM mtr_message WHERE report_id = $1 ORDER BY id FOR UPDATE`

const sqlSetWords = `UPDATE mtr_report SET title = $2, body = $3, landmark = $4, extra = $5 WHERE id = $1`

const sqlSetMessage = `UPDATE mtr_message SET body = $2 WHERE id = $1`

const sqlInsertRedaction = `
INSERT INTO mtr_redaction (report_id, event_seq, words_sealed, photo_id, blob_key)
VALUES ($1, $2, $3, NULLIF($4::bigint, 0), $5)`

func readWords(ctx context.Context, tx pgx.Tx, reportID int64) (w reportWords, err error) {
	type row struct {
		Title, Body, Landmark string
		Extra                 map[string]string
	}
	r, err := pg.One[row](ctx, tx, sqlReportWords, reportID)
	if err != nil {
		return w, err
	}
	w = reportWords{Title: r.Title, Body: r.Body, Landmark: r.Landmark, Extra: r.Extra, Messages: map[int64]string{}}
	type message struct {
		ID   int64
		Body string
	}
	messages, err := pg.Many[message](ctx, tx, sqlReportMessages, reportID)
	for _, g := range messages {
		w.Messages[g.ID] = g.Body
	}
	return w, err
}

// blackOut replaces what matches wherever it stands; hits counts the places.
func (w reportWords) blackOut(passage *regexp.Regexp) (out reportWords, hits int) {
	over := func(s string) string {
		hits += len(passage.FindAllStringIndex(s, -1))
		return passage.ReplaceAllString(s, blackBar)
	}
	out = reportWords{Title: over(w.Title), Body: over(w.Body), Landmark: over(w.Landmark), Extra: map[string]string{}, Messages: map[int64]string{}}
	for k, v := range w.Extra {
		out.Extra[k] = over(v)
	}
	for k, v := range w.Messages {
		out.Messages[k] = over(v)
	}
	return out, hits
}

// passages reads what is to be blacked out; spaces match any white space, letters in
// either case.
func (r *reading) passages(in string) (out []*regexp.Regexp) {
	for line := range strings.Lines(in) {
		parts := strings.Fields(line)
		if len(parts) == 0 {
			continue
		}
		if utf8.RuneCountInString(strings.Join(parts, "")) < minBlacked {
			r.fail(ControlPassages, "Tulis paling sedikit 3 huruf di setiap baris.")
			return nil
		}
		for i, p := range parts {
			parts[i] = regexp.QuoteMeta(p)
		}
		out = append(out, regexp.MustCompile(`(?i)`+strings.Join(parts, `\s+`)))
	}
	switch {
	case len(out) == 0:
		r.fail(ControlPassages, "Tulis kata yang ditutup, satu per baris.")
	case len(out) > maxBlacked:
		r.fail(ControlPassages, "Paling banyak 20 baris sekaligus.")
	}
	return out
}

// Redact blacks out passages in title, words, landmark, answers and messages. What was
// there stays sealed.
func (m *Module) Redact(ctx context.Context, a authz.Actor, in RedactInput) error {
	var was, now reportWords
	return m.act(ctx, staff(a, in.Act), ActRedact, func(tx pgx.Tx, c *Case, _ Moment) (Intent, error) {
		var r reading
		reason := r.words(ControlReason, in.Reason, "Tulis alasan menutup kata ini. Pelapor membacanya.", MaxReason)
		passages := r.passages(in.Passages)
		if err := r.err(); err != nil {
			return Intent{}, err
		}
		var err error
		if was, err = readWords(ctx, tx, c.ID); err != nil {
			return Intent{}, err
		}
		now = was
		for _, p := range passages {
			next, hits := now.blackOut(p)
			if hits == 0 {
				r.fail(ControlPassages, "Ada baris yang tidak ditemukan di laporan ini. Salin persis dari laporannya.")
				break
			}
			now = next
		}
		if p := passages; r.err() == nil && slices.ContainsFunc(p, func(p *regexp.Regexp) bool { return p.MatchString(reason) }) {
			r.fail(ControlReason, "Alasan ini mengulang kata yang ditutup. Tulis tanpa kata itu.")
		}
		return Intent{Reason: reason}, r.err()
	}, func(tx pgx.Tx, c *Case, e Event) error {
		plain, err := json.Marshal(was)
		if err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlInsertRedaction, c.ID, e.Seq, m.box.Seal(string(plain), contextOriginal), 0, ""); err != nil {
			return err
		}
		if err := pg.Changed(tx.Exec(ctx, sqlSetWords, c.ID, now.Title, now.Body, now.Landmark, now.Extra)); err != nil {
			return err
		}
		c.Title = now.Title // the messages that go out carry it, those that wait already did
		if now.Title != was.Title {
			if err := notify.Replace(ctx, tx, named(c.Number, was.Title), named(c.Number, now.Title)); err != nil {
				return err
			}
		}
		for id, body := range now.Messages {
			if body == was.Messages[id] {
				continue
			}
			if err := pg.Changed(tx.Exec(ctx, sqlSetMessage, id, body)); err != nil {
				return err
			}
		}
		return nil
	})
}

const sqlPhotoToRedact = `SELECT id FROM mtr_photo WHERE report_id = $1 AND ref = $2 AND event_seq IS NOT NULL AND stored FOR UPDATE`

const sqlNewRef = `UPDATE mtr_photo SET ref = $2, width = $3, height = $4 WHERE id = $1`

var errPhotoChanged = errs.New(errs.Conflict, "Foto ini baru saja diubah. Muat ulang halaman laporannya.")

// RedactPhoto blacks out parts of a photo in both sizes. The photo gets a new address, so
// that no copy kept under the old one is shown; the original stays, sealed.
func (m *Module) RedactPhoto(ctx context.Context, a authz.Actor, in RedactPhotoInput) (err error) {
	defer errs.In(&err, "mtr.RedactPhoto")
	var r reading
	reason := r.words(ControlReason, in.Reason, "Tulis alasan menutup bagian foto ini.", MaxReason)
	switch {
	case len(in.Boxes) == 0:
		r.fail(ControlBoxes, "Tandai bagian yang ditutup.")
	case len(in.Boxes) > MaxBoxes:
		r.fail(ControlBoxes, "Paling banyak 5 bagian sekaligus.")
	case slices.ContainsFunc(in.Boxes, func(b Box) bool { return !b.valid() }):
		r.fail(ControlBoxes, "Bagian yang ditutup harus di dalam foto: kiri dan lebar, atas dan tinggi, masing-masing paling banyak 100 bersama-sama.")
	}
	if err := r.err(); err != nil {
		return err
	}
	// Before any decoding: what would be refused costs nothing, and tells outsiders nothing.
	c, err := pg.One[Case](ctx, m.db, sqlCase, in.ReportID)
	if err != nil {
		return err
	}
	mo := Moment{Now: m.now(), Actor: a}
	if c.RolesOf(mo) == 0 {
		return errs.New(errs.NotFound, "")
	}
	if err := Allowed(&c, mo, ActRedactPhoto); err != nil {
		return err
	}
	original, covered, err := m.cover(ctx, a, in)
	if errs.KindOf(err) == errs.NotFound { // somebody was faster: it has another address
		return errPhotoChanged
	}
	if err != nil {
		return err
	}
	ref := crypt.Token()
	key := "mtr/foto-asli/" + ref + ".bin"
	sealed := m.box.Seal(string(original), contextOriginal)
	files := append(photoKeys(ref), key)
	if err := strays(ctx, m.db, m.now().Add(strayFor), files...); err != nil {
		return err
	}
	if err := m.blobs.Put(ctx, key, bytes.NewReader(sealed), int64(len(sealed)), ""); err != nil {
		return err
	}
	for size, data := range map[PhotoSize][]byte{Large: covered.Large, Small: covered.Small} {
		if err := m.blobs.Put(ctx, photoKey(ref, size), bytes.NewReader(data), int64(len(data)), media.ContentType); err != nil {
			return err
		}
	}
	err = m.act(ctx, staff(a, in.Act), ActRedactPhoto, func(pgx.Tx, *Case, Moment) (Intent, error) {
		return Intent{Reason: reason, Change: Change{Photo: ref}}, nil
	}, func(tx pgx.Tx, c *Case, e Event) error {
		id, err := pg.Scalar[int64](ctx, tx, sqlPhotoToRedact, c.ID, in.Ref)
		if errs.KindOf(err) == errs.NotFound {
			return errPhotoChanged
		}
		if err != nil {
			return err
		}
		if err := pg.Changed(tx.Exec(ctx, sqlNewRef, id, ref, covered.W, covered.H)); err != nil {
			return err
		}
		if err := m.keep(ctx, tx, files...); err != nil {
			return err
		}
		// Due long ago: nobody takes them back.
		if err := strays(ctx, tx, e.At.Add(-strayFor), photoKeys(in.Ref)...); err != nil {
			return err
		}
		return pg.Exec(ctx, tx, sqlInsertRedaction, c.ID, e.Seq, nil, id, key)
	})
	if err != nil {
		return err
	}
	return m.dropStrays(context.WithoutCancel(ctx))
}

// cover paints the boxes and makes both sizes anew.
func (m *Module) cover(ctx context.Context, a authz.Actor, in RedactPhotoInput) (original []byte, out media.Photo, err error) {
	f, err := m.OpenPhoto(ctx, Viewer{Actor: a}, in.Ref, Large)
	if err != nil {
		return nil, out, err
	}
	original, err = io.ReadAll(f.Body)
	_ = f.Body.Close()
	if err != nil {
		return nil, out, err
	}
	picture, err := jpeg.Decode(bytes.NewReader(original))
	if err != nil {
		return nil, out, err
	}
	painted := image.NewRGBA(picture.Bounds())
	draw.Draw(painted, painted.Bounds(), picture, picture.Bounds().Min, draw.Src)
	w, h := painted.Bounds().Dx(), painted.Bounds().Dy()
	for _, b := range in.Boxes {
		// Outwards, and never less than what was asked for.
		part := image.Rect(b.Left*w/100, b.Top*h/100, ((b.Left+b.Width)*w+99)/100, ((b.Top+b.Height)*h+99)/100)
		draw.Draw(painted, part, image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, painted, &jpeg.Options{Quality: 92}); err != nil {
		return nil, out, err
	}
	out, err = m.photos.Process(ctx, bytes.NewReader(b.Bytes()))
	return original, out, err
}
