package eoffice

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// morning is one scan of letters with the portal's own sheet before each.
func (c *city) morning(letters ...string) Upload {
	c.t.Helper()
	dir := c.t.TempDir()
	sheet, err := c.SeparatorSheet()
	c.must(err)
	var names []string
	add := func(b []byte) {
		name := filepath.Join(dir, string(rune('a'+len(names)))+".pdf")
		c.must(os.WriteFile(name, b, 0o600))
		names = append(names, name)
	}
	for _, text := range letters {
		b, err := naskah.Render(naskah.Document{Title: "SURAT", Unnumbered: true, Subject: "Surat", Created: start, Blocks: []naskah.Block{naskah.Paragraph{Text: text}}})
		c.must(err)
		add(sheet)
		add(b)
	}
	all := filepath.Join(dir, "pagi.pdf")
	if out, err := exec.CommandContext(c.ctx, "pdfunite", append(names, all)...).CombinedOutput(); err != nil {
		c.t.Fatalf("%v: %s", err, out)
	}
	b, err := os.ReadFile(all)
	c.must(err)
	return Upload{"Pagi ini.pdf", bytes.NewReader(b)}
}

// A morning's paper in one scan: split at the sheets, one letter after the other is written
// down with its own part, by whose words it is found. Two runs at once split it once.
func TestAMorningsPaperIsSplit(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	unit := c.unit("DPU")
	errstest.Kind(t, c.ToBatch(c.ctx, p.drafter.Actor, unit, c.morning("a")), errs.Forbidden)
	errstest.Kind(t, c.ToBatch(c.ctx, p.otherClerk.Actor, unit, c.morning("a")), errs.Forbidden)
	c.must(c.ToBatch(c.ctx, p.clerk.Actor, unit, c.morning("Permohonan pengerukan kanal", "Undangan musrenbang")))
	all, err := c.Batch(c.ctx, p.clerk.Actor)
	c.must(err)
	if len(all) != 1 || !all[0].Splitting {
		t.Fatalf("before: %+v", all)
	}
	in := p.arrival()
	in.Papers = []int64{all[0].ID}
	_, err = c.Record(c.ctx, p.clerk.Actor, p.clerk.desk, in, "terlalu-cepat")
	errstest.Field(t, err, ControlFile)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if err := c.SplitBatch(c.ctx, all[0].ID); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	c.must(c.SplitBatch(c.ctx, all[0].ID)) // once more, after all
	parts, err := c.Batch(c.ctx, p.clerk.Actor)
	c.must(err)
	if len(parts) != 2 || parts[0].Name != "Pagi ini, surat 1.pdf" || parts[1].Splitting || parts[1].Type != media.PDFType {
		t.Fatalf("split: %+v", parts)
	}
	if n, err := c.Counts(c.ctx, p.clerk.Actor); err != nil || n[Tray].N != 2 {
		t.Errorf("counted %+v, %v", n, err)
	}
	if _, _, err := c.blobs.Get(c.ctx, all[0].BlobKey); errs.KindOf(err) != errs.NotFound {
		t.Errorf("the whole scan stayed: %v", err)
	}
	if theirs, err := c.Batch(c.ctx, p.otherClerk.Actor); err != nil || len(theirs) != 0 {
		t.Errorf("another office sees %+v, %v", theirs, err)
	}
	in.Papers, in.Place = []int64{parts[0].ID}, ""
	done := c.record(p.clerk, in)
	c.must(c.ReadWords(c.ctx, c.files(done.ID)[0].ID))
	if found, _, err := c.Search(c.ctx, p.clerk.Actor, Query{Text: "pengerukan kanal"}, 0); err != nil || len(found) != 1 || found[0].ID != done.ID {
		t.Errorf("found %+v, %v", found, err)
	}
	c.must(c.Discard(c.ctx, p.otherClerk.Actor, parts[1].ID)) // not theirs: nothing happens
	c.must(c.Discard(c.ctx, p.clerk.Actor, parts[1].ID))
	c.must(c.Discard(c.ctx, p.clerk.Actor, parts[1].ID))
	if left, err := c.Batch(c.ctx, p.clerk.Actor); err != nil || len(left) != 0 {
		t.Errorf("left %+v, %v", left, err)
	}
}

// What has no sheet in it, or nothing but sheets, or is no PDF, is one scan.
func TestAScanWithoutSheetsStaysWhole(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	unit := c.unit("DPU")
	sheet, err := c.SeparatorSheet()
	c.must(err)
	for name, u := range map[string]Upload{
		"lembar.pdf": {"lembar.pdf", bytes.NewReader(sheet)}, "surat.txt": upload("surat.txt", "isi"),
	} {
		c.must(c.ToBatch(c.ctx, p.clerk.Actor, unit, u))
		all, err := c.Batch(c.ctx, p.clerk.Actor)
		c.must(err)
		l := all[len(all)-1]
		c.must(c.SplitBatch(c.ctx, l.ID))
		now, err := c.LooseOf(c.ctx, p.clerk.Actor, []int64{l.ID})
		c.must(err)
		if len(now) != 1 || now[0].Splitting || now[0].Name != name {
			t.Errorf("%s: %+v", name, now)
		}
	}
	// Scans of a batch are not swept: somebody still has the paper on the desk.
	c.clock.Advance(100 * 24 * 60 * 60 * 1e9)
	if n, err := c.SweepTray(c.ctx); err != nil || n != 0 {
		t.Errorf("swept %d, %v", n, err)
	}
}
