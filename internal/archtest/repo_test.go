package archtest

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The lock file pins contents by hash; where they are downloaded from is the
// business of whoever builds.
func TestLockFileNamesNoDownloadAddresses(t *testing.T) {
	t.Parallel()
	lock := readFile(t, "../../web/package-lock.json")
	if !strings.Contains(lock, `"integrity"`) {
		t.Fatal("web/package-lock.json pins nothing")
	}
	if i := strings.Index(lock, `"resolved"`); i >= 0 {
		t.Errorf("web/package-lock.json records download addresses, e.g. %s; keep omit-lockfile-registry-resolved=true in web/.npmrc", lock[i:min(i+80, len(lock))])
	}
	if !strings.Contains(readFile(t, "../../web/.npmrc"), "omit-lockfile-registry-resolved=true") {
		t.Error("web/.npmrc must set omit-lockfile-registry-resolved=true")
	}
}

// A migration is sent as one simple query and so is one transaction, which the
// runner relies on; and each can be taken back.
func TestMigrationFiles(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^(\d{6})_([a-z0-9]+)_[a-z0-9_]+\.(up|down)\.sql$`)
	transaction := regexp.MustCompile(`(?im)^\s*(begin|commit|rollback)\s*;|\bconcurrently\b`)
	entries, err := os.ReadDir("../../migrations")
	if err != nil {
		t.Fatal(err)
	}
	directions := map[string][]string{}
	for _, e := range entries {
		if e.Name() == "embed.go" {
			continue
		}
		m := name.FindStringSubmatch(e.Name())
		if m == nil {
			t.Errorf("migrations/%s: want NNNNNN_<owner>_<what>.{up,down}.sql", e.Name())
			continue
		}
		if m[2] != "platform" && !slices.Contains(modules, m[2]) {
			t.Errorf("migrations/%s: the owner is platform or a module", e.Name())
		}
		directions[m[1]] = append(directions[m[1]], m[3])
		if bad := transaction.FindString(sqlComment.ReplaceAllString(readFile(t, "../../migrations/"+e.Name()), "")); bad != "" {
			t.Errorf("migrations/%s contains %q: a file is one transaction already", e.Name(), strings.TrimSpace(bad))
		}
	}
	for number, have := range directions {
		slices.Sort(have)
		if !slices.Equal(have, []string{"down", "up"}) {
			t.Errorf("migration %s has %v; want one up and one down", number, have)
		}
	}
}

// What must not stay behind in a file that is shipped. The words are put
// together here so that this file does not contain them.
var leftovers = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b|t\.Skip(f|Now)?\(|time\.Sle` + `ep\(`)

func TestNoLeftovers(t *testing.T) {
	t.Parallel()
	root := "../.."
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{".git", "node_modules", "dist", ".local", ".tools", "bin"}, d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".templ", ".sql", ".js", ".mjs", ".css", ".sh"}, filepath.Ext(path)) {
			return nil
		}
		inTest := strings.HasSuffix(path, "_test.go")
		for i, line := range strings.Split(readFile(t, path), "\n") {
			found := leftovers.FindString(line)
			if found == "" || path == filepath.Join(root, "internal/archtest/repo_test.go") {
				continue
			}
			if strings.HasPrefix(found, "time.") && !inTest {
				continue // waiting is fine outside tests
			}
			t.Errorf("%s:%d: %s", path, i+1, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A document that rests on a test names one that is there.
func TestDocumentsNameTestsThatExist(t *testing.T) {
	t.Parallel()
	declared := map[string]bool{}
	header := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") {
			for _, m := range header.FindAllStringSubmatch(readFile(t, path), -1) {
				declared[m[1]] = true
			}
		}
		return err
	})
	if err != nil || len(declared) == 0 {
		t.Fatal("no tests", err)
	}
	documents, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(documents) == 0 {
		t.Fatal("no documents", err)
	}
	for _, f := range documents {
		for _, name := range regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(readFile(t, f), -1) {
			if !declared[name] {
				t.Errorf("%s names %s, which is no test", filepath.Base(f), name)
			}
		}
	}
}
