package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// growthOfHeap is how much more the heap may hold with ten times the rows.
const growthOfHeap = 1.25

// imports measures how fast a file is read, checked and written, beside a COPY of the
// same rows, and whether memory grows with the rows.
func (b *run) imports(ctx context.Context) error {
	b.heading("Importing residents from XLSX, families of four")
	var peaks []float64
	for _, rows := range []int{10_000, 100_000} {
		b.say("importing %d rows", rows)
		name := fmt.Sprintf("bench_import_%d", rows)
		heap := &heapWatch{}
		r, err := b.register(ctx, name, 0, heap)
		if err != nil {
			return err
		}
		defer r.close()
		file, err := sheetOf(b.dir, rows)
		if err != nil {
			return err
		}
		defer file.Close()
		heap.start()
		took, err := r.take(ctx, file, rows)
		if err != nil {
			return err
		}
		peaks = append(peaks, heap.peak())
		per := func(d time.Duration) string { return rate(float64(rows)/d.Seconds()) + " rows" }
		b.note(fmt.Sprintf("%d rows: read", rows), per(took.read), ms(took.read))
		b.note("  checked", per(took.check), ms(took.check))
		b.note("  written", per(took.write), ms(took.write))
		copied, err := copyRows(ctx, b.server.URL(name, pglocal.Superuser))
		if err != nil {
			return err
		}
		whole := took.read + took.check + took.write
		b.note("  all of it", per(whole), fmt.Sprintf("plain COPY of the same rows and indexes %s: ratio %.2f; written alone %.2f", per(copied), copied.Seconds()/whole.Seconds(), copied.Seconds()/took.write.Seconds()))
	}
	b.claim("heap held at its highest, 100000 rows", fmt.Sprintf("%.1f MB", peaks[1]), fmt.Sprintf("10000 rows %.1f MB", peaks[0]),
		fmt.Sprintf("≤ × %.2f", growthOfHeap), peaks[1] <= growthOfHeap*max(peaks[0], 1))
	return nil
}

// stages are the times of an import.
type stages struct{ read, check, write time.Duration }

// take imports a file as its jobs would.
func (r *register) take(ctx context.Context, file *os.File, rows int) (s stages, err error) {
	size, err := file.Seek(0, 2)
	if err != nil {
		return s, err
	}
	id, err := r.Upload(ctx, r.operator, r.kelurahan, file, size)
	if err != nil {
		return s, err
	}
	work := func(state epemerintahan.ImportState, into *time.Duration) error {
		began := time.Now()
		for {
			if err := r.StepImport(ctx, id); err != nil {
				return err
			}
			i, err := r.ViewImport(ctx, r.operator, id)
			if err != nil {
				return err
			}
			if i.State != state {
				*into = time.Since(began)
				return nil
			}
		}
	}
	if err := work(epemerintahan.ImportReading, &s.read); err != nil {
		return s, err
	}
	if err := work(epemerintahan.ImportChecking, &s.check); err != nil {
		return s, err
	}
	if err := r.ApplyImport(ctx, r.operator, id, ""); err != nil {
		return s, err
	}
	if err := work(epemerintahan.ImportWriting, &s.write); err != nil {
		return s, err
	}
	i, err := r.ViewImport(ctx, r.operator, id)
	if err == nil && i.WrittenPeople != rows {
		err = fmt.Errorf("%d of %d rows were written, %d remarks, %s", i.WrittenPeople, rows, i.Remarks, i.State)
	}
	return s, err
}

// sheetOf writes an XLSX of as many rows.
func sheetOf(dir string, rows int) (*os.File, error) {
	f, err := os.Create(filepath.Join(dir, fmt.Sprintf("%d.xlsx", rows)))
	if err != nil {
		return nil, err
	}
	var columns []sheet.Column
	for _, c := range epemerintahan.ImportColumns {
		columns = append(columns, sheet.Column{Title: c.Title})
	}
	w, err := sheet.NewWriter(f, sheet.XLSX, "Penduduk", columns)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		day := 1 + i/9999%28
		cells := map[string]string{
			epemerintahan.ControlKK: fmt.Sprintf("7371131204%02d%04d", 10+i/4/9999, 1+i/4%9999), epemerintahan.ControlNIK: fmt.Sprintf("737113%02d0885%04d", day, 1+i%9999),
			epemerintahan.ControlName: strings.ToUpper(firstNames[i%len(firstNames)] + " " + lastNames[i*7%len(lastNames)]), epemerintahan.ControlRelation: []string{"1", "9", "4", "4"}[i%4],
			epemerintahan.ControlSex: "L", epemerintahan.ControlBirthPlace: "Makassar", epemerintahan.ControlBirthDate: fmt.Sprintf("%02d/08/1985", day),
			epemerintahan.ControlReligion: "ISLAM", epemerintahan.ControlEducation: "SLTA/SEDERAJAT", epemerintahan.ControlJob: "WIRASWASTA", epemerintahan.ControlMarital: "KAWIN",
			epemerintahan.ControlRW: fmt.Sprint(1 + i/400%9), epemerintahan.ControlRT: fmt.Sprint(1 + i/4000%6), epemerintahan.ControlAddress: fmt.Sprintf("Jl. Toddopuli %d", i/4),
		}
		row := make([]any, len(epemerintahan.ImportColumns))
		for j, c := range epemerintahan.ImportColumns {
			row[j] = cells[c.Name]
		}
		if err := w.Row(row...); err != nil {
			return nil, err
		}
	}
	return f, w.Close()
}

// heapWatch looks at the heap at every fiftieth query, of those who wait for it: nothing
// is allocated meanwhile, so that what it finds is what is held, on a busy machine too.
type heapWatch struct {
	queries         int
	before, highest uint64
}

func (h *heapWatch) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	if h.queries++; h.queries%50 == 0 {
		h.highest = max(h.highest, held())
	}
	return ctx
}

func (h *heapWatch) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// start forgets what was so far.
func (h *heapWatch) start() {
	runtime.GC() // what pools hold goes the second time
	h.before, h.highest = held(), 0
}

// peak is the most that the heap held more than at the start, in MB.
func (h *heapWatch) peak() float64 {
	return float64(max(h.highest, h.before)-h.before) / (1 << 20)
}

func held() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// copyRows copies the four tables of the register into tables like them, and says how
// long that took, reading apart.
func copyRows(ctx context.Context, url string) (took time.Duration, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, t := range []string{"family", "kk", "resident", "event"} {
		var rows bytes.Buffer
		if _, err := conn.PgConn().CopyTo(ctx, &rows, "COPY epemerintahan_"+t+" TO STDOUT BINARY"); err != nil {
			return 0, err
		}
		if _, err := conn.Exec(ctx, "CREATE TABLE copy_"+t+" (LIKE epemerintahan_"+t+" INCLUDING ALL)"); err != nil {
			return 0, err
		}
		began := time.Now()
		if _, err := conn.PgConn().CopyFrom(ctx, &rows, "COPY copy_"+t+" FROM STDIN BINARY"); err != nil {
			return 0, err
		}
		took += time.Since(began)
	}
	return took, nil
}
