package mtrweb

import (
	"encoding/xml"
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// feedItems is how many reports the feed holds.
const feedItems = 50

type feed struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	Channel channel  `xml:"channel"`
}

type channel struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	Self        feedSelf `xml:"atom:link"`
	Description string   `xml:"description"`
	Language    string   `xml:"language"`
	TTL         int      `xml:"ttl"` // minutes
	Items       []item   `xml:"item"`
}

type feedSelf struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type item struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	GUID        string `xml:"guid"`
	Category    string `xml:"category"`
	Description string `xml:"description"`
	PubDate     string `xml:"pubDate"`
}

// rss is the public list, with the same filters, for feed readers.
func (h *pages) rss(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := h.readFilter(r.Context(), q)
	if err != nil {
		return err
	}
	page, err := h.MTR.PublicList(r.Context(), v.Filter, mtr.Page{Limit: feedItems})
	if err != nil {
		return err
	}
	f := feed{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Channel: channel{
		Title: "Laporan warga Kota Makassar", Link: h.BaseURL + v.asked("/mtr"),
		Self:        feedSelf{Href: h.BaseURL + v.asked("/mtr/rss.xml"), Rel: "self", Type: "application/rss+xml"},
		Description: "Laporan warga yang baru masuk dan keadaannya.", Language: "id", TTL: 15,
	}}
	for _, it := range page.Items {
		link := h.BaseURL + join("/mtr/laporan", it.Number)
		f.Channel.Items = append(f.Channel.Items, item{
			Title: title(it), Link: link, GUID: link, Category: it.CategoryName,
			Description: it.Status.Label() + ". " + place(it.KelurahanName, it.KecamatanName) + ".",
			PubDate:     it.ReceivedAt.In(clock.Makassar).Format(time.RFC1123Z),
		})
	}
	return writeFeed(w, f)
}

// reportFeed is what happened to one report, newest first.
func (h *pages) reportFeed(w http.ResponseWriter, r *http.Request) error {
	rep, err := h.MTR.PublicView(r.Context(), web.Path(r, "nomor"))
	if err != nil {
		return err
	}
	link := h.BaseURL + join("/mtr/laporan", rep.Number)
	name := rep.Title
	if name == "" {
		name = rep.CategoryName
	}
	f := feed{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Channel: channel{
		Title: "Laporan " + rep.Number + ": " + name, Link: link, Self: feedSelf{Href: link + "/rss.xml", Rel: "self", Type: "application/rss+xml"},
		Description: "Perkembangan laporan " + rep.Number + ".", Language: "id", TTL: 15,
	}}
	for i := len(rep.Timeline) - 1; i >= 0; i-- {
		e := moment(rep.Timeline[i])
		f.Channel.Items = append(f.Channel.Items, item{
			Title: e.Title, Link: link, GUID: link + "#" + strconv.Itoa(i+1), Category: rep.CategoryName, Description: e.Text,
			PubDate: rep.Timeline[i].At.In(clock.Makassar).Format(time.RFC1123Z),
		})
	}
	return writeFeed(w, f)
}

func writeFeed(w http.ResponseWriter, f feed) error {
	body, err := xml.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, _ = w.Write(append([]byte(xml.Header), body...)) // the reader may be gone
	return nil
}
