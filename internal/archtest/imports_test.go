package archtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// pkg is what the rules need to know of a package. Name is its path below the
// Go module's.
type pkg struct {
	Name    string
	Dir     string
	Files   []string // without tests
	Imports []string // of Files; those of this Go module by Name
}

// packages lists this Go module's packages as the go command sees them.
func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,GoFiles,Imports", modulePath+"...")
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath, Dir  string
			GoFiles, Imports []string
		}
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		for i, path := range p.Imports {
			p.Imports[i] = strings.TrimPrefix(path, modulePath)
		}
		all = append(all, pkg{strings.TrimPrefix(p.ImportPath, modulePath), p.Dir, p.GoFiles, p.Imports})
	}
	if len(all) < 20 {
		t.Fatalf("go list found only %d packages: the rules would check nothing", len(all))
	}
	return all
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, problem := range checkImports(p) {
			t.Errorf("%s %s", p.Name, problem)
		}
	}
}

// TestRulesBite feeds the rules what they forbid.
func TestRulesBite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, imports string
		want          string // part of the complaint, empty when it is allowed
	}{
		{"cmd/portal", "internal/app", ""},
		{"cmd/portal", "internal/mtr", "rule 1"},
		{"internal/app", "migrations", ""},
		{"internal/app", "internal/mtr/web", ""},
		{"internal/platform/pg", "migrations", "rule 1"},
		{"internal/mtr", "internal/app", "rule 1"},
		{"internal/mtr", "net/http", "rule 2"},
		{"internal/mtr", "github.com/a-h/templ", "rule 2"},
		{"internal/mtr", "internal/platform/web", "rule 2"},
		{"internal/mtr", "internal/platform/form", "rule 2"},
		{"internal/mtr", "internal/platform/pg", ""},
		{"internal/mtr", "internal/eoffice", "rule 2"},
		{"internal/mtr", "internal/portal", "rule 2"},
		{"internal/mtr/route", "net/http/httptest", "rule 2"},
		{"internal/mtr/route", "internal/mtr", ""},
		{"internal/mtr/web", "net/http", ""},
		{"internal/mtr/web", "internal/mtr", ""},
		{"internal/mtr/web", "internal/platform/ui", ""},
		{"internal/mtr/web", "internal/kuciniki", "rule 3"},
		{"internal/mtr/web", "internal/platform/pgtest", "rule 5"},
		{"internal/platform/pg", "internal/mtr", "rule 4"},
		{"internal/platform/pg", "internal/platform/web", "rule 4"},
		{"internal/platform/pg", "internal/platform/errs", ""},
		{"internal/platform/media/mediatest", "internal/platform/media", ""},
		{"internal/app", "internal/platform/pgtest", "rule 5"},
		{"internal/bench/cmd", "internal/platform/pgtest", ""},
		{"internal/util", "fmt", "no rule"},
		{"internal/platform/helpers", "fmt", "no rule"},
	} {
		got := strings.Join(checkImports(pkg{Name: c.name, Imports: []string{c.imports}}), "; ")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s importing %s: got %q, want %q", c.name, c.imports, got, c.want)
		}
	}
}

func under(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

func underAny(name string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return under(name, f) })
}

// moduleOf returns the module a package is part of, or "".
func moduleOf(name string) string {
	for _, m := range modules {
		if under(name, "internal/"+m) {
			return m
		}
	}
	return ""
}

// platformOf returns the platform package that a package is or lies under, or "".
func platformOf(name string) string {
	rest, ok := strings.CutPrefix(name, "internal/platform/")
	if !ok {
		return ""
	}
	first, _, _ := strings.Cut(rest, "/")
	return first
}

// checkImports returns what is wrong with a package's place and direct imports.
func checkImports(p pkg) (problems []string) {
	complain := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	var allowed func(imported string) (rule string, ok bool)
	switch {
	case under(p.Name, "cmd"):
		allowed = func(i string) (string, bool) { return "rule 1: cmd imports app only", under(i, "internal/app") }
	case underAny(p.Name, "internal/app", "internal/bench", "internal/demo", "internal/e2e"):
		allowed = func(string) (string, bool) { return "", true }
	case underAny(p.Name, "web", "migrations", "internal/archtest", "internal/lint"):
		allowed = func(string) (string, bool) { return "a leaf of the tree imports nothing of ours", false }
	case moduleOf(p.Name) != "":
		m := moduleOf(p.Name)
		web := under(p.Name, "internal/"+m+"/web")
		allowed = func(i string) (string, bool) {
			rule := "rule 2: a module's domain"
			if web {
				rule = "rule 3: a module's web"
			}
			name := platformOf(i)
			if name != "" {
				return rule + " may not use this platform package",
					!slices.Contains(forNobody, name) && (web || !slices.Contains(forWeb, name))
			}
			return rule + " imports its own module and platform only", under(i, "internal/"+m)
		}
		if !web {
			for _, i := range p.Imports {
				if underAny(i, "net/http", "github.com/a-h/templ") {
					complain("imports %s (rule 2: only web/** speaks HTTP and HTML)", i)
				}
			}
		}
	case platformOf(p.Name) != "":
		own := platformOf(p.Name)
		edges, known := platformEdges[own]
		if !known {
			complain("is placed by no rule: add it to platformEdges with what it imports")
		}
		allowed = func(i string) (string, bool) {
			if name := platformOf(i); name != "" {
				return "rule 4: not among platformEdges of " + own, name == own || slices.Contains(edges, name)
			}
			// The two that serve or name the files of web/.
			return "rule 4: platform knows neither modules nor app", i == "web" && (own == "ui" || own == "web") ||
				i == "migrations" && own == "pgtest"
		}
	default:
		complain("is placed by no rule: decide where it belongs and say so in rules_test.go")
		return problems
	}
	for _, i := range p.Imports {
		if !strings.HasPrefix(i, "internal/") && !underAny(i, "cmd", "web", "migrations") {
			continue // not ours
		}
		if i == "migrations" && !underAny(p.Name, "internal/app", "internal/platform/pgtest", "internal/bench") {
			complain("imports %s (rule 1: only app, pgtest and bench do)", i)
			continue
		}
		if under(i, "internal/app") && !underAny(p.Name, "cmd", "internal/app", "internal/bench", "internal/e2e") {
			complain("imports %s (rule 1: nothing below app knows it)", i)
			continue
		}
		testOnly := underAny(i, "internal/platform/pgtest", "internal/app/apptest")
		if testOnly && !underAny(p.Name, "internal/platform/pgtest", "internal/app/apptest", "internal/bench") {
			complain("imports %s (rule 5: for tests and bench only)", i)
			continue
		}
		if rule, ok := allowed(i); !ok {
			complain("imports %s (%s)", i, rule)
		}
	}
	return problems
}
