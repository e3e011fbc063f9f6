package portalweb

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
	said, named := pages.String(), regexp.MustCompile("“([^”]+)”")
	for _, g := range guides {
		for _, step := range g.Steps {
			for _, m := range named.FindAllStringSubmatch(step, -1) {
				if name := m[1]; !strings.Contains(said, `"`+name+`"`) && !strings.Contains(said, ">"+name+"<") && !strings.Contains(said, "\t"+name+"\n") {
					t.Errorf("%s: no page says %q", g.Role, name)
				}
			}
		}
	}
}
