package apptest

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Client is a browser without JavaScript: it keeps cookies, follows
// redirects, and submits the forms that it was shown.
type Client struct {
	t    testing.TB
	base string
	http *http.Client
}

// unpacked saves both ends the work of compressing, which only shows in a browser.
var unpacked = func() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableCompression = true
	return t
}()

// Client returns a new browser.
func (s *Server) Client(t testing.TB) *Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Client{t: t, base: s.URL, http: &http.Client{Jar: jar, Transport: unpacked}}
}

// SignedIn returns a new browser signed in as the account.
func (s *Server) SignedIn(t testing.TB, accountID int64) *Client {
	t.Helper()
	c := s.Client(t)
	if p := c.Get(fmt.Sprintf("/uji/masuk/%d", accountID)); p.Status != 200 {
		t.Fatalf("sign in: %d", p.Status)
	}
	return c
}

// NoRedirects makes the browser show redirects instead of following them.
func (c *Client) NoRedirects() {
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
}

// Cookie returns a cookie's value, "" for none.
func (c *Client) Cookie(name string) string {
	u, err := url.Parse(c.base)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, k := range c.http.Jar.Cookies(u) {
		if k.Name == name {
			return k.Value
		}
	}
	return ""
}

// Page is an answer. Doc is nil unless it is HTML.
type Page struct {
	Status int
	URL    *url.URL // where redirects ended
	Header http.Header
	Body   string
	Doc    *goquery.Document

	client *Client
}

// Get opens a path.
func (c *Client) Get(path string) *Page {
	c.t.Helper()
	req, err := http.NewRequest(http.MethodGet, c.base+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.Do(req)
}

// Post sends a form.
func (c *Client) Post(path string, values url.Values) *Page {
	c.t.Helper()
	req, err := http.NewRequest(http.MethodPost, c.base+path, strings.NewReader(values.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.Do(req)
}

// File is one upload.
type File struct {
	Control, Name, Type string
	Data                []byte
}

// PostFiles sends a multipart form.
func (c *Client) PostFiles(path string, values url.Values, files ...File) *Page {
	c.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, vs := range values {
		for _, v := range vs {
			_ = w.WriteField(name, v)
		}
	}
	for _, f := range files {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", mime.FormatMediaType("form-data", map[string]string{"name": f.Control, "filename": f.Name}))
		h.Set("Content-Type", f.Type)
		part, err := w.CreatePart(h)
		if err != nil {
			c.t.Fatal(err)
		}
		_, _ = part.Write(f.Data)
	}
	_ = w.Close()
	req, err := http.NewRequest(http.MethodPost, c.base+path, &body)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return c.Do(req)
}

// Do sends any request.
func (c *Client) Do(req *http.Request) *Page {
	c.t.Helper()
	resp, err := c.http.Do(req)
	if err != nil {
		c.t.Fatalf("%s %s: %v", req.Method, req.URL.Path, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", req.Method, req.URL.Path, err)
	}
	p := &Page{Status: resp.StatusCode, URL: resp.Request.URL, Header: resp.Header, Body: string(body), client: c}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		if p.Doc, err = goquery.NewDocumentFromReader(bytes.NewReader(body)); err != nil {
			c.t.Fatal(err)
		}
	}
	return p
}

// Want fails the test unless the status is right.
func (p *Page) Want(status int) *Page {
	p.client.t.Helper()
	if p.Status != status {
		p.client.t.Fatalf("%s: status %d, want %d\n%s", p.URL.Path, p.Status, status, p.Text("main"))
	}
	return p
}

// Text returns the text at a selector with single spaces.
func (p *Page) Text(selector string) string {
	if p.Doc == nil {
		return p.Body
	}
	return strings.Join(strings.Fields(p.Doc.Find(selector).Text()), " ")
}

// Has tells whether the selector finds something.
func (p *Page) Has(selector string) bool { return p.Doc != nil && p.Doc.Find(selector).Length() > 0 }

// Submit fills the form at selector with what it shows, overwritten by
// values, and sends it, as a click on its (first) button would. A button
// given as values["@tombol"] = {"name=value"} is the one pressed.
func (p *Page) Submit(selector string, values url.Values, files ...File) *Page {
	p.client.t.Helper()
	f := p.Doc.Find(selector)
	if f.Length() != 1 {
		p.client.t.Fatalf("%s: %d forms at %q\n%s", p.URL.Path, f.Length(), selector, p.Text("main"))
	}
	sent := Shown(f)
	if b := values.Get("@tombol"); b != "" {
		name, value, _ := strings.Cut(b, "=")
		sent.Set(name, value)
	}
	for name, vs := range values {
		if name != "@tombol" {
			sent[name] = vs
		}
	}
	action := p.URL
	if a, ok := f.Attr("action"); ok && a != "" {
		u, err := p.URL.Parse(a)
		if err != nil {
			p.client.t.Fatal(err)
		}
		action = u
	}
	path := action.RequestURI()
	if strings.EqualFold(f.AttrOr("method", "get"), "get") {
		return p.client.Get(action.Path + "?" + sent.Encode())
	}
	if f.AttrOr("enctype", "") == "multipart/form-data" {
		return p.client.PostFiles(path, sent, files...)
	}
	return p.client.Post(path, sent)
}

// Shown returns the answers that a form holds as it is shown.
func Shown(f *goquery.Selection) url.Values {
	v := url.Values{}
	f.Find("input[name], textarea[name], select[name]").Each(func(_ int, c *goquery.Selection) {
		name := c.AttrOr("name", "")
		if _, disabled := c.Attr("disabled"); disabled {
			return
		}
		_, checked := c.Attr("checked")
		switch kind := c.AttrOr("type", ""); {
		case goquery.NodeName(c) == "textarea":
			v.Add(name, c.Text())
		case goquery.NodeName(c) == "select":
			o := c.Find("option[selected]").First()
			if o.Length() == 0 {
				o = c.Find("option").First()
			}
			if o.Length() > 0 {
				v.Add(name, o.AttrOr("value", o.Text()))
			}
		case kind == "checkbox" || kind == "radio":
			if checked {
				v.Add(name, c.AttrOr("value", "on"))
			}
		case kind == "submit" || kind == "button" || kind == "file" || kind == "image":
		default:
			v.Add(name, c.AttrOr("value", ""))
		}
	})
	return v
}

// Raw sends any request and returns the answer as it is, a redirect not
// followed and the body unread; the caller closes it.
func (c *Client) Raw(req *http.Request) (*http.Response, error) {
	raw := *c.http
	raw.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return raw.Do(req)
}
