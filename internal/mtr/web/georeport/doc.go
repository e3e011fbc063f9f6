// Package georeport is module mtr as other systems see it: Open311 GeoReport v2 in XML
// and JSON with its service discovery, after the specification as it was frozen
// (wiki.open311.org/GeoReport_v2), and these extensions that others have too:
// page and page_size with a Link header, extensions=true, servicerequestupdates,
// pictures as multipart field "media", and the Idempotency-Key header.
//
// What is public elsewhere is what is public here: everything comes from mtr.OpenReports,
// which holds nothing confidential, hidden or unconfirmed.
package georeport

import (
	"net/http"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Jurisdiction is the jurisdiction_id of the city.
const Jurisdiction = "makassarkota.go.id"

// Specification names what the endpoint follows.
const Specification = "http://wiki.open311.org/GeoReport_v2"

const (
	base = "/open311/v2"
	// readsPerMinute is far above what one system needs, and far below a flood.
	readsPerMinute = 600
	// sendBody holds a full set of photos with room for the other fields.
	sendBody = mtr.MaxPhotos*mtr.MaxPhotoBytes + 1<<20
)

// Deps is what the interface stands on.
type Deps struct {
	MTR     *mtr.Module
	DB      pg.Querier // for the city's kelurahan
	Clock   clock.Clock
	BaseURL string // without a trailing slash
}

type server struct{ Deps }

// Routes of the interface. They know no sessions; who sends a report shows a key.
func Routes(d Deps) []web.Route {
	s := &server{d}
	var all []web.Route
	add := func(method, pattern string, h web.Handler) *web.Route {
		all = append(all, web.Route{Method: method, Pattern: pattern, Access: web.Public, Handle: h, Machine: true, OnError: refuse})
		return &all[len(all)-1]
	}
	read := func(pattern string, h web.Handler) *web.Route {
		route := add(http.MethodGet, pattern, open(h))
		route.PerMinute, route.Reads = readsPerMinute, true
		return route
	}
	read("/open311/discovery.{format}", s.discovery)
	read("/open311/openapi.json", s.openapi)
	read(base+"/discovery.{format}", s.discovery)
	read(base+"/services.{format}", s.services)
	read(base+"/services/{code}.{format}", s.definition)
	read(base+"/requests.{format}", s.requests)
	read(base+"/requests/{id}.{format}", s.request)
	read(base+"/tokens/{token}.{format}", s.token).Reads = false // for who has just sent something
	read(base+"/servicerequestupdates.{format}", s.updates)
	send := add(http.MethodPost, base+"/requests.{format}", s.send)
	send.MaxBody, send.Upload = sendBody, true
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		add(method, base+"/*", s.nowhere)
	}
	return all
}

// open lets pages of other sites read what everybody may read.
func open(h web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Expose-Headers", "Link")
		return h(w, r)
	}
}

// format of the answer: the path's extension, XML where it has no known one.
func format(r *http.Request) string {
	if strings.HasSuffix(r.URL.Path, ".json") {
		return "json"
	}
	return "xml"
}
