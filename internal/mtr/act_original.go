package mtr

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Original is something of a report that was blacked out, with what stood there kept sealed.
type Original struct {
	Seq    int // number of the event that blacked it out
	Photo  bool
	At     time.Time
	ByName string
	Reason string
}

const sqlOriginals = `
SELECT x.event_seq AS seq, x.photo_id IS NOT NULL AS photo, e.at, COALESCE(a.name, '') AS by_name, e.reason
FROM mtr_redaction x JOIN mtr_event e ON e.report_id = x.report_id AND e.seq = x.event_seq
LEFT JOIN authn_account a ON a.id = e.actor_id
WHERE x.report_id = $1 ORDER BY x.event_seq`

// Originals lists what was blacked out of a report, for those who may open it or let it be
// opened; errs.Forbidden for its other staff, errs.NotFound for everybody else.
func (m *Module) Originals(ctx context.Context, a authz.Actor, number string) (_ []Original, err error) {
	defer errs.In(&err, "mtr.Originals")
	c, err := pg.One[Case](ctx, m.db, sqlCaseByNumber, strings.ToUpper(number))
	if err != nil {
		return nil, err
	}
	mo := Moment{Now: m.now(), Actor: a}
	if c.RolesOf(mo) == 0 {
		return nil, errs.New(errs.NotFound, "")
	}
	if err := Allowed(&c, mo, ActOpenOriginal); err != nil {
		return nil, err
	}
	return pg.Many[Original](ctx, m.db, sqlOriginals, c.ID)
}

// OpenOriginalInput names what was blacked out by the number of the event that did it.
type OpenOriginalInput struct {
	Act
	Seq    int
	Reason string
}

// OriginalWords is a text as it stood before it was blacked out.
type OriginalWords struct{ Where, Text string }

// OpenedOriginal is what stood there: words, or a photo as JPEG.
type OpenedOriginal struct {
	Words []OriginalWords
	JPEG  []byte
}

const sqlRedaction = `
SELECT COALESCE(x.words_sealed, ''::bytea) AS words_sealed, x.blob_key, COALESCE(p.kind, '') AS kind
FROM mtr_redaction x LEFT JOIN mtr_photo p ON p.id = x.photo_id WHERE x.report_id = $1 AND x.event_seq = $2`

// OpenOriginal opens what was blacked out. It needs a reason of 10 letters or more, and is in
// the report's history and in the trail before anything is seen. The field opens only while it
// is released, and of an anonymous or rahasia report no photo that is closed to it.
func (m *Module) OpenOriginal(ctx context.Context, a authz.Actor, in OpenOriginalInput) (out OpenedOriginal, err error) {
	defer errs.In(&err, "mtr.OpenOriginal(%d)", in.ReportID)
	type row struct {
		WordsSealed []byte
		BlobKey     string
		Kind        PhotoKind
	}
	var x row
	err = m.act(ctx, staff(a, in.Act), ActOpenOriginal, func(tx pgx.Tx, c *Case, mo Moment) (Intent, error) {
		var r reading
		const missing = "Tulis mengapa perlu dibuka, paling sedikit 10 huruf."
		reason := r.words(ControlReason, in.Reason, missing, MaxReason)
		if n := utf8.RuneCountInString(reason); n > 0 && n < minRevealReason {
			r.fail(ControlReason, missing)
		}
		if err := r.err(); err != nil {
			return Intent{}, err
		}
		var err error
		if x, err = pg.One[row](ctx, tx, sqlRedaction, c.ID, in.Seq); err != nil {
			return Intent{}, err
		}
		if role := c.RolesOf(mo); x.Kind != "" && !role.Has(AsRevealer) && !maySeePhoto(c, role, x.Kind, false, mo.Now) {
			return Intent{}, errs.New(errs.Forbidden, "Foto laporan ini tertutup bagi petugas lapangan.")
		}
		return Intent{Reason: reason, Change: Change{Original: in.Seq}}, nil
	}, nil)
	if err != nil {
		return out, err
	}
	if x.BlobKey == "" {
		return m.originalWords(x.WordsSealed)
	}
	body, _, err := m.blobs.Get(ctx, x.BlobKey)
	if err != nil {
		return out, err
	}
	sealed, err := io.ReadAll(body)
	_ = body.Close() // was only read
	if err != nil {
		return out, err
	}
	plain, err := m.box.Open(sealed, contextOriginal)
	out.JPEG = []byte(plain)
	return out, err
}

func (m *Module) originalWords(sealed []byte) (out OpenedOriginal, err error) {
	plain, err := m.box.Open(sealed, contextOriginal)
	if err != nil {
		return out, err
	}
	var w reportWords
	if err := json.Unmarshal([]byte(plain), &w); err != nil {
		return out, err
	}
	add := func(where, text string) {
		if text != "" {
			out.Words = append(out.Words, OriginalWords{where, text})
		}
	}
	add("Judul", w.Title)
	add("Uraian", w.Body)
	add("Patokan", w.Landmark)
	for _, code := range slices.Sorted(maps.Keys(w.Extra)) {
		add("Jawaban", w.Extra[code])
	}
	for _, id := range slices.Sorted(maps.Keys(w.Messages)) {
		add("Keterangan pelapor", w.Messages[id])
	}
	return out, nil
}
