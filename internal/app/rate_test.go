package app_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Whatever is sent counts: after a flood from one network every route that is not read refuses
// that network, those for people and those for machines, and answers others as before.
func TestEveryRouteThatIsSentToCounts(t *testing.T) {
	t.Parallel()
	s := apptest.New(t, apptest.WithConfig(func(c *config.Config) {
		c.RateLimits, c.Proxies = "on", []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	}))
	from := func(c *apptest.Client, address string, r web.Route) (tooMany bool) {
		path := pathParameter.ReplaceAllString(strings.ReplaceAll(r.Pattern, "*", "x"), "1")
		req, err := http.NewRequestWithContext(t.Context(), r.Method, s.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Forwarded-For", address)
		answer, err := c.Raw(req)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		// Mobile JKN reads what is wrong in an envelope, under 200.
		return answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode == http.StatusOK && answer.Header.Get("Retry-After") != ""
	}
	var people, machines []web.Route
	for _, r := range ownRoutes(s) {
		switch {
		case r.Method == http.MethodGet || r.Method == http.MethodHead:
		case r.Machine:
			machines = append(machines, r)
		default:
			people = append(people, r)
		}
	}
	stranger, citizen := s.Client(t), s.SignedIn(t, s.Citizen(t, "rahma@contoh.id", "Rahma"))
	for _, flood := range []struct {
		by      *apptest.Client
		address string
		other   *apptest.Client // who sends from the same address and is not held to it
		routes  []web.Route
	}{
		{stranger, "198.51.100.7", citizen, people},
		{stranger, "198.51.100.8", nil, machines},
		{citizen, "198.51.100.9", stranger, people},
	} {
		if len(flood.routes) == 0 {
			t.Fatal("no routes")
		}
		first := flood.routes[0]
		full := func() bool {
			for range 3000 {
				if from(flood.by, flood.address, first) {
					return true
				}
			}
			return false
		}
		if !full() {
			t.Errorf("%s: %s %s takes any flood", flood.address, first.Method, first.Pattern)
			continue
		}
		if flood.other != nil && from(flood.other, flood.address, first) || from(stranger, "203.0.113.9", first) {
			t.Errorf("the flood of %s is held against others", flood.address)
		}
		for _, r := range flood.routes {
			// Time goes by, and with it the flood is forgiven little by little.
			if !from(flood.by, flood.address, r) && !(full() && from(flood.by, flood.address, r)) {
				t.Errorf("%s: %s %s is not counted", flood.address, r.Method, r.Pattern)
			}
		}
	}
}
