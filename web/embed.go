// Package assets carries what the browser downloads: the bundles that
// `npm run build` leaves in static/dist, the icons and the web app manifest.
package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"slices"
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

// shellFiles is what phones keep of the portal for the time without network.
var shellFiles = []string{"site.css", "app.js", "luring.js", "lapangan.js", "icons/favicon.svg", "icons/icon-192.png"}

// Worker is the service worker for the pages, which are the same for everybody. Its bytes
// change with every file in it, and so do the browsers then: the shell is fetched anew.
func Worker(pages []string) []byte {
	code, err := fs.ReadFile(Static, "static/dist/"+manifest["sw.js"])
	if err != nil {
		return nil // not built
	}
	var shell struct {
		Name  string   `json:"name"`
		Files []string `json:"files"`
		Pages []string `json:"pages"`
	}
	hash := sha256.New()
	for _, name := range shellFiles {
		address := Asset(name)
		file, _ := fs.ReadFile(Static, strings.TrimPrefix(address, "/")) // a missing one changes the name too
		hash.Write(append([]byte(address), file...))
		shell.Files = append(shell.Files, address)
	}
	shell.Pages = pages
	hash.Write([]byte(strings.Join(pages, "\n")))
	shell.Name = "kerangka-" + hex.EncodeToString(hash.Sum(nil)[:8])
	head, err := json.Marshal(shell)
	if err != nil {
		panic(err) // three strings always marshal
	}
	return slices.Concat([]byte("self.SHELL="), head, []byte(";\n"), code)
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
