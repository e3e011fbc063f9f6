package eoffice

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/demo/scene"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// wet is a submitted letter that is signed in ink, on the desk of its signer.
func (c *city) wet(p people, s Secrecy) int64 {
	c.t.Helper()
	d := p.draft()
	d.Secrecy, d.Mode = s, Wet
	id := c.submit(p, d)
	c.toSign(p, id)
	return id
}

func photo() Upload { return Upload{"foto.jpg", bytes.NewReader(scene.JPEG(scene.Scene{}))} }

// A letter that is signed in ink is numbered, printed, scanned and sent.
func TestALetterSignedInInk(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.wet(p, Open)
	errstest.Kind(t, c.sign(p.head, id).Err, errs.Conflict) // not electronically
	_, err := c.Print(c.ctx, p.stranger.Actor, Act{ID: id})
	errstest.Kind(t, err, errs.NotFound)
	_, err = c.Scan(c.ctx, p.drafter.Actor, Act{ID: id}, []Upload{photo()})
	errstest.Kind(t, err, errs.Conflict) // no number yet
	_, err = c.Print(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	s := c.state(id)
	if s.Status != Printed || s.LetterNumber != "600.1/1/DPU/XI/2026" || len(s.Blocks) != 1 || s.Blocks[0].Name != p.head.Name {
		t.Fatalf("printed: %+v", s)
	}
	r, err := c.OpenPaper(c.ctx, p.clerk.Actor, id, PaperPrint)
	c.must(err)
	if b, err := io.ReadAll(r); err != nil || !bytes.HasPrefix(b, []byte("%PDF")) {
		t.Errorf("the print: %d bytes, %v", len(b), err)
	}
	_, err = c.Scan(c.ctx, p.clerk.Actor, Act{ID: id}, nil)
	errstest.Field(t, err, ControlFile)
	_, err = c.Scan(c.ctx, p.clerk.Actor, Act{ID: id}, []Upload{upload("a.txt", "bukan pindaian")})
	errstest.Field(t, err, ControlFile)
	_, err = c.Scan(c.ctx, p.clerk.Actor, Act{ID: id}, []Upload{photo(), photo()})
	c.must(err)
	s = c.state(id)
	if s.Status != Sent || s.ScanKey == "" || len(s.PDFHash) != 32 || s.Chain[2].By != p.head.Name {
		t.Fatalf("scanned and sent by itself: %+v", s)
	}
	d := c.open(p.other, id)
	if ps := d.Papers(); len(ps) != 1 || ps[0] != PaperScan {
		t.Errorf("the addressee may open %v", ps)
	}
	c.sameAsReplay(t, id)
}

// Of the most secret letters only a sheet with the number is printed and nothing is
// uploaded; of R letters who may open them reads a copy that names them.
func TestSecretLettersAreSignedInInk(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	for _, s := range []Secrecy{Secret, HighlySecret} {
		id := c.wet(p, s)
		_, err := c.Print(c.ctx, p.clerk.Actor, Act{ID: id})
		c.must(err)
		if got := c.state(id).LetterNumber; !strings.HasPrefix(got, "600.1/"+string(s)+"-") {
			t.Errorf("%s is numbered %q", s, got)
		}
		r, err := c.OpenPaper(c.ctx, p.clerk.Actor, id, PaperPrint)
		if s == Secret {
			errstest.Kind(t, err, errs.NotFound) // the clerk sees the envelope
			_, err = c.OpenPaper(c.ctx, p.drafter.Actor, id, PaperPrint)
		} else if err == nil {
			err = r.Close()
		}
		c.must(err)
		var pages []Upload
		if s == Secret {
			pages = []Upload{photo()}
		}
		_, err = c.Scan(c.ctx, p.drafter.Actor, Act{ID: id}, pages)
		c.must(err)
		_, err = c.Send(c.ctx, p.clerk.Actor, Act{ID: id})
		c.must(err)
		d := c.open(p.other, id)
		if ps := d.Papers(); s == Secret && (len(ps) != 1 || ps[0] != PaperSigned) || s == HighlySecret && len(ps) != 0 {
			t.Errorf("%s: the addressee may open %v", s, ps)
		}
		if s == Secret {
			r, err := c.OpenPaper(c.ctx, p.other.Actor, id, PaperSigned)
			c.must(err)
			c.must(r.Close())
		}
		if keys := one[string](c, `SELECT scan_key FROM eoffice_letter WHERE id = $1`, id); (keys != "") != (s == Secret) {
			t.Errorf("%s: a scan is kept: %q", s, keys)
		}
		c.sameAsReplay(t, id)
	}
}

// Who only stands in does not sign what changes somebody's standing, in ink either.
func TestActingDoesNotSignStrategicInInk(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id, err := c.Begin(c.ctx, p.drafter.Actor, "SK", p.drafter.desk, "sk")
	c.must(err)
	d := p.draft()
	d.Mode, d.To, d.CC = Wet, nil, nil
	_, err = c.SaveDraft(c.ctx, p.drafter.Actor, id, 0, d)
	c.must(err)
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	c.toSign(p, id)
	until := c.clock.Now().Add(48 * time.Hour)
	c.seat(p.head.desk, "plh", c.clock.Now(), &until)
	_, err = c.Print(c.ctx, p.clerk.Actor, Act{ID: id})
	errstest.Kind(t, err, errs.Forbidden)
	if n := one[int](c, `SELECT count(*) FROM numbering_counter WHERE series LIKE 'naskah:%'`); n != 0 {
		t.Error("a number was taken")
	}
}

// Many who print and scan at once: one number, one scan.
func TestPrintingAndScanningAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.wet(p, Open)
	many := func(do func() error) (won int) {
		var wait sync.WaitGroup
		results := make([]error, 8)
		for i := range results {
			wait.Go(func() { results[i] = do() })
		}
		wait.Wait()
		for _, err := range results {
			if err == nil {
				won++
			} else {
				errstest.Kind(t, err, errs.Conflict)
			}
		}
		return won
	}
	if won := many(func() error { _, err := c.Print(c.ctx, p.drafter.Actor, Act{ID: id}); return err }); won != 1 {
		t.Errorf("printed %d times", won)
	}
	if won := many(func() error {
		_, err := c.Scan(c.ctx, p.drafter.Actor, Act{ID: id}, []Upload{photo()})
		return err
	}); won != 1 {
		t.Errorf("scanned %d times", won)
	}
	if n := one[int](c, `SELECT last FROM numbering_counter WHERE series LIKE 'naskah:%'`); n != 1 {
		t.Errorf("%d numbers taken", n)
	}
	c.sameAsReplay(t, id)
}
