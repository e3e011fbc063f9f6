package misconduct_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr/misconduct"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/obs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

var tuesday = time.Date(2026, 11, 24, 9, 17, 0, 0, clock.Makassar)

// channel is the module over a fresh city.
type channel struct {
	t     *testing.T
	ctx   context.Context
	m     *misconduct.Module
	db    *pgtest.DB
	clock *clock.Fake
}

func newChannel(t *testing.T) *channel {
	t.Helper()
	t.Parallel()
	c := &channel{t: t, ctx: obs.WithRequestID(t.Context(), "permintaan-rahasia"), db: pgtest.New(t), clock: clock.NewFake(tuesday)}
	box, err := crypt.New(bytes.Repeat([]byte{7}, 32))
	c.must(err)
	c.m = misconduct.New(misconduct.Deps{DB: c.db.Pool, Clock: c.clock, Box: box, Scans: media.New(media.Options{Clock: c.clock})})
	return c
}

func (c *channel) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *channel) refused(err error, kind errs.Kind, controls ...string) {
	c.t.Helper()
	if err == nil || errs.KindOf(err) != kind {
		c.t.Fatalf("got %v, want %v", err, kind)
	}
	var got []string
	for _, f := range errs.FieldsOf(err) {
		got = append(got, f.Name)
	}
	if fmt.Sprint(got) != fmt.Sprint(controls) {
		c.t.Fatalf("wrong at %v, want %v", got, controls)
	}
}

func ask[T any](c *channel, sql string, args ...any) T {
	c.t.Helper()
	v, err := pg.Scalar[T](c.ctx, c.db.Owner(), sql, args...)
	c.must(err)
	return v
}

// staff works in one unit and holds the permission in another ("" = nowhere).
func (c *channel) staff(name, works, holds string) authz.Actor {
	c.t.Helper()
	unit := func(code string) int64 { return ask[int64](c, `SELECT id FROM org_unit WHERE code = $1`, code) }
	a := authz.Actor{Kind: authz.Staff, Name: name, Positions: []authz.Position{{UnitID: unit(works)}}}
	a.AccountID = ask[int64](c, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at)
		VALUES ('pegawai', $1, lower($1) || '@kota.example', $2, $2) RETURNING id`, name, tuesday)
	if holds != "" {
		a.Grants = []authz.Grant{{Permission: misconduct.PermRead, UnitID: unit(holds)}}
	}
	return a
}

// The needle stands in words, in a contact and in answers: wherever it shows, it leaked.
const needle = "Kepala Seksi Anu"

func sending() misconduct.Sending {
	photo := mediatest.JPEG(64, 48)
	return misconduct.Sending{
		FormKey: "formulir-1", Who: needle, When: "Kemarin", Body: "Ia meminta uang untuk izin: " + needle, Contact: "hubungi " + needle,
		Files: []misconduct.Upload{{Upload: bytes.NewReader(photo), Size: int64(len(photo))}},
	}
}

func TestACaseFromBothSides(t *testing.T) {
	c := newChannel(t)
	auditor := c.staff("Jumriati", "INSP", "INSP")
	bad := sending()
	bad.Who, bad.Body = " ", "pendek"
	_, err := c.m.Send(c.ctx, bad)
	c.refused(err, errs.Unprocessable, misconduct.ControlWho, misconduct.ControlBody)
	bad = sending()
	bad.Files = []misconduct.Upload{{Upload: bytes.NewReader([]byte("MZ bukan foto")), Size: 13}}
	_, err = c.m.Send(c.ctx, bad)
	c.refused(err, errs.Unprocessable, misconduct.ControlFiles)

	// The same form many times at once is one case with one code.
	codes := map[string]bool{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			code, err := c.m.Send(c.ctx, sending())
			mu.Lock()
			defer mu.Unlock()
			codes[code] = true
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := ask[int](c, `SELECT count(*) FROM mtr_misconduct`); n != 1 || len(codes) != 1 {
		t.Fatalf("%d cases, codes %v", n, codes)
	}
	code := ""
	for code = range codes {
	}
	if !regexp.MustCompile(`^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$`).MatchString(code) {
		t.Errorf("the code is %q", code)
	}
	another := sending()
	another.Body += " Sekali lagi."
	if second, err := c.m.Send(c.ctx, another); err != nil || second == code {
		t.Errorf("other words from the same form: %v", err)
	}

	_, err = c.m.Read(c.ctx, "0000-0000-0000-0000-0000")
	c.refused(err, errs.NotFound)
	mine, err := c.m.Read(c.ctx, strings.ToLower(strings.ReplaceAll(code, "-", " ")))
	c.must(err)
	if len(mine.Entries) != 1 || !strings.Contains(mine.Entries[0].Body, needle) || len(mine.Entries[0].Files) != 1 {
		t.Fatalf("the sender reads %+v", mine.Entries)
	}

	list, err := c.m.List(c.ctx, auditor, misconduct.Received, "", 10)
	c.must(err)
	ref := list[1].Ref // the first of two
	if !list[1].Waiting {
		t.Error("it waits for nobody")
	}
	do := func(a misconduct.Action, body string) error {
		seq := ask[int](c, `SELECT seq FROM mtr_misconduct WHERE ref = $1`, ref)
		return c.m.Do(c.ctx, auditor, misconduct.Act{Ref: ref, Seq: seq, Action: a, Body: body, Outcome: "terbukti"})
	}
	c.refused(do(misconduct.ActAnswer, " "), errs.Unprocessable, misconduct.ControlBody)
	c.refused(do(misconduct.ActWrite, "Saya pengirim."), errs.BadRequest)
	c.refused(do(misconduct.ActReopen, "Lagi."), errs.Conflict)
	c.must(do(misconduct.ActNote, "Catatan: "+needle))
	c.must(do(misconduct.ActAnswer, "Berapa yang diminta?"))
	c.refused(c.m.Write(c.ctx, code, "", nil), errs.Unprocessable, misconduct.ControlBody)
	c.must(c.m.Write(c.ctx, code, "Lima juta.", nil))
	mine, err = c.m.Read(c.ctx, code)
	c.must(err)
	if text := fmt.Sprintf("%+v", mine); strings.Contains(text, "Catatan") || strings.Contains(text, "Jumriati") || !strings.Contains(text, "Berapa") {
		t.Errorf("the sender reads %s", text)
	}

	// Two who close at once, and the sender meanwhile: what each saw decides.
	seq := mine.Seq
	won := 0
	for range 4 {
		all.Go(func() {
			err := c.m.Do(c.ctx, auditor, misconduct.Act{Ref: ref, Seq: seq, Action: misconduct.ActClose, Body: "Ditindak.", Outcome: "terbukti"})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if errs.KindOf(err) != errs.Conflict {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won != 1 {
		t.Errorf("%d of four closed it", won)
	}
	c.refused(c.m.Write(c.ctx, code, "Satu lagi.", nil), errs.Conflict)
	c.must(do(misconduct.ActReopen, "Ada bukti baru."))
	c.must(c.m.Write(c.ctx, code, "Terima kasih.", nil))
	view, err := c.m.View(c.ctx, auditor, ref)
	c.must(err)
	if len(view.Entries) != 7 || view.Status != misconduct.InReview || !view.Waiting || view.Entries[1].Who != "Jumriati" {
		t.Errorf("the desk reads %+v", view)
	}
	kind, photo, err := c.m.OpenFile(c.ctx, auditor, ref, view.Entries[0].Files[0].ID)
	if err != nil || kind != "image/jpeg" || !bytes.HasPrefix(photo, []byte{0xff, 0xd8}) {
		t.Errorf("the photo is %s, %v", kind, err)
	}
}

// Only those who hold the permission in the Inspektorat and work there.
func TestOnlyTheInspektoratReads(t *testing.T) {
	c := newChannel(t)
	_, err := c.m.Send(c.ctx, sending())
	c.must(err)
	city := ask[string](c, `SELECT code FROM org_unit WHERE parent_id IS NULL`)
	ref := ask[string](c, `SELECT ref FROM mtr_misconduct`)
	for name, a := range map[string]authz.Actor{
		"in the Inspektorat":         c.staff("Ani", "INSP", "INSP"),
		"there, for the whole city":  c.staff("Ana", "INSP", city),
		"elsewhere, for the city":    c.staff("Adi", "KOMINFO", city),
		"elsewhere, for Inspektorat": c.staff("Ado", "KOMINFO", "INSP"),
		"there, without permission":  c.staff("Ari", "INSP", ""),
		"there, held elsewhere":      c.staff("Aro", "INSP", "DPU"),
		"a visitor":                  {},
	} {
		may := strings.HasPrefix(a.Name, "An")
		list, err := c.m.List(c.ctx, a, "", "", 10)
		c.must(err)
		counts, err := c.m.Counts(c.ctx, a)
		c.must(err)
		if (len(list) == 1) != may || (counts[0].N == 1) != may {
			t.Errorf("%s: lists %d, counts %+v", name, len(list), counts)
		}
		_, viewed := c.m.View(c.ctx, a, ref)
		_, _, opened := c.m.OpenFile(c.ctx, a, ref, ask[int64](c, `SELECT id FROM mtr_misconduct_file`))
		acted := c.m.Do(c.ctx, a, misconduct.Act{Ref: ref, Seq: ask[int](c, `SELECT seq FROM mtr_misconduct`), Action: misconduct.ActNote, Body: "Catatan."})
		for what, err := range map[string]error{"view": viewed, "file": opened, "act": acted} {
			if may && err != nil || !may && errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: %s: %v", name, what, err)
			}
		}
	}
	if n := ask[int](c, `SELECT count(*) FROM audit_entry WHERE action IN ('mtr.misconduct.read', 'mtr.misconduct.read_file')`); n != 4 {
		t.Errorf("%d looks of four are in the trail", n)
	}
}

// No table holds a word of it in the open, nor who sent it or at what time.
func TestNothingIsKeptInTheOpen(t *testing.T) {
	c := newChannel(t)
	auditor := c.staff("Jumriati", "INSP", "INSP")
	code, err := c.m.Send(c.ctx, sending())
	c.must(err)
	c.must(c.m.Write(c.ctx, code, "Ini lagi tentang "+needle, nil))
	ref := ask[string](c, `SELECT ref FROM mtr_misconduct`)
	c.must(c.m.Do(c.ctx, auditor, misconduct.Act{Ref: ref, Seq: 2, Action: misconduct.ActAnswer, Body: "Tentang " + needle}))
	tables, err := pg.Scalars[string](c.ctx, c.db.Owner(), `SELECT quote_ident(relname) FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`)
	c.must(err)
	secrets := map[string]string{
		"words": needle, "words as bytes": hex.EncodeToString([]byte(needle)), "the code": code, "the code bare": strings.ReplaceAll(code, "-", ""),
		"the form": "formulir-1", "the request": "permintaan-rahasia",
	}
	for what, secret := range secrets {
		for _, table := range tables {
			n := ask[int](c, `SELECT count(*) FROM `+table+` x WHERE x::text LIKE '%' || $1 || '%'`, secret)
			if what == "the request" && table == "audit_entry" {
				n -= ask[int](c, `SELECT count(*) FROM audit_entry WHERE account_id = $1`, auditor.AccountID) // the desk's own
			}
			if n != 0 {
				t.Errorf("%s of the sender in %d rows of %s", what, n, table)
			}
		}
	}
	if cols := ask[string](c, `SELECT COALESCE(string_agg(table_name || '.' || column_name, ' '), '') FROM information_schema.columns
		WHERE table_name LIKE 'mtr_misconduct%' AND data_type LIKE 'timestamp%'`); cols != "" {
		t.Errorf("a time of day is kept: %s", cols)
	}
}
