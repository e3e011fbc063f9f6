package eoffice

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

const told = "Kerbau Putih"

// telling are the tables in which a text lies in the open.
func (c *city) telling(text string) (tables []string) {
	c.t.Helper()
	for _, table := range pgTables(c) {
		if one[bool](c, `SELECT EXISTS (SELECT FROM `+table+` x WHERE x::text ILIKE '%'||$1||'%')`, text) {
			tables = append(tables, table)
		}
	}
	return tables
}

// everSaid is a letter of which everything that can be said in the open was, and its orders.
func (c *city) everSaid(b bureau) (letter int64, orders []int64) {
	c.t.Helper()
	d := b.draft()
	d.Subject, d.Body = "Perkara "+told, "<p>Tentang "+told+".</p>"
	letter = c.begin(b.people, d)
	c.must(c.AttachFile(c.ctx, b.drafter.Actor, letter, upload(told+".txt", "Daftar "+told)))
	_, err := c.Submit(c.ctx, b.drafter.Actor, Act{ID: letter})
	c.must(err)
	c.open(b.verifier, letter)
	_, err = c.Edit(c.ctx, b.verifier.Actor, Act{ID: letter}, Content{d.Subject, "<p>Kabar " + told + " yang kedua.</p>"})
	c.must(err)
	c.must(c.Return(c.ctx, b.verifier.Actor, Act{ID: letter, Reason: "Sebut juga " + told}))
	_, err = c.Submit(c.ctx, b.drafter.Actor, Act{ID: letter})
	c.must(err)
	c.must(c.AskOpinions(c.ctx, b.drafter.Actor, Act{ID: letter}, Asking{Desks: []int64{b.third.desk}, Question: "Perlukah " + told + "?", Due: c.clock.Now().Add(48 * time.Hour)}))
	c.must(c.Opine(c.ctx, b.third.Actor, Act{ID: c.opinions(b.third, letter)[0].ID}, Answer{Stance: AgreesIf, Words: "Perlu, " + told}))
	c.toSign(b.people, letter)
	c.must(c.sign(b.head, letter).Err)
	c.must(c.ReadWords(c.ctx, c.files(letter)[0].ID))
	r := c.recipient(letter, b.other.desk).ID
	c.must(c.GiveBack(c.ctx, b.other.Actor, r, "Bukan urusan kami "+told))
	c.must(c.Resend(c.ctx, b.clerk.Actor, r))
	c.open(b.other, letter)
	note := func(to worker) NewOrder {
		return NewOrder{To: to.desk, Note: "Urus " + told, Instructions: []string{"Tindak lanjuti"}}
	}
	orders = c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{note(b.bidang)}})
	c.open(b.bidang, letter)
	orders = append(orders, c.give(b.bidang, Giving{ParentID: orders[0], Orders: []NewOrder{note(b.sub)}})...)
	c.open(b.sub, letter)
	c.must(c.onOrder(b.sub, orders[1], ActAskGuide, "Apakah "+told+" itu?"))
	c.must(c.onOrder(b.bidang, orders[1], ActGuide, "Benar, "+told))
	report := func(text string) {
		c.must(c.ReportOrder(c.ctx, b.sub.Actor, Act{ID: orders[1]}, Report{Text: text + told}))
	}
	report("Pertama ")
	c.must(c.onOrder(b.bidang, orders[1], ActRework, "Periksa "+told+" lagi."))
	report("Kedua ")
	info := c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{{To: b.second2.desk, ForInfo: true}}})
	c.must(c.onOrder(b.other, info[0], ActCancel, "")) // who was told of it and does not have it any more
	return letter, append(orders, info...)
}

// What becomes secret on its way is as if it had been born so: nothing of it lies in the
// open, its clerks see the envelope, those who had it read on, and history is the same.
func TestWhatIsRaisedToSecretIsSealed(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	colleague := c.hire("pelaksana", "BAPPEDA", b.other.desk, PermUnitView)
	letter, orders := c.everSaid(b)
	before := c.telling(told)
	for _, table := range []string{"eoffice_letter", "eoffice_version", "eoffice_event", "eoffice_disposition", "eoffice_opinion", "eoffice_file", "eoffice_search", "notify_message", "notify_inbox"} {
		if !slices.Contains(before, table) {
			t.Fatalf("%s has nothing to seal, only %v", table, before)
		}
	}
	state := c.state(letter)
	readers := []worker{b.sub, b.bidang, b.head, b.drafter, b.third}
	reasons := func(w worker) (out []string) {
		for _, e := range c.open(w, letter).Events {
			out = append(out, e.Reason)
		}
		return out
	}
	was := map[int64][]string{}
	for _, w := range readers {
		was[w.desk] = reasons(w)
	}
	act := Act{ID: letter, Reason: "Menyangkut " + told}
	errstest.Kind(t, c.Raise(c.ctx, b.other.Actor, act, Open), errs.Conflict)
	for _, to := range []Secrecy{HighlySecret, "X"} {
		errstest.Field(t, c.Raise(c.ctx, b.other.Actor, act, to), ControlSecrecy)
	}
	c.must(c.Raise(c.ctx, b.other.Actor, act, Restricted))
	c.must(c.Raise(c.ctx, b.other.Actor, act, Secret))
	errstest.Kind(t, c.Raise(c.ctx, b.other.Actor, act, Secret), errs.Conflict)
	if tables := c.telling(told); len(tables) > 0 {
		t.Errorf("told by %v", tables)
	}
	for _, w := range readers {
		d := c.open(w, letter)
		if d.See != Whole || d.Content.Subject != "Perkara "+told || !strings.Contains(d.Content.Body, "yang kedua") {
			t.Fatalf("%s sees %+v", w.Name, d.Content)
		}
		if is := reasons(w); !slices.Equal(was[w.desk], is[:len(was[w.desk])]) {
			t.Errorf("%s reads another history: %v, not %v", w.Name, is, was[w.desk])
		}
		if own := w.desk == b.sub.desk || w.desk == b.bidang.desk; own != (len(d.Orders) > 0) || own && (d.Orders[1].NoteText != "Urus "+told || d.Orders[1].ReportText != "Kedua "+told) {
			t.Errorf("%s sees the orders %+v", w.Name, d.Orders)
		}
	}
	vs, err := c.Versions(c.ctx, b.drafter.Actor, letter)
	if err != nil || len(vs) != 2 || !strings.Contains(vs[0].Content.Body, "Tentang "+told) {
		t.Errorf("versions %+v, %v", vs, err)
	}
	for _, w := range []worker{b.clerk, b.otherClerk} {
		d := c.open(w, letter)
		if d.See != Envelope || d.Content != (Content{}) || len(d.Files)+len(d.Events)+len(d.Orders) > 0 || c.finds(w, told, letter) || !c.finds(w, "600.1/1/DPU", letter) {
			t.Errorf("the clerk %s sees %+v", w.Name, d)
		}
	}
	for _, w := range []worker{colleague, b.stranger, b.second2} {
		if _, err := c.Open(c.ctx, w.Actor, letter); errs.KindOf(err) != errs.NotFound || c.finds(w, told, letter) {
			t.Errorf("%s still has it: %v", w.Name, err)
		}
	}
	if s := c.state(letter); s.LetterNumber != state.LetterNumber || s.Version != state.Version {
		t.Errorf("it became %+v", s)
	}
	if o := c.opinions(b.third, letter)[0]; o.QuestionText != "Perlukah "+told+"?" || o.WordsText != "Perlu, "+told {
		t.Errorf("the opinion reads %q, %q", o.QuestionText, o.WordsText)
	}
	c.sameAsReplay(t, letter)
	c.ordersHold(t)
	c.sameOpinions(letter)
	// What is written from now on is sealed too.
	c.must(c.onOrder(b.bidang, orders[1], ActAccept, "Terima kasih, "+told))
	c.must(c.onOrder(b.other, orders[0], ActClose, "Sudah jelas, "+told))
	c.must(c.Finish(c.ctx, b.other.Actor, c.recipient(letter, b.other.desk).ID, "Selesai, "+told))
	if tables := c.telling(told); len(tables) > 0 {
		t.Errorf("later told by %v", tables)
	}
	// Its number stays where it was taken, and the signer's unit opens it again.
	for confidential, want := range map[bool]int{false: 1, true: 0} {
		lines, err := c.BookOf(c.ctx, b.clerk.Actor, Book{UnitID: c.unit("DPU"), Year: 2026, Series: "surat", Confidential: confidential}, 0, BookPage)
		if err != nil || len(lines) != want || want > 0 && (lines[0].LetterID != letter || lines[0].Subject != "") {
			t.Errorf("book, confidential %v: %+v, %v", confidential, lines, err)
		}
	}
	c.must(c.Lower(c.ctx, b.head.Actor, Act{ID: letter, Reason: "Sudah selesai"}, Restricted))
	if d := c.open(b.clerk, letter); d.See != Whole || d.Content.Subject != "Perkara "+told || !c.finds(b.clerk, told, letter) {
		t.Errorf("restricted again: %+v", d.Content)
	}
	c.sameAsReplay(t, letter)
	c.ordersHold(t)
}

// The seal is the only thing that may be put on history, and only on that of a letter which
// is confidential.
func TestOnlyConfidentialHistoryIsSealed(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	letter, _ := c.everSaid(b)
	sum := func() string {
		return one[string](c, `SELECT md5(string_agg(e::text, '' ORDER BY e.id)) || (SELECT md5(string_agg(v::text, '' ORDER BY v.version)) FROM eoffice_version v WHERE v.letter_id = $1)
			FROM eoffice_event e WHERE e.letter_id = $1`, letter)
	}
	seal := func(sealed []byte) {
		if _, err := c.db.Pool.Exec(c.ctx, `SELECT eoffice_seal_event(id, $2) FROM eoffice_event WHERE letter_id = $1`, letter, sealed); err != nil {
			t.Fatal(err)
		}
		if _, err := c.db.Pool.Exec(c.ctx, `SELECT eoffice_seal_version(letter_id, version, $2) FROM eoffice_version WHERE letter_id = $1`, letter, sealed); err != nil {
			t.Fatal(err)
		}
	}
	before := sum()
	seal([]byte("segel"))
	if sum() != before {
		t.Error("the history of an open letter was changed")
	}
	c.must(c.Raise(c.ctx, b.other.Actor, Act{ID: letter, Reason: upTo}, Secret))
	before = sum()
	for _, sealed := range [][]byte{[]byte("segel yang lain"), nil} {
		if seal(sealed); sum() != before {
			t.Error("what is sealed was changed")
		}
	}
}

// Whoever writes about a letter while it becomes secret writes it under seal or before.
func TestNothingIsWrittenBesideTheSeal(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	letter, orders := c.everSaid(b)
	c.must(c.onOrder(b.bidang, orders[1], ActAccept, ""))
	var wait sync.WaitGroup
	for i := range 6 {
		wait.Go(func() {
			_, err := c.Give(c.ctx, b.bidang.Actor, Giving{ParentID: orders[0], Orders: []NewOrder{{To: b.sub.desk, ForInfo: true, Note: fmt.Sprint(told, " ke-", i)}}})
			if err != nil && errs.KindOf(err) != errs.Conflict {
				t.Error(err)
			}
		})
		wait.Go(func() { c.open(b.sub, letter) })
		if i == 2 {
			wait.Go(func() {
				if err := c.Raise(c.ctx, b.other.Actor, Act{ID: letter, Reason: "Menyangkut " + told}, Secret); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wait.Wait()
	if tables := c.telling(told); len(tables) > 0 {
		t.Errorf("told by %v", tables)
	}
	c.sameAsReplay(t, letter)
	c.ordersHold(t)
}

// A draft that went round in the open and becomes secret leaves nothing behind; of the most
// secret not even under seal.
func TestADraftBecomesSecret(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	for _, s := range []Secrecy{Secret, HighlySecret} {
		d := p.draft()
		d.CC, d.Subject, d.Body = nil, "Perkara "+told, "<p>Tentang "+told+".</p>"
		id := c.submit(p, d)
		c.open(p.verifier, id)
		c.must(c.Return(c.ctx, p.verifier.Actor, Act{ID: id, Reason: told + " itu rahasia"}))
		d.Secrecy = s
		_, err := c.SaveDraft(c.ctx, p.drafter.Actor, id, 1, d)
		c.must(err)
		if tables := c.telling(told); len(tables) > 0 {
			t.Errorf("%s: told by %v", s, tables)
		}
		if sealed := one[int](c, `SELECT count(*) FROM eoffice_version WHERE letter_id = $1 AND content_sealed IS NOT NULL`, id); (sealed > 0) != s.Kept() {
			t.Errorf("%s: %d versions under seal", s, sealed)
		}
		_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
		c.must(err)
		c.must(c.Return(c.ctx, p.verifier.Actor, Act{ID: id, Reason: told + " sekali lagi"}))
		if tables := c.telling(told); len(tables) > 0 {
			t.Errorf("%s: sent on, told by %v", s, tables)
		}
		c.sameAsReplay(t, id)
	}
}

// From outside too: the scan that everybody read is not found by what it says any more.
func TestALetterFromOutsideIsRaised(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	in := p.arrival()
	in.Subject, in.Papers = "Perkara "+told, []int64{c.scan(p.clerk, told+".txt", "Daftar "+told)}
	id := c.record(p.clerk, in).ID
	_, err := c.Direct(c.ctx, p.clerk.Actor, Act{ID: id})
	c.must(err)
	c.must(c.ReadWords(c.ctx, c.files(id)[0].ID))
	c.open(p.head, id)
	c.must(c.Raise(c.ctx, p.head.Actor, Act{ID: id, Reason: upTo}, Secret))
	c.must(c.ReadWords(c.ctx, c.files(id)[0].ID)) // a job that was late
	if tables := c.telling(told); len(tables) > 0 {
		t.Errorf("told by %v", tables)
	}
	if d := c.open(p.head, id); d.Content.Subject != in.Subject || len(d.Files) != 1 {
		t.Errorf("the addressee sees %+v", d.Content)
	}
	file := c.files(id)[0].ID
	if _, _, err := c.OpenFile(c.ctx, p.clerk.Actor, id, file); errs.KindOf(err) != errs.NotFound || c.open(p.clerk, id).See != Envelope {
		t.Errorf("who wrote it down opens it: %v", err)
	}
	errstest.Kind(t, c.Lower(c.ctx, p.head.Actor, Act{ID: id, Reason: upTo}, Open), errs.Conflict)
	c.sameAsReplay(t, id)
}
