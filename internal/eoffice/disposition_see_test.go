package eoffice

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// told is everything that somebody gets to read of a letter, on every way that there is.
func (c *city) told(w worker, letter int64, folders ...int64) string {
	c.t.Helper()
	var out strings.Builder
	add := func(v any, err error) {
		if errs.KindOf(err) == errs.NotFound && err != nil {
			return
		}
		c.must(err)
		b, err := json.Marshal(v)
		c.must(err)
		out.Write(b)
	}
	d, err := c.Open(c.ctx, w.Actor, letter)
	d.Moment = Moment{}
	add(d, err)
	add(c.Versions(c.ctx, w.Actor, letter))
	for _, id := range one[[]int64](c, `SELECT array_agg(id) FROM eoffice_disposition WHERE letter_id = $1`, letter) {
		if r, err := c.OpenSheet(c.ctx, w.Actor, id); err == nil {
			out.WriteString(pdfWords(c.t, all(c.t, r)))
		} else if errs.KindOf(err) != errs.NotFound {
			c.t.Error(err)
		}
	}
	for _, id := range one[[]int64](c, `SELECT COALESCE(array_agg(id), '{}') FROM eoffice_file WHERE letter_id = $1`, letter) {
		if r, f, err := c.OpenFile(c.ctx, w.Actor, letter, id); err == nil {
			out.WriteString(f.Name)
			out.Write(all(c.t, r))
		} else if errs.KindOf(err) != errs.NotFound {
			c.t.Error(err)
		}
	}
	for _, f := range folders {
		for name, body := range c.exported(w, f) {
			if !strings.HasPrefix(body, "%PDF") {
				out.WriteString(name + body)
			}
		}
	}
	for _, k := range Queues {
		rows, _, err := c.Desk(c.ctx, w.Actor, k, nil)
		add(rows, err)
	}
	rows, _, err := c.Search(c.ctx, w.Actor, Query{}, 0)
	add(rows, err)
	out.WriteString(one[string](c, `SELECT COALESCE(string_agg(m::text, ''), '') FROM notify_message m WHERE account_id = $1`, w.AccountID))
	return out.String()
}

// wantTold checks who is told which of the words that were planted, and that nobody finds the
// letter by them. Who is in no set is told none.
func (c *city) wantTold(letter int64, everybody map[string]worker, folders map[string]int64, words map[string][]string) {
	c.t.Helper()
	for name, w := range everybody {
		var mine []int64
		if f := folders[name]; f != 0 {
			mine = append(mine, f)
		}
		told := c.told(w, letter, mine...)
		for word, who := range words {
			if got, want := strings.Contains(told, word), slices.Contains(who, name); got != want {
				c.t.Errorf("%s is told %s: %v", name, word, got)
			}
			if c.finds(w, word, letter) {
				c.t.Errorf("%s finds it by %s", name, word)
			}
		}
	}
}

// What an office orders about a letter, and what comes of that, stays there: neither who sent
// it nor who else got it is told more than how far it has come. Why it was sent back before it
// was signed, and what others thought of it, stays with who wrote it.
func TestWordsStayWithTheirOffice(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	own, otherArchivist := c.archivists(b.people)
	section := c.hire("struktural", "DISHUB", b.third.desk)
	thirdClerk := c.hire("pelaksana", "DISHUB", b.third.desk, PermRegister)
	colleague := c.hire("pelaksana", "DISHUB", b.third.desk, PermUnitView)
	c.exec(`INSERT INTO eoffice_instruction VALUES ($1, 1, 'Perintah-Bappeda'), ($1, 2, 'Tindak lanjuti')`, c.unit("BAPPEDA"))
	d := b.draft()
	d.To, d.CC = append(d.To, Addressee{PositionID: b.third.desk}), nil
	letter := c.submit(b.people, d)
	c.open(b.verifier, letter)
	c.must(c.Return(c.ctx, b.verifier.Actor, Act{ID: letter, Reason: "Kembali-DPU"}))
	_, err := c.Submit(c.ctx, b.drafter.Actor, Act{ID: letter})
	c.must(err)
	c.must(c.AskOpinions(c.ctx, b.drafter.Actor, Act{ID: letter}, Asking{Desks: []int64{b.third.desk}, Question: "Tanya-Dishub", Due: c.clock.Now().Add(48 * time.Hour)}))
	c.must(c.Opine(c.ctx, b.third.Actor, Act{ID: c.opinions(b.third, letter)[0].ID}, Answer{Stance: AgreesIf, Words: "Jawab-Dishub"}))
	c.toSign(b.people, letter)
	c.must(c.sign(b.head, letter).Err)
	c.must(c.Watch(c.ctx, b.drafter.Actor, letter))
	c.must(c.Watch(c.ctx, b.otherClerk.Actor, letter))

	r, third := c.recipient(letter, b.other.desk).ID, c.recipient(letter, b.third.desk).ID
	c.must(c.GiveBack(c.ctx, b.third.Actor, third, "Bukan-Dishub"))
	c.must(c.Resend(c.ctx, b.clerk.Actor, third))
	c.open(b.third, letter)
	dishub := c.give(b.third, Giving{RecipientID: third, Orders: []NewOrder{{To: section.desk, Note: "Catatan-Dishub", Instructions: []string{"Tindak lanjuti"}}}})[0]
	c.open(section, letter)
	c.must(c.ReportOrder(c.ctx, section.Actor, Act{ID: dishub}, Report{Text: "Lapor-Dishub"}))
	c.open(b.other, letter)
	top := c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{{To: b.bidang.desk, Note: "Catatan-Bappeda", Instructions: []string{"Perintah-Bappeda"}}}})[0]
	c.open(b.bidang, letter)
	sub := c.give(b.bidang, Giving{ParentID: top, Orders: []NewOrder{follow(b.sub)}})[0]
	c.open(b.sub, letter)
	c.must(c.onOrder(b.sub, sub, ActAskGuide, "Arahan-Bappeda"))
	c.must(c.onOrder(b.bidang, sub, ActGuide, "Petunjuk-Bappeda"))
	c.must(c.ReportOrder(c.ctx, b.sub.Actor, Act{ID: sub}, Report{Text: "Lapor-Bappeda", Files: []Upload{upload("Nama-Berkas.txt", "Isi-Berkas")}}))
	c.must(c.onOrder(b.bidang, sub, ActAccept, ""))
	c.must(c.onOrder(b.other, top, ActClose, "Tutup-Bappeda"))
	c.must(c.Finish(c.ctx, b.other.Actor, r, "Hasil-Bappeda"))

	everybody := map[string]worker{
		"drafter": b.drafter, "verifier": b.verifier, "head": b.head, "clerk": b.clerk, "archivist": own,
		"other": b.other, "bidang": b.bidang, "sub": b.sub, "other clerk": b.otherClerk, "other archivist": otherArchivist,
		"third": b.third, "section": section, "third clerk": thirdClerk, "colleague": colleague, "stranger": b.stranger,
	}
	folders := map[string]int64{"archivist": c.fileIn(own, "DPU", letter).ID, "other archivist": c.fileIn(otherArchivist, "BAPPEDA", letter).ID}
	writers := []string{"drafter", "verifier", "head", "clerk", "archivist"}
	bappeda := []string{"other", "bidang", "sub", "other clerk", "other archivist"}
	third3 := []string{"third", "section", "third clerk", "colleague"}
	words := map[string][]string{
		"Kembali-DPU": writers, "Tanya-Dishub": append([]string{"third"}, writers...), "Jawab-Dishub": append([]string{"third"}, writers...),
		"Bukan-Dishub": append(slices.Clone(third3), writers...), "Catatan-Dishub": third3, "Lapor-Dishub": third3,
	}
	for _, word := range []string{"Perintah-Bappeda", "Catatan-Bappeda", "Arahan-Bappeda", "Petunjuk-Bappeda", "Lapor-Bappeda", "Nama-Berkas", "Isi-Berkas", "Tutup-Bappeda", "Hasil-Bappeda"} {
		words[word] = bappeda
	}
	c.wantTold(letter, everybody, folders, words)
	// How far it has come, and by whom, everybody sees.
	for _, name := range []string{"drafter", "bidang", "section"} {
		var done []string
		for _, e := range c.open(everybody[name], letter).Events {
			if e.Action == ActFinish {
				done = append(done, e.Name+" "+e.Whom)
			}
		}
		if want := b.other.Name + " " + c.title(b.other.desk); !slices.Equal(done, []string{want}) {
			t.Errorf("%s sees who finished it: %v, not %s", name, done, want)
		}
	}
	told := map[string]int{}
	for _, name := range []string{"drafter", "other clerk"} {
		told[name] = one[int](c, `SELECT count(*) FROM notify_message WHERE account_id = $1 AND subject LIKE 'Disposisi naskah yang Anda pantau%'`, everybody[name].AccountID)
	}
	if told["drafter"] != 0 || told["other clerk"] == 0 {
		t.Errorf("watchers hear of orders: %v", told)
	}
}

// From the mayor down through two offices: each sees what stands above its own orders as the
// sheet that came to it, the mayor everything, and neither office what the other made of it.
func TestASheetComesDownWithItsOrder(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	mayor := c.hire("kepala", one[string](c, `SELECT code FROM org_unit WHERE parent_id IS NULL`), 0)
	c.exec(`UPDATE org_position SET superior_id = $1 WHERE id = ANY ($2)`, mayor.desk, []int64{b.other.desk, b.third.desk})
	section := c.hire("struktural", "DISHUB", b.third.desk)
	d := b.draft()
	d.To, d.CC = []Addressee{{PositionID: mayor.desk}}, nil
	letter := c.sent(b.people, d)
	c.open(mayor, letter)
	note := func(to worker, text string) NewOrder {
		return NewOrder{To: to.desk, Note: text, Instructions: []string{"Tindak lanjuti"}}
	}
	lead := note(b.other, "Dari-Wali")
	lead.Lead = true
	tops := c.give(mayor, Giving{RecipientID: c.recipient(letter, mayor.desk).ID, Orders: []NewOrder{lead, note(b.third, "Dari-Wali")}})
	for i, w := range []struct {
		head, below worker
		name        string
	}{{b.other, b.bidang, "Bappeda"}, {b.third, section, "Dishub"}} {
		c.open(w.head, letter)
		id := c.give(w.head, Giving{ParentID: tops[i], Orders: []NewOrder{note(w.below, "Catatan-"+w.name)}})[0]
		c.open(w.below, letter)
		c.must(c.ReportOrder(c.ctx, w.below.Actor, Act{ID: id}, Report{Text: "Hasil-" + w.name}))
		c.must(c.onOrder(w.head, id, ActAccept, ""))
		c.must(c.ReportOrder(c.ctx, w.head.Actor, Act{ID: tops[i]}, Report{Text: "Lapor-" + w.name}))
	}
	// What is called back came to nobody: who was to get it, and has the letter by other means, is not told.
	back := c.give(mayor, Giving{RecipientID: c.recipient(letter, mayor.desk).ID, Orders: []NewOrder{{To: b.head.desk, ForInfo: true, Note: "Salah-Alamat"}}, Jump: long})
	c.must(c.onOrder(mayor, back[0], ActCancel, ""))
	everybody := map[string]worker{"mayor": mayor, "other": b.other, "bidang": b.bidang, "third": b.third, "section": section, "drafter": b.drafter, "head": b.head, "clerk": b.clerk}
	bappeda, dishub := []string{"mayor", "other", "bidang"}, []string{"mayor", "third", "section"}
	c.wantTold(letter, everybody, nil, map[string][]string{
		"Dari-Wali": {"mayor", "other", "bidang", "third", "section"}, "Salah-Alamat": {"mayor", "other", "bidang", "third", "section"},
		"Catatan-Bappeda": bappeda, "Hasil-Bappeda": bappeda, "Lapor-Bappeda": bappeda, "Catatan-Dishub": dishub, "Hasil-Dishub": dishub, "Lapor-Dishub": dishub,
	})
	orders, err := pg.Many[Order](c.ctx, c.db.Pool, sqlAllOrders, letter)
	c.must(err)
	for name, n := range map[string]int{"mayor": len(orders), "other": len(orders) - 1, "section": len(orders) - 1, "head": 0} {
		if got := len(c.open(everybody[name], letter).Orders); got != n {
			t.Errorf("%s sees %d orders of %d, not %d", name, got, len(orders), n)
		}
	}
}
