package eoffice

import (
	"strings"
	"testing"
)

// Every copy of a secret letter has its number, of how many, and its list: an addressee reads
// their own, who was given an order the addressee's, everybody else that of the file. The
// letter that is signed says how many there are, even if it is but one.
func TestCopiesOfASecretLetterAreNumbered(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	d := b.draft()
	d.Secrecy = Secret
	d.To = append(d.To, Addressee{Name: "Kapolrestabes Makassar", Address: "Jalan Ahmad Yani"})
	id := c.submit(b.people, d)
	if words := pdfWords(t, c.paperOf(b.verifier, id, PaperDraft)); !strings.Contains(words, "RAHASIA · Salinan 4 dari 4") || !strings.Contains(words, "Salinan untuk "+b.verifier.Name) {
		t.Errorf("the draft:\n%s", words)
	}
	c.toSign(b.people, id)
	c.must(c.sign(b.head, id).Err)
	_, err := c.Send(c.ctx, b.clerk.Actor, Act{ID: id})
	c.must(err)
	c.open(b.other, id)
	_, err = c.Give(c.ctx, b.other.Actor, Giving{RecipientID: c.recipient(id, b.other.desk).ID, Admit: true,
		Orders: []NewOrder{{To: b.bidang.desk, Lead: true, Instructions: []string{"Tindak lanjuti"}}}})
	c.must(err)
	for w, want := range map[*worker]string{&b.other: "Salinan 1 dari 4", &b.third: "Salinan 3 dari 4", &b.bidang: "Salinan 1 dari 4", &b.head: "Salinan 4 dari 4", &b.drafter: "Salinan 4 dari 4"} {
		words := pdfWords(t, c.paperOf(*w, id, PaperSigned))
		for _, part := range []string{"RAHASIA · " + want, "Salinan untuk " + w.Name, "SALINAN RAHASIA", "Daftar distribusi salinan: 1.", "2. Kapolrestabes Makassar", "4. Arsip Dinas Pekerjaan Umum"} {
			if !strings.Contains(words, part) {
				t.Errorf("%s: %q is not on the paper:\n%s", w.Name, part, words)
			}
		}
		if got := c.open(*w, id).Copies.Mark(); got != want {
			t.Errorf("%s reads %q, want %q", w.Name, got, want)
		}
	}
	row, err := readCase(c.ctx, c.db.Pool, id, 0, c.clock.Now())
	c.must(err)
	r, _, err := c.blobs.Get(c.ctx, row.PDFKey)
	c.must(err)
	if words := pdfWords(t, all(t, r)); !strings.Contains(words, "RAHASIA · Dibuat dalam 4 salinan bernomor") || strings.Contains(words, "Salinan untuk") {
		t.Errorf("the letter itself:\n%s", words)
	}

	d = b.draft()
	d.Secrecy, d.CC = HighlySecret, nil
	sr := c.submit(b.people, d)
	c.toSign(b.people, sr)
	_, err = c.Print(c.ctx, b.clerk.Actor, Act{ID: sr})
	c.must(err)
	if words := pdfWords(t, c.paperOf(b.clerk, sr, PaperPrint)); !strings.Contains(words, "Salinan 1 dari 2") || !strings.Contains(words, "2. Arsip Dinas Pekerjaan Umum") {
		t.Errorf("the sheet of a most secret one:\n%s", words)
	}
}
