package georeport

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// mostRows is how many records one answer holds at most.
const mostRows = 1000

// page is a stretch of a list; the first is 1.
type page struct{ number, size int }

func (p params) page() (out page, err error) {
	if out.number, err = p.whole("page", 1, 1_000_000, 1); err != nil {
		return out, err
	}
	out.size, err = p.whole("page_size", 1, mostRows, mostRows)
	return out, err
}

func (g page) offset() int { return (g.number - 1) * g.size }

// link tells by RFC 8288 where the neighbouring pages are.
func (g page) link(w http.ResponseWriter, r *http.Request, baseURL string, p params, more bool) {
	var links []string
	to := func(number int, rel string) {
		q := url.Values{}
		for name, v := range p.Values {
			q[name] = v
		}
		q.Set("page", strconv.Itoa(number))
		q.Set("page_size", strconv.Itoa(g.size))
		links = append(links, "<"+baseURL+r.URL.EscapedPath()+"?"+q.Encode()+`>; rel="`+rel+`"`)
	}
	if g.number > 1 {
		to(1, "first")
		to(g.number-1, "prev")
	}
	if more {
		to(g.number+1, "next")
	}
	if len(links) > 0 {
		w.Header().Set("Link", strings.Join(links, ", "))
	}
}
