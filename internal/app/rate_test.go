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
	c := s.Client(t)
	from := func(address string, r web.Route) (tooMany bool) {
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
	for address, routes := range map[string][]web.Route{"198.51.100.7": people, "198.51.100.8": machines} {
		if len(routes) == 0 {
			t.Fatal("no routes")
		}
		flood := func(r web.Route) bool {
			for range 3000 {
				if from(address, r) {
					return true
				}
			}
			return false
		}
		if !flood(routes[0]) {
			t.Errorf("%s %s takes any flood", routes[0].Method, routes[0].Pattern)
			continue
		}
		for _, r := range routes {
			// Time goes by, and with it the flood is forgiven little by little.
			if !from(address, r) && !(flood(routes[0]) && from(address, r)) {
				t.Errorf("%s %s is not counted", r.Method, r.Pattern)
			}
		}
		if from("203.0.113.9", routes[0]) {
			t.Errorf("the flood of %s is held against others", address)
		}
	}
}
