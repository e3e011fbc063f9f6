package georeport

import (
	_ "embed"
	"net/http"
	"strconv"
)

// changeset is when the interface last changed; raise it with each change.
const changeset = "2026-11-26T12:00:00+08:00"

func (s *server) discovery(w http.ResponseWriter, r *http.Request) error {
	if _, err := asked(r); err != nil {
		return err
	}
	formats := list{"formats", []element{{"format", []field{{"", "text/xml"}}}, {"format", []field{{"", "application/json"}}}}}
	w.Header().Set("Cache-Control", "public, max-age=300")
	return write(w, r, http.StatusOK, element{"discovery", []field{
		{"changeset", changeset}, {"contact", "Pemerintah Kota Makassar, " + s.BaseURL + "/open311"},
		{"key_service", "Minta kunci di " + s.BaseURL + "/open311"},
		{"endpoints", list{"endpoints", []element{{"endpoint", []field{
			{"specification", Specification}, {"url", s.BaseURL + base + "/"}, {"changeset", changeset}, {"type", "production"}, {"formats", formats},
		}}}}},
	}})
}

//go:embed openapi.json
var openapi []byte

// openapi describes the interface for machines.
func (s *server) openapi(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(openapi)))
	h.Set("Cache-Control", "public, max-age=300")
	if r.Method != http.MethodHead {
		_, _ = w.Write(openapi) // the reader may be gone
	}
	return nil
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
