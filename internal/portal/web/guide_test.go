package portalweb_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestGuideNamesWhatTheScreensSay looks for every button and page that the guide names in the
// sources of the pages.
func TestGuideNamesWhatTheScreensSay(t *testing.T) {
	t.Parallel()
	var pages strings.Builder
	internal := os.DirFS("../..")
	err := fs.WalkDir(internal, ".", func(path string, _ fs.DirEntry, err error) error {
		written := strings.HasSuffix(path, ".templ") || strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_templ.go") && !strings.HasSuffix(path, "_test.go")
		if err != nil || !written || strings.HasSuffix(path, "/guide.go") {
			return err
		}
		text, err := fs.ReadFile(internal, path)
		pages.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile("guide.go")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile("“([^”]+)”").FindAllStringSubmatch(string(guide), -1)
	if len(names) < 50 {
		t.Fatalf("the guide names %d buttons and pages", len(names))
	}
	said := pages.String()
	for _, m := range names {
		if name := m[1]; !strings.Contains(said, `"`+name+`"`) && !strings.Contains(said, ">"+name+"<") && !strings.Contains(said, "\t"+name+"\n") {
			t.Errorf("no page says %q", name)
		}
	}
}
