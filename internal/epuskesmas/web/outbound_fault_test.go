package epuskesmasweb_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/epuskesmas/web/partner"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// asked is a request as BPJS got it.
type asked struct {
	path string
	body map[string]any
}

// answering is a BPJS that answers as answer says and keeps what it was asked.
type answering struct {
	mu     sync.Mutex
	all    []asked
	answer func(w http.ResponseWriter, a asked)
}

const fine = `{"metadata":{"code":200,"message":"Ok"}}`

func (s *answering) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	a := asked{path: r.URL.Path}
	_ = json.Unmarshal(data, &a.body)
	s.mu.Lock()
	s.all = append(s.all, a)
	answer := s.answer
	s.mu.Unlock()
	if answer == nil {
		_, _ = io.WriteString(w, fine)
		return
	}
	answer(w, a)
}

func (s *answering) now(answer func(w http.ResponseWriter, a asked)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *answering) count(path string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.all {
		if a.path == path {
			n++
		}
	}
	return n
}

func say(text string) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, _ asked) { _, _ = io.WriteString(w, text) }
}

// fault is a puskesmas that tells s, with its own service on the test's clock.
func fault(t *testing.T, s *answering) (*apptest.Puskesmas, *bpjs.Service) {
	t.Helper()
	p, _, b := outbound(t)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	b.Client = partner.NewClient(server.URL, p.Clock)
	return p, b
}

func round(t *testing.T, b *bpjs.Service) {
	t.Helper()
	ctx := context.Background()
	if _, err := b.Collect(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Send(ctx); err != nil {
		t.Fatal(err)
	}
}

func outbox(t *testing.T, p *apptest.Puskesmas, b *bpjs.Service) bpjs.Outbox {
	t.Helper()
	o, err := b.Outbox(context.Background(), p.Boss, p.Slug)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func expect(t *testing.T, p *apptest.Puskesmas, b *bpjs.Service, want map[string]int) {
	t.Helper()
	got := outbox(t, p, b)
	for _, status := range []string{"menunggu", "terkirim", "ditolak", "dilewati"} {
		if got.Counts[status] != want[status] {
			t.Errorf("%s: %d, want %d (%+v)", status, got.Counts[status], want[status], got.List)
		}
	}
}

// A slow BPJS keeps one portal busy for longer than a claim lasts; another one that looks
// meanwhile tells nothing twice.
func TestASlowPartnerHearsNothingTwice(t *testing.T) {
	s := &answering{}
	p, b := fault(t, s)
	for range 5 {
		p.Walk(t, "Pasien")
	}
	other, told := bpjs.New(b.Deps), 0
	s.now(func(w http.ResponseWriter, _ asked) {
		p.Clock.Advance(50 * time.Second)
		if told++; told == 3 {
			s.now(nil)
			if _, err := other.Send(context.Background()); err != nil {
				t.Error(err)
			}
		}
		_, _ = io.WriteString(w, fine)
	})
	round(t, b)
	expect(t, p, b, map[string]int{"terkirim": 5})
	if n := s.count("/antrean/add"); n != 5 {
		t.Errorf("told %d times", n)
	}
}

// cutting ends the round as soon as BPJS has accepted something.
type cutting struct {
	bpjs.Teller
	cut context.CancelFunc
}

func (c cutting) Add(ctx context.Context, o bpjs.Outbound, in bpjs.AddRequest) error {
	defer c.cut()
	return c.Teller.Add(ctx, o, in)
}

func TestARoundThatEndsKeepsWhatWasAccepted(t *testing.T) {
	s := &answering{}
	p, b := fault(t, s)
	p.Walk(t, "Satu")
	p.Walk(t, "Dua")
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := b.Collect(ctx); err != nil {
		t.Fatal(err)
	}
	cut := bpjs.New(b.Deps)
	cut.Client = cutting{b.Client, cancel}
	if n, err := cut.Send(ctx); n != 1 || err != nil {
		t.Fatalf("%d sent, %v", n, err)
	}
	expect(t, p, b, map[string]int{"terkirim": 1, "menunggu": 1})
	round(t, b)
	expect(t, p, b, map[string]int{"terkirim": 2})
}

// After a refused number nothing more of it is told, also of what happens later; sent
// again and accepted, all of it is.
func TestOfARefusedNumberNothingMoreIsTold(t *testing.T) {
	s := &answering{answer: say(`{"metadata":{"code":201,"message":"Poli tidak ditemukan"}}`)}
	p, b := fault(t, s)
	ctx, m, doc := context.Background(), p.App.Queues, p.Actor(t, p.Doc.AccountID)
	p.Walk(t, "Satu")
	round(t, b)
	expect(t, p, b, map[string]int{"ditolak": 1})
	id, err := m.Next(ctx, doc, p.Room1, p.Doctor)
	if err == nil {
		err = m.Act(ctx, doc, id, 0, epuskesmas.ActServe, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	s.now(nil)
	round(t, b)
	expect(t, p, b, map[string]int{"ditolak": 1, "dilewati": 1})
	if n := s.count("/antrean/panggil"); n != 0 {
		t.Errorf("%d calls of a number that BPJS does not know", n)
	}
	for _, x := range outbox(t, p, b).List {
		if x.Kind == bpjs.KindAdd {
			if err := b.Again(ctx, p.Boss, p.Slug, x.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	round(t, b)
	expect(t, p, b, map[string]int{"terkirim": 2})
}

// A wrong account makes everything wait, for days too, and the head is told why; a right one sends it.
func TestAWrongAccountMakesMessagesWait(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter, asked){
		"in the envelope": say(`{"metaData":{"code":401,"message":"Unauthorized"}}`),
		"as HTTP status":  func(w http.ResponseWriter, _ asked) { w.WriteHeader(http.StatusForbidden) },
	} {
		t.Run(name, func(t *testing.T) {
			s := &answering{answer: answer}
			p, b := fault(t, s)
			for range 3 {
				p.Walk(t, "Pasien")
			}
			round(t, b)
			expect(t, p, b, map[string]int{"menunggu": 3})
			if n := s.count("/antrean/add"); n != 1 {
				t.Errorf("asked %d times with a wrong account", n)
			}
			page := p.SignedIn(t, p.Head.AccountID).Get("/meja/puskesmas/atur/" + p.Slug + "/bpjs/kiriman").Want(http.StatusOK)
			if !strings.Contains(page.Text("main"), "tidak diterima, jadi kiriman menunggu") {
				t.Error("the head is not told")
			}
			for range 40 {
				p.Clock.Advance(65 * time.Minute)
				round(t, b)
			}
			expect(t, p, b, map[string]int{"menunggu": 3})
			s.now(nil)
			_, acc, err := b.Setting(context.Background(), p.Boss, p.Slug)
			if err == nil {
				err = b.Save(context.Background(), p.Boss, p.Slug, acc, bpjs.Secrets{Secret: "benar"})
			}
			if err != nil {
				t.Fatal(err)
			}
			round(t, b)
			expect(t, p, b, map[string]int{"terkirim": 3})
		})
	}
}

// What PostgreSQL would not store does not stop the round.
func TestAnAnswerWithControlsIsKept(t *testing.T) {
	s := &answering{answer: say(`{"metadata":{"code":201,"message":"Data\u0000 tidak\u0007 sesuai"}}`)}
	p, b := fault(t, s)
	p.Walk(t, "Satu")
	p.Walk(t, "Dua")
	round(t, b)
	expect(t, p, b, map[string]int{"ditolak": 2})
	if answer := outbox(t, p, b).List[0].Answer; answer != "201: Data tidak sesuai" {
		t.Errorf("kept %q", answer)
	}
}

// A message that lay for a day, because nobody could send, is tried like any other.
func TestAnOldMessageIsNotGivenUpAtOnce(t *testing.T) {
	s := &answering{answer: func(w http.ResponseWriter, _ asked) { w.WriteHeader(http.StatusServiceUnavailable) }}
	p, b := fault(t, s)
	p.Walk(t, "Satu")
	if _, err := b.Collect(context.Background()); err != nil {
		t.Fatal(err)
	}
	p.Clock.Advance(26 * time.Hour)
	round(t, b)
	expect(t, p, b, map[string]int{"menunggu": 1})
	p.Clock.Advance(time.Minute)
	s.now(nil)
	round(t, b)
	expect(t, p, b, map[string]int{"terkirim": 1})
}

// After a day of trying it is given up, to be seen and sent again.
func TestAMessageIsGivenUpAfterADay(t *testing.T) {
	s := &answering{answer: func(w http.ResponseWriter, _ asked) { w.WriteHeader(http.StatusServiceUnavailable) }}
	p, b := fault(t, s)
	p.Walk(t, "Satu")
	began := p.Clock.Now()
	for outbox(t, p, b).Counts["ditolak"] == 0 {
		round(t, b)
		p.Clock.Advance(15 * time.Minute)
		if p.Clock.Now().Sub(began) > 48*time.Hour {
			t.Fatal("still waiting after two days")
		}
	}
	if took := p.Clock.Now().Sub(began); took < 20*time.Hour {
		t.Errorf("given up after %v", took)
	}
}

// The card of somebody who pays themselves stays here, whatever is told.
func TestTheCardOfWhoPaysThemselvesStaysHere(t *testing.T) {
	s := &answering{}
	p, b := fault(t, s)
	ctx, m := context.Background(), p.App.Queues
	clerk, doc := p.Actor(t, p.Clerk.AccountID), p.Actor(t, p.Doc.AccountID)
	var last epuskesmas.Ticket
	for i, name := range []string{"Sitti Aminah", "Sitti Hajar"} {
		var err error
		if last, err = m.Register(ctx, clerk, p.Unit, epuskesmas.Registration{
			Key: name, Name: name, BirthDate: time.Date(1980+i, 8, 17, 0, 0, 0, 0, time.UTC), BPJS: "000123456789" + string(rune('0'+i)),
			Payer: epuskesmas.General, PoliID: p.Clinic,
		}); err != nil {
			t.Fatal(err)
		}
	}
	id, err := m.Next(ctx, doc, p.Room1, p.Doctor)
	if err == nil {
		err = m.Act(ctx, doc, id, 0, epuskesmas.ActServe, "")
	}
	if err == nil {
		err = m.Act(ctx, clerk, last.ID, 0, epuskesmas.ActCancel, "Pasien pulang")
	}
	if err != nil {
		t.Fatal(err)
	}
	round(t, b)
	if s.count("/antrean/add") != 2 || s.count("/antrean/panggil") != 1 || s.count("/antrean/batal") != 1 {
		t.Fatalf("told %+v", s.all)
	}
	for _, a := range s.all {
		if a.body["nomorkartu"] != "" {
			t.Errorf("%s told card %v", a.path, a.body["nomorkartu"])
		}
	}
}

// An end that is undone is told to nobody; the end that stays is, once and with its time.
func TestAnUndoneEndIsNoEncounter(t *testing.T) {
	p, c, b := outbound(t)
	ctx, m := context.Background(), p.App.Queues
	doc := p.Actor(t, p.Doc.AccountID)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(b.SavePlaces(ctx, p.Boss, p.Slug, map[int64]string{p.Clinic: "loc-1"}, map[int64]string{p.Doctor: "10009880728"}))
	ticket, err := m.Register(ctx, p.Actor(t, p.Clerk.AccountID), p.Unit, epuskesmas.Registration{
		Key: "undo", Name: "Sitti Aminah", BirthDate: time.Date(1980, 8, 17, 0, 0, 0, 0, time.UTC), NIK: "7371135708800001", Payer: epuskesmas.General, PoliID: p.Clinic,
	})
	must(err)
	id, err := m.Next(ctx, doc, p.Room1, p.Doctor)
	must(err)
	must(m.Act(ctx, doc, id, 0, epuskesmas.ActServe, ""))
	p.Clock.Advance(9 * time.Minute)
	must(m.Act(ctx, doc, id, 0, epuskesmas.ActFinish, ""))
	p.Clock.Advance(time.Minute)
	round(t, b)
	must(m.Act(ctx, doc, id, 0, epuskesmas.ActUndo, ""))
	p.Clock.Advance(10 * time.Minute)
	round(t, b)
	if len(c.visits) != 0 {
		t.Fatalf("told a visit that goes on: %v", c.visits)
	}
	if _, err := b.ExportEncounter(ctx, p.Boss, p.Slug, ticket.ID); errs.KindOf(err) != errs.Conflict {
		t.Errorf("exported a visit that goes on: %v", err)
	}
	ended := p.Clock.Now()
	must(m.Act(ctx, doc, id, 0, epuskesmas.ActFinish, ""))
	drain(t, p, b)
	if len(c.visits) != 1 {
		t.Fatalf("told %d visits", len(c.visits))
	}
	period, _ := c.visits[0]["period"].(map[string]any)
	text, _ := period["end"].(string)
	if end, err := time.Parse(time.RFC3339, text); err != nil || !end.Equal(ended.Truncate(time.Second)) {
		t.Errorf("ended %q, want %v (%v)", text, ended, err)
	}
}

// A visit at a poli whose number of SATUSEHAT comes later is sent when it is there.
func TestAVisitWaitsForTheNumbersOfSatusehat(t *testing.T) {
	p, c, b := outbound(t)
	ctx, m := context.Background(), p.App.Queues
	doc := p.Actor(t, p.Doc.AccountID)
	ticket, err := m.Register(ctx, p.Actor(t, p.Clerk.AccountID), p.Unit, epuskesmas.Registration{
		Key: "later", Name: "Sitti Aminah", BirthDate: time.Date(1980, 8, 17, 0, 0, 0, 0, time.UTC), NIK: "7371135708800001", Payer: epuskesmas.General, PoliID: p.Clinic,
	})
	if err != nil {
		t.Fatal(err)
	}
	id, err := m.Next(ctx, doc, p.Room1, p.Doctor)
	for _, act := range []epuskesmas.Action{epuskesmas.ActServe, epuskesmas.ActFinish} {
		if err == nil {
			p.Clock.Advance(time.Minute)
			err = m.Act(ctx, doc, id, 0, act, "")
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	drain(t, p, b)
	if _, err := b.ExportEncounter(ctx, p.Boss, p.Slug, ticket.ID); errs.KindOf(err) != errs.Conflict || !strings.Contains(errs.MessageOf(err), "belum diisi") {
		t.Errorf("exported without the numbers: %v", err)
	}
	if err := b.SavePlaces(ctx, p.Boss, p.Slug, map[int64]string{p.Clinic: "loc-1"}, map[int64]string{p.Doctor: "10009880728"}); err != nil {
		t.Fatal(err)
	}
	drain(t, p, b)
	if len(c.visits) != 1 {
		t.Errorf("%d visits", len(c.visits))
	}
}
