package e2e_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/e2e"
)

// shots is where TestScreens and TestGallery leave their pictures, of the pages that are asked for:
//
//	go test ./internal/e2e -run TestScreens -screens=/tmp/shots -only='^/(bantuan|antrean)'
var (
	shots = flag.String("screens", "", "write a PNG of every page to this folder")
	only  = flag.String("only", "", "look only at pages whose address or name matches this expression")
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(e2e.Main(m))
}

// looks are the ways in which every page is seen.
var looks = []struct {
	name    string
	options []e2e.Option
}{
	{"360-light", []e2e.Option{e2e.Phone}},
	{"360-dark", []e2e.Option{e2e.Phone, e2e.Dark}},
	{"1280-light", []e2e.Option{e2e.Desktop}},
	{"1280-dark", []e2e.Option{e2e.Desktop, e2e.Dark}},
}

// snap writes a picture if the run asks for pictures.
func snap(tab *e2e.Tab, page, look string) {
	if *shots == "" {
		return
	}
	name := strings.Trim(strings.NewReplacer("/", "_", "?", "_", "=", "-", "&", "_").Replace(page), "_")
	if name == "" {
		name = "depan"
	}
	tab.Screenshot(filepath.Join(*shots, name+"-"+look+".png"))
}
