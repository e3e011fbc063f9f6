package letter

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// found is who the register finds, by the subjects' names.
func (c *city) found(a authz.Actor, f Filter) (out []string) {
	c.t.Helper()
	list, _, err := c.Register(c.ctx, a, f, 0)
	c.must(err)
	for _, s := range list {
		out = append(out, s.KindCode+" "+s.Subject)
	}
	return out
}

func TestTheRegisterFindsALetterByWhateverIsKnown(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	c.electronic(kassiKassi, "DOM")
	named := func(name string) int64 {
		return c.resident(s.operator, kassiKassi, func(f *epemerintahan.NewFamily) { f.Members[0].Name = name })[0]
	}
	sitti, yusuf := named("Hj. Sitti Nurhayati Dg. Kanang"), named("Muh. Yusuf Mattata")
	enter := func(code string, resident int64) int64 {
		id, err := c.Enter(c.ctx, s.operator, c.entry(code, kassiKassi, resident))
		c.must(err)
		return id
	}
	dom := enter("DOM", sitti)
	c.toSign(s, dom)
	c.must(c.sign(s.lurah, dom).Err)
	c.clock.Advance(24 * time.Hour)
	enter("USH", yusuf)
	st := c.state(dom)
	d, err := c.View(c.ctx, s.operator, dom)
	c.must(err)
	const first, second = "DOM Hj. Sitti Nurhayati Dg. Kanang", "USH Muh. Yusuf Mattata"
	for text, want := range map[string]string{
		"": second + "," + first, "st. nurhayati daeng kanang": first, "NURHAYATI": first, "Mohammad Yusuf": second, "yusup matata": second,
		d.RequestNumber: first, strings.ToLower(strings.ReplaceAll(d.RequestNumber, "-", " ")): first, st.LetterNumber: first,
		strings.ReplaceAll(strings.ReplaceAll(st.LetterNumber, "/", ""), ".", " "): first, "1": first, "ksk/xi": first,
		c.nik(yusuf): second, "domisili": first, "keterangan usaha": second, "zzz": "", "7371131708859999": "", "%": "", "_": "",
	} {
		if got := strings.Join(c.found(s.operator, Filter{Text: text}), ","); got != want {
			t.Errorf("%q finds %s, want %s", text, got, want)
		}
	}
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, start.Location()) }
	for name, x := range map[string]struct {
		f    Filter
		want string
	}{
		"kind": {Filter{Code: "USH"}, second}, "state": {Filter{Status: Issued}, first}, "from": {Filter{From: day(25)}, second},
		"to": {Filter{To: day(24)}, first}, "signer": {Filter{Signer: s.lurah.PersonID}, first}, "resident": {Filter{ResidentID: yusuf}, second},
		"nobody's": {Filter{Signer: s.operator.PersonID}, ""}, "both": {Filter{Code: "USH", Text: "nurhayati"}, ""},
	} {
		if got := strings.Join(c.found(s.operator, x.f), ","); got != x.want {
			t.Errorf("by %s: %s, want %s", name, got, x.want)
		}
	}
	if n := one[int](c, `SELECT count(*) FROM audit_entry WHERE action = 'epemerintahan.letter.search' AND detail::text LIKE '%nurhayati%'`); n != 0 {
		t.Error("the trail tells whom somebody looked for")
	}
}

// A whole number is only its own letter's; the end of one is found in all that end so,
// and a number of another kelurahan is nobody's.
func TestAWholeNumberIsOneLetters(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s, there := c.office(kassiKassi), c.office(tidung)
	a, b, other := c.enter(s, kassiKassi), c.enter(s, kassiKassi), c.enter(there, tidung)
	for id, number := range map[int64]string{a: "1/2/KSK/2026", b: "21/2/KSK/2026", other: "3/2/TDG/2026"} {
		c.exec(`UPDATE epemerintahan_letter SET letter_year = 2026, letter_no = $1, letter_number = $2, number_fold = $3 WHERE id = $1`, id, number, indo.Squeeze(number))
	}
	for _, x := range []struct {
		text string
		want []int64
	}{{"1/2/KSK/2026", []int64{a}}, {"12ksk2026", []int64{a}}, {"2/KSK/2026", []int64{b, a}}, {"21/2/ksk/2026", []int64{b}}, {"3/2/TDG/2026", nil}} {
		list, _, err := c.Register(c.ctx, s.operator, Filter{Text: x.text}, 0)
		c.must(err)
		var got []int64
		for _, l := range list {
			got = append(got, l.ID)
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%q finds %v, want %v", x.text, got, x.want)
		}
	}
}

func TestTheRegisterIsReadPageByPageAndTakenAwayMasked(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	resident := c.resident(s.operator, kassiKassi, nil)[0]
	const n = 2*QueuePage + 3
	for range n {
		_, err := c.Enter(c.ctx, s.operator, c.entry("DOM", kassiKassi, resident))
		c.must(err)
	}
	seen := map[int64]bool{}
	after := int64(0)
	for page := 1; ; page++ {
		list, more, err := c.Register(c.ctx, s.operator, Filter{}, after)
		c.must(err)
		for _, l := range list {
			if seen[l.ID] || after != 0 && l.ID > after {
				t.Fatalf("page %d has %d after %d", page, l.ID, after)
			}
			seen[l.ID] = true
		}
		if !more {
			break
		}
		after = list[len(list)-1].ID
	}
	if len(seen) != n {
		t.Fatalf("%d of %d", len(seen), n)
	}
	var out bytes.Buffer
	errstest.Kind(t, c.ExportRegister(c.ctx, s.operator, Filter{}, "csv", "Laporan bulanan lurah", &out), errs.Forbidden)
	clerk := c.hire("pelaksana", kassiKassi, PermView, PermExport)
	errstest.Field(t, c.ExportRegister(c.ctx, clerk, Filter{}, "csv", "", &out), ControlPurpose)
	if out.Len() != 0 {
		t.Error("something went out")
	}
	c.must(c.ExportRegister(c.ctx, clerk, Filter{}, "csv", "Laporan bulanan lurah", &out))
	nik := c.nik(resident)
	if lines := strings.Count(out.String(), "\n"); lines != n+1 || strings.Contains(out.String(), nik) || !strings.Contains(out.String(), nik[12:]) {
		t.Errorf("%d lines:\n%.300s", lines, out.String())
	}
	if got := one[int](c, `SELECT count(*) FROM audit_entry WHERE action = 'epemerintahan.letter.export' AND detail ->> 'untuk' = 'Laporan bulanan lurah'`); got != 1 {
		t.Error("the trail does not tell")
	}
}

// TestRegisterReadsItsIndexes makes 15 thousand letters and asks the planner how it
// would look for some of them.
func TestRegisterReadsItsIndexes(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.exec(`INSERT INTO epemerintahan_letter (ref, request_number, kind_version_id, kind_code, title, kelurahan_id, subject_name, subject_fold, subject_hash,
			subject_sealed, values_sealed, mode, status, status_at, seq, submitted_at, issued_on, issued_at, letter_year, letter_no, letter_number,
			number_fold, signer_ids, void_reason, created_at)
		SELECT 'r' || n, 'SRT-25-' || n, v.id, v.code, v.definition ->> 'title', k.ids[1 + n % cardinality(k.ids)], 'Nama',
			(ARRAY['muhamad','siti','andi','nurhaiati','abdul'])[1 + n % 5] || ' ' || md5(n::text), sha256(n::text::bytea), '', '', 'tte',
			CASE WHEN n % 997 = 0 THEN 'dicabut' ELSE 'terbit' END, $1::timestamptz, 5, $1::timestamptz - make_interval(days => 700 - n / 22),
			($1::timestamptz - make_interval(days => 700 - n / 22))::date, $1, 2025, n, '400.12/' || n || '/KSK/2025',
			'40012 ' || n || 'ksk2025', ARRAY[n % 200], 'x', $1
		FROM generate_series(1, 15000) n,
			(SELECT array_agg(id ORDER BY id) AS ids FROM org_unit WHERE kind = 'kelurahan') k,
			(SELECT array_agg(id ORDER BY id) AS ids FROM epemerintahan_kind_version) w, epemerintahan_kind_version v
		WHERE v.id = w.ids[1 + n % cardinality(w.ids)]`, start)
	c.exec(`ANALYZE epemerintahan_letter`)
	in := func(code string) authz.Actor {
		return authz.Actor{Kind: authz.Staff, Grants: []authz.Grant{{Permission: PermView, UnitID: c.unit(code)}}}
	}
	city, kecamatan, kelurahan := in(everywhere), in(rappocini), in(kassiKassi)
	first := one[int64](c, `SELECT max(id) - 500 FROM epemerintahan_letter`)
	day := func(m time.Month) time.Time { return time.Date(2026, m, 5, 0, 0, 0, 0, time.UTC) }
	const table = "epemerintahan_letter"
	for _, x := range []struct {
		name  string
		a     authz.Actor
		f     Filter
		after int64
		alike bool
		want  []string
	}{
		{"a kelurahan's", kelurahan, Filter{}, 0, false, []string{table + "_list_idx"}},
		{"the next page", kelurahan, Filter{}, first, false, []string{table + "_list_idx"}},
		{"the city's", city, Filter{}, first, false, []string{table + "_all_idx"}},
		{"a kecamatan's", kecamatan, Filter{}, 0, false, []string{table}},
		{"days of the city", city, Filter{From: day(3), To: day(4)}, 0, false, []string{table + "_all_idx"}},
		{"voided ones of the city", city, Filter{Status: Voided}, 0, false, []string{table + "_"}},
		{"a kind in the city", city, Filter{Code: "TNH"}, 0, false, []string{table + "_"}},
		{"a signer's", city, Filter{Signer: 17}, 0, false, []string{table + "_"}},
		{"a resident's", kelurahan, Filter{ResidentID: 5}, 0, false, []string{table + "_resident_idx"}},
		{"a request number", city, Filter{Text: "SRT-25-000017"}, 0, false, []string{table + "_request_number_key"}},
		{"a running number", city, Filter{Text: "4711"}, 0, false, []string{table + "_no_idx"}},
		{"a letter's number", city, Filter{Text: "400.12/4711/KSK/2025"}, 0, false, []string{table + "_number_idx"}},
		{"a NIK", city, Filter{Text: "7371131708850001"}, 0, false, []string{table + "_hash_idx"}},
		{"a name in the city", city, Filter{Text: "3f2b9ca"}, 0, false, []string{table + "_name_idx", table + "_search_idx"}},
		{"a frequent name", city, Filter{Text: "siti"}, 0, false, []string{table + "_"}},
		{"a title", city, Filter{Text: "kehilangan"}, 0, false, []string{table + "_"}},
		{"no name like it", city, Filter{Text: "zulkarnain"}, 0, true, []string{table + "_name_idx"}},
		{"a name in a kelurahan", kelurahan, Filter{Text: "siti"}, 0, false, []string{table + "_"}},
	} {
		q, err := c.query(c.ctx, x.a, x.f, x.after)
		if err != nil {
			t.Fatal(x.name, err)
		}
		sql, args := q.sql(x.alike)
		rows, err := c.db.Pool.Query(c.ctx, "EXPLAIN (ANALYZE, COSTS OFF) "+sql, args...)
		if err != nil {
			t.Fatal(x.name, err)
		}
		var plan strings.Builder
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&plan, line)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(x.name, err)
		}
		if strings.Contains(plan.String(), "Seq Scan on "+table) {
			t.Errorf("%s reads a whole table:\n%s", x.name, &plan)
		}
		for _, index := range x.want {
			if !strings.Contains(plan.String(), index) {
				t.Errorf("%s does not use %s:\n%s", x.name, index, &plan)
			}
		}
		t.Log(x.name, plan.String()[strings.LastIndex(plan.String(), "Execution Time"):])
	}
}
