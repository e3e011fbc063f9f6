package eoffice

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// exported is what the zip of a folder holds, by name, each as its manifest says.
func (c *city) exported(w worker, folder int64) map[string]string {
	c.t.Helper()
	var out bytes.Buffer
	c.must(c.ExportFolder(c.ctx, w.Actor, folder, &out))
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	c.must(err)
	files := map[string]string{}
	for _, x := range z.File {
		r, err := x.Open()
		c.must(err)
		b, err := io.ReadAll(r)
		c.must(err)
		files[x.Name] = string(b)
	}
	lines := strings.Split(strings.TrimSpace(files["manifest-sha256.txt"]), "\n")
	for _, l := range lines {
		sum, name, _ := strings.Cut(l, "  ")
		got := sha256.Sum256([]byte(files[name]))
		if _, ok := files[name]; !ok || hex.EncodeToString(got[:]) != sum {
			c.t.Errorf("%s is not what the manifest says", name)
		}
	}
	if len(lines) != len(files)-2 { // itself and bagit.txt
		c.t.Errorf("the manifest names %d of %d files", len(lines), len(files))
	}
	return files
}

// An export holds what the manifest says, file by file; a secret letter is in it as a copy for
// who may read it, and left out in words for others.
func TestAFolderIsExportedWithItsHashes(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	own, other := c.archivists(p)
	d := p.draft()
	id := c.begin(p, d)
	c.must(c.AttachFile(c.ctx, p.drafter.Actor, id, Upload{Name: "Daftar.txt", Upload: strings.NewReader("Daftar lorong")}))
	_, err := c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	c.toSign(p, id)
	c.must(c.sign(p.head, id).Err)
	f := c.fileIn(own, "DPU", id, c.done(p, d))
	d.Secrecy = Secret
	secret := c.done(p, d)
	_, err = c.FileLetters(c.ctx, own.Actor, c.unit("DPU"), []int64{secret}, 0)
	c.must(err)
	hidden := one[int64](c, `SELECT folder_id FROM eoffice_filing WHERE letter_id = $1`, secret)
	c.must(c.AgreeFiling(c.ctx, p.head.Actor, hidden, secret, true))
	files := c.exported(own, f.ID)
	pdfs, attached := 0, ""
	for name, body := range files {
		if strings.HasSuffix(name, "/naskah.pdf") && strings.HasPrefix(body, "%PDF") {
			pdfs++
		}
		if strings.HasSuffix(name, "/lampiran-1.txt") {
			attached = body
		}
	}
	list := files["data/daftar-arsip.csv"]
	if pdfs != 2 || attached != "Daftar lorong" || strings.Count(list, "Perbaikan drainase") != 2 || strings.Contains(list, "PERIKSA") {
		t.Errorf("%d letters, attached %q, list %s", pdfs, attached, list)
	}
	if n := one[int](c, `SELECT count(*) FROM audit_entry WHERE action IN ('eoffice.folder.unduh', 'eoffice.letter.export')`); n != 3 {
		t.Errorf("%d entries on the audit trail", n)
	}
	files = c.exported(own, hidden)
	if len(files) != 3 || !strings.Contains(files["data/daftar-arsip.csv"], "tidak disertakan: rahasia") || strings.Contains(files["data/daftar-arsip.csv"], "drainase") {
		t.Errorf("a secret letter for who may not read it: %v", files)
	}
	c.exec(`INSERT INTO eoffice_reader (letter_id, position_id, at, why) VALUES ($1, $2, $3, 'uji')`, secret, own.desk, start)
	files = c.exported(own, hidden)
	if len(files) != 4 || !strings.Contains(files["data/daftar-arsip.csv"], "salinan bernama") {
		t.Errorf("a secret letter for who may: %d files", len(files))
	}
	// Of a letter that is on paper alone the list says where.
	in := p.arrival()
	in.KKA = d.KKA
	paper := c.record(p.clerk, in).ID
	_, err = c.Direct(c.ctx, p.clerk.Actor, Act{ID: paper})
	c.must(err)
	c.open(p.head, paper)
	c.must(c.Finish(c.ctx, p.head.Actor, c.recipient(paper, p.head.desk).ID, "Sudah dicatat."))
	if list := c.exported(own, c.fileIn(own, "DPU", paper).ID)["data/daftar-arsip.csv"]; !strings.Contains(list, "kertasnya di Map merah 3") {
		t.Errorf("of a letter on paper the list says: %s", list)
	}
	for _, x := range []struct {
		who  worker
		kind errs.Kind
	}{{p.clerk, errs.Forbidden}, {p.head, errs.Forbidden}, {other, errs.NotFound}, {p.drafter, errs.NotFound}} {
		var out bytes.Buffer
		if err := c.ExportFolder(c.ctx, x.who.Actor, f.ID, &out); errs.KindOf(err) != x.kind || out.Len() > 0 {
			t.Errorf("%v, %d bytes", err, out.Len())
		}
	}
	// A file that changed in the store is named.
	key := one[string](c, `SELECT blob_key FROM eoffice_file WHERE letter_id = $1`, id)
	c.must(c.blobs.Delete(c.ctx, key))
	c.must(c.blobs.Put(c.ctx, key, strings.NewReader("Daftar lorong!"), 14, "text/plain"))
	if list := c.exported(own, f.ID)["data/daftar-arsip.csv"]; !strings.Contains(list, "PERIKSA") {
		t.Error("a changed file is not named")
	}
}
