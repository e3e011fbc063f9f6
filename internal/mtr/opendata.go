package mtr

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// MostOpenRows is how many reports one answer holds; the daily files hold all of a year.
const MostOpenRows = 50_000

// openBatch is how many rows are read at once, so that a slow reader keeps no connection.
const openBatch = 2000

// DataColumn is a column of the open data as its schema tells it. Type is one of Table
// Schema's: string, integer, number, boolean or datetime.
type DataColumn struct{ Name, Type, About string }

// column is a DataColumn and where its value comes from: a string, int, float64, bool, or
// nil for what is unknown.
type column[T any] struct {
	DataColumn
	of func(T) any
}

// dataReport is a public report as open data tells it. It has no field for anything private.
type dataReport struct {
	ID                            int64
	Number, Title, Body, Landmark string
	CategoryCode, CategoryName    string
	Class                         Class
	Status                        Status
	StatusGroup                   Group
	KelurahanCode, KelurahanName  string
	KecamatanName, UnitName       string
	Lat, Lng                      *float64
	Rounded                       bool
	ReceivedAt                    time.Time
	RespondedAt, PublishedAt      *time.Time
	DoneAt, ClosedAt, DueAt       *time.Time
	Late                          bool
	PausedSecs                    int64
	Bounces, Reopens              int
	Rating, Supports              int
	ParentNumber, Agency          string
}

const dataReports = `
SELECT r.id, r.number, CASE WHEN r.words_public THEN r.title ELSE '' END AS title, CASE WHEN r.words_public THEN r.body ELSE '' END AS body,
	CASE WHEN r.words_public AND NOT r.anonymous THEN r.landmark ELSE '' END AS landmark, c.code AS category_code, c.name AS category_name,
	r.class, r.status, r.status_group, COALESCE(k.code, '') AS kelurahan_code, COALESCE(k.short_name, '') AS kelurahan_name,
	COALESCE(d.short_name, '') AS kecamatan_name, COALESCE(u.name, '') AS unit_name,
	CASE WHEN r.words_public THEN r.public_lat END AS lat, CASE WHEN r.words_public THEN r.public_lng END AS lng,
	r.words_public AND r.anonymous AND r.public_lat IS NOT NULL AS rounded,
	r.received_at, r.responded_at, r.published_at, r.done_at, r.closed_at, r.due_at, ` + isLate + ` AS late, r.paused_secs, r.bounces,
	r.reopens, r.rating, ` + supportsOf + ` AS supports, COALESCE(t.number, '') AS parent_number, r.agency
FROM mtr_report r
JOIN mtr_category c ON c.id = r.category_id
LEFT JOIN org_unit k ON k.id = r.kelurahan_id
LEFT JOIN org_unit d ON d.id = r.kecamatan_id
LEFT JOIN org_unit u ON u.id = r.unit_id
LEFT JOIN mtr_report t ON t.id = r.parent_id AND t.listed AND r.status = 'duplikat'
WHERE %s ORDER BY r.id DESC LIMIT %d`

func (m *Module) reportColumns() []column[dataReport] {
	at := func(of func(dataReport) *time.Time) func(dataReport) any {
		return func(r dataReport) any {
			if t := of(r); t != nil {
				return stamp(*t)
			}
			return nil
		}
	}
	degrees := func(f *float64) any {
		if f == nil {
			return nil
		}
		return *f
	}
	return []column[dataReport]{
		{DataColumn{"nomor", "string", "Nomor laporan."}, func(r dataReport) any { return r.Number }},
		{DataColumn{"judul", "string", "Judul; kosong selama laporan belum diteruskan."}, func(r dataReport) any { return r.Title }},
		{DataColumn{"uraian", "string", "Kata-kata pelapor; kosong selama laporan belum diteruskan."}, func(r dataReport) any { return r.Body }},
		{DataColumn{"jenis", "string", "pengaduan, aspirasi, atau permintaan_informasi."}, func(r dataReport) any { return string(r.Class) }},
		{DataColumn{"kategori_kode", "string", "Kode masalah, seperti saringan kategori di /mtr."}, func(r dataReport) any { return r.CategoryCode }},
		{DataColumn{"kategori", "string", "Nama masalah."}, func(r dataReport) any { return r.CategoryName }},
		{DataColumn{"status", "string", "Status terakhir: diterima, perlu_info, diteruskan, dikerjakan, dijadwalkan, menunggu_validasi, selesai, ditutup, ditolak, duplikat, dirujuk_keluar, atau dibatalkan."}, func(r dataReport) any { return string(r.Status) }},
		{DataColumn{"kelompok_status", "string", "baru, proses, selesai, atau lainnya, seperti saringan status di /mtr."}, func(r dataReport) any { return string(r.StatusGroup) }},
		{DataColumn{"kelurahan_kode", "string", "Kode Kemendagri kelurahan; kosong bila tanpa tempat."}, func(r dataReport) any { return r.KelurahanCode }},
		{DataColumn{"kelurahan", "string", "Nama kelurahan."}, func(r dataReport) any { return r.KelurahanName }},
		{DataColumn{"kecamatan", "string", "Nama kecamatan."}, func(r dataReport) any { return r.KecamatanName }},
		{DataColumn{"patokan", "string", "Patokan tempat; tidak pernah pada laporan anonim."}, func(r dataReport) any { return r.Landmark }},
		{DataColumn{"lintang", "number", "Derajat WGS84; kosong selama laporan belum diteruskan."}, func(r dataReport) any { return degrees(r.Lat) }},
		{DataColumn{"bujur", "number", "Derajat WGS84; kosong selama laporan belum diteruskan."}, func(r dataReport) any { return degrees(r.Lng) }},
		{DataColumn{"tempat_dibulatkan", "boolean", "true: laporan anonim, tempatnya dibulatkan sekitar 100 meter."}, func(r dataReport) any { return r.Rounded }},
		{DataColumn{"penanggung_jawab", "string", "Unit yang menangani sekarang; kosong: masih di verifikator."}, func(r dataReport) any { return r.UnitName }},
		{DataColumn{"diterima", "datetime", "Kapan laporan masuk, WITA (+08:00)."}, func(r dataReport) any { return stamp(r.ReceivedAt) }},
		{DataColumn{"dijawab", "datetime", "Jawaban pertama petugas."}, at(func(r dataReport) *time.Time { return r.RespondedAt })},
		{DataColumn{"diteruskan", "datetime", "Pertama kali diteruskan ke penanggung jawab."}, at(func(r dataReport) *time.Time { return r.PublishedAt })},
		{DataColumn{"selesai", "datetime", "Bukti pekerjaan diterima, dan sesudahnya tidak disanggah."}, at(func(r dataReport) *time.Time { return r.DoneAt })},
		{DataColumn{"ditutup", "datetime", "Laporan berakhir."}, at(func(r dataReport) *time.Time { return r.ClosedAt })},
		{DataColumn{"tenggat", "datetime", "Batas waktu langkah yang sedang ditunggu."}, at(func(r dataReport) *time.Time { return r.DueAt })},
		{DataColumn{"terlambat", "boolean", "Lewat tenggat saat berkas dibuat; waktu menunggu pelapor tidak dihitung."}, func(r dataReport) any { return r.Late }},
		{DataColumn{"jeda_detik", "integer", "Lama menunggu jawaban pelapor, yang sudah berakhir."}, func(r dataReport) any { return int(r.PausedSecs) }},
		{DataColumn{"dikembalikan", "integer", "Berapa kali unit mengembalikannya karena bukan wewenangnya."}, func(r dataReport) any { return r.Bounces }},
		{DataColumn{"disanggah", "integer", "Berapa kali pelapor menyanggah hasilnya."}, func(r dataReport) any { return r.Reopens }},
		{DataColumn{"nilai", "integer", "Nilai dari pelapor, 1 sampai 5; kosong bila tidak dinilai."}, func(r dataReport) any {
			if r.Rating == 0 {
				return nil
			}
			return r.Rating
		}},
		{DataColumn{"pendukung", "integer", "Warga lain yang mengalami masalah yang sama."}, func(r dataReport) any { return r.Supports }},
		{DataColumn{"duplikat_dari", "string", "Nomor laporan yang diulangnya."}, func(r dataReport) any { return r.ParentNumber }},
		{DataColumn{"instansi_rujukan", "string", "Instansi di luar Pemerintah Kota tempat laporan dirujuk."}, func(r dataReport) any { return r.Agency }},
		{DataColumn{"alamat", "string", "Halaman laporan di portal."}, func(r dataReport) any { return m.baseURL + "/mtr/laporan/" + r.Number }},
	}
}

// stamp is a time as files hold it.
func stamp(t time.Time) string {
	return t.In(clock.Makassar).Truncate(time.Second).Format(time.RFC3339)
}

// DataSchema documents the tables of the open data, by [DataContent].
func (m *Module) DataSchema() map[DataContent][]DataColumn {
	return map[DataContent][]DataColumn{DataReports: schemaOf(m.reportColumns()), DataFigures: schemaOf(figureColumns)}
}

func schemaOf[T any](columns []column[T]) []DataColumn {
	out := make([]DataColumn, len(columns))
	for i, c := range columns {
		out[i] = c.DataColumn
	}
	return out
}

// publicData is the condition of the public list with the same filters; a span narrows to
// what was received in it.
func (m *Module) publicData(ctx context.Context, f Filter, s *Span) (*where, error) {
	w := newWhere(m.now())
	w.and("r.listed AND $1::timestamptz IS NOT NULL")
	f.narrow(w)
	if s != nil {
		w.and("r.received_at >= " + w.arg(s.From) + " AND r.received_at < " + w.arg(s.end()))
	}
	return w, m.search(ctx, w, f.Text, false)
}

// WriteReports writes the public reports that the filter of [Module.PublicList] lets
// through, newest first, those received in the span unless that is nil. More than
// MostOpenRows are errs.Unprocessable, before anything is written.
func (m *Module) WriteReports(ctx context.Context, f Filter, s *Span, format DataFormat, w io.Writer) (err error) {
	defer errs.In(&err, "mtr.WriteReports")
	condition, err := m.publicData(ctx, f, s)
	if err != nil {
		return err
	}
	n, err := pg.Scalar[int](ctx, m.db, fmt.Sprintf("SELECT count(*) FROM (SELECT FROM mtr_report r WHERE %s LIMIT %d) x",
		condition, MostOpenRows+1), condition.fresh(true)...)
	if err != nil {
		return err
	}
	if n > MostOpenRows {
		return errs.New(errs.Unprocessable, "Lebih dari 50.000 laporan. Persempit saringan atau tanggalnya, atau ambil berkas harian.")
	}
	_, err = m.writeReports(ctx, f, s, format, w)
	return err
}

func (m *Module) writeReports(ctx context.Context, f Filter, s *Span, format DataFormat, w io.Writer) (rows int, err error) {
	columns := m.reportColumns()
	out, err := newDataWriter(w, format, "Laporan warga", schemaOf(columns))
	if err != nil {
		return 0, err
	}
	defer func() { err = out.end(err) }()
	values := make([]any, len(columns))
	for after := int64(0); ; {
		condition, err := m.publicData(ctx, f, s)
		if err != nil {
			return rows, err
		}
		if after != 0 {
			condition.and("r.id < " + condition.arg(after))
		}
		batch, err := pg.Many[dataReport](ctx, m.db, fmt.Sprintf(dataReports, condition, openBatch), condition.fresh(true)...)
		if err != nil {
			return rows, err
		}
		for _, r := range batch {
			for i, c := range columns {
				values[i] = c.of(r)
			}
			var at *geometry
			if r.Lat != nil && r.Lng != nil {
				at = pointAt(*r.Lat, *r.Lng)
			}
			if err := out.row(values, at); err != nil {
				return rows, err
			}
			rows++
		}
		if len(batch) < openBatch {
			return rows, nil
		}
		after = batch[len(batch)-1].ID
	}
}

// dataFigure is a row of the figures: one category, unit, place or stretch of time.
type dataFigure struct {
	Table, Key, Name string
	Span             Span
	counts           map[Measure]int
	*Tally           // nil for a stretch of time
	shape            *geometry
}

var figureColumns = func() []column[dataFigure] {
	out := []column[dataFigure]{
		{DataColumn{"tabel", "string", "semua, kategori, unit, kecamatan, kelurahan, waktu, atau kotak (hanya GeoJSON: kotak peta panas, laporan masuk yang tempatnya terbuka untuk umum)."}, func(f dataFigure) any { return f.Table }},
		{DataColumn{"kunci", "string", "Yang dipakai saringan dengan nama yang sama di alamat /mtr/statistik; kosong bila tidak ada."}, func(f dataFigure) any { return f.Key }},
		{DataColumn{"nama", "string", "Nama baris."}, func(f dataFigure) any { return f.Name }},
		{DataColumn{"dari", "string", "Hari pertama yang dihitung."}, func(f dataFigure) any { return f.Span.From.Format(time.DateOnly) }},
		{DataColumn{"sampai", "string", "Hari terakhir yang dihitung."}, func(f dataFigure) any { return f.Span.To.Format(time.DateOnly) }},
	}
	for _, m := range Measures {
		about := m.Label() + "."
		if m.Now() {
			about = m.Label() + ", berapa pun kurunnya."
		}
		out = append(out, column[dataFigure]{DataColumn{string(m), "integer", about}, func(f dataFigure) any {
			if f.Tally != nil {
				return f.N(m)
			}
			if n, ok := f.counts[m]; ok {
				return n
			}
			return nil
		}})
	}
	for _, s := range []struct {
		name, about string
		of          func(Tally) Spread
	}{
		{"menunggu_diteruskan", "dari masuk sampai pertama diteruskan", func(t Tally) Spread { return t.Dispatch }},
		{"perbaikan", "dari diteruskan sampai selesai", func(t Tally) Spread { return t.Repair }},
		{"seluruhnya", "dari masuk sampai selesai, dengan jeda", func(t Tally) Spread { return t.Whole }},
		{"jeda", "menunggu jawaban pelapor", func(t Tally) Spread { return t.Paused }},
	} {
		days := func(value func(Spread) float64) func(dataFigure) any {
			return func(f dataFigure) any {
				if f.Tally == nil || !s.of(*f.Tally).Enough() {
					return nil
				}
				return tenth(value(s.of(*f.Tally)))
			}
		}
		few := "; kosong bila kurang dari " + strconv.Itoa(EnoughForMedian) + " laporan."
		out = append(out,
			column[dataFigure]{DataColumn{s.name + "_median_hari", "number", "Nilai tengah hari " + s.about + few}, days(func(s Spread) float64 { return s.Median })},
			column[dataFigure]{DataColumn{s.name + "_p90_hari", "number", "Sembilan dari sepuluh laporan paling lama sekian hari " + s.about + few}, days(func(s Spread) float64 { return s.P90 })})
	}
	return append(out, column[dataFigure]{DataColumn{"nilai_rata", "number", "Nilai rata-rata dari pelapor, 1 sampai 5; kosong bila kurang dari " + strconv.Itoa(EnoughForMedian) + " penilaian."},
		func(f dataFigure) any {
			if f.Tally == nil || f.N(MeasureRated) < EnoughForMedian {
				return nil
			}
			return tenth(f.Stars)
		}})
}()

// WriteFigures writes what [Module.Statistics] tells, the very figures of the page.
func (m *Module) WriteFigures(ctx context.Context, f Filter, s Span, format DataFormat, w io.Writer) (err error) {
	defer errs.In(&err, "mtr.WriteFigures")
	_, err = m.writeFigures(ctx, f, s, format, w)
	return err
}

func (m *Module) writeFigures(ctx context.Context, f Filter, s Span, format DataFormat, w io.Writer) (rows int, err error) {
	figures, err := m.dataFigures(ctx, f, s, format == GeoJSON)
	if err != nil {
		return 0, err
	}
	out, err := newDataWriter(w, format, "Statistik", schemaOf(figureColumns))
	if err != nil {
		return 0, err
	}
	defer func() { err = out.end(err) }()
	values := make([]any, len(figureColumns))
	for _, row := range figures {
		for i, c := range figureColumns {
			values[i] = c.of(row)
		}
		if err := out.row(values, row.shape); err != nil {
			return rows, err
		}
		rows++
	}
	return rows, nil
}

// dataFigures are the rows of the figures; with shapes those of kelurahan have their
// boundary, and the squares of the heat map are among them.
func (m *Module) dataFigures(ctx context.Context, f Filter, s Span, shapes bool) ([]dataFigure, error) {
	st, err := m.Statistics(ctx, f, s)
	if err != nil {
		return nil, err
	}
	categories, err := m.allCategories(ctx)
	if err != nil {
		return nil, err
	}
	code := map[int64]string{}
	for _, c := range categories {
		code[c.ID] = c.Code
	}
	out := []dataFigure{{Table: "semua", Name: "Semua laporan", Span: s, Tally: &st.All}}
	for _, d := range []struct {
		table string
		rows  []StatRow
	}{{"kategori", st.ByCategory}, {"unit", st.ByUnit}, {"kecamatan", st.ByKecamatan}, {"kelurahan", st.ByKelurahan}} {
		for i := range d.rows {
			row := dataFigure{Table: d.table, Name: d.rows[i].Name, Span: s, Tally: &d.rows[i].Tally}
			if id := d.rows[i].ID; d.table == "kategori" {
				row.Key = code[id]
			} else if id != 0 {
				row.Key = strconv.FormatInt(id, 10)
			}
			out = append(out, row)
		}
	}
	for _, b := range st.Buckets {
		out = append(out, dataFigure{Table: "waktu", Name: b.From.Format(time.DateOnly), Span: b.Span,
			counts: map[Measure]int{MeasureCame: b.Came, MeasureAnswered: b.Answered, MeasureFixed: b.Fixed}})
	}
	if !shapes {
		return out, nil
	}
	boundaries, err := m.boundaries(ctx)
	if err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].Table == "kelurahan" {
			out[i].shape = boundaries[out[i].Key]
		}
	}
	for _, c := range st.Heat {
		out = append(out, dataFigure{Table: "kotak", Key: fmt.Sprintf("%d,%d", c.Row, c.Column), Span: s,
			counts: map[Measure]int{MeasureCame: c.N}, shape: squareOf(c.Cell)})
	}
	return out, nil
}
