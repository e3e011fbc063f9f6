// Package assets carries what the browser downloads: the bundles that
// `npm run build` leaves in static/dist, the icons and the web app manifest.
package assets

import (
	"embed"
	"encoding/json"
	"io/fs"
	"strings"
)

// Static holds the tree under static/. The bundles in static/dist are not
// committed; a binary built without them works, unstyled.
//
//go:embed all:static
var Static embed.FS

// manifest maps a bundle's plain name ("app.js") to its hashed file name
// ("app.1A2B3C4D.js"); it is empty when the bundles were not built.
var manifest = readManifest(Static)

func readManifest(files fs.FS) map[string]string {
	names := map[string]string{}
	raw, err := fs.ReadFile(files, "static/dist/manifest.json")
	if err != nil {
		return names
	}
	if err := json.Unmarshal(raw, &names); err != nil {
		// The build writes this file; a broken one is a broken build.
		panic("web/static/dist/manifest.json: " + err.Error())
	}
	return names
}

// Asset returns the address of a bundle or of a file under static/.
// Names in the manifest get their hashed address, which never changes its
// content and may be cached for ever; other names are served as they are.
func Asset(name string) string {
	if hashed, ok := manifest[name]; ok {
		return "/static/dist/" + hashed
	}
	if strings.Contains(name, "/") {
		return "/static/" + name
	}
	return "/static/dist/" + name
}

// Built says whether the bundles are in the binary.
func Built() bool { return len(manifest) > 0 }

// Immutable says whether the path under static/ carries a content hash.
func Immutable(path string) bool {
	name, ok := strings.CutPrefix(path, "dist/")
	if !ok {
		return false
	}
	for _, hashed := range manifest {
		if hashed == name {
			return true
		}
	}
	return false
}
