package epuskesmasweb_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/epuskesmas/web/partner"
)

// catalogue is BPJS and SATUSEHAT as far as we call them. It keeps what it accepted and
// now and then fails, before or after it took something.
type catalogue struct {
	mu       sync.Mutex
	asked    int
	accepted []string // "add A-001", "panggil 1", …
	visits   []map[string]any
	tokens   int
}

func (c *catalogue) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	if path, ok := strings.CutPrefix(r.URL.Path, "/satusehat"); ok {
		c.ministry(w, r, path, body)
		return
	}
	c.asked++
	if c.asked%5 == 0 {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	var in map[string]any
	_ = json.Unmarshal(body, &in)
	what := ""
	switch r.URL.Path {
	case "/antrean/add":
		what = fmt.Sprintf("add %v", in["nomorantrean"])
		for _, field := range []string{"nomorkartu", "nik", "nohp", "kodepoli", "namapoli", "norm", "tanggalperiksa", "namadokter", "jampraktek", "nomorantrean", "keterangan"} {
			if _, ok := in[field].(string); !ok {
				what = ""
			}
		}
		_, number := in["angkaantrean"].(float64)
		if _, code := in["kodedokter"].(float64); !code || !number || in["norm"] == "000666" {
			what = ""
		}
	case "/antrean/panggil":
		what = fmt.Sprintf("panggil %v %v", in["status"], in["waktu"])
	case "/antrean/batal":
		what = fmt.Sprintf("batal %v", in["alasan"])
	}
	switch {
	case what == "":
		_, _ = io.WriteString(w, `{"metadata":{"code":201,"message":"Data 0001234567890 tidak sesuai"}}`)
	case slices.Contains(c.accepted, what):
		_, _ = io.WriteString(w, `{"metaData":{"code":"201","message":"Antrean sudah terdaftar"}}`)
	default:
		c.accepted = append(c.accepted, what)
		if c.asked%7 == 0 { // taken, but the answer is lost
			w.WriteHeader(http.StatusGatewayTimeout)
			return
		}
		_, _ = io.WriteString(w, `{"metaData":{"code":"200","message":"Ok"}}`)
	}
}

func (c *catalogue) ministry(w http.ResponseWriter, r *http.Request, path string, body []byte) {
	switch {
	case path == "/oauth2/v1/accesstoken":
		c.tokens++
		_, _ = io.WriteString(w, `{"access_token":"kartu","expires_in":"3599"}`)
	case r.Header.Get("Authorization") != "Bearer kartu":
		w.WriteHeader(http.StatusUnauthorized)
	case path == "/fhir-r4/v1/Patient":
		_, _ = io.WriteString(w, `{"resourceType":"Bundle","total":1,"entry":[{"resource":{"resourceType":"Patient","id":"P02478375538"}}]}`)
	case path == "/fhir-r4/v1/Encounter":
		var v map[string]any
		_ = json.Unmarshal(body, &v)
		c.visits = append(c.visits, v)
		_, _ = io.WriteString(w, `{"resourceType":"Encounter","id":"e-1"}`)
	}
}

// outbound is a puskesmas that tells, with its own service on the test's clock.
func outbound(t *testing.T) (*apptest.Puskesmas, *catalogue, *bpjs.Service) {
	t.Helper()
	p := openHouse(t)
	codes(t, p)
	c := &catalogue{}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	b := bpjs.New(bpjs.Deps{Queue: p.App.Queues, Auth: p.App.Accounts, DB: p.App.Pool, Box: p.App.Box, Clock: p.Clock,
		Client: partner.NewClient(server.URL, p.Clock), Ministries: partner.NewMinistries(server.URL+"/satusehat", p.Clock)})
	ctx := context.Background()
	_, acc, err := b.Setting(ctx, p.Boss, p.Slug)
	if err != nil {
		t.Fatal(err)
	}
	acc.Faskes, acc.Outbound.Enabled, acc.Ministry.Enabled, acc.Ministry.OrganizationID = "0195P001", true, true, "10000004"
	if err := b.Save(ctx, p.Boss, p.Slug, acc, bpjs.Secrets{ConsID: "1", Secret: "s", UserKey: "k", ClientID: "c", ClientSecret: "x"}); err != nil {
		t.Fatal(err)
	}
	return p, c, b
}

// drain collects and sends until nothing is due, moving the clock over the pauses.
func drain(t *testing.T, p *apptest.Puskesmas, b *bpjs.Service) {
	t.Helper()
	ctx := context.Background()
	for range 60 {
		if _, err := b.Collect(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Send(ctx); err != nil {
			t.Fatal(err)
		}
		o, err := b.Outbox(ctx, p.Boss, p.Slug)
		if err != nil {
			t.Fatal(err)
		}
		if o.Counts["menunggu"] == 0 {
			return
		}
		p.Clock.Advance(2 * time.Minute)
	}
	t.Fatal("messages are still waiting after two hours")
}

// TestBPJSHearsEachThingOnceInOrder: numbers given, patients served and given up, while
// every fifth request fails and every seventh answer is lost, and two portals send.
func TestBPJSHearsEachThingOnceInOrder(t *testing.T) {
	p, c, b := outbound(t)
	ctx, m := context.Background(), p.App.Queues
	doc, clerk := p.Actor(t, p.Doc.AccountID), p.Actor(t, p.Clerk.AccountID)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var tickets []epuskesmas.Ticket
	for i := range 8 {
		tickets = append(tickets, p.Walk(t, fmt.Sprint("Pasien ", i)))
	}
	served := 0
	for range 3 {
		id, err := m.Next(ctx, doc, p.Room1, p.Doctor)
		must(err)
		p.Clock.Advance(time.Minute)
		must(m.Act(ctx, doc, id, 0, epuskesmas.ActServe, ""))
		p.Clock.Advance(5 * time.Minute)
		must(m.Act(ctx, doc, id, 0, epuskesmas.ActFinish, ""))
		served++
	}
	must(m.Act(ctx, clerk, tickets[7].ID, 0, epuskesmas.ActCancel, "Pasien pulang"))
	other := bpjs.New(b.Deps)
	var wait sync.WaitGroup
	for _, s := range []*bpjs.Service{b, other, b} {
		wait.Go(func() {
			_, err := s.Collect(ctx)
			if err == nil {
				_, err = s.Send(ctx)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	drain(t, p, b)
	o, err := b.Outbox(ctx, p.Boss, p.Slug)
	must(err)
	if o.Counts["ditolak"] != 0 || o.Counts["terkirim"] != 8+served+1 {
		t.Errorf("outbox %v of %d: %v", o.Counts, len(o.List), c.accepted)
	}
	for _, x := range tickets {
		if n := len(slices.DeleteFunc(slices.Clone(c.accepted), func(a string) bool { return a != "add "+x.Code })); n != 1 {
			t.Errorf("%s was accepted %d times", x.Code, n)
		}
	}
	last := func(prefix string) int {
		return slices.IndexFunc(c.accepted, func(a string) bool { return strings.HasPrefix(a, prefix) })
	}
	if last("panggil 1") < last("add "+tickets[0].Code) || last("batal Pasien pulang") < last("add "+tickets[7].Code) || last("panggil 1") < 0 {
		t.Errorf("out of order: %v", c.accepted)
	}
	if len(c.visits) != 0 {
		t.Errorf("patients without a NIK went to the ministry: %v", c.visits)
	}
}

// TestAVisitGoesToSatusehat: an Encounter as FHIR demands it, once the doctor and the poli
// have their numbers there; what BPJS refuses can be seen and sent again.
func TestAVisitGoesToSatusehat(t *testing.T) {
	p, c, b := outbound(t)
	ctx, m := context.Background(), p.App.Queues
	doc, clerk := p.Actor(t, p.Doc.AccountID), p.Actor(t, p.Clerk.AccountID)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(b.SavePlaces(ctx, p.Boss, p.Slug, map[int64]string{p.Clinic: "loc-1"}, map[int64]string{p.Doctor: "10009880728"}))
	ticket, err := m.Register(ctx, clerk, p.Unit, epuskesmas.Registration{
		Key: "ihs", Name: "Sitti Aminah", BirthDate: time.Date(1980, 8, 17, 0, 0, 0, 0, time.UTC), NIK: "7371135708800001", Payer: epuskesmas.General, PoliID: p.Clinic,
	})
	must(err)
	id, err := m.Next(ctx, doc, p.Room1, p.Doctor)
	must(err)
	must(m.Act(ctx, doc, id, 0, epuskesmas.ActServe, ""))
	p.Clock.Advance(9 * time.Minute)
	must(m.Act(ctx, doc, id, 0, epuskesmas.ActFinish, ""))
	drain(t, p, b)
	if len(c.visits) != 1 || c.tokens != 1 {
		t.Fatalf("%d visits with %d tokens", len(c.visits), c.tokens)
	}
	v := c.visits[0]
	history, _ := v["statusHistory"].([]any)
	period, _ := v["period"].(map[string]any)
	start, _ := period["start"].(string)
	class, _ := v["class"].(map[string]any)
	subject, _ := v["subject"].(map[string]any)
	if v["resourceType"] != "Encounter" || v["status"] != "finished" || class["code"] != "AMB" || subject["reference"] != "Patient/P02478375538" ||
		len(history) != 3 || !strings.HasSuffix(start, "+00:00") || v["serviceProvider"].(map[string]any)["reference"] != "Organization/10000004" {
		t.Errorf("encounter %v", v)
	}
	if data, err := b.ExportEncounter(ctx, p.Boss, p.Slug, ticket.ID); err != nil || !strings.Contains(string(data), `"Practitioner/10009880728"`) {
		t.Errorf("export: %s, %v", data, err)
	}
}
