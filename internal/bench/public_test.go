package bench

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// notMeasured are the addresses that strangers may ask for and that are no pages to be measured
// here: what they begin with, and why.
var notMeasured = map[string]string{
	"/mtr/lapor/{draf}": "a report under way, of who writes it", "/mtr/laporan/{nomor}/{token}": "a report, for who wrote it",
	"/antrean/{token}/ganti": "of a ticket's owner", "/antrean/{token}/perubahan": "live", "/layar/{token}/perubahan": "live",
	"/puskesmas/{puskesmas}/daftar": "of who books", "/daftar/": "of who signs up", "/lupa-sandi/": "of who signs in", "/masuk/kode": "of who signs in",
	"/undangan/{token}": "of who is invited", "/berhenti/{token}": "of who gets messages", "/surat/rt/{token}": "of one neighbour",
	"/mtr/dukungan/{token}": "of who supports", "/mtr/ikuti/{token}": "of who follows",
	"/mtr/data/": "files", "/mtr/foto/": "files", "/ubin/": "files", "/.well-known/": "a file, where it is configured",
	"/bpjs/": "for one machine", "/healthz": "for machines", "/readyz": "for machines",
	"/open311/v2/tokens/": "of who has sent", "/open311/v2/*": "an error", "/open311/v2/servicerequestupdates.{format}": "as requests",
	"/open311/v2/discovery.{format}": "as /open311/discovery",
}

func TestEveryPublicPageIsMeasured(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/access.txt")
	if err != nil {
		t.Fatal(err)
	}
	var public []string
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); f[0] == "GET" && (f[2] == "umum" || f[2] == "tautan") {
			public = append(public, f[1])
		}
	}
	measured := []string{"/", "/mtr", "/mtr/laporan/{nomor}"} // by reading itself
	for _, p := range publicPages {
		measured = append(measured, p.pattern)
		if !slices.Contains(public, p.pattern) {
			t.Errorf("%s is no public page", p.pattern)
		}
	}
	for _, pattern := range public {
		excused := slices.Contains(measured, pattern)
		for beginning := range notMeasured {
			excused = excused || strings.HasPrefix(pattern, beginning)
		}
		if !excused {
			t.Errorf("%s is not measured", pattern)
		}
	}
	for beginning := range notMeasured {
		if !slices.ContainsFunc(public, func(p string) bool { return strings.HasPrefix(p, beginning) && !slices.Contains(measured, p) }) {
			t.Errorf("%s… excuses nothing", beginning)
		}
	}
}
