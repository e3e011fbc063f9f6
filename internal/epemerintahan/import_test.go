package epemerintahan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// importing is a city with a place for files and somebody who imports.
type importing struct {
	*city
	operator authz.Actor
}

func newImporting(t *testing.T) *importing {
	t.Helper()
	c := newCity(t)
	blobs, err := blob.Open("file://" + t.TempDir() + "?sync=off")
	if err != nil {
		t.Fatal(err)
	}
	c.Module.blobs = blobs
	return &importing{c, c.hire(kassiKassi, PermView, PermEdit, PermImport)}
}

// line is a row of a file, by the controls' names.
type line map[string]any

// household lists the rows of n families of three without blemish.
func (im *importing) households(n int) (lines []line) {
	for range n {
		kk := im.number()
		for i := range 3 {
			p := im.somebody(1)
			lines = append(lines, line{
				ControlKK: kk, ControlNIK: p.NIK, ControlName: p.Name, ControlRelation: []string{"Kepala Keluarga", "FAMILI LAIN", "4"}[i],
				ControlSex: "L", ControlBirthPlace: "Makassar", ControlBirthDate: []any{"17/08/1985", "17 Agustus 1985", "1985-08-17"}[i],
				ControlReligion: "Islam", ControlEducation: "SMA", ControlJob: "Wiraswasta", ControlMarital: "Kawin", ControlRW: "1", ControlRT: "002",
				ControlAddress: "Jl. Toddopuli " + kk[12:], ControlMother: "=HYPERLINK",
			})
		}
	}
	return lines
}

// csv writes rows below the titles of the template.
func csvOf(lines []line) []byte {
	var b bytes.Buffer
	for _, c := range ImportColumns {
		b.WriteString(c.Title + ";")
	}
	for _, l := range lines {
		b.WriteString("\n")
		for _, c := range ImportColumns {
			if v, there := l[c.Name]; there && c.Name != ControlMother {
				fmt.Fprintf(&b, "%v", v)
			}
			b.WriteString(";")
		}
	}
	return b.Bytes()
}

// xlsxOf does the same, below a heading.
func xlsxOf(t testing.TB, lines []line) []byte {
	t.Helper()
	f := excelize.NewFile()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(f.SetCellValue("Sheet1", "A1", "DATA PENDUDUK"))
	for i, c := range ImportColumns {
		at, err := excelize.CoordinatesToCellName(i+1, 3)
		must(err)
		must(f.SetCellValue("Sheet1", at, c.Title))
		for j, l := range lines {
			at, err := excelize.CoordinatesToCellName(i+1, 4+j)
			must(err)
			switch v := l[c.Name].(type) {
			case nil:
			case formula:
				must(f.SetCellFormula("Sheet1", at, string(v)))
			default:
				must(f.SetCellValue("Sheet1", at, v))
			}
		}
	}
	var b bytes.Buffer
	_, err := f.WriteTo(&b)
	must(err)
	must(f.Close())
	return b.Bytes()
}

type formula string

func (im *importing) upload(data []byte) int64 {
	im.t.Helper()
	id, err := im.Upload(im.ctx, im.operator, im.unit(kassiKassi), bytes.NewReader(data), int64(len(data)))
	if err != nil {
		im.t.Fatal(err)
	}
	return id
}

// work does what the jobs would.
func (im *importing) work(id int64) Import {
	im.t.Helper()
	for more := true; more; {
		var err error
		if more, err = im.step(im.ctx, id); err != nil {
			im.t.Fatal(err)
		}
		i := im.view(id)
		more = more && i.State.Working()
	}
	return im.view(id)
}

func (im *importing) view(id int64) Import {
	im.t.Helper()
	i, err := im.ViewImport(im.ctx, im.operator, id)
	if err != nil {
		im.t.Fatal(err)
	}
	return i
}

func (im *importing) report(id int64) []LineRemark {
	im.t.Helper()
	found, err := im.RemarkSample(im.ctx, im.operator, id, 1000)
	if err != nil {
		im.t.Fatal(err)
	}
	return found
}

// registered counts what is in the register.
func (im *importing) registered() string {
	im.t.Helper()
	return one[string](im.city, `SELECT format('%s %s %s %s', (SELECT count(*) FROM epemerintahan_family), (SELECT count(*) FROM epemerintahan_resident),
		(SELECT count(*) FROM epemerintahan_event), (SELECT count(*) FROM epemerintahan_kk))`)
}

func TestImport(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"xlsx", "csv"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			im := newImporting(t)
			lines := im.households(150)
			data := csvOf(lines)
			if format == "xlsx" {
				data = xlsxOf(t, lines)
			}
			id := im.upload(data)
			if i := im.work(id); i.State != ImportReady || i.People != 450 || i.Families != 150 || i.Fresh != 150 || i.FreshPeople != 450 || i.Remarks != 0 {
				t.Fatalf("%+v %+v", i, im.report(id))
			}
			if n := im.registered(); n != "0 0 0 0" {
				t.Fatalf("the dry run wrote: %s", n)
			}
			if err := im.ApplyImport(t.Context(), im.operator, id, ""); err != nil {
				t.Fatal(err)
			}
			errstest.Kind(t, im.ApplyImport(t.Context(), im.operator, id, ""), errs.Conflict)
			if i := im.work(id); i.State != ImportDone || i.Written != 150 || i.WrittenPeople != 450 || i.KeptOut != 0 {
				t.Fatalf("%+v", i)
			}
			if n := im.registered(); n != "150 450 450 150" {
				t.Fatalf("written: %s", n)
			}
			if n := one[int](im.city, `SELECT count(*)::int FROM epemerintahan_import_row`); n != 0 {
				t.Errorf("%d rows are kept", n)
			}
			// The same file once more has nothing new.
			id = im.upload(data)
			if i := im.work(id); i.State != ImportReady || i.Present != 150 || i.Fresh+i.Refused+i.Doubted != 0 {
				t.Fatalf("%+v %+v", i, im.report(id))
			}
			errstest.Kind(t, im.ApplyImport(t.Context(), im.operator, id, ""), errs.Conflict)
			if err := im.DropImport(t.Context(), im.operator, id); err != nil {
				t.Fatal(err)
			}
			errstest.Kind(t, im.DropImport(t.Context(), im.operator, id), errs.Conflict)
		})
	}
}

// TestImportSaysWhatIsWrong has one thing wrong in each file.
func TestImportSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	im := newImporting(t)
	recorded := im.household(kassiKassi, 1)
	im.add(im.operator, recorded)
	set := func(row int, name string, v any) func([]line) []line {
		return func(ls []line) []line { ls[row][name] = v; return ls }
	}
	for _, c := range []struct {
		name    string
		spoil   func([]line) []line
		line    int // of the sheet, which begins in 4
		column  string
		says    string
		doubted bool
	}{
		{"NIK that became a number", set(1, ControlNIK, 7371131708850001.0), 5, "NIK", "7,37E+15", false},
		{"NIK that became text of a number", set(1, ControlNIK, "7.37113E+15"), 5, "NIK", "angka ke-16 hilang", false},
		{"KK that became a number", set(1, ControlKK, 7371131708850001.0), 5, "Nomor KK", "angka ke-16 hilang", false},
		{"short NIK as a number", set(1, ControlNIK, 73711317), 5, "NIK", "tersimpan sebagai angka", false},
		{"letters in a NIK", set(1, ControlNIK, "737113170885OOO1"), 5, "NIK", "hanya boleh berisi angka", false},
		{"15 digits", set(1, ControlNIK, "737113170885001"), 5, "NIK", "16 angka", false},
		{"no NIK and no reason", set(1, ControlNIK, ""), 5, "NIK", "Status NIK", false},
		{"no such reason", func(ls []line) []line { ls[1][ControlNIK], ls[1][ControlNIKStatus] = "", "entah"; return ls }, 5, "Status NIK", "tidak dikenal", false},
		{"formula", set(1, ControlName, formula("A1&B1")), 5, "Nama lengkap", "rumus", false},
		{"formula as NIK", set(1, ControlNIK, formula("1+1")), 5, "NIK", "rumus", false},
		{"month first", set(1, ControlBirthDate, "08/17/1985"), 5, "Tanggal lahir", "bulan lebih dulu", false},
		{"two digits of a year", set(1, ControlBirthDate, "17/08/85"), 5, "Tanggal lahir", "abadnya", false},
		{"no such day", set(1, ControlBirthDate, "31-02-1985"), 5, "Tanggal lahir", "bukan tanggal", false},
		{"not a date", set(1, ControlBirthDate, "kemarin"), 5, "Tanggal lahir", "bukan tanggal", false},
		{"born tomorrow", set(1, ControlBirthDate, "2030-01-01"), 5, "Tanggal lahir", "belum terjadi", false},
		{"no date", set(1, ControlBirthDate, ""), 5, "Tanggal lahir", "kosong", false},
		{"either way", func(ls []line) []line {
			ls[1][ControlBirthDate], ls[5][ControlBirthDate] = "03/04/1985", "08/17/1985"
			return ls
		}, 5, "Tanggal lahir", "dua cara", false},
		{"wrong code", set(2, ControlReligion, "99"), 6, "Agama", "ISLAM", false},
		{"wrong word", set(2, ControlJob, "Tukang sihir"), 6, "Pekerjaan", "tidak dikenal", false},
		{"nobody's relation", set(2, ControlRelation, ""), 6, "Hubungan keluarga", "kosong", false},
		{"two heads", set(2, ControlRelation, "Kepala Keluarga"), 6, "Hubungan keluarga", "hanya boleh punya satu", false},
		{"no head", set(0, ControlRelation, "Anak"), 4, "Hubungan keluarga", "harus punya satu", false},
		{"bad RT", set(0, ControlRT, "RT 3b"), 4, "RT", "1 sampai 999", false},
		{"another RT in the family", set(1, ControlRT, "9"), 5, "RT", "tidak sama dengan baris 4", false},
		{"unknown RT", func(ls []line) []line {
			for i := range 3 {
				ls[i][ControlRT] = "77"
			}
			return ls
		}, 4, "RT", "Belum ada warga", true},
		{"NIK twice in the file", func(ls []line) []line { ls[4][ControlNIK] = ls[0][ControlNIK]; return ls }, 8, "NIK", "baris 4, 8", false},
		{"NIK that is recorded", set(1, ControlNIK, recorded.Members[0].NIK), 5, "NIK", "sudah tercatat", false},
		{"KK that is recorded", func(ls []line) []line {
			for i := range 3 {
				ls[i][ControlKK] = recorded.KK
			}
			return ls
		}, 4, "Nomor KK", "sudah dipakai", false},
		{"another kelurahan", set(1, ControlKelurahan, "Tidung"), 5, "Kelurahan", "kelurahan lain", false},
		{"NIK of a woman", set(1, ControlNIK, "7371135708859999"), 5, "NIK", "perempuan", true},
		{"no KK", set(1, ControlKK, ""), 5, "Nomor KK", "kosong", false},
		{"a crowd under one KK", func(ls []line) []line {
			var all []line
			for range 25 {
				all = append(all, im.households(1)...)
			}
			for _, l := range all {
				l[ControlKK] = all[0][ControlKK]
			}
			return all
		}, 4, "Nomor KK", "75 baris", false},
		{"endless name", set(1, ControlName, strings.Repeat("A", 300)), 5, "Nama lengkap", "Terlalu panjang", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines := im.households(2)
			for _, l := range lines {
				l[ControlRW], l[ControlRT] = "3", "2" // where somebody lives
			}
			id := im.upload(xlsxOf(t, c.spoil(lines)))
			i := im.work(id)
			if i.State != ImportReady || i.Families == 0 {
				t.Fatalf("%+v", i)
			}
			found := im.report(id)
			fits := func(r LineRemark) bool {
				return r.Line == c.line && r.Column == c.column && strings.Contains(r.Message, c.says) && r.Doubt == c.doubted
			}
			if !slices.ContainsFunc(found, fits) {
				t.Errorf("nothing says %q on line %d: %+v", c.says, c.line, found)
			}
			if c.doubted != (i.Doubted == 1) || c.doubted == (i.Refused > 0) {
				t.Errorf("%d doubted, %d refused", i.Doubted, i.Refused)
			}
			// One blemish, one remark, besides what two rows share.
			seen := map[string]bool{}
			for _, r := range found {
				at := fmt.Sprint(r.Line, r.Column)
				if seen[at] {
					t.Errorf("two remarks about %s: %+v", at, found)
				}
				seen[at] = true
			}
			var out bytes.Buffer
			if err := im.ImportReport(t.Context(), im.operator, id, sheet.XLSX, &out); err != nil {
				t.Fatal(err)
			}
			r, err := sheet.Open(bytes.NewReader(out.Bytes()), int64(out.Len()))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			n := 0
			for _, err := r.Next(); err == nil; _, err = r.Next() {
				n++
			}
			if n != len(found)+1 || i.Remarks != len(found) {
				t.Errorf("the report has %d lines, the page counts %d, found are %d", n, i.Remarks, len(found))
			}
		})
	}
	if n := im.registered(); n != "1 1 1 1" {
		t.Errorf("dry runs wrote: %s", n)
	}
}

// TestImportRefusesOtherFiles says in words why, and the file is gone.
func TestImportRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	im := newImporting(t)
	for file, says := range map[string]string{
		"Nama;Umur\nSitti;7\n": "Yang belum ada: Nomor KK, NIK", "NIK;No. KTP\n1;2\n": "dua kali", "PK\x03\x04": "rusak", "<html><script>alert(1)</script>": "Yang belum ada",
	} {
		_, err := im.Upload(t.Context(), im.operator, im.unit(kassiKassi), strings.NewReader(file), int64(len(file)))
		if errstest.Field(t, err, "berkas"); !strings.Contains(errs.FieldsOf(err)[0].Message, says) {
			t.Errorf("%q: %v", file, err)
		}
	}
	if i := im.work(im.upload(csvOf(nil))); i.State != ImportFailed || !strings.Contains(i.Message, "hanya memuat judul") {
		t.Errorf("only titles: %+v", i)
	}
	if n := one[int](im.city, `SELECT count(*)::int FROM epemerintahan_import WHERE blob_key <> ''`); n != 0 {
		t.Errorf("%d files are kept", n)
	}
}

// TestDoubtsNeedAReason from somebody who may pass them.
func TestDoubtsNeedAReason(t *testing.T) {
	t.Parallel()
	im := newImporting(t)
	lines := im.households(3)
	lines[1][ControlSex] = "P" // the NIK says otherwise
	id := im.upload(csvOf(lines))
	if i := im.work(id); i.Fresh != 2 || i.Doubted != 1 || i.DoubtedPeople != 3 {
		t.Fatalf("%+v %+v", i, im.report(id))
	}
	errstest.Field(t, im.ApplyImport(t.Context(), im.operator, id, "Begitu tertulis di KTP"), ControlReason)
	head := im.hire(kassiKassi, PermView, PermEdit, PermImport, PermOverride)
	errstest.Field(t, im.ApplyImport(t.Context(), head, id, "ya"), ControlReason)
	if err := im.ApplyImport(t.Context(), head, id, "Begitu tertulis di KTP"); err != nil {
		t.Fatal(err)
	}
	if i := im.work(id); i.Written != 3 {
		t.Fatalf("%+v", i)
	}
	if why := one[string](im.city, `SELECT string_agg(nik_reason, '|') FROM epemerintahan_resident WHERE nik_reason <> ''`); why != "Begitu tertulis di KTP" {
		t.Errorf("the reasons are %q", why)
	}
	// Without a reason they stay out, and the report says why.
	lines = im.households(2)
	lines[1][ControlSex] = "P"
	for _, l := range lines {
		l[ControlAddress] = "Jl. Lain"
	}
	id = im.upload(csvOf(lines))
	im.work(id)
	if err := im.ApplyImport(t.Context(), im.operator, id, ""); err != nil {
		t.Fatal(err)
	}
	if i := im.work(id); i.Written != 1 || !i.Reported(im.clock.Now()) || len(im.report(id)) != 1 {
		t.Fatalf("%+v", i)
	}
}

// register describes all that is recorded, apart from ids and times.
func (im *importing) register() string {
	im.t.Helper()
	return one[string](im.city, `SELECT string_agg(format('%s|%s|%s|%s|%s|%s', f.address, encode(f.kk_hash, 'hex'), r.relation, r.name, encode(r.nik_hash, 'hex'), r.birth_date), E'\n' ORDER BY r.nik_hash)
		FROM epemerintahan_resident r JOIN epemerintahan_family f ON f.id = r.family_id`)
}

// TestImportGoesOnWhereItStopped kills the work again and again, in the middle of its
// transactions too, and compares with an import that nobody disturbed.
func TestImportGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	im, calm := newImporting(t), newImporting(t)
	lines := im.households(700)
	run := func(im *importing, work func(id int64)) Import {
		id := im.upload(csvOf(lines))
		work(id)
		if err := im.ApplyImport(t.Context(), im.operator, id, ""); err != nil {
			t.Fatal(err)
		}
		work(id)
		return im.view(id)
	}
	want := run(calm, func(id int64) { calm.work(id) })
	killed := 0
	got := run(im, func(id int64) {
		for patience := 20 * time.Millisecond; im.view(id).State.Working(); patience += patience / 10 {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			// A process that is new knows nothing of the last one's work.
			again := New(Deps{DB: im.Module.db, Clock: im.clock, Box: im.box, Blobs: im.blobs})
			for ctx.Err() == nil {
				if _, err := again.step(ctx, id); err != nil {
					if ctx.Err() == nil {
						t.Fatal(err)
					}
					killed++
				} else if !im.view(id).State.Working() {
					break
				}
			}
			cancel()
		}
	})
	t.Logf("killed %d times", killed)
	if killed == 0 {
		t.Error("the work was never killed")
	}
	if got.Written != want.Written || got.People != want.People || got.Written != 700 || got.WrittenPeople != 2100 || got.KeptOut != 0 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if im.register() != calm.register() {
		t.Error("the registers differ")
	}
	if n := one[int](im.city, `SELECT count(*)::int FROM audit_entry WHERE action = 'epemerintahan.import.finish'`); n != 1 {
		t.Errorf("it finished %d times", n)
	}
}

// TestSameFileTwiceAtOnce has two imports of one file, and two jobs on each.
func TestSameFileTwiceAtOnce(t *testing.T) {
	t.Parallel()
	im := newImporting(t)
	data := csvOf(im.households(250))
	ids := []int64{im.upload(data), im.upload(data)}
	all := func() {
		var wg sync.WaitGroup
		for _, id := range append(ids, ids...) {
			wg.Go(func() {
				for {
					more, err := im.step(t.Context(), id)
					if errors.Is(err, errOvertaken) {
						more, err = true, nil
					}
					if err != nil {
						t.Error(err)
						return
					}
					if i := im.view(id); !more || !i.State.Working() {
						return
					}
				}
			})
		}
		wg.Wait()
	}
	all()
	for _, id := range ids {
		if i := im.view(id); i.State != ImportReady || i.People != 750 || i.Fresh != 250 {
			t.Fatalf("%+v", i)
		}
		if err := im.ApplyImport(t.Context(), im.operator, id, ""); err != nil {
			t.Fatal(err)
		}
	}
	all()
	a, b := im.view(ids[0]), im.view(ids[1])
	if a.State != ImportDone || b.State != ImportDone || a.Written+b.Written != 250 || a.KeptOut+b.KeptOut != 250 {
		t.Errorf("%+v\n%+v", a, b)
	}
	if n := im.registered(); n != "250 750 750 250" {
		t.Errorf("written: %s", n)
	}
}

func TestOnlyImportersImport(t *testing.T) {
	t.Parallel()
	im := newImporting(t)
	data := csvOf(im.households(1))
	id := im.upload(data)
	for name, ps := range map[string][]authz.Permission{
		"reader": {PermView}, "operator": {PermView, PermEdit}, "without editing": {PermView, PermImport}, "blind": {PermEdit, PermImport},
	} {
		a := im.hire(kassiKassi, ps...)
		_, err := im.Upload(t.Context(), a, im.unit(kassiKassi), bytes.NewReader(data), int64(len(data)))
		errstest.Field(t, err, ControlKelurahan)
		want := errs.Forbidden
		if name == "blind" {
			want = errs.NotFound
		}
		_, err = im.ViewImport(t.Context(), a, id)
		errstest.Kind(t, err, want)
		errstest.Kind(t, im.ApplyImport(t.Context(), a, id, ""), want)
		errstest.Kind(t, im.ImportReport(t.Context(), a, id, sheet.CSV, &bytes.Buffer{}), want)
		if is, err := im.Imports(t.Context(), a); err != nil || len(is) > 0 {
			t.Errorf("%s sees %v, %v", name, is, err)
		}
	}
	neighbour := im.hire(tidung, PermView, PermEdit, PermImport)
	_, err := im.ViewImport(t.Context(), neighbour, id)
	errstest.Kind(t, err, errs.NotFound)
	errstest.Kind(t, im.DropImport(t.Context(), neighbour, id), errs.NotFound)
}

// TestImportsAreForgotten a day after they came, whatever their state.
func TestImportsAreForgotten(t *testing.T) {
	t.Parallel()
	im := newImporting(t)
	lines := im.households(2)
	lines[0][ControlReligion] = "?"
	untouched, ready := im.upload(csvOf(lines)), im.upload(csvOf(lines))
	im.work(ready)
	im.clock.Set(start.Add(keepImports - time.Minute))
	if err := im.SweepImports(t.Context()); err != nil || im.view(ready).State != ImportReady {
		t.Fatalf("too early: %v", err)
	}
	im.clock.Set(start.Add(keepImports + time.Minute))
	if err := im.SweepImports(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, id := range []int64{untouched, ready} {
		if i := im.view(id); i.State != ImportDropped || i.Reported(im.clock.Now()) {
			t.Errorf("%+v", i)
		}
	}
	if n := one[int](im.city, `SELECT count(*)::int FROM epemerintahan_import_row`); n != 0 {
		t.Errorf("%d rows are kept", n)
	}
	errstest.Kind(t, im.ImportReport(t.Context(), im.operator, ready, sheet.CSV, &bytes.Buffer{}), errs.Gone)
}

// TestTemplateCanBeImported as it is, apart from the people in it.
func TestTemplateCanBeImported(t *testing.T) {
	t.Parallel()
	im := newImporting(t)
	for _, format := range slices.Sorted(maps.Keys(sheet.Types)) {
		var b bytes.Buffer
		if err := ImportTemplate(format, &b); err != nil {
			t.Fatal(err)
		}
		id := im.upload(b.Bytes())
		if i := im.work(id); i.State != ImportReady || i.Fresh != 1 || i.FreshPeople != 2 {
			t.Errorf("%s: %+v %+v", format, i, im.report(id))
		}
	}
}
