package archtest

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var updateLibraries = flag.Bool("update-libraries", false, "write docs/libraries.txt anew")

const librariesFile = "../../docs/libraries.txt"

// licences are known by what they say, in the order in which they are named.
var licences = []struct{ id, says, not string }{
	{"Apache-2.0", "Apache License", ""},
	{"MPL-2.0", "Mozilla Public License Version 2.0", ""},
	{"MIT", "Permission is hereby granted, free of charge", ""},
	{"BSD-3-Clause", "endorse or promote products", ""},
	{"BSD-2-Clause", "Redistribution and use in source and binary forms", "endorse or promote products"},
}

// What of others is in the portal, and under which licence, is on paper; a licence that
// nobody has looked at does not come in unseen.
func TestTheLibrariesAreOnPaper(t *testing.T) {
	t.Parallel()
	now := append(goLibraries(t), browserLibraries(t)...)
	slices.Sort(now)
	now = slices.Compact(now)
	text := strings.Join(now, "\n") + "\n"
	if *updateLibraries {
		if err := os.WriteFile(librariesFile, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	paper, err := os.ReadFile(librariesFile)
	if err != nil {
		t.Fatal(err)
	}
	old := strings.Split(strings.TrimSuffix(string(paper), "\n"), "\n")
	for _, line := range now {
		if !slices.Contains(old, line) {
			t.Errorf("not in docs/libraries.txt: %s", line)
		}
	}
	for _, line := range old {
		if !slices.Contains(now, line) {
			t.Errorf("only in docs/libraries.txt: %s", line)
		}
	}
	if t.Failed() {
		t.Log("if this is meant: go test ./internal/archtest -run Libraries -update-libraries")
	}
}

func library(name, version, licence string) string {
	return fmt.Sprintf("%-66s%-40s%s", name, version, licence)
}

// goLibraries are the modules that are linked into the portal.
func goLibraries(t *testing.T) (lines []string) {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if .Version}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}", "./cmd/portal")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) != 3 {
			continue
		}
		lines = append(lines, library(f[0], f[1], licenceIn(t, f[2])))
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

func licenceIn(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "LICEN[CS]E*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no licence, %v", dir, err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Join(strings.Fields(string(b)), " ")
	var ids []string
	for _, l := range licences {
		if strings.Contains(words, l.says) && (l.not == "" || !strings.Contains(words, l.not)) {
			ids = append(ids, l.id)
		}
	}
	if len(ids) == 0 {
		t.Fatalf("what licence is %s?", files[0])
	}
	return strings.Join(ids, " and ")
}

// browserLibraries are the npm packages that are bundled for browsers.
func browserLibraries(t *testing.T) (lines []string) {
	t.Helper()
	b, err := os.ReadFile("../../web/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			Version, License string
			Dev, Optional    bool
		}
	}
	if err := json.Unmarshal(b, &lock); err != nil {
		t.Fatal(err)
	}
	for _, path := range slices.Sorted(maps.Keys(lock.Packages)) {
		p, name := lock.Packages[path], strings.TrimPrefix(path, "node_modules/")
		if path == "" || p.Dev || p.Optional || name == "esbuild" || strings.HasSuffix(name, "-types") {
			continue
		}
		lines = append(lines, library("npm "+name, p.Version, p.License))
	}
	return lines
}
