package mtr

import (
	"strings"
	"sync"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// Whoever calls is the reporter and not who wrote it down; a proven number hears of it, an
// unproven one gets a code, and one page makes one report.
func TestReportsWrittenDown(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	intake := func(change func(*Intake)) Intake {
		a := c.answers()
		in := Intake{Channel: ChannelPhone, Proven: true, KeptReport: KeptReport{
			Key: crypt.Token(), Place: PlaceInput{Source: SourceManual, KelurahanID: a.KelurahanID, Landmark: a.Landmark}, Category: CategoryInput{CategoryID: a.CategoryID},
			Words: WordsInput{a.Title, a.Body}, Who: WhoInput{Name: "Bu Mina", Phone: "0812-3456-7890", Consent: true},
		}}
		if change != nil {
			change(&in)
		}
		return in
	}
	for name, a := range map[string]authz.Actor{"a worker": w.worker, "a citizen": c.citizen(), "a visitor": {}} {
		if _, err := c.Take(c.ctx, a, intake(nil)); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("%s writes one down: %v", name, err)
		}
	}
	_, err := c.Take(c.ctx, w.dispatcher, intake(func(in *Intake) {
		in.Channel, in.Who.Consent, in.Words.Title = "kabar burung", false, ""
	}))
	for _, control := range []string{ControlChannel, ControlConsent, ControlTitle} {
		errstest.Field(t, err, control)
	}
	_, err = c.Take(c.ctx, w.dispatcher, intake(func(in *Intake) { in.Who.Behalf, in.Neighbourhood = BehalfRTRW, "sebelah masjid" }))
	errstest.Field(t, err, ControlNeighbourhood)
	_, err = c.Take(c.ctx, w.dispatcher, intake(func(in *Intake) { in.Who.Phone = "" }))
	errstest.Field(t, err, ControlPhone)

	// Sent by five clicks at once.
	in := intake(func(in *Intake) { in.Who.Behalf, in.Neighbourhood = BehalfRTRW, "rt.2/rw 5" })
	var clicks sync.WaitGroup
	receipts := make([]Receipt, 5)
	for i := range receipts {
		clicks.Go(func() {
			var err error
			if receipts[i], err = c.Take(c.ctx, w.dispatcher, in); err != nil {
				t.Error(err)
			}
		})
	}
	clicks.Wait()
	r := receipts[0]
	for _, other := range receipts {
		if other.Number != r.Number || other.Code == "" {
			t.Fatalf("two receipts: %+v and %+v", r, other)
		}
	}
	view, err := c.DeskView(c.ctx, w.dispatcher, r.Number)
	if err != nil || view.Channel != ChannelPhone || view.Neighbourhood != "RT 002 RW 005" || !strings.HasPrefix(view.TakenBy, "Pegawai") || !view.ContactOK {
		t.Errorf("at the desk: %+v, %v", view, err)
	}
	if n := one[int](c, `SELECT count(*) FROM mtr_report WHERE account_id IS NOT NULL`); n != 0 {
		t.Error("who wrote it down became the reporter")
	}
	if n := one[int](c, `SELECT count(*) FROM audit_entry WHERE action = 'mtr.report.take' AND account_id = $1`, w.dispatcher.AccountID); n != 1 {
		t.Errorf("%d audit entries", n)
	}
	letters := c.letters()
	if len(letters) != 1 || !letters[0].Phone || letters[0].Topic != TopicReport {
		t.Errorf("a proven number was sent %+v", letters)
	}
	// An unproven one gets the code, nothing else.
	if got, err := c.Take(c.ctx, w.handler, intake(func(in *Intake) { in.Proven, in.Who.Phone = false, "0811 2222 333" })); err != nil || !got.ContactPending {
		t.Errorf("unproven: %+v, %v", got, err)
	}
	if letters = c.letters(); len(letters) != 2 || letters[1].Topic != topicCode {
		t.Errorf("an unproven number was sent %+v", letters)
	}
	// A head of RT is one person: of an anonymous report even that is hidden.
	hidden, err := c.Take(c.ctx, w.dispatcher, intake(func(in *Intake) {
		in.Who.Behalf, in.Neighbourhood, in.Who.Anonymous, in.Who.Phone = BehalfRTRW, "RW 9", true, "0813 4444 5555"
	}))
	if err != nil {
		t.Fatal(err)
	}
	if view, err := c.DeskView(c.ctx, w.dispatcher, hidden.Number); err != nil || view.Neighbourhood != "" {
		t.Errorf("the neighbourhood of an anonymous report: %q, %v", view.Neighbourhood, err)
	}

	// Callers support it too, once for each number, and hear of it until they stop.
	call := func(a authz.Actor, id int64, phone string) error {
		return c.SupportByPhone(c.ctx, a, SupportCall{Act: Act{ReportID: id}, Phone: phone, Consent: true})
	}
	errstest.Kind(t, call(w.dispatcher, r.ReportID, "0815 1111 2222"), errs.Conflict) // not published yet
	c.bring(w, r.ReportID, Forwarded)
	errstest.Kind(t, call(c.hire("DISHUB", PermHandle), r.ReportID, "0815 1111 2222"), errs.NotFound)
	errstest.Field(t, call(w.handler, r.ReportID, "12"), ControlPhone)
	errstest.Field(t, c.SupportByPhone(c.ctx, w.handler, SupportCall{Act: Act{ReportID: r.ReportID}, Phone: "0815 1111 2222"}), ControlConsent)
	if err := call(w.handler, r.ReportID, "0815 1111 2222"); err != nil {
		t.Fatal(err)
	}
	errstest.Field(t, call(w.handler, r.ReportID, "+62 815-1111-2222"), ControlPhone)
	before := len(c.letters())
	if err := c.Start(c.ctx, w.handler, StartInput{Act: Act{ReportID: r.ReportID}}); err != nil {
		t.Fatal(err)
	}
	var news []letter
	for _, l := range c.letters()[before:] {
		if l.Topic == topicSupport {
			news = append(news, l)
		}
	}
	if len(news) != 1 || !news[0].Phone || !strings.Contains(news[0].Text, "/mtr/dukungan/") {
		t.Fatalf("the caller was sent %+v", news)
	}
	_, token, _ := strings.Cut(news[0].Text, "/mtr/dukungan/")
	if err := c.EndSupport(c.ctx, strings.Fields(token)[0]); err != nil {
		t.Fatal(err)
	}
	if got := c.supports(r.Number).Supports; got != 0 {
		t.Errorf("%d supports after the end", got)
	}
}
