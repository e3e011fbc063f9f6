package kuciniki

import (
	"bytes"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// What goes out comes in again, and nothing is typed twice; a wrong file writes nothing.
func TestFilesInAndOut(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.line()
	id := c.begin(c.colleague)
	up := c.plan(c.colleague, id).Above[0].Text
	take := func(text string, apply bool) (Taken, error) {
		return c.ImportPlan(c.ctx, c.colleague.Actor, id, strings.NewReader(text), int64(len(text)), apply)
	}
	const head = "Jenis;RHK atasan;Dasar;RHK;Aspek;Indikator;Target;Satuan;NIP;Dibagi per bulan\n"
	good := head + "utama;" + up + ";;Loket buka tepat waktu;kuantitas;Hari buka;240;hari;;ya\n" +
		"utama;" + up + ";;Loket buka tepat waktu;waktu;Antrean;12,5;menit;\ntambahan;;ST 7/2026;Petugas upacara;kuantitas;Upacara;12;kali;\n"
	tried, err := take(good, false)
	c.must(err)
	if len(tried.RHKs) != 2 || len(tried.Problems) != 0 || len(c.plan(c.colleague, id).RHKs) != 1 {
		t.Fatalf("tried %+v", tried)
	}
	for range 2 { // a second time it changes what it made the first
		_, err = take(good, true)
		c.must(err)
	}
	p := c.plan(c.colleague, id)
	if len(p.RHKs) != 3 || len(p.RHKs[1].Indicators) != 2 || *p.RHKs[1].Indicators[1].Target != 12.5 || !p.RHKs[1].Indicators[0].Spread || p.RHKs[1].Indicators[1].Spread {
		t.Fatalf("taken in: %+v", p.RHKs)
	}
	bad, err := take(head+"utama;Tidak ada;;Hasil lain;kuantitas;Banyak;1;kali;\nutama;"+up+";;Hasil ketiga;kuantitas;Banyak;1.250;kali;\nutama;"+up+";;Hasil keempat;kuantitas;Banyak;1;kali;199\n", true)
	c.must(err)
	if len(bad.Problems) < 3 || bad.Problems[0].Row != 2 || len(c.plan(c.colleague, id).RHKs) != 3 {
		t.Errorf("problems %+v", bad.Problems)
	}
	_, err = take("A;B\n1;2\n", true)
	errstest.Field(t, err, ControlFile)
	_, err = c.ImportPlan(c.ctx, c.kabid.Actor, id, strings.NewReader(good), int64(len(good)), true)
	errstest.Kind(t, err, errs.Forbidden)

	p.RHKs[1].Indicators[1].Metric = "E1"
	c.must(c.SaveRHK(c.ctx, c.colleague.Actor, id, p.RHKs[1]))
	for _, format := range []string{sheet.CSV, sheet.XLSX} {
		var b bytes.Buffer
		c.must(c.ExportPlan(c.ctx, c.colleague.Actor, id, &b, format))
		again, err := c.ImportPlan(c.ctx, c.colleague.Actor, id, bytes.NewReader(b.Bytes()), int64(b.Len()), true)
		c.must(err)
		if len(again.Problems) != 0 || len(again.RHKs) != 3 || len(c.plan(c.colleague, id).RHKs) != 3 || !c.plan(c.colleague, id).RHKs[1].Indicators[0].Spread || c.plan(c.colleague, id).RHKs[1].Indicators[1].Metric != "E1" {
			t.Errorf("%s: %+v", format, again)
		}
	}
	errstest.Kind(t, c.ExportPlan(c.ctx, c.stranger.Actor, id, &bytes.Buffer{}, sheet.CSV), errs.NotFound)
}

// The official forms are PDFs that always come out the same.
func TestPapers(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	skp := c.line()
	_, err := c.SheetPaper(c.ctx, c.staff.Actor, skp, 0)
	errstest.Kind(t, err, errs.NotFound)
	_, err = c.PlanPaper(c.ctx, c.staff.Actor, skp, 2)
	errstest.Kind(t, err, errs.NotFound)
	c.reports(c.staff, skp, 0, 12)
	c.must(c.Judge(c.ctx, c.kabid.Actor, c.next(skp, 0), Verdict{Result: AsDue, Behaviour: AsDue, Values: all(AsDue), Reason: "Rahasia antara kami berdua."}))
	for name, set := range map[string]func(w worker) ([]byte, error){
		"plan":       func(w worker) ([]byte, error) { return c.PlanPaper(c.ctx, w.Actor, skp, 1) },
		"evaluation": func(w worker) ([]byte, error) { return c.SheetPaper(c.ctx, w.Actor, skp, 0) },
	} {
		one, err := set(c.staff)
		c.must(err)
		two, err := set(c.bkpsdm)
		c.must(err)
		if !bytes.HasPrefix(one, []byte("%PDF")) || !bytes.Equal(one, two) {
			t.Errorf("%s: %d and %d bytes", name, len(one), len(two))
		}
		_, err = set(c.stranger)
		errstest.Kind(t, err, errs.NotFound)
	}
	v := c.sheet(c.staff, skp, 0)
	j, _ := v.Last()
	doc := composeSheet(v, j, c.head(v.SKP))
	if len(doc.Foot) == 0 || doc.Title != "DOKUMEN EVALUASI KINERJA PEGAWAI" {
		t.Errorf("the paper does not say that one may still object: %+v", doc.Foot)
	}

	// Of an objection the rater stays the rater, and a second signature stands on the paper.
	rater := func(doc naskah.Document) string {
		fields := doc.Blocks[4].(naskah.Fields)
		return fields[0].Value
	}
	by, decider := rater(doc), Judgement{Version: 2, Person: "Orang Lain", Title: "Kepala Dinas", At: j.At}
	v.Judgements, v.Status = append(v.Judgements, decider), Decided
	if decided := composeSheet(v, decider, c.head(v.SKP)); rater(decided) != by || decided.Signatures[1].Name != decider.Person {
		t.Errorf("the rater is %q, who signs %q", rater(decided), decided.Signatures[1].Name)
	}
	v.Status, v.Events = Accepted, []Event{{Action: ActConfirm, Who: "Orang Lain", Title: "Kepala Dinas", At: j.At}}
	if signed := composeSheet(v, j, c.head(v.SKP)); len(signed.Foot) != 1 || !strings.Contains(signed.Foot[0], "Orang Lain") {
		t.Errorf("who signed besides the rater stands nowhere: %+v", signed.Foot)
	}
}
