package portalweb_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/portal"
)

// office is a portal with an administrator of the whole city, an admin of one
// kecamatan, and a member of staff without any part in administration.
type office struct {
	*apptest.Server
	city, kecamatan, clerk *apptest.Client
	admin, camat, staff    apptest.Hired
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{Server: apptest.New(t)}
	o.admin = o.Hire(t, apptest.Staff{Email: "admin@uji.example", Name: "Andi Admin", UnitCode: "KOMINFO", City: true, Permissions: portal.AdminPermissions})
	o.camat = o.Hire(t, apptest.Staff{Email: "kec@uji.example", Name: "Kasma Kecamatan", UnitCode: "73.71.13", Permissions: []authz.Permission{portal.PermUnits, portal.PermPeople}})
	o.staff = o.Hire(t, apptest.Staff{Email: "staf@uji.example", Name: "Sitti Staf", UnitCode: "DPU"})
	o.city, o.kecamatan, o.clerk = o.SignedIn(t, o.admin.AccountID), o.SignedIn(t, o.camat.AccountID), o.SignedIn(t, o.staff.AccountID)
	return o
}

// id asks the database as its owner.
func (o *office) id(t *testing.T, sql string, args ...any) (id int64) {
	t.Helper()
	if err := o.DB.Owner().QueryRow(t.Context(), sql, args...).Scan(&id); err != nil {
		t.Fatalf("%s %v: %v", sql, args, err)
	}
	return id
}

func (o *office) unitID(t *testing.T, code string) int64 {
	t.Helper()
	return o.id(t, `SELECT id FROM org_unit WHERE lower(code) = lower($1) AND valid_to IS NULL`, code)
}

// audited fails the test unless the trail holds exactly n such entries.
func (o *office) audited(t *testing.T, n int64, action string, objectID int64) {
	t.Helper()
	if got := o.id(t, `SELECT count(*) FROM audit_entry WHERE action = $1 AND ($2::bigint = 0 OR object_id = $2)`, action, objectID); got != n {
		t.Errorf("the trail holds %d entries %s of %d, want %d", got, action, objectID, n)
	}
}

func admin(format string, args ...any) string { return "/meja/admin" + fmt.Sprintf(format, args...) }

// form is the form of an admin page.
const adminForm = "form.form"

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// refusedWith fails the test unless the page refuses the form with the words in
// its summary and beside the control, and still holds what was typed.
func refusedWith(t *testing.T, p *apptest.Page, status int, control, words string, kept url.Values) {
	t.Helper()
	p.Want(status)
	if s := p.Text("#ringkasan-galat"); !strings.Contains(s, words) {
		t.Errorf("the summary says %q, want %q", s, words)
	}
	if control != "" && !strings.Contains(p.Text("#"+control+"-error"), words) {
		t.Errorf("beside %s: %q, want %q", control, p.Text("#"+control+"-error"), words)
	}
	shown := apptest.Shown(p.Doc.Find(adminForm))
	for name := range kept {
		if got := shown.Get(name); got != kept.Get(name) {
			t.Errorf("%s was typed as %q and is now %q", name, kept.Get(name), got)
		}
	}
}

func TestAdministrationIsForAdministrators(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	visitor := o.Client(t)
	for _, r := range o.App.Router.Routes() {
		if !strings.HasPrefix(r.Pattern, "/meja/admin") || r.Method != "GET" {
			continue
		}
		path := r.Pattern
		for strings.Contains(path, "{") {
			from, to := strings.Index(path, "{"), strings.Index(path, "}")
			path = path[:from] + "1" + path[to+1:]
		}
		o.clerk.Get(path).Want(404)
		if p := visitor.Get(path); p.URL.Path != "/masuk" {
			t.Errorf("a visitor at %s lands at %s with %d", path, p.URL.Path, p.Status)
		}
	}
	if p := o.clerk.Get("/meja").Want(200); strings.Contains(p.Text("main"), "Administrasi") {
		t.Error("the desk offers administration to a clerk")
	}
	if p := o.clerk.Get("/meja").Want(200); !p.Has(`a[href="/meja/panduan"]`) || o.clerk.Get("/meja/panduan").Want(200).Doc.Find("main h2").Length() < 10 {
		t.Error("the desk does not lead to a guide for each role")
	}
	if p := o.city.Get("/meja").Want(200); !p.Has(`a[href="/meja/admin/unit"]`) {
		t.Error("the desk does not lead the administrator to the units")
	}
}

func idText(id int64) string { return fmt.Sprint(id) }
