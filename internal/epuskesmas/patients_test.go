package epuskesmas

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// TestPatientsAndTheirHistory: a patient who came is found with what happened, corrected
// once of two who try at the same time, and nobody of another puskesmas.
func TestPatientsAndTheirHistory(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	clerk := w.hire("PKM-KASSI-KASSI", PermPatient)
	w.register(nil)
	_, list, next, err := w.Patients(w.ctx, clerk, "kassi-kassi", PatientCursor{})
	w.must(err)
	if len(list) != 1 || next != nil {
		t.Fatalf("%d patients, %v", len(list), next)
	}
	id := list[0].ID
	_, k, past, err := w.History(w.ctx, clerk, "kassi-kassi", id)
	w.must(err)
	if k.RecordNo != 1 || len(past) != 1 || past[0].Status != Waiting {
		t.Fatalf("%+v, %+v", k, past)
	}
	if n := one[int](w.house, `SELECT count(*) FROM audit_entry WHERE action = 'epuskesmas.patient.view' AND object_id = $1`, id); n != 1 {
		t.Errorf("%d views in the trail", n)
	}
	in := PatientInput{Name: "Sitti Aminah", BirthDate: k.BirthDate, BPJS: "0001234567890", Version: k.Version}
	var wait sync.WaitGroup
	results := make([]error, 4)
	for i := range results {
		wait.Go(func() { results[i] = w.SavePatient(w.ctx, clerk, "kassi-kassi", id, in) })
	}
	wait.Wait()
	saved := 0
	for _, err := range results {
		if err == nil {
			saved++
		} else if errs.KindOf(err) != errs.Conflict {
			t.Error(err)
		}
	}
	_, k, _, err = w.History(w.ctx, clerk, "kassi-kassi", id)
	w.must(err)
	if saved != 1 || k.Name != "Sitti Aminah" || k.BPJS != "7890" || k.Version != in.Version+1 {
		t.Errorf("%d saved, %+v", saved, k)
	}
	if n := one[int](w.house, `SELECT count(*) FROM audit_entry WHERE detail::text LIKE '%0001234567890%' OR detail::text ILIKE '%aminah%'`); n != 0 {
		t.Error("the trail tells who it is about")
	}
	stranger := w.hire("PKM-ANTANG", PermPatient)
	if _, _, _, err := w.History(w.ctx, stranger, "kassi-kassi", id); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a stranger: %v", err)
	}
	var file bytes.Buffer
	if err := w.ExportPatients(w.ctx, clerk, "kassi-kassi", sheet.CSV, "", &file); errs.KindOf(err) != errs.Unprocessable {
		t.Errorf("without a purpose: %v", err)
	}
	w.must(w.ExportPatients(w.ctx, clerk, "kassi-kassi", sheet.CSV, "Rekap bulanan puskesmas", &file))
	if got := file.String(); !strings.Contains(got, "Sitti Aminah") || !strings.Contains(got, "7890") || strings.Contains(got, "0001234567890") || !strings.Contains(got, k.BirthDate.Format(time.DateOnly)) {
		t.Errorf("the file says %q", got)
	}
}
