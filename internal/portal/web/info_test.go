package portalweb_test

import (
	"net/http"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/config"
)

// Who learns a visitor's address when a map is shown is said by name, and nothing where nobody does.
func TestThePrivacyPageNamesWhoServesMaps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ url, proxy, host string }{
		"browsers":          {url: "https://{s}.peta.example/{z}/{x}/{y}.png?kunci=1", host: "peta.example"},
		"the portal":        {url: "https://peta.example/{z}/{x}/{y}.png", proxy: "https://asal.example/{z}/{x}/{y}.png"},
		"there are no maps": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.New(t, apptest.WithConfig(func(o *config.Config) { o.TileURL, o.TileProxyURL = c.url, c.proxy }))
			text := s.Client(t).Get("/privasi").Want(http.StatusOK).Text("main")
			if said := strings.Contains(text, "alamat internet Anda"); said != (c.host != "") || !strings.Contains(text, c.host) || strings.Contains(text, ".example") != said {
				t.Errorf("it says %q", text)
			}
		})
	}
}
