package org_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/xuri/excelize/v2"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
)

const staffHeader = "NIP;Nama;Status;Pangkat/Golongan;Jabatan;Unit Kerja;Atasan;TMT;Keluar\n"

func (c city) staff(rows string, apply bool) (org.Report, *ended) {
	c.Helper()
	var sessions ended
	rep, err := org.ImportStaff(c.ctx, c.db, admin, now, strings.NewReader(staffHeader+rows), &sessions, apply)
	c.must(err)
	return rep, &sessions
}

// accepts imports rows and fails the test when any has a problem.
func (c city) accepts(rows string) org.Report {
	c.Helper()
	rep, _ := c.staff(rows, true)
	for _, p := range rep.Problems {
		c.Errorf("refused: %s", p)
	}
	if !rep.Applied {
		c.Fatal("not applied")
	}
	return rep
}

// holders names who holds a post of a unit at a moment.
func (c city) holders(code, title string, at time.Time) (names []string) {
	c.Helper()
	ps, err := org.PositionsIn(c.ctx, c.db, c.unit(code).ID, at)
	c.must(err)
	for _, p := range ps {
		if p.Title != title {
			continue
		}
		hs, err := org.HoldersOf(c.ctx, c.db, p.ID, at)
		c.must(err)
		for _, h := range hs {
			names = append(names, h.Name)
		}
	}
	return names
}

func (c city) scalar(sql string, args ...any) (n int) {
	c.Helper()
	c.must(c.db.QueryRow(c.ctx, sql, args...).Scan(&n))
	return n
}

const someStaff = `198001172006041003;Andi Contoh;PNS;Pembina Utama Muda (IV/c);Kepala Dinas;DISHUB;Sekretaris Daerah;02-01-2024;
199002022015032002;Budi Contoh;pns;Penata (III/c);Pengelola Data;Dishub;198001172006041003;2024-01-02;
0007;Cici Contoh;Non-ASN;;Pengatur Lalu Lintas;DISHUB;Kepala Dinas;1 Maret 2025;
0008;Dedi Contoh;non asn;;Pengatur Lalu Lintas;DISHUB;Kepala Dinas;01/03/2025;
`

func TestStaffImportTriesFirstThenWritesThenHasNothingToDo(t *testing.T) {
	c := newCity(t)
	rep, _ := c.staff(someStaff, false)
	if !rep.OK() || rep.Applied || rep.Added != 4 || rep.Rows != 4 {
		t.Fatalf("dry run: %+v", rep)
	}
	if n := c.scalar(`SELECT count(*) FROM org_person`); n != 0 {
		t.Fatalf("a dry run wrote %d people", n)
	}
	if rep := c.accepts(someStaff); rep.Added != 4 {
		t.Errorf("first: %+v", rep)
	}
	if rep := c.accepts(someStaff); rep.Same != 4 || rep.Added+rep.Changed+rep.Moved+rep.Left != 0 {
		t.Errorf("again: %+v", rep)
	}
	if got := c.holders("DISHUB", "Kepala Dinas Perhubungan", now); !slices.Equal(got, []string{"Andi Contoh"}) {
		t.Errorf("the head: %v", got)
	}
	if got := c.holders("DISHUB", "Pengatur Lalu Lintas", now); !slices.Equal(got, []string{"Cici Contoh", "Dedi Contoh"}) {
		t.Errorf("one post, two seats: %v", got)
	}
	if n := c.scalar(`SELECT count(*) FROM org_person WHERE staff_number IN ('0007', '0008', '198001172006041003')`); n != 3 {
		t.Errorf("%d numbers kept their zeros", n)
	}
	if n := c.scalar(`SELECT count(*) FROM org_position p JOIN org_position s ON s.id = p.superior_id
		WHERE p.title IN ('Pengelola Data', 'Pengatur Lalu Lintas') AND s.title = 'Kepala Dinas Perhubungan'`); n != 2 {
		t.Errorf("%d superiors found", n)
	}
	if n := c.scalar(`SELECT count(*) FROM audit_entry WHERE action = 'org.person.import'`); n != 4 {
		t.Errorf("%d people in the trail", n)
	}
	changed := strings.Replace(someStaff, "Penata (III/c)", "Penata Tk. I (III/d)", 1)
	if rep := c.accepts(changed); rep.Changed != 1 || rep.Same != 3 {
		t.Errorf("a new rank: %+v", rep)
	}
}

func TestStaffImportNamesWhatIsWrongRowByRow(t *testing.T) {
	c := newCity(t)
	rep, _ := c.staff(someStaff+`123;Elok Contoh;PNS;;Staf;DISHUB;;02-01-2024;
;Fajar Contoh;non-ASN;;Staf;DISHUB;;02-01-2024;
0007;Gita Contoh;non-ASN;;Staf;DISHUB;;02-01-2024;
0009;Hadi Contoh;magang;;Staf;DISHUB;;02-01-2024;
0010;Indah Contoh;non-ASN;;Staf;DINAS SIHIR;;02-01-2024;
0011;Joko Contoh;non-ASN;;Staf;DISHUB;;31-02-2024;
0012;Kiki Contoh;non-ASN;;;DISHUB;;02-01-2024;
0013;Lina Contoh;non-ASN;;Staf;DISHUB;Raja;02-01-2024;
0014;Maman Contoh;non-ASN;;Kepala Dinas;DISHUB;;02-01-2024;
1.98001172006041E+17;Nani Contoh;PNS;;Staf;DISHUB;;02-01-2024;
0015;Oki Contoh;non-ASN;;Staf;DISHUB;;02-01-2024;31-12-2026
0016;;non-ASN;;Staf;DISHUB;;02-01-2024;
`, true)
	var got []string
	for _, p := range rep.Problems {
		if p.Message == "" {
			t.Errorf("row %d says nothing", p.Row)
		}
		got = append(got, fmt.Sprintf("%d %s", p.Row, p.Column))
	}
	want := []string{"6 nip", "7 nip", "8 nip", "9 status", "10 unit", "11 tmt", "12 jabatan", "13 atasan", "14 jabatan", "15 nip", "16 nip", "17 nama"}
	if !slices.Equal(got, want) {
		t.Errorf("problems at %v, want %v", got, want)
	}
	if n := c.scalar(`SELECT count(*) FROM org_person`); n != 0 || rep.Applied {
		t.Errorf("%d people written beside problems", n)
	}
}

// Two heads change places and a clerk rises to the post one of them leaves:
// seats are freed before they are taken, in whatever order the rows come.
func TestStaffImportIsAMassChangeOnOneDate(t *testing.T) {
	c := newCity(t)
	c.accepts(someStaff + `198101172006041004;Rina Contoh;PNS;;Kepala Dinas;DLH;;02-01-2024;
198201172006041005;Sudi Contoh;PNS;;Kepala Dinas;DPU;;02-01-2024;
`)
	day := today.AddDate(0, 0, 7)
	rows := fmt.Sprintf(`198001172006041003;Andi Contoh;PNS;Pembina Utama Muda (IV/c);Kepala Dinas;DLH;;%[1]s;
198101172006041004;Rina Contoh;PNS;;Kepala Dinas;DISHUB;;%[1]s;
`, day.Format("02-01-2006"))
	if rep := c.accepts(rows); rep.Moved != 2 {
		t.Fatalf("%+v", rep)
	}
	if rep := c.accepts(rows); rep.Same != 2 {
		t.Errorf("again: %+v", rep)
	}
	for _, w := range []struct {
		at                 time.Time
		dishub, dlh, other string
	}{{day.Add(-time.Second), "Andi Contoh", "Rina Contoh", "Sudi Contoh"}, {day, "Rina Contoh", "Andi Contoh", "Sudi Contoh"}} {
		got := [3][]string{c.holders("DISHUB", "Kepala Dinas Perhubungan", w.at),
			c.holders("DLH", "Kepala Dinas Lingkungan Hidup", w.at), c.holders("DPU", c.head(c.unit("DPU").ID).Title, w.at)}
		if fmt.Sprint(got) != fmt.Sprint([3][]string{{w.dishub}, {w.dlh}, {w.other}}) {
			t.Errorf("at %s: %v", w.at, got)
		}
	}
	// The date is put off before it comes.
	later := strings.ReplaceAll(rows, day.Format("02-01-2006"), day.AddDate(0, 0, 7).Format("02-01-2006"))
	c.accepts(later)
	if got := c.holders("DLH", "Kepala Dinas Lingkungan Hidup", day); !slices.Equal(got, []string{"Rina Contoh"}) {
		t.Errorf("put off: %v", got)
	}
	if got := c.holders("DLH", "Kepala Dinas Lingkungan Hidup", day.AddDate(0, 0, 7)); !slices.Equal(got, []string{"Andi Contoh"}) {
		t.Errorf("after the new date: %v", got)
	}
	// A seat that its holder does not leave stays his.
	rep, _ := c.staff("198001172006041003;Andi Contoh;PNS;;Kepala Dinas;DPU;;"+day.AddDate(0, 1, 0).Format("02-01-2006")+";\n", true)
	if rep.OK() || !strings.Contains(rep.Problems[0].Message, "Sudi Contoh") {
		t.Errorf("took a taken seat: %+v", rep.Problems)
	}
}

func TestStaffImportLetsPeopleGoAtOnce(t *testing.T) {
	c := newCity(t)
	c.accepts(someStaff)
	account := c.account(int64(c.scalar(`SELECT id FROM org_person WHERE staff_number = '0007'`)))
	row := "0007;Cici Contoh;non-ASN;;;;;;" + today.Format("02-01-2006") + "\n"
	if rep, sessions := c.staff(row, false); rep.Left != 1 || c.scalar(`SELECT count(*) FROM org_person WHERE left_on IS NOT NULL`) != 0 {
		t.Errorf("dry run: %+v, %v", rep, sessions.accounts)
	}
	rep, sessions := c.staff(row, true)
	if rep.Left != 1 || !slices.Equal(sessions.accounts, []int64{account}) {
		t.Errorf("%+v, sessions ended: %v", rep, sessions.accounts)
	}
	if got := c.holders("DISHUB", "Pengatur Lalu Lintas", now); !slices.Equal(got, []string{"Dedi Contoh"}) {
		t.Errorf("still there: %v", got)
	}
	if rep, _ := c.staff(row, true); rep.Same != 1 {
		t.Errorf("again: %+v", rep)
	}
	// Somebody who came back is welcomed by an administrator, not by a file.
	if rep, _ := c.staff("0007;Cici Contoh;non-ASN;;Staf;DISHUB;;01-12-2026;\n", true); rep.OK() {
		t.Error("a leaver came back by file")
	}
}

func TestStaffImportEndsThePltWhereAHolderComes(t *testing.T) {
	c := newCity(t)
	plt := c.person("Plt Contoh")
	_, err := c.appoint(org.Appointment{PositionID: c.head(c.unit("DISHUB").ID).ID, PersonID: plt, Kind: org.Plt, From: now.AddDate(0, -1, 0)})
	c.must(err)
	rep := c.accepts("198001172006041003;Andi Contoh;PNS;;Kepala Dinas;DISHUB;;" + today.Format("02-01-2006") + ";\n")
	if len(rep.Warnings) != 1 {
		t.Errorf("nobody said that the Plt ends: %+v", rep)
	}
	if got := c.holders("DISHUB", "Kepala Dinas Perhubungan", now); !slices.Equal(got, []string{"Andi Contoh"}) {
		t.Errorf("%v", got)
	}
}

func TestFiveThousandRowsTakeSeconds(t *testing.T) {
	c := newCity(t)
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, "%05d;Pegawai %d;non-ASN;;Petugas %d;DPU;Kepala Dinas;02-01-2024;\n", i, i, i%700)
	}
	start := time.Now()
	c.accepts(b.String())
	took := time.Since(start)
	t.Logf("5,000 rows in %s", took)
	if took > 30*time.Second {
		t.Errorf("5,000 rows took %s", took)
	}
	if n := c.scalar(`SELECT count(*) FROM org_occupancy o JOIN org_position p ON p.id = o.position_id WHERE p.title LIKE 'Petugas %' AND o.seat <= p.seats`); n != 5000 {
		t.Errorf("%d sit", n)
	}
}

// xlsx writes rows as a workbook, every cell a text.
func xlsx(t *testing.T, rows ...[]any) *bytes.Buffer {
	t.Helper()
	f := excelize.NewFile()
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestImportsReadWorkbooks(t *testing.T) {
	c := newCity(t)
	rep, err := org.ImportStaff(c.ctx, c.db, admin, now, xlsx(t,
		[]any{"NIP", "NAMA", "STATUS KEPEGAWAIAN", "JABATAN", "UNIT", "TMT"},
		[]any{"198001172006041003", "Andi Contoh", "PNS", "Kepala Dinas", "DISHUB", 45293},
		[]any{"0007", "Cici Contoh", "Non-ASN", "Staf", "DISHUB", "2024-01-02"},
	), &ended{}, true)
	if err != nil || !rep.Applied || rep.Added != 2 {
		t.Fatalf("%+v, %v", rep, err)
	}
	if n := c.scalar(`SELECT count(*) FROM org_occupancy WHERE starts_at = '2024-01-02 00:00+08'`); n != 2 {
		t.Errorf("%d began on the day", n)
	}
	if n := c.scalar(`SELECT count(*) FROM org_person WHERE staff_number = '0007'`); n != 1 {
		t.Error("the zeros are gone")
	}
}

func TestImportsRefuseHostileFiles(t *testing.T) {
	c := newCity(t)
	bomb := func() io.Reader {
		// 600 megabytes, each packed like the first one.
		zeros, packed := make([]byte, 1<<20), bytes.Buffer{}
		pack, err := flate.NewWriter(&packed, flate.BestCompression)
		c.must(err)
		_, err = pack.Write(zeros)
		c.must(err)
		c.must(pack.Flush())
		data := bytes.Repeat(packed.Bytes(), 600)
		packed.Reset()
		c.must(pack.Close())
		data = append(data, packed.Bytes()...)
		sum := crc32.NewIEEE()
		for range 600 {
			_, _ = sum.Write(zeros)
		}
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.CreateRaw(&zip.FileHeader{
			Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CRC32: sum.Sum32(), CompressedSize64: uint64(len(data)), UncompressedSize64: 600 << 20,
		})
		c.must(err)
		_, err = w.Write(data)
		c.must(err)
		c.must(z.Close())
		return &b
	}
	for name, file := range map[string]io.Reader{
		"a zip bomb":       bomb(),
		"a picture":        strings.NewReader("\x89PNG\r\n\x1a\n\x00\x00\x00"),
		"an old XLS":       strings.NewReader("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
		"a broken zip":     strings.NewReader("PK\x03\x04 nothing more"),
		"nothing":          strings.NewReader(""),
		"only headers":     strings.NewReader(staffHeader),
		"other columns":    strings.NewReader("a;b\n1;2\n"),
		"a column twice":   strings.NewReader("NIP;Nomor Pegawai;Nama;Status;Jabatan;Unit;TMT\n1;2;3;4;5;6;7\n"),
		"Latin-1":          strings.NewReader("NIP;Nama\n1;Andr\xe9\n"),
		"a CSV with a NUL": strings.NewReader("NIP;Nama\n1;A\x00\n"),
	} {
		_, err := org.ImportStaff(c.ctx, c.db, admin, now, file, &ended{}, true)
		if errs.KindOf(err) != errs.Unprocessable || len(errs.FieldsOf(err)) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := org.ImportStaff(c.ctx, c.db, admin, now, io.LimitReader(zeroes{}, org.MaxSheetFile+1), &ended{}, true)
	c.fails(err, errs.TooLarge, "")
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

func TestUnitImportGrowsMovesAndClosesTheTree(t *testing.T) {
	c := newCity(t)
	const header = "Kode;Nama;Jenis;Induk;Singkatan;Ditutup;Penerus\n"
	do := func(rows string, apply bool) org.Report {
		t.Helper()
		rep, err := org.ImportUnits(c.ctx, c.db, admin, now, strings.NewReader(header+rows), apply)
		c.must(err)
		return rep
	}
	rows := "DISHUB-LLJ-1;Seksi Rekayasa;Seksi;DISHUB-LLJ;Rekayasa;;\nDISHUB-LLJ;Bidang Lalu Lintas;Bidang;DISHUB;Lalin;;\n"
	if rep := do(rows, false); !rep.OK() || rep.Added != 2 || rep.Applied {
		t.Fatalf("dry run: %+v", rep)
	}
	if rep := do(rows, true); rep.Added != 2 || !rep.Applied {
		t.Fatalf("%+v", rep)
	}
	if rep := do(rows, true); rep.Same != 2 {
		t.Errorf("again: %+v", rep)
	}
	if u := c.unit("DISHUB-LLJ-1"); u.Depth() != c.unit("DISHUB").Depth()+2 {
		t.Errorf("the section is at depth %d", u.Depth())
	}
	if rep := do(strings.Replace(rows, "Bidang Lalu Lintas", "Bidang Lalu Lintas dan Angkutan", 1), true); rep.Changed != 1 || rep.Same != 1 {
		t.Errorf("renamed: %+v", rep)
	}
	rep := do("X1;Bidang Satu;Bidang;TIDAK-ADA;Satu;;\nX2;Bidang Dua;Benteng;DISHUB;Dua;;\nX2;Bidang Tiga;Bidang;DISHUB;Tiga;;\n", true)
	var lines []int
	for _, p := range rep.Problems {
		lines = append(lines, p.Row)
	}
	slices.Sort(lines)
	if !slices.Equal(lines, []int{2, 3, 4}) || rep.Applied {
		t.Errorf("problems: %v", rep.Problems)
	}
	day := today.AddDate(0, 0, 1).Format("02-01-2006")
	if rep := do("DISHUB-LLJ-1;Seksi Rekayasa;Seksi;DISHUB-LLJ;Rekayasa;"+day+";DISHUB\n", true); !rep.Applied {
		t.Errorf("closing: %v", rep.Problems)
	}
	var left time.Time
	c.must(pgx.BeginFunc(c.ctx, c.db, func(tx pgx.Tx) error {
		return tx.QueryRow(c.ctx, `SELECT valid_to FROM org_unit WHERE code = 'DISHUB-LLJ-1'`).Scan(&left)
	}))
	if left.Format("02-01-2006") != day {
		t.Errorf("closed on %s", left)
	}
}
