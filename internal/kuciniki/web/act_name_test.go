package kucinikiweb_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	kucinikiweb "makassartidakrantasa.com/portal/internal/kuciniki/web"
)

// Every act that the module writes to the audit trail in so many words has a name there.
func TestEveryActHasAName(t *testing.T) {
	t.Parallel()
	act, n := regexp.MustCompile(`"(kuciniki\.[a-z_]+\.[a-z_]+)"`), 0
	for _, folder := range []string{"..", "../evidence"} {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range act.FindAllStringSubmatch(string(text), -1) {
				if n++; kucinikiweb.ActName(m[1]) == "" {
					t.Errorf("%s: %s has no name", filepath.Base(file), m[1])
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d acts were found", n)
	}
}
