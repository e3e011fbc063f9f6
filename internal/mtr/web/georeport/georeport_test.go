package georeport_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/mtr/web/georeport"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

const v2 = "/open311/v2"

// office is a portal with a key, and somebody who forwards and hides.
type office struct {
	t      *testing.T
	s      *apptest.Server
	c      *apptest.Client
	staff  authz.Actor
	dlh    int64
	key    string
	schema *openapi3.T
}

func newOffice(t *testing.T) *office {
	t.Helper()
	t.Parallel()
	o := &office{t: t, s: apptest.New(t)}
	o.c = o.s.Client(t)
	h := o.s.Hire(t, apptest.Staff{Email: "dewi@kota.example", Name: "Dewi", UnitCode: "DLH", City: true, Permissions: []authz.Permission{
		mtr.PermDispatch, mtr.PermModerate, mtr.PermConfigure}})
	o.staff, o.dlh = o.s.Actor(t, h.AccountID), h.UnitID
	o.key = o.issue(mtr.APIKeyInput{Name: "Aplikasi Uji", Contact: "tim@aplikasi.example"})
	var err error
	if o.schema, err = openapi3.NewLoader().LoadFromData(georeport.OpenAPI); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) issue(in mtr.APIKeyInput) string {
	o.t.Helper()
	key, err := o.s.App.MTR.IssueAPIKey(o.t.Context(), o.staff, in)
	if err != nil {
		o.t.Fatal(err)
	}
	return key
}

// report is what a POST needs, overwritten by pairs; "" takes away.
func (o *office) report(pairs ...string) url.Values {
	v := url.Values{"api_key": {o.key}, "service_code": {"TAMAN"}, "lat": {"-5.1357"}, "long": {"119.4131"}, "description": {"Bangku taman patah dan berpaku"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if v.Del(pairs[i]); pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return v
}

// get decodes a JSON answer and holds it against the published description.
func (o *office) get(path string, into any) *apptest.Page {
	o.t.Helper()
	p := o.c.Get(path)
	o.valid(http.MethodGet, p, path, into)
	return p
}

func (o *office) post(v url.Values, into any) *apptest.Page {
	o.t.Helper()
	p := o.c.Post(v2+"/requests.json", v)
	o.valid(http.MethodPost, p, v2+"/requests.json", into)
	return p
}

func (o *office) valid(method string, p *apptest.Page, path string, into any) {
	o.t.Helper()
	if got := p.Header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		o.t.Fatalf("%s %s comes as %q:\n%s", method, path, got, p.Body)
	}
	var v any
	if err := json.Unmarshal([]byte(p.Body), &v); err != nil {
		o.t.Fatalf("%s %s is no JSON: %v\n%s", method, path, err, p.Body)
	}
	op := o.schema.Paths.Find(o.pattern(path)).GetOperation(method)
	media := op.Responses.Status(p.Status)
	if media == nil {
		o.t.Fatalf("%s %s answers %d, which is not described\n%s", method, path, p.Status, p.Body)
	}
	if err := media.Value.Content.Get("application/json").Schema.Value.VisitJSON(v); err != nil {
		o.t.Fatalf("%s %s is not as described: %v\n%s", method, path, err, p.Body)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(p.Body), into); err != nil {
			o.t.Fatal(err)
		}
	}
}

// pattern is the described path that an address is one of.
func (o *office) pattern(path string) string {
	path, _, _ = strings.Cut(path, "?")
	dir, file := filepath.Split(path)
	name, _, _ := strings.Cut(file, ".")
	switch dir {
	case v2 + "/services/":
		name = "{service_code}"
	case v2 + "/requests/":
		name = "{service_request_id}"
	case v2 + "/tokens/":
		name = "{token}"
	}
	return dir + name + ".{format}"
}

// errors are codes and descriptions of an error answer in either format.
func errors(t *testing.T, p *apptest.Page) (codes, descriptions string) {
	t.Helper()
	var list struct {
		Errors []struct {
			Code        string `xml:"code" json:"code"`
			Description string `xml:"description" json:"description"`
		} `xml:"error"`
	}
	var err error
	if strings.HasPrefix(p.Header.Get("Content-Type"), "text/xml; charset=utf-8") {
		err = xml.Unmarshal([]byte(p.Body), &list)
	} else {
		err = json.Unmarshal([]byte(p.Body), &list.Errors)
	}
	if err != nil || len(list.Errors) == 0 {
		t.Fatalf("%s: no errors in the answer (%v):\n%s", p.URL, err, p.Body)
	}
	for _, e := range list.Errors {
		codes, descriptions = codes+e.Code+" ", descriptions+e.Description+" "
	}
	return strings.TrimSpace(codes), descriptions
}

type sent []struct {
	ID     string `json:"service_request_id"`
	Token  string `json:"token"`
	Notice string `json:"service_notice"`
	More   struct {
		Link string `json:"tracking_url"`
		Code string `json:"tracking_code"`
	} `json:"extended_attributes"`
}

type requests []struct {
	ID          string   `json:"service_request_id"`
	Status      string   `json:"status"`
	Notes       *string  `json:"status_notes"`
	Code        string   `json:"service_code"`
	Description *string  `json:"description"`
	Agency      *string  `json:"agency_responsible"`
	Requested   string   `json:"requested_datetime"`
	Updated     string   `json:"updated_datetime"`
	Address     *string  `json:"address"`
	RawLat      *float64 `json:"lat"`
	Media       *string  `json:"media_url"`
	Attributes  []struct {
		Code, Key string
	} `json:"attributes"`
	NoteList []struct{ Description string } `json:"notes"`
}

func (r requests) ids() string {
	var ids []string
	for _, it := range r {
		ids = append(ids, it.ID)
	}
	return strings.Join(ids, " ")
}

func (o *office) send(pairs ...string) string {
	o.t.Helper()
	var out sent
	p := o.post(o.report(pairs...), &out)
	if p.Status != http.StatusOK || len(out) != 1 || out[0].ID == "" || out[0].Token != "" {
		o.t.Fatalf("sending answers %d:\n%s", p.Status, p.Body)
	}
	return out[0].ID
}

func (o *office) id(number string) (id int64) {
	o.t.Helper()
	if err := o.s.Pool.QueryRow(o.t.Context(), `SELECT id FROM mtr_report WHERE number = $1`, number).Scan(&id); err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *office) forward(number string) {
	o.t.Helper()
	in := mtr.ForwardInput{Act: mtr.Act{ReportID: o.id(number)}, UnitID: o.dlh, Note: "Kami cek ke lapangan."}
	if err := o.s.App.MTR.Forward(o.t.Context(), o.staff, in); err != nil {
		o.t.Fatal(err)
	}
}

func TestDescriptionIsValid(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(georeport.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, route := range georeport.Routes(georeport.Deps{}) {
		path := strings.NewReplacer("{code}", "{service_code}", "{id}", "{service_request_id}").Replace(route.Pattern)
		if strings.HasSuffix(path, "*") || strings.HasSuffix(path, "openapi.json") || path == v2+"/discovery.{format}" {
			continue
		}
		if item := doc.Paths.Find(path); item == nil || item.GetOperation(route.Method) == nil {
			t.Errorf("%s %s is not described", route.Method, path)
		}
	}
}

func TestSendAndFollow(t *testing.T) {
	o := newOffice(t)
	var found struct {
		Endpoints []struct{ Specification, URL string }
	}
	o.get("/open311/discovery.json", &found)
	if len(found.Endpoints) != 1 || found.Endpoints[0].URL != o.s.URL+v2+"/" || found.Endpoints[0].Specification != georeport.Specification {
		t.Fatalf("discovery says %+v", found)
	}
	if p := o.c.Get("/open311/discovery.xml").Want(200); p.Header.Get("Content-Type") != "text/xml; charset=utf-8" || !strings.HasPrefix(p.Body, `<?xml version="1.0" encoding="UTF-8"?>`) {
		t.Errorf("discovery.xml comes as %s\n%s", p.Header.Get("Content-Type"), p.Body)
	}
	var services []struct {
		Code     string `json:"service_code"`
		Metadata bool
	}
	o.get(v2+"/services.json?jurisdiction_id=makassarkota.go.id", &services)
	asks := map[string]bool{}
	for _, s := range services {
		asks[s.Code] = s.Metadata
	}
	if len(services) < 20 || !asks["LAMPU"] || asks["TAMAN"] {
		t.Errorf("services are %v", asks)
	}
	var definition struct {
		Attributes []struct {
			Code, Datatype string
			Order          int
			Required       bool
			Values         []struct{ Key string }
		}
	}
	o.get(v2+"/services/LAMPU.json", &definition)
	if a := definition.Attributes; len(a) != 3 || a[1].Code != "kabel" || !a[1].Required || a[1].Order != 2 || len(a[1].Values) != 2 || a[2].Datatype != "string" {
		t.Fatalf("LAMPU asks %+v", definition)
	}
	number := o.send("service_code", "LAMPU", "attribute[kabel]", "tidak", "attribute[nomor_tiang]", "PJU-12", "description", "Lampu mati di depan pasar\nSejak Senin.")
	var one requests
	o.get(v2+"/requests/"+strings.ToLower(number)+".json", &one)
	if len(one) != 1 || one[0].Status != "open" || one[0].Description != nil || one[0].RawLat != nil || one[0].Requested != "2026-11-24T09:00:00+08:00" {
		t.Fatalf("before it is forwarded it is %+v", one)
	}
	o.s.Clock.Advance(time.Hour)
	o.forward(number)
	o.get(v2+"/requests/"+number+".json?extensions=true", &one)
	r := one[0]
	if r.Description == nil || *r.Description != "Lampu mati di depan pasar\nSejak Senin." || r.RawLat == nil || *r.RawLat != -5.1357 ||
		*r.Agency != "Dinas Lingkungan Hidup" || *r.Notes != "Diteruskan: Kami cek ke lapangan." || r.Updated != "2026-11-24T10:00:00+08:00" {
		t.Errorf("forwarded it is %+v", r)
	}
	if len(r.Attributes) != 1 || r.Attributes[0].Code != "kabel" || r.Attributes[0].Key != "tidak" || len(r.NoteList) != 2 {
		t.Errorf("with extensions it has %+v and %+v", r.Attributes, r.NoteList)
	}
	p := o.c.Get(v2 + "/requests/" + number + ".xml").Want(200)
	for _, want := range []string{"<service_requests><request><service_request_id>" + number, "<zipcode></zipcode>", "<lat>-5.1357</lat>", "<long>119.4131</long>"} {
		if !strings.Contains(p.Body, want) {
			t.Errorf("the XML lacks %s:\n%s", want, p.Body)
		}
	}
	var updates []struct {
		Request string `json:"service_request_id"`
		Status  string
	}
	o.get(v2+"/servicerequestupdates.json", &updates)
	if len(updates) != 2 || updates[0].Status != "OPEN" || updates[1].Status != "INVESTIGATING" || updates[1].Request != number {
		t.Errorf("updates are %+v", updates)
	}
	desk := o.s.SignedIn(t, o.staff.AccountID).Get("/meja/mtr/" + number).Want(200)
	if !strings.Contains(desk.Text("main"), "Aplikasi lain (Open311), Aplikasi Uji") {
		t.Errorf("the desk does not say where it came from:\n%s", desk.Text("main"))
	}
}

func TestFilters(t *testing.T) {
	o := newOffice(t)
	old := o.send("description", "Ayunan taman putus rantainya")
	o.s.Clock.Advance(100 * 24 * time.Hour)
	sign := o.send("service_code", "LALIN", "description", "Rambu berhenti roboh di simpang")
	o.s.Clock.Advance(time.Hour)
	bench := o.send()
	reject := mtr.RejectInput{Act: mtr.Act{ReportID: o.id(sign)}, Reason: "Sudah berdiri lagi."}
	if err := o.s.App.MTR.Reject(t.Context(), o.staff, reject); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"":                                       bench + " " + sign,
		"?status=&service_code=&start_date=":     bench + " " + sign,
		"?status=open":                           bench,
		"?status=closed":                         sign,
		"?status=open,closed":                    bench + " " + sign,
		"?service_code=LALIN":                    sign,
		"?service_code=LALIN&service_code=TAMAN": bench + " " + sign,
		"?service_code=LALIN,TAMAN&status=open":  bench,
		"?service_request_id=" + old:             old,
		"?service_request_id=" + old + "," + bench + ",X-1":             bench + " " + old,
		"?service_request_id=" + old + "&status=closed":                 old,
		"?start_date=2026-11-24T08:00:00%2B08:00":                       old,
		"?start_date=2026-11-24T08:00:00+08:00":                         old, // a plus sign sent as it is
		"?end_date=2026-11-24T01:00:00Z":                                old,
		"?start_date=2027-03-04T01:30:00Z":                              bench,
		"?start_date=2027-03-04T01:00Z&end_date=2027-03-04T01:00:00.5Z": sign,
		"?page_size=1":        bench,
		"?page_size=1&page=2": sign,
		"?page_size=1&page=3": "",
	} {
		var got requests
		if p := o.get(v2+"/requests.json"+query, &got); p.Status != 200 || got.ids() != want {
			t.Errorf("requests%s gets %d: %s, want %s", query, p.Status, got.ids(), want)
		}
	}
	link := o.c.Get(v2 + "/requests.json?status=open,closed&page_size=1&page=1").Header.Get("Link")
	if want := "<" + o.s.URL + v2 + `/requests.json?page=2&page_size=1&status=open%2Cclosed>; rel="next"`; link != want {
		t.Errorf("the first page links %s, want %s", link, want)
	}
	if link := o.c.Get(v2 + "/requests.json?page_size=1&page=2").Header.Get("Link"); !strings.Contains(link, `rel="prev"`) || strings.Contains(link, `rel="next"`) {
		t.Errorf("the last page links %s", link)
	}
}

// What is wrong gets the status that the specification wants, as the body says, in the
// format that was asked for.
func TestRefusals(t *testing.T) {
	o := newOffice(t)
	scoped := o.issue(mtr.APIKeyInput{Name: "Hanya lampu", Contact: "a@b.example", Categories: []string{"LAMPU"}})
	for path, want := range map[string]int{
		"/requests/MTR-26-999999": 404, "/requests/x": 404, "/requests/%00": 404, "/requests/%ff": 404, "/services/APA": 404, "/tokens/abc": 404,
		"/services": 200,
		"/apa":      404, "/requests/a/b": 404,
		"/requests.": 404,
	} {
		for _, ext := range []string{".json", ".xml"} {
			p := o.c.Get(v2 + path + ext)
			if p.Status != want {
				t.Errorf("GET %s%s gets %d, want %d", path, ext, p.Status, want)
			}
			if want != 200 {
				if codes, _ := errors(t, p); codes != fmt.Sprint(want) {
					t.Errorf("GET %s%s has the code %s", path, ext, codes)
				}
			}
			if isXML := strings.HasPrefix(p.Header.Get("Content-Type"), "text/xml"); isXML != (ext == ".xml") {
				t.Errorf("GET %s%s comes as %s", path, ext, p.Header.Get("Content-Type"))
			}
		}
	}
	for _, path := range []string{"/requests", "/requests.html", "/services.php", "/"} {
		if p := o.c.Get(v2 + path); p.Status != 404 || !strings.HasPrefix(p.Header.Get("Content-Type"), "text/xml") {
			t.Errorf("GET %s gets %d as %s", path, p.Status, p.Header.Get("Content-Type"))
		}
	}
	for query, want := range map[string]int{
		"jurisdiction_id=boston.gov": 404, "service_code=APA": 404, "status=aneh": 400, "status=open,apa": 400, "start_date=kemarin": 400,
		"start_date=2026-11-24": 400, "start_date=2026-11-24T00:00:00": 400, "start_date=2026-02-30T00:00:00Z": 400, "start_date=0000-01-01T00:00:00Z": 400,
		"start_date=2026-01-01T00:00:00Z&end_date=2026-04-02T00:00:01Z": 400, "start_date=2026-02-01T00:00:00Z&end_date=2026-01-01T00:00:00Z": 400,
		"page=0": 400, "page=-1": 400, "page=x": 400, "page=99999999999999999999": 400, "page_size=1001": 400, "page_size=0": 400, "extensions=ya": 400,
		"status=%ff": 400, "status=%00": 400, "x=%zz": 400, "service_request_id=%27%3BDROP%20TABLE": 200, "start_date=9999-12-31T23:59:59Z": 200,
	} {
		if p := o.get(v2+"/requests.json?"+query, nil); p.Status != want {
			t.Errorf("requests?%s gets %d, want %d: %s", query, p.Status, want, p.Body)
		}
	}
	long := strings.Repeat("a", 4001)
	for name, c := range map[string]struct {
		v    url.Values
		want int
		says string
	}{
		"no key":                 {o.report("api_key", ""), 403, "api_key"},
		"wrong key":              {o.report("api_key", strings.Repeat("x", 22)), 403, "api_key"},
		"hostile key":            {o.report("api_key", "' OR 1=1 --"), 403, "api_key"},
		"key for another":        {o.report("api_key", scoped), 403, "TAMAN"},
		"no service":             {o.report("service_code", ""), 400, "service_code"},
		"unknown service":        {o.report("service_code", "APA"), 404, "service_code"},
		"other city":             {o.report("jurisdiction_id", "x"), 404, "jurisdiction_id"},
		"no place":               {o.report("lat", "", "long", ""), 400, "Lokasi"},
		"half a place":           {o.report("long", ""), 400, "lat dan long"},
		"no number":              {o.report("lat", "lima"), 400, "lat dan long"},
		"NaN":                    {o.report("lat", "NaN"), 400, "lat dan long"},
		"beyond the pole":        {o.report("lat", "-95"), 400, "lat dan long"},
		"Jakarta":                {o.report("lat", "-6.2", "long", "106.8"), 400, "lat"},
		"unknown address_id":     {o.report("lat", "", "long", "", "address_id", "1"), 400, "address_id"},
		"address_id alone":       {o.report("lat", "", "long", "", "address_id", "73.71.09.1001"), 400, "address_"},
		"address without area":   {o.report("lat", "", "long", "", "address_string", "Jalan Merdeka 1"), 400, "address_string"},
		"required attribute":     {o.report("service_code", "LAMPU"), 400, "attribute[kabel]"},
		"unknown attribute":      {o.report("attribute[warna]", "biru"), 400, "attribute[warna]"},
		"no such choice":         {o.report("service_code", "LAMPU", "attribute[kabel]", "mungkin"), 400, "attribute[kabel]"},
		"too long":               {o.report("description", long), 400, "description"},
		"e-mail":                 {o.report("email", "bukan"), 400, "email"},
		"phone":                  {o.report("phone", "12"), 400, "phone"},
		"media_url":              {o.report("media_url", "javascript:alert(1)"), 400, "media_url"},
		"anonymous":              {o.report("anonymous", "ya"), 400, "anonymous"},
		"bytes that are no text": {o.report("description", "\xff\xfe"), 400, "UTF-8"},
		"NUL":                    {o.report("description", "a\x00b bangku patah"), 400, "UTF-8"},
	} {
		for _, ext := range []string{"json", "xml"} {
			p := o.c.Post(v2+"/requests."+ext, c.v)
			codes, says := errors(t, p)
			if p.Status != c.want || codes != fmt.Sprint(c.want) || !strings.Contains(says, c.says) {
				t.Errorf("%s, %s: %d, code %s, %q; want %d and %q", name, ext, p.Status, codes, says, c.want, c.says)
			}
		}
	}
	for kind, body := range map[string]string{"application/json": `{"api_key":"x"}`, "application/x-www-form-urlencoded": "a=%zz", "multipart/form-data": "x", "": "x"} {
		req, err := http.NewRequest(http.MethodPost, o.s.URL+v2+"/requests.json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", kind)
		if p := o.c.Do(req); p.Status != 400 {
			t.Errorf("a body of type %q gets %d: %s", kind, p.Status, p.Body)
		}
	}
	var reports int
	if err := o.s.Pool.QueryRow(t.Context(), `SELECT count(*) FROM mtr_report`).Scan(&reports); err != nil || reports != 0 {
		t.Errorf("refused sendings made %d reports (%v)", reports, err)
	}
}

// The same sending is one report, however many arrive at once; another is another.
func TestSentTwice(t *testing.T) {
	o := newOffice(t)
	var ids sync.Map
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			resp, err := http.PostForm(o.s.URL+v2+"/requests.json", o.report())
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			var out sent
			if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || len(out) != 1 {
				t.Error(resp.Status, err)
				return
			}
			ids.Store(out[0].ID, true)
		})
	}
	all.Wait()
	n := 0
	ids.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Fatalf("eight equal sendings made %d reports", n)
	}
	first := o.send()
	if other := o.send("description", "Bangku taman lain yang patah"); other == first {
		t.Error("another text is the same report")
	}
	o.s.Clock.Advance(mtr.ResendWindow + time.Second)
	if later := o.send(); later == first {
		t.Error("the same sending is never new again")
	}
	named := func(name, description string) *apptest.Page {
		req, err := http.NewRequest(http.MethodPost, o.s.URL+v2+"/requests.json", strings.NewReader(o.report("description", description).Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Idempotency-Key", name)
		return o.c.Do(req)
	}
	a := named("a", "Tempat sampah hilang").Want(200)
	o.s.Clock.Advance(23 * time.Hour)
	if b := named("a", "Tempat sampah hilang").Want(200); b.Body != a.Body {
		t.Errorf("under the same name came another report:\n%s%s", a.Body, b.Body)
	}
	if p := named("a", "Lampu taman padam"); p.Status != 400 {
		t.Errorf("another content under the same name gets %d", p.Status)
	}
	if b := named("b", "Tempat sampah hilang").Want(200); b.Body == a.Body {
		t.Error("another name is the same report")
	}
}

func TestKeysEnd(t *testing.T) {
	o := newOffice(t)
	slow := o.issue(mtr.APIKeyInput{Name: "Pelan", Contact: "a@b.example", PerMinute: 2, PerDay: 3, ExpiresAt: o.s.Clock.Now().AddDate(0, 0, 7)})
	try := func(n int) *apptest.Page {
		return o.c.Post(v2+"/requests.json", o.report("api_key", slow, "description", fmt.Sprintf("Bangku ke-%d di taman patah", n)))
	}
	try(1).Want(200)
	try(2).Want(200)
	if p := try(3); p.Status != 429 || p.Header.Get("Retry-After") != "60" {
		t.Errorf("the third in a minute gets %d, Retry-After %s", p.Status, p.Header.Get("Retry-After"))
	}
	try(2).Want(200) // sent again it is no new one
	o.s.Clock.Advance(time.Minute)
	try(3).Want(200)
	o.s.Clock.Advance(time.Minute)
	if p := try(4); p.Status != 429 {
		t.Errorf("the fourth in a day gets %d", p.Status)
	}
	o.s.Clock.Advance(24 * time.Hour)
	try(4).Want(200)
	o.s.Clock.Advance(7 * 24 * time.Hour)
	if p := try(5); p.Status != 403 {
		t.Errorf("an expired key gets %d", p.Status)
	}
	// The page: made, shown once, revoked.
	desk := o.s.SignedIn(t, o.staff.AccountID)
	p := desk.Get("/meja/mtr/konfigurasi/kunci").Want(200)
	bad := p.Submit(`form[action$="/kunci"]`, url.Values{"nama": {"x"}, "email": {"bukan"}})
	if bad.Status != 422 || bad.Doc.Find("#email").AttrOr("value", "") != "bukan" {
		t.Errorf("a wrong form gets %d", bad.Status)
	}
	p = p.Submit(`form[action$="/kunci"]`, url.Values{"nama": {"Ronda"}, "email": {"ronda@rw.example"}, "kategori": {"TAMAN"}}).Want(200)
	key := p.Text("#kunci")
	if len(key) != 22 {
		t.Fatalf("the page shows %q", p.Text("main"))
	}
	o.send("api_key", key, "description", "Pagar taman roboh")
	if p = desk.Get("/meja/mtr/konfigurasi/kunci").Want(200); strings.Contains(p.Body, key) || !strings.Contains(p.Text("main"), "Ronda") {
		t.Error("the key is shown again, or its row is missing")
	}
	var id string
	if err := o.s.Pool.QueryRow(t.Context(), `SELECT id::text FROM mtr_api_key WHERE name = 'Ronda' AND key_hash <> $1`, key).Scan(&id); err != nil {
		t.Fatal(err)
	}
	p.Submit(`form[action$="/`+id+`/cabut"]`, nil).Want(200)
	if p := o.c.Post(v2+"/requests.json", o.report("api_key", key, "description", "Pagar lain roboh")); p.Status != 403 {
		t.Errorf("a revoked key gets %d", p.Status)
	}
	var acts int
	if err := o.s.DB.Owner().QueryRow(t.Context(), `SELECT count(*) FROM audit_entry WHERE action IN ('mtr.api_key.issue', 'mtr.api_key.revoke') AND object_id = $1::bigint`, id).Scan(&acts); err != nil || acts != 2 {
		t.Errorf("the trail holds %d acts (%v)", acts, err)
	}
}

func TestPicturesAndHeldReports(t *testing.T) {
	o := newOffice(t)
	photo := func(seed uint64) apptest.File {
		return apptest.File{Control: "media", Name: "a.jpg", Type: "image/jpeg", Data: mediatest.JPEG(320, 240, mediatest.Seed(seed))}
	}
	o.c.PostFiles(v2+"/requests.json", o.report(), photo(1), photo(2)).Want(200)
	p := o.c.PostFiles(v2+"/requests.json", o.report(), photo(1), photo(2)).Want(200) // again
	var out sent
	if err := json.Unmarshal([]byte(p.Body), &out); err != nil {
		t.Fatal(err)
	}
	number := out[0].ID
	var photos int
	if err := o.s.Pool.QueryRow(t.Context(), `SELECT count(*) FROM mtr_photo WHERE stored`).Scan(&photos); err != nil || photos != 2 {
		t.Errorf("%d photos are kept (%v)", photos, err)
	}
	o.forward(number)
	var one requests
	o.get(v2+"/requests/"+number+".json", &one)
	if one[0].Media == nil {
		t.Fatal("no media_url")
	}
	resp, err := http.Get(*one[0].Media)
	if err != nil || resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("media_url gives %v, %v", resp, err)
	}
	if p := o.c.PostFiles(v2+"/requests.json", o.report("description", "Ini bukan foto taman"), apptest.File{Control: "media", Name: "a.svg", Type: "image/svg+xml", Data: mediatest.SVG()}); p.Status != 400 || !strings.Contains(p.Body, "media: ") {
		t.Errorf("what is no photo gets %d: %s", p.Status, p.Body)
	}
	// Full of links: a moderator looks first.
	out = nil
	p = o.post(o.report("extensions", "true", "description", "Jual murah http://a.example http://b.example http://c.example"), &out)
	held := out[0]
	if held.Token == "" || held.ID != "" || held.More.Code == "" || strings.Contains(p.Body, `"service_request_id"`) {
		t.Fatalf("a held report answers %s", p.Body)
	}
	var asked []struct {
		ID    *string `json:"service_request_id"`
		Token string
	}
	o.get(v2+"/tokens/"+held.Token+".json", &asked)
	if asked[0].ID != nil || asked[0].Token != held.Token {
		t.Errorf("while it is held the token gives %+v", asked)
	}
	var id int64
	if err := o.s.Pool.QueryRow(t.Context(), `SELECT id FROM mtr_report WHERE status = 'belum_konfirmasi'`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	if err := o.s.App.MTR.Release(t.Context(), o.staff, mtr.ReasonInput{Act: mtr.Act{ReportID: id}, Reason: "Bukan iklan."}); err != nil {
		t.Fatal(err)
	}
	o.get(v2+"/tokens/"+held.Token+".json", &asked)
	if asked[0].ID == nil || o.id(*asked[0].ID) != id {
		t.Errorf("once it is released the token gives %+v", asked)
	}
	if resp, err := http.Get(held.More.Link); err != nil || resp.StatusCode != 200 {
		t.Errorf("the reporter's link gives %v, %v", resp, err)
	}
}

// Nothing of what is rahasia, hidden, held or anonymous shows on any channel.
func TestNothingLeaks(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	whole := "Kebocoranrahasia di taman ini"
	o.send("description", whole, "confidential", "true", "first_name", "Sittikebocoran", "email", "kebocoran@contoh.id", "phone", "081234567890")
	o.send("service_code", "PUNGLI", "lat", "", "long", "", "description", "Kebocoranpungli di kantor")
	hidden := o.send("description", "Kebocoransembunyi di taman")
	o.post(o.report("description", "Kebocorantahan http://a.example http://b.example http://c.example"), nil)
	secret := o.send("description", "Ayunan taman rusak", "anonymous", "true", "address_string", "Kebocoranrumah nomor 5", "first_name", "Sittikebocoran", "email", "kebocoran@contoh.id", "phone", "081234567890", "media_url", "https://kebocoran.example/a.jpg")
	early := o.send("description", "Kebocoranawal belum diteruskan")
	o.forward(hidden)
	if err := o.s.App.MTR.Hide(ctx, o.staff, mtr.ReasonInput{Act: mtr.Act{ReportID: o.id(hidden)}, Reason: "Kebocoranalasan"}); err != nil {
		t.Fatal(err)
	}
	o.forward(secret)
	var rahasia []string
	rows, err := o.s.Pool.Query(ctx, `SELECT number FROM mtr_report WHERE NOT listed`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		rahasia = append(rahasia, n)
	}
	if len(rahasia) != 4 {
		t.Fatalf("%d reports are not for the public, want 4", len(rahasia))
	}
	paths := []string{
		"/open311", "/open311/openapi.json", "/open311/discovery.json", v2 + "/services.json", v2 + "/requests.json", v2 + "/requests.json?extensions=true", v2 + "/requests.xml?extensions=true",
		v2 + "/requests.json?status=open,closed&extensions=true", v2 + "/requests.json?extensions=true&service_request_id=" + strings.Join(append(rahasia, secret, early), ","),
		v2 + "/servicerequestupdates.xml", v2 + "/servicerequestupdates.json?service_request_id=" + strings.Join(rahasia, ","), v2 + "/requests/" + secret + ".json?extensions=true",
		"/mtr", "/mtr/rss.xml", "/mtr/laporan/" + secret,
	}
	for _, path := range paths {
		p := o.c.Get(path).Want(200)
		if strings.Contains(strings.ToLower(p.Body), "kebocoran") || strings.Contains(p.Body, "81234567890") {
			t.Errorf("%s leaks:\n%s", path, p.Body)
		}
		for _, n := range rahasia {
			if strings.Contains(p.Body, n) {
				t.Errorf("%s names %s", path, n)
			}
		}
		if strings.Contains(p.Body, "119.4131") || strings.Contains(p.Body, "-5.1357") {
			t.Errorf("%s gives the exact place", path)
		}
	}
	for _, n := range rahasia {
		o.c.Get(v2 + "/requests/" + n + ".json").Want(404)
	}
}

// The npm client "open311" works unchanged.
func TestNodeClient(t *testing.T) {
	o := newOffice(t)
	modules, err := filepath.Abs("../../../../web/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "testdata/client.js", o.s.URL+"/open311/discovery.json", o.key)
	cmd.Env = append(cmd.Environ(), "NODE_PATH="+modules, "NODE_NO_WARNINGS=1")
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v (make web installs the client)\n%s", err, problems.String())
	}
	var got struct {
		Endpoint   string
		Services   []any
		Definition struct{ Attributes []any }
		Sent       sent
		One        requests
		Several    requests
		Open       requests
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Endpoint != o.s.URL+v2+"/" || len(got.Services) < 20 || len(got.Definition.Attributes) != 3 || len(got.Sent) != 1 ||
		got.One.ids() != got.Sent[0].ID || got.Several.ids() != got.Sent[0].ID || got.Open.ids() != got.Sent[0].ID {
		t.Errorf("the client got %+v", got)
	}
}
