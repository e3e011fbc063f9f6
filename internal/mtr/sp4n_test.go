package mtr

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// Files of SP4N-LAPOR! come in once, with their numbers, row by row; what became of them
// goes out again.
func TestExchangeWithSP4N(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	table := func(format string, rows ...[]string) *bytes.Reader {
		t.Helper()
		var b bytes.Buffer
		out, err := sheet.NewWriter(&b, format, "SP4N", func() (cs []sheet.Column) {
			for _, title := range []string{"tracking id", sp4nTitle, sp4nBody, sp4nCategory, sp4nDate, sp4nKelurahan, sp4nSecret, sp4nEmail, "Lain"} {
				cs = append(cs, sheet.Column{Title: title})
			}
			return cs
		}())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			cells := make([]any, len(r))
			for i, cell := range r {
				cells[i] = cell
			}
			if err := out.Row(cells...); err != nil {
				t.Fatal(err)
			}
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		return bytes.NewReader(b.Bytes())
	}
	area := one[string](c, `SELECT k.short_name || ', ' || e.short_name FROM org_unit k JOIN org_unit e ON e.id = k.parent_id WHERE k.id = $1`, c.kelurahan())
	good := [][]string{
		{"8123456", "Lampu jalan mati", "Lampu di depan pasar mati.", "Lampu jalan mati", "2026-11-20 10:00", area, "", "budi@contoh.id", "x"},
		{"8123457", "Jalan berlubang " + strings.Repeat("dan berlubang ", 12), "Sudah ada yang jatuh.", "JALAN", "21/11/2026", "", "ya", "", ""},
	}
	bad := []string{"8123458", "Apa", "x", "Cuaca", "besok", "Bandung", "mungkin", "bukan email", ""}
	look := func(a authz.Actor, f *bytes.Reader, checked string) (SP4NImport, error) {
		return c.ImportSP4N(c.ctx, a, f, f.Size(), checked)
	}
	file := table(sheet.XLSX, good[0], good[1], bad, good[0])
	local := c.hire(one[string](c, `SELECT code FROM org_unit WHERE id = $1`, c.kelurahan()), PermDispatch)
	for name, a := range map[string]authz.Actor{"a kelurahan": local, "a handler": w.handler, "a visitor": {}} {
		if _, err := look(a, file, ""); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("%s imports: %v", name, err)
		}
	}
	_, err := look(w.dispatcher, bytes.NewReader([]byte("nomor;isi\n1;2\n")), "")
	errstest.Field(t, err, ControlFile)
	im, err := look(w.dispatcher, file, "")
	if err != nil || im.Rows != 4 || im.New != 2 || im.Wrong != 2 || len(im.Problems) != 2 || im.Problems[0].Line != 4 {
		t.Fatalf("looked at: %+v, %v", im, err)
	}
	for _, want := range []string{"Tulis judul", "Kategori \"Cuaca\"", "Tanggal laporan", "Kelurahan \"Bandung\"", "Kolom Rahasia", "alamat email"} {
		if !strings.Contains(im.Problems[0].Reason, want) {
			t.Errorf("nothing about %q in %q", want, im.Problems[0].Reason)
		}
	}
	if n := one[int](c, `SELECT count(*) FROM mtr_report`); n != 0 {
		t.Fatal("looking wrote something")
	}
	_, err = look(w.dispatcher, table(sheet.CSV, good...), im.Checked)
	errstest.Field(t, err, ControlFile)

	// Taken in by several at once and again later: each number once.
	var clicks sync.WaitGroup
	for range 3 {
		clicks.Go(func() {
			if _, err := c.ImportSP4N(c.ctx, w.dispatcher, file, file.Size(), im.Checked); err != nil {
				t.Error(err)
			}
		})
	}
	clicks.Wait()
	if again, err := look(w.dispatcher, file, im.Checked); err != nil || again.New != 0 || again.Known != 3 || again.Wrong != 1 {
		t.Errorf("again: %+v, %v", again, err)
	}
	if n := one[int](c, `SELECT count(*) FROM mtr_report`); n != 2 {
		t.Fatalf("%d reports", n)
	}
	if sent := c.letters(); len(sent) != 0 {
		t.Errorf("whoever wrote to SP4N-LAPOR! was sent %+v", sent)
	}
	number := func(external string) string {
		return one[string](c, `SELECT r.number FROM mtr_origin o JOIN mtr_report r ON r.id = o.report_id WHERE o.external_number = $1`, external)
	}
	view, err := c.DeskView(c.ctx, w.dispatcher, number("8123456"))
	if err != nil || view.Channel != ChannelSP4N || view.ExternalNumber != "8123456" || view.ExternalAt == nil || view.ExternalAt.Day() != 20 || view.KelurahanID != c.kelurahan() || view.Status != Received {
		t.Errorf("at the desk: %+v, %v", view, err)
	}
	if secret, err := c.DeskView(c.ctx, w.dispatcher, number("8123457")); err != nil || !secret.Confidential || !strings.HasSuffix(secret.Title, "…") || !strings.Contains(secret.Body, good[1][1][:100]) {
		t.Errorf("the long one: %+v, %v", secret, err)
	}
	for text, want := range map[string]string{"8123456": view.Number, "8123457": number("8123457"), "8123458": ""} {
		page, err := c.Queue(c.ctx, w.dispatcher, QueueAll, DeskFilter{Text: text}, nil, 0)
		if err != nil || (want == "") != (len(page.Items) == 0) || want != "" && page.Items[0].Number != want {
			t.Errorf("looked for by %s: %+v, %v", text, page.Items, err)
		}
	}

	// Out: numbers, where they stand, and what staff said to all.
	c.bring(w, view.ID, Closed)
	if err := c.Note(c.ctx, w.handler, ReasonInput{Act: Act{ReportID: view.ID}, Reason: "Hanya di antara kita."}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := c.WriteSP4N(c.ctx, w.dispatcher, start.AddDate(0, 0, -1), sheet.CSV, &out); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, want := range []string{"8123456", view.Number, "Selesai", "Sudah diangkut.", "8123457", "Belum diverifikasi"} {
		if !strings.Contains(text, want) {
			t.Errorf("nothing about %q in\n%s", want, text)
		}
	}
	for _, secret := range []string{"budi@", "antara kita"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q went out", secret)
		}
	}
	out.Reset()
	if err := c.WriteSP4N(c.ctx, w.dispatcher, c.now().Add(time.Hour), sheet.CSV, &out); err != nil || strings.Contains(out.String(), "8123456") {
		t.Errorf("nothing moved since: %v\n%s", err, out.String())
	}
	errstest.Kind(t, c.WriteSP4N(c.ctx, local, start, sheet.CSV, &out), errs.Forbidden)
}
