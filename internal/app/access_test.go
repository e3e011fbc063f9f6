package app_test

import (
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

var updateAccess = flag.Bool("update-access", false, "write docs/access.txt anew")

const accessFile = "../../docs/access.txt"

// Who may call what is on paper, so that a change of it is seen by whoever reads the change.
func TestTheAccessOfEveryRouteIsOnPaper(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, r := range ownRoutes(apptest.New(t)) {
		fmt.Fprintf(&b, "%-7s%-72s%s\n", r.Method, r.Pattern, r.Access)
	}
	if *updateAccess {
		if err := os.WriteFile(accessFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(accessFile)
	if err != nil {
		t.Fatal(err)
	}
	old := slices.Collect(strings.Lines(string(want)))
	now := slices.Collect(strings.Lines(b.String()))
	for _, line := range now {
		if !slices.Contains(old, line) {
			t.Errorf("not in docs/access.txt: %s", line)
		}
	}
	for _, line := range old {
		if !slices.Contains(now, line) {
			t.Errorf("only in docs/access.txt: %s", line)
		}
	}
	if t.Failed() {
		t.Log("if this is meant: go test ./internal/app -run OnPaper -update-access")
	}
}

// ownRoutes are the portal's routes, sorted, without those of the tests.
func ownRoutes(s *apptest.Server) []web.Route {
	routes := slices.DeleteFunc(s.App.Router.Routes(), func(r web.Route) bool { return strings.HasPrefix(r.Pattern, "/uji/") })
	slices.SortFunc(routes, func(a, b web.Route) int { return strings.Compare(a.Pattern+" "+a.Method, b.Pattern+" "+b.Method) })
	return routes
}

// Every route turns away who may not call it: strangers, citizens, staff without a
// permission, and staff with every permission but the route's own.
func TestEveryRouteTurnsAwayWhoMayNotCallIt(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	stranger := s.Client(t)
	citizen := s.SignedIn(t, s.Citizen(t, "warga@uji.example", "Warga Uji"))
	novice := s.SignedIn(t, s.Hire(t, apptest.Staff{Email: "baru@uji.example", Name: "Baru Masuk", UnitCode: "73.71"}).AccountID)
	lacking := map[string]*apptest.Client{} // by what the route asks for
	for _, r := range ownRoutes(s) {
		access := r.Access.String()
		switch access {
		case "umum", "tautan":
			continue
		}
		wantStatus(t, s, stranger, r, "a stranger", http.StatusSeeOther)
		if access == "akun" {
			continue
		}
		wantStatus(t, s, citizen, r, "a citizen", http.StatusNotFound)
		if access == "pegawai" {
			continue
		}
		wantStatus(t, s, novice, r, "staff without a permission", http.StatusNotFound)
		if lacking[access] == nil {
			own := strings.Split(access, "|")
			lacking[access] = s.SignedIn(t, s.Hire(t, apptest.Staff{
				Email: fmt.Sprintf("kurang%d@uji.example", len(lacking)), Name: fmt.Sprint("Kurang ", len(lacking)), UnitCode: "73.71", City: true,
				Permissions: slices.DeleteFunc(authz.Registered(), func(p authz.Permission) bool { return slices.Contains(own, string(p)) }),
			}).AccountID)
		}
		wantStatus(t, s, lacking[access], r, "staff with all but "+access, http.StatusNotFound)
	}
	if len(lacking) < 20 {
		t.Errorf("the routes ask for %v alone", slices.Collect(maps.Keys(lacking)))
	}
}

var pathParameter = regexp.MustCompile(`\{[^}]+\}`)

func wantStatus(t *testing.T, s *apptest.Server, c *apptest.Client, r web.Route, who string, want int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), r.Method, s.URL+pathParameter.ReplaceAllString(r.Pattern, "1"), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := c.Raw(req)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	to := answer.Header.Get("Location")
	if answer.StatusCode != want || want == http.StatusSeeOther && !strings.HasPrefix(to, "/masuk?") {
		t.Errorf("%s %s (%s) answers %s with %d %s", r.Method, r.Pattern, r.Access, who, answer.StatusCode, to)
	}
}

// What a request may cost is bounded by its route: only where files come may a body be large.
func TestEveryRouteHasItsBounds(t *testing.T) {
	t.Parallel()
	const files, words = 128 << 20, 16 << 20 // words: official letters with their marks
	for _, r := range ownRoutes(apptest.New(t)) {
		name := r.Method + " " + r.Pattern
		switch {
		case r.Upload && (r.MaxBody <= web.DefaultBody || r.MaxBody > files):
			t.Errorf("%s takes files, and %d bytes", name, r.MaxBody)
		case !r.Upload && r.MaxBody > web.DefaultBody && (r.MaxBody > words || !strings.HasPrefix(r.Pattern, "/meja/eoffice/")):
			t.Errorf("%s takes no files, but %d bytes", name, r.MaxBody)
		case r.Upload && r.Stream || r.Method == http.MethodGet && r.Upload:
			t.Errorf("%s has no end", name)
		case r.Timeout > 30*time.Minute:
			t.Errorf("%s may take %v", name, r.Timeout)
		}
	}
}
