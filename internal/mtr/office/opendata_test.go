package office_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// table is a file of open data: its rows by the names of the columns.
func table(t *testing.T, format mtr.DataFormat, data []byte) (out []map[string]string) {
	t.Helper()
	var lines [][]string
	var err error
	switch format {
	case mtr.CSV:
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
		r.Comma = ';'
		lines, err = r.ReadAll()
	case mtr.XLSX:
		f, e := excelize.OpenReader(bytes.NewReader(data))
		if e != nil {
			t.Fatal(e)
		}
		lines, err = f.GetRows(f.GetSheetList()[0])
		err = errors.Join(err, f.Close())
	case mtr.GeoJSON:
		var all struct {
			Type     string
			Features []struct {
				Geometry   *struct{ Type string }
				Properties map[string]any
			}
		}
		if err := json.Unmarshal(data, &all); err != nil || all.Type != "FeatureCollection" {
			t.Fatal(all.Type, err)
		}
		for _, f := range all.Features {
			row := map[string]string{}
			for name, v := range f.Properties {
				if n, ok := v.(float64); ok {
					row[name] = strconv.FormatFloat(n, 'f', -1, 64)
				} else if v != nil {
					row[name] = fmt.Sprint(v)
				}
			}
			if f.Geometry != nil {
				row["bentuk"] = f.Geometry.Type
			}
			out = append(out, row)
		}
		return out
	}
	if err != nil || len(lines) == 0 {
		t.Fatal(len(lines), err)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			if i < len(line) {
				row[name] = line[i]
			}
		}
		out = append(out, row)
	}
	return out
}

// reports is the file of reports that a filter lets through, checked for secrets.
func (o *office) reports(f mtr.Filter, format mtr.DataFormat, s secrets) []map[string]string {
	o.t.Helper()
	var b bytes.Buffer
	o.must(o.m.WriteReports(o.ctx, f, nil, format, &b))
	out := table(o.t, format, b.Bytes())
	s.leaks(o.t, f.Text, fmt.Sprint(out)+b.String())
	return out
}

// The files hold what the public list holds, in every format and under every filter, and
// nothing else; the figures are those of the page.
func TestOpenDataIsWhatThePublicSees(t *testing.T) {
	o := newOffice(t)
	s := o.plant()
	id, evil := o.file(filed{})
	o.words(id, "=HYPERLINK(1)", "@SUM(A1)", "+62", -5.15, 119.43)
	o.must(o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(id), UnitID: o.dishub, Note: "Diteruskan."}))
	filters := []mtr.Filter{{}, {UnitID: o.dishub}, {UnitID: o.dlh}, {KelurahanID: o.kelurahan}, {Class: mtr.Complaint}, {Text: "panjang"}, {Text: s.closed[0]}}
	for _, g := range mtr.Groups {
		filters = append(filters, mtr.Filter{Group: g})
	}
	var seen strings.Builder
	for _, f := range filters {
		page, err := o.m.PublicList(o.ctx, f, mtr.Page{Limit: 100})
		o.must(err)
		for _, format := range mtr.DataFormats {
			rows := o.reports(f, format, s)
			if len(rows) != len(page.Items) {
				t.Fatalf("%+v as %s: %d rows, the list has %d", f, format, len(rows), len(page.Items))
			}
			for i, row := range rows {
				it := page.Items[i]
				title := strings.TrimPrefix(row["judul"], "'")
				if row["nomor"] != it.Number || title != it.Title || row["status"] != string(it.Status) || row["kategori_kode"] != it.CategoryCode {
					t.Errorf("%+v as %s: %v, the list says %+v", f, format, row, it)
				}
				if it.Number == evil && format == mtr.CSV && (row["judul"][0] != '\'' || row["uraian"][0] != '\'' || row["patokan"][0] != '\'') {
					t.Errorf("a spreadsheet would reckon %v", row)
				}
				if format == mtr.GeoJSON && (row["bentuk"] == "Point") != (row["lintang"] != "") {
					t.Errorf("%s lies at %q, %q", row["nomor"], row["bentuk"], row["lintang"])
				}
			}
			fmt.Fprint(&seen, rows)
		}
	}
	for _, word := range s.open {
		if !strings.Contains(seen.String(), word) && !strings.HasPrefix(word, "Catatan") && len(word) != 22 {
			t.Errorf("%q is public and in no file", word)
		}
	}
	for _, row := range o.reports(mtr.Filter{}, mtr.CSV, s) {
		if row["tempat_dibulatkan"] == "true" {
			lat, err := strconv.ParseFloat(row["lintang"], 64)
			if err != nil || math.Abs(lat*1000-math.Round(lat*1000)) > 1e-6 || row["patokan"] != "" {
				t.Errorf("an anonymous report lies at %v, %q", row["lintang"], row["patokan"])
			}
		}
	}

	span, err := mtr.SpanOf(tuesday.AddDate(0, 0, -3), tuesday)
	o.must(err)
	for _, f := range []mtr.Filter{{}, {UnitID: o.dishub}} {
		page, err := o.m.Statistics(o.ctx, f, span)
		o.must(err)
		for _, format := range mtr.DataFormats {
			var b bytes.Buffer
			o.must(o.m.WriteFigures(o.ctx, f, span, format, &b))
			o.sameFigures(page, format, table(t, format, b.Bytes()))
		}
	}
}

// sameFigures: every number of a file is the one of the page, and none is missing.
func (o *office) sameFigures(page mtr.Statistics, format mtr.DataFormat, rows []map[string]string) {
	o.t.Helper()
	by := map[string][]map[string]string{}
	for _, row := range rows {
		by[row["tabel"]] = append(by[row["tabel"]], row)
	}
	for name, want := range map[string][]mtr.StatRow{
		"semua": {{Name: "Semua laporan", Tally: page.All}}, "kategori": page.ByCategory, "unit": page.ByUnit,
		"kecamatan": page.ByKecamatan, "kelurahan": page.ByKelurahan,
	} {
		got := by[name]
		if len(got) != len(want) {
			o.t.Fatalf("%s as %s: %d rows, the page has %d", name, format, len(got), len(want))
		}
		for i, row := range want {
			if got[i]["nama"] != row.Name {
				o.t.Errorf("%s: %q, the page says %q", name, got[i]["nama"], row.Name)
			}
			for _, m := range mtr.Measures {
				if got[i][string(m)] != strconv.Itoa(row.N(m)) {
					o.t.Errorf("%s %s %s: %q, the page says %d", name, row.Name, m, got[i][string(m)], row.N(m))
				}
			}
			if days := got[i]["menunggu_diteruskan_median_hari"]; (days != "") != row.Dispatch.Enough() {
				o.t.Errorf("a median of %d reports is %q", row.Dispatch.N, days)
			}
		}
	}
	if len(by["waktu"]) != len(page.Buckets) {
		o.t.Fatalf("%d stretches of time, the page has %d", len(by["waktu"]), len(page.Buckets))
	}
	for i, b := range page.Buckets {
		if row := by["waktu"][i]; row["masuk"] != strconv.Itoa(b.Came) || row["terjawab"] != strconv.Itoa(b.Answered) || row["selesai"] != strconv.Itoa(b.Fixed) {
			o.t.Errorf("%v, the page says %+v", row, b)
		}
	}
	if squares := len(by["kotak"]); format == mtr.GeoJSON && squares != len(page.Heat) || format != mtr.GeoJSON && squares != 0 {
		o.t.Errorf("%d squares as %s, the page has %d", squares, format, len(page.Heat))
	}
}

// opened is a daily file, or nil when it is not given out.
func (o *office) opened(name string) []byte {
	o.t.Helper()
	body, _, err := o.m.OpenFile(o.ctx, name)
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	o.must(err)
	data, err := io.ReadAll(body)
	o.must(errors.Join(err, body.Close()))
	return data
}

// What stops being public is in no daily file from that moment on, even when it does so
// while the file is made; figures stay day by day.
func TestDailyFiles(t *testing.T) {
	o := newOffice(t)
	s := o.plant()
	var ids []int64
	for range 6 {
		id, _ := o.file(filed{})
		o.must(o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(id), UnitID: o.dishub, Note: "Diteruskan."}))
		ids = append(ids, id)
	}
	o.must(o.m.MakeOpenFiles(o.ctx))
	first := o.opened("laporan.csv")
	if n := len(table(t, mtr.CSV, first)); n != 11 {
		t.Fatalf("%d reports in the file, 11 are public", n)
	}
	for _, format := range mtr.DataFormats {
		s.leaks(t, "", fmt.Sprint(table(t, format, o.opened("laporan."+string(format)))))
	}
	files, err := o.m.OpenFiles(o.ctx)
	o.must(err)
	if len(files) != 6 {
		t.Fatalf("%+v", files)
	}
	o.must(o.m.MakeOpenFiles(o.ctx))
	if again, err := o.m.OpenFiles(o.ctx); err != nil || again[0] != files[0] {
		t.Errorf("made again for nothing: %+v, %v", again, err)
	}

	o.must(o.m.Hide(o.ctx, o.moderator.Actor, o.reason(ids[0], "Nama orang")))
	if o.opened("laporan.csv") != nil || o.opened("laporan.geojson") != nil {
		t.Error("what was hidden is still given out")
	}
	if o.opened(files[len(files)-1].Name) == nil {
		t.Error("the figures went too")
	}
	var racing sync.WaitGroup
	for _, id := range ids[1:4] {
		act := o.reason(id, "Nama orang")
		racing.Go(func() { o.must(o.m.Hide(o.ctx, o.moderator.Actor, act)) })
		racing.Go(func() { o.must(o.m.MakeOpenFiles(o.ctx)) })
	}
	racing.Wait()
	if data := o.opened("laporan.csv"); data != nil && len(table(t, mtr.CSV, data)) != 7 {
		t.Error("a file that was made meanwhile shows what is hidden")
	}
	o.must(o.m.MakeOpenFiles(o.ctx))
	if n := len(table(t, mtr.CSV, o.opened("laporan.csv"))); n != 7 {
		t.Errorf("%d reports in the new file, 7 are public", n)
	}

	o.clock.Advance(24 * time.Hour)
	o.must(o.m.MakeOpenFiles(o.ctx))
	if files, err = o.m.OpenFiles(o.ctx); err != nil || len(files) != 9 {
		t.Errorf("the next day there are %d files, %v", len(files), err)
	}
	kept := ask[int](o, `SELECT count(*) FROM mtr_open_file`)
	stored := 0
	o.must(o.blobs.List(o.ctx, func(key string, _ blob.Info) error {
		if strings.HasPrefix(key, "mtr/data-terbuka/") {
			stored++
		}
		return nil
	}))
	if stored != kept {
		t.Errorf("%d files in the store, %d are known", stored, kept)
	}
	o.clock.Advance(401 * 24 * time.Hour)
	o.must(o.m.MakeOpenFiles(o.ctx))
	if n := ask[int](o, `SELECT count(*) FROM mtr_open_file WHERE content = 'statistik'`); n != 3 {
		t.Errorf("%d files of figures after 401 days", n)
	}
}
