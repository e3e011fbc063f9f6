package app_test

import (
	"bytes"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

func TestCommandsExplainThemselves(t *testing.T) {
	t.Parallel()
	for _, s := range []struct {
		args, out, errOut string
		code              int
	}{
		{args: "-h", out: "portal wilayah import [-apply] FILE.geojson"},
		{args: "wilayah -h", out: "portal wilayah import [-apply] FILE.geojson"},
		{args: "dev -h", out: "portal dev [-simulate [-speed N]]\n\n"},
		{args: "dev -simulate -speed 0", errOut: "portal dev: -speed must be a whole number from 1 to 60", code: 2},
		{args: "dev --simulate --speed=61", errOut: "portal dev: -speed must be a whole number from 1 to 60", code: 2},
		{args: "dev -speed 20", errOut: "portal dev: -speed needs -simulate", code: 2},
		{args: "serve -simulate", errOut: "portal serve: flag provided but not defined: -simulate", code: 2},
		{args: "wilayah", errOut: "portal wilayah: say portal wilayah import; -h tells more", code: 2},
		{args: "admin baru", errOut: "portal admin: say portal admin create; -h tells more", code: 2},
		{args: "nihil -h", errOut: `portal: there is no command "nihil"; see portal -h`, code: 2},
		{code: 2, out: "portal serve"},
	} {
		var out, errOut bytes.Buffer
		code := app.Main(t.Context(), strings.Fields(s.args), nil, nil, &out, &errOut)
		if code != s.code || !strings.Contains(out.String(), s.out) || strings.TrimSpace(errOut.String()) != s.errOut {
			t.Errorf("portal %s: code %d, said %q and on standard error %q", s.args, code, out.String(), errOut.String())
		}
	}
}

// A portal that could change its own evidence does not start.
func TestThePortalDoesNotServeAsTheOwner(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	own, fine := db.URLFor("portal_owner"), db.URLFor("portal_app")
	for what, urls := range map[string][]string{
		"the owner": {"DATABASE_URL=" + own}, "a superuser": {"DATABASE_URL=" + db.URLFor("postgres"), "DATABASE_DIRECT_URL=" + fine},
		"the owner past the pooler": {"DATABASE_URL=" + fine, "DATABASE_DIRECT_URL=" + own},
	} {
		env := append(urls, "PORTAL_DATA_DIR="+t.TempDir())
		var out, errOut bytes.Buffer
		if code := app.Main(t.Context(), []string{"serve"}, env, nil, &out, &errOut); code != 1 || !strings.Contains(errOut.String(), "use portal_app") {
			t.Errorf("%s: code %d, %q", what, code, errOut.String())
		}
	}
}
