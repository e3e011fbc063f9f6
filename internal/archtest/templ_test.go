package archtest

import (
	"bytes"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/a-h/templ/generator"
	"github.com/a-h/templ/parser/v2"
)

// What `make generate` would write is what stands in the tree, file by file and no more. It is
// asked of templ's library: building its tool takes longer than all of these.
func TestGeneratedTemplatesAreInStep(t *testing.T) {
	t.Parallel()
	n := 0
	err := filepath.WalkDir("../../internal", func(path string, _ fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case strings.HasSuffix(path, ".templ"):
			n++
			want := generated(t, path)
			if have, err := os.ReadFile(strings.TrimSuffix(path, ".templ") + "_templ.go"); err != nil || !bytes.Equal(have, want) {
				t.Errorf("%s is not in step with what is generated from it, %v; run: make generate", path, err)
			}
		case strings.HasSuffix(path, "_templ.go"):
			if _, err := os.Stat(strings.TrimSuffix(path, "_templ.go") + ".templ"); err != nil {
				t.Errorf("%s comes from no template: %v", path, err)
			}
		}
		return nil
	})
	if err != nil || n < 100 {
		t.Errorf("%d templates, %v", n, err)
	}
}

func generated(t *testing.T, path string) []byte {
	t.Helper()
	file, err := parser.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := generator.Generate(file, &b, generator.WithVersion(templ.Version()), generator.WithFileName(strings.TrimPrefix(filepath.ToSlash(path), "../../"))); err != nil {
		t.Fatal(err)
	}
	source, err := format.Source(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return source
}
