package mtr

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// together runs f n times at once and returns the results in order.
func together[T any](n int, f func(i int) (T, error)) ([]T, []error) {
	out, fails := make([]T, n), make([]error, n)
	var ready, done sync.WaitGroup
	ready.Add(1)
	for i := range n {
		done.Go(func() {
			ready.Wait()
			out[i], fails[i] = f(i)
		})
	}
	ready.Done()
	done.Wait()
	return out, fails
}

func TestManySubmissionsAtOnceGetConsecutiveNumbers(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	const n = 200
	tokens := make([]string, n)
	for i := range tokens {
		tokens[i] = c.draft(nil)
	}
	receipts, fails := together(n, func(i int) (Receipt, error) { return c.Submit(c.ctx, authz.Actor{}, tokens[i]) })
	var numbers []string
	for i, r := range receipts {
		if fails[i] != nil {
			t.Fatal(fails[i])
		}
		numbers = append(numbers, r.Number)
	}
	slices.Sort(numbers)
	for i, got := range numbers {
		if want := fmt.Sprintf("MTR-26-%06d", i+1); got != want {
			t.Fatalf("number %d is %s, want %s", i, got, want)
		}
	}
	if got := one[int](c, `SELECT count(DISTINCT code_hash) FROM mtr_report`); got != n {
		t.Errorf("%d short codes, want %d", got, n)
	}
}

func TestOneDraftMakesOneReport(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	token := c.draft(func(a *Answers) { a.Email = "ani@contoh.id" })
	if _, err := c.AddPhoto(c.ctx, token, photoInput()); err != nil {
		t.Fatal(err)
	}
	receipts, fails := together(30, func(int) (Receipt, error) { return c.Submit(c.ctx, authz.Actor{}, token) })
	for i, r := range receipts {
		if fails[i] != nil {
			t.Fatal(fails[i])
		}
		if d := cmp.Diff(receipts[0], r); d != "" {
			t.Fatalf("receipts differ: %s", d)
		}
	}
	for table, want := range map[string]int{
		"mtr_report": 1, "mtr_event": 1, "mtr_contact": 1, "mtr_key": 1, "mtr_photo": 1, "notify_message": 1,
		"mtr_draft WHERE report_id IS NOT NULL": 1, "mtr_photo WHERE draft_id IS NOT NULL": 0,
		"audit_entry WHERE action = 'mtr.report.submit'": 1,
	} {
		if got := one[int](c, `SELECT count(*) FROM `+table); got != want {
			t.Errorf("%s: %d rows, want %d", table, got, want)
		}
	}
	d, err := c.Draft(c.ctx, token)
	if err != nil || d.Receipt == nil {
		t.Fatalf("the draft shows no receipt: %v", err)
	}
	if d := cmp.Diff(receipts[0], *d.Receipt); d != "" {
		t.Errorf("the draft shows another receipt: %s", d)
	}
	if err := c.DiscardDraft(c.ctx, token); err != nil {
		t.Fatal(err)
	}
	_, err = c.Draft(c.ctx, token)
	errstest.Kind(t, err, errs.NotFound)
	if _, err := c.ReporterView(c.ctx, authz.Actor{}, keyOf(receipts[0])); err != nil {
		t.Errorf("the report went with its draft: %v", err)
	}
}

func TestSubmitSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	for name, tt := range map[string]struct {
		change  func(*Answers)
		control string
	}{
		"nothing":           {func(a *Answers) { *a = Answers{} }, ControlCategory},
		"no class":          {func(a *Answers) { a.Class = "" }, ControlClass},
		"strange class":     {func(a *Answers) { a.Class = "lain" }, ControlClass},
		"no place":          {func(a *Answers) { a.KelurahanID, a.Landmark = 0, "" }, ControlKelurahan},
		"no such kelurahan": {func(a *Answers) { a.KelurahanID = 1 << 40 }, ControlKelurahan},
		"no landmark":       {func(a *Answers) { a.Landmark = "" }, ControlLandmark},
		"no title":          {func(a *Answers) { a.Title = "" }, ControlTitle},
		"long title":        {func(a *Answers) { a.Title = strings.Repeat("a", MaxTitle+1) }, ControlTitle},
		"no body":           {func(a *Answers) { a.Body = "" }, ControlBody},
		"long body":         {func(a *Answers) { a.Body = strings.Repeat("ä", MaxBody+1) }, ControlBody},
		"no answer":         {func(a *Answers) { a.CategoryID = c.category("JALAN") }, ControlQuestion + "kelas_jalan"},
		"strange answer": {func(a *Answers) {
			a.CategoryID, a.Extra = c.category("JALAN"), map[string]string{"kelas_jalan": "tol"}
		}, ControlQuestion + "kelas_jalan"},
		"bad email":     {func(a *Answers) { a.Email = "ani" }, ControlEmail},
		"bad phone":     {func(a *Answers) { a.Phone = "12" }, ControlPhone},
		"no consent":    {func(a *Answers) { a.Behalf = BehalfFamily }, ControlConsent},
		"strange kin":   {func(a *Answers) { a.Behalf, a.Consent = "teman", true }, ControlBehalf},
		"two at a time": {func(a *Answers) { a.Title, a.Body = "", "" }, ControlBody},
	} {
		token := c.draft(tt.change)
		_, err := c.Submit(c.ctx, authz.Actor{}, token)
		if errs.KindOf(err) != errs.Unprocessable {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		if !slices.ContainsFunc(errs.FieldsOf(err), func(f errs.Field) bool { return f.Name == tt.control && f.Message != "" }) {
			t.Errorf("%s: got fields %v, want %s", name, errs.FieldsOf(err), tt.control)
		}
	}
	if got := one[int](c, `SELECT count(*) FROM mtr_report`); got != 0 {
		t.Errorf("%d reports from drafts that are not whole", got)
	}
	if got := one[int](c, `SELECT count(*) FROM numbering_counter WHERE last > 0`); got != 0 {
		t.Error("a refused draft used up a number")
	}
	_, err := c.Submit(c.ctx, authz.Actor{}, "no such draft")
	errstest.Kind(t, err, errs.NotFound)
}

func TestSubmitKeepsWhatWasSaid(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	at := Point{Lat: -5.1477, Lng: 119.4327}
	r := c.submit(authz.Actor{}, func(a *Answers) {
		a.CategoryID, a.Extra = c.category("JALAN"), map[string]string{"kelas_jalan": "kota", "tidak_ada_lagi": "x"}
		a.Place, a.Source, a.Anonymous = &at, SourceDevice, true
		a.Name, a.Email, a.Phone = "Ani Daeng", "Ani@Contoh.ID", "0812-3456-7890"
		a.Behalf, a.BehalfName, a.Consent = BehalfFamily, "Nenek", true
	})
	v, err := c.ReporterView(c.ctx, authz.Actor{}, keyOf(r))
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Extra) != 1 || v.Extra[0].Code != "kelas_jalan" {
		t.Errorf("answers: %v", v.Extra)
	}
	if v.ExactPlace == nil || *v.ExactPlace != at {
		t.Errorf("place: %v", v.ExactPlace)
	}
	if v.ContactMasked != "A•••@contoh.id, "+"0812•••••890" && !strings.HasPrefix(v.ContactMasked, "A•••@contoh.id") {
		t.Errorf("contact: %s", v.ContactMasked)
	}
	if v.Code != r.Code || !v.Anonymous || v.OnBehalf != BehalfFamily {
		t.Errorf("view: %+v", v)
	}
	if one[bool](c, `SELECT EXISTS (SELECT FROM mtr_report WHERE to_jsonb(mtr_report)::text ILIKE ANY (ARRAY['%Daeng%', '%contoh.id%', '%Nenek%', '%3456%']))`) {
		t.Error("the report's row names people")
	}
	if one[bool](c, `SELECT consent_at IS NULL FROM mtr_contact`) {
		t.Error("consent was not kept")
	}
}

func TestWithoutAPlaceTheCityDispatches(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	r := c.submit(authz.Actor{}, func(a *Answers) {
		a.CategoryID, a.KelurahanID, a.Landmark, a.Source = c.category("DUKCAPIL"), 0, "", ""
	})
	if got := one[int64](c, `SELECT dispatch_unit_id FROM mtr_report WHERE id = $1`, r.ReportID); got != c.unit(everywhere) {
		t.Errorf("dispatched by unit %d", got)
	}
}

func TestAbuseRulesHold(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	for name, tt := range map[string]struct {
		body string
		held bool
	}{
		"two links":     {"Lihat https://contoh.id/a dan www.contoh.id sekarang", false},
		"three links":   {"https://a.id/x https://b.id/y www.c.id", true},
		"bare domains":  {"slotgacor.xyz menang.top daftar.vip", true},
		"plain numbers": {"Lampu ke 1.2, 3.4 dan 5.6 mati semua", false},
	} {
		r := c.submit(authz.Actor{}, func(a *Answers) { a.Body = tt.body })
		if r.Held != tt.held || (r.Status == Unconfirmed) != tt.held || r.Moderated != tt.held || r.VerifyDueAt == nil {
			t.Errorf("%s: held %v, %s", name, r.Held, r.Status)
		}
	}
	same := func(a *Answers) {
		a.Title, a.Body, a.Email = "Got mampet", "Air meluap ke jalan.", "budi@contoh.id"
	}
	for i := range maxSame + 1 {
		if r := c.submit(authz.Actor{}, same); r.Held != (i == maxSame) {
			t.Errorf("the same words for the %d. time: held %v", i+1, r.Held)
		}
	}
	c.clock.Advance(holdWithin + 1)
	if r := c.submit(authz.Actor{}, same); r.Held {
		t.Error("held for words of another day")
	}
	if got := one[string](c, `SELECT held_for[1] FROM mtr_report WHERE 'kembar' = ANY (held_for)`); Hold(got).Label() == "" {
		t.Errorf("no words for %q", got)
	}
}

func TestOftenIsHeld(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	busy := c.citizen()
	for i := range maxReports + 1 {
		if r := c.submit(busy, nil); r.Held != (i == maxReports) {
			t.Errorf("report %d: held %v", i+1, r.Held)
		}
	}
	if c.submit(c.citizen(), nil).Held {
		t.Error("held for what somebody else did")
	}
}
