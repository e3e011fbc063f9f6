package mtr

import (
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// Whoever leads a unit writes its templates, whoever works there answers with them, and
// nothing goes out with a variable left open.
func TestTemplates(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	head, neighbour := c.hireAs("kepala", "DLH", PermHandle), c.hireAs("kepala", "DISHUB", PermHandle)
	dlh := c.unit("DLH")
	save := func(a authz.Actor, in TemplateInput) (int64, error) { return c.SaveTemplate(c.ctx, a, in) }

	body := "Laporan {nomor} di {tempat} kami kerjakan {tanggal_janji}. {unit}"
	id, err := save(head, TemplateInput{UnitID: dlh, Name: " Sudah  dijadwalkan ", Body: body})
	if err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]authz.Actor{"a neighbour": neighbour, "who is no head": w.handler, "a visitor": {}, "a citizen": c.citizen()} {
		_, err := save(a, TemplateInput{UnitID: dlh, Name: "Lain", Body: "Isi."})
		if errs.KindOf(err) != errs.NotFound {
			t.Errorf("%s makes one: %v", name, err)
		}
		_, err = save(a, TemplateInput{ID: id, Version: 1, Name: "Lain", Body: "Isi."})
		if errs.KindOf(err) != errs.NotFound || errs.KindOf(c.DeleteTemplate(c.ctx, a, id)) != errs.NotFound {
			t.Errorf("%s changes one: %v", name, err)
		}
	}
	_, err = save(head, TemplateInput{UnitID: dlh, Name: "SUDAH DIJADWALKAN", Body: "Isi."})
	errstest.Field(t, err, ControlName)
	_, err = save(head, TemplateInput{UnitID: dlh, Name: "Lain", Body: "Halo {nama_pelapor}."})
	errstest.Field(t, err, ControlBody)
	_, err = save(head, TemplateInput{ID: id, Version: 7, Name: "Lain", Body: "Isi."})
	errstest.Kind(t, err, errs.Conflict)

	for name, v := range map[string]struct {
		a    authz.Actor
		want int
	}{"the worker": {w.worker, 1}, "the head": {head, 1}, "the neighbour": {neighbour, 0}, "a citizen": {c.citizen(), 0}} {
		if all, err := c.Templates(c.ctx, v.a); err != nil || len(all) != v.want {
			t.Errorf("%s sees %v, %v", name, all, err)
		}
	}

	r := c.reportAt(w, Forwarded)
	filled, err := c.FilledTemplate(c.ctx, w.handler, Act{ReportID: r.ReportID}, id)
	if err != nil || !strings.Contains(filled, r.Number) || !strings.Contains(filled, "{tanggal_janji}") || !strings.Contains(filled, "Dinas Lingkungan Hidup") {
		t.Errorf("filled: %q, %v", filled, err)
	}
	if _, err := c.FilledTemplate(c.ctx, neighbour, Act{ReportID: r.ReportID}, id); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a neighbour fills it: %v", err)
	}
	before := c.state(r.ReportID)
	errstest.Field(t, c.Respond(c.ctx, w.handler, ReasonInput{Act: Act{ReportID: r.ReportID}, Reason: filled}), ControlReason)
	errstest.Field(t, c.Respond(c.ctx, w.handler, ReasonInput{Act: Act{ReportID: r.ReportID}, Reason: "Halo {nama}."}), ControlReason)
	if after := c.state(r.ReportID); after.Seq != before.Seq {
		t.Error("an answer with an open variable went out")
	}
	// The date is known once the act that promises it has happened.
	if err := c.Start(c.ctx, w.handler, StartInput{Act: Act{ReportID: r.ReportID}}); err != nil {
		t.Fatal(err)
	}
	soon := c.clock.Now().AddDate(0, 0, 7)
	if err := c.Schedule(c.ctx, w.handler, ScheduleInput{Act: Act{ReportID: r.ReportID}, Date: soon, Reason: filled}); err != nil {
		t.Fatal(err)
	}
	history, err := events(c.ctx, c.db.Pool, r.ReportID)
	if err != nil {
		t.Fatal(err)
	}
	if last := history[len(history)-1].Reason; !strings.Contains(last, "1 Desember 2026") || strings.Contains(last, "{") {
		t.Errorf("what went out: %q", last)
	}
	// Words among staff are theirs.
	if err := c.Note(c.ctx, w.handler, ReasonInput{Act: Act{ReportID: r.ReportID}, Reason: "Cek {nomor}"}); err != nil {
		t.Error(err)
	}
	if err := c.DeleteTemplate(c.ctx, head, id); err != nil {
		t.Fatal(err)
	}
	_, err = c.FilledTemplate(c.ctx, w.handler, Act{ReportID: r.ReportID}, id)
	errstest.Kind(t, err, errs.NotFound)
}
