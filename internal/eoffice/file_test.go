package eoffice

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

func upload(name, content string) Upload { return Upload{name, bytes.NewReader([]byte(content))} }

// files are the attachments of a letter.
func (c *city) files(id int64) []File {
	c.t.Helper()
	list, err := filesOf(c.ctx, c.db.Pool, id)
	c.must(err)
	return list
}

// A file is shown by what its sender called it, without a way into folders, what turns the writing
// around or bytes that are no letters, and by the ending of what it is.
func TestNamesOfFiles(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		`C:\Users\ani\Rencana  kerja.docx`: "Rencana kerja.pdf", "../../denah.tar.gz": "denah.tar.pdf", "foto\u202egpj.exe": "fotogpj.pdf", "surat\xff\x00 lama": "surat lama.pdf",
		"": "Lampiran.pdf", "/": "Lampiran.pdf", "..": "Lampiran.pdf", "\u202e.exe": "Lampiran.pdf",
	} {
		if got := shownName(name, "pdf"); got != want {
			t.Errorf("%q is shown as %q, want %q", name, got, want)
		}
	}
}

// What goes with a letter is a part of what a paraf stands for.
func TestAttachmentsAreWhatAParafStandsFor(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.begin(p, p.draft())
	c.must(c.AttachFile(c.ctx, p.drafter.Actor, id, upload(`C:\Users\ani\Rencana  kerja.docx`, "No;Lorong\n1;Toddopuli")))
	if f := c.files(id); len(f) != 1 || f[0].Name != "Rencana kerja.txt" || f[0].Size == 0 {
		t.Fatalf("attached: %+v", f)
	}
	_, err := c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	c.paraf(p.verifier, id)
	errstest.Kind(t, c.AttachFile(c.ctx, p.drafter.Actor, id, upload("b.txt", "terlambat")), errs.Conflict)
	c.must(c.Return(c.ctx, p.second.Actor, Act{ID: id, Reason: "Lampirannya kurang"}))
	c.clock.Advance(time.Minute)
	c.must(c.AttachFile(c.ctx, p.drafter.Actor, id, upload("b.txt", "denah")))
	c.must(c.RemoveFile(c.ctx, p.drafter.Actor, id, c.files(id)[0].ID))
	c.must(c.RemoveFile(c.ctx, p.drafter.Actor, id, c.files(id)[0].ID-1)) // a second click
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	if s := c.state(id); s.DeskID != p.verifier.desk || s.Version != 2 {
		t.Errorf("after another attachment: %+v", s)
	}
	vs, err := c.Versions(c.ctx, p.head.Actor, id)
	if err == nil {
		t.Errorf("who has not had the letter sees %d versions", len(vs))
	}
	vs, err = c.Versions(c.ctx, p.verifier.Actor, id)
	if err != nil || !slices.Equal(vs[0].Files, []string{"Rencana kerja.txt"}) || !slices.Equal(vs[1].Files, []string{"b.txt"}) {
		t.Errorf("attachments of the versions: %+v, %v", vs, err)
	}
	c.sameAsReplay(t, id)
}

// An attachment is open to who may open its letter, and to nobody else.
func TestAttachmentsAreOpenAsTheirLetter(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	for _, s := range Secrecies[:3] {
		d := p.draft()
		d.Secrecy = s
		id := c.begin(p, d)
		c.must(c.AttachFile(c.ctx, p.drafter.Actor, id, upload("Kasus Daeng Naba.txt", "tentang Daeng Naba")))
		_, err := c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
		c.must(err)
		c.toSign(p, id)
		c.must(c.sign(p.head, id).Err)
		if c.state(id).Status == Signed {
			_, err := c.Send(c.ctx, p.clerk.Actor, Act{ID: id})
			c.must(err)
		}
		file := c.files(id)[0].ID
		c.must(c.ReadWords(c.ctx, file))
		for _, v := range []struct {
			who  worker
			want bool
		}{{p.other, true}, {p.third, true}, {p.stranger, false}, {p.otherClerk, s != Secret}} {
			r, f, err := c.OpenFile(c.ctx, v.who.Actor, id, file)
			if (err == nil) != v.want {
				t.Errorf("%s: opened: %v, want %v", s, err, v.want)
			}
			if err != nil {
				errstest.Kind(t, err, errs.NotFound)
				continue
			}
			b, err := io.ReadAll(r)
			said := string(b)
			if s == Secret {
				said = pdfWords(t, b)
			}
			if r.Close(); err != nil || !strings.Contains(said, "tentang Daeng Naba") || s == Secret && strings.Contains(f.Name, "Naba") {
				t.Errorf("%s: %q named %q, %v", s, said, f.Name, err)
			}
		}
		if got := slices.Contains(c.find(p.other, Query{Text: "naba"}), id); got != (s != Secret) {
			t.Errorf("%s: found by the words of the attachment: %v", s, got)
		}
		if s == Secret {
			if n := one[int](c, `SELECT count(*) FROM eoffice_file f WHERE letter_id = $1 AND f::text ILIKE '%naba%'`, id); n != 0 {
				t.Error("the name or the words of a secret attachment are in the open")
			}
		}
		_, _, err = c.OpenFile(c.ctx, p.other.Actor, id+1, file)
		errstest.Kind(t, err, errs.NotFound)
	}
}

// Of the most secret letters nothing is kept, and programs are refused in words.
func TestWhatMayNotBeAttached(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	d := p.draft()
	id := c.begin(p, d)
	errstest.Field(t, c.AttachFile(c.ctx, p.drafter.Actor, id, upload("a.pdf", "MZ\x90\x00 a program")), ControlFile)
	errstest.Kind(t, c.AttachFile(c.ctx, p.stranger.Actor, id, upload("a.txt", "x")), errs.NotFound)
	c.must(c.AttachFile(c.ctx, p.drafter.Actor, id, upload("a.txt", "x")))
	d.Secrecy = HighlySecret
	_, err := c.SaveDraft(c.ctx, p.drafter.Actor, id, 1, d)
	c.must(err)
	errstest.Field(t, c.AttachFile(c.ctx, p.drafter.Actor, id, upload("b.txt", "y")), ControlFile)
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	errstest.Field(t, err, ControlFile)
}

// A double click, and many at once: each file once, never more than allowed.
func TestAttachingAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.begin(p, p.draft())
	var wait sync.WaitGroup
	for i := range 30 {
		wait.Go(func() {
			if err := c.AttachFile(c.ctx, p.drafter.Actor, id, upload("a.txt", fmt.Sprint("isi ", i%25))); err != nil && errs.KindOf(err) != errs.Unprocessable {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	files := c.files(id)
	seen := map[string]bool{}
	for _, f := range files {
		seen[string(f.Hash)] = true
	}
	if len(files) != MaxFiles || len(seen) != MaxFiles {
		t.Errorf("%d files, %d different", len(files), len(seen))
	}
}
