package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/network"
)

// Sound checks the page that is shown: no violation of the WCAG rules that axe
// knows, and all that Fits checks. Problems are reported, not fatal, so that one run
// names them all.
func (tab *Tab) Sound() *Tab {
	tab.t.Helper()
	if !tab.noScript { // axe waits for timers, which such a page has none of
		tab.report(tab.axe(wcag))
	}
	return tab.Fits()
}

// Fits checks that nothing on the page is wider than the screen, no script failed, the
// content security policy refused nothing and no file is missing.
func (tab *Tab) Fits() *Tab {
	tab.t.Helper()
	tab.report(tab.Overflow())
	tab.report(tab.Complaints())
	return tab
}

// Contrast checks the colours alone: all that a change between light and dark
// can spoil.
func (tab *Tab) Contrast() *Tab {
	tab.t.Helper()
	tab.report(tab.axe(only(colours...)))
	return tab
}

func (tab *Tab) report(problems []string) {
	tab.t.Helper()
	for _, p := range problems {
		tab.t.Errorf("%s (%s): %s", tab.Path(), tab.kind(), p)
	}
}

func (tab *Tab) kind() string {
	kind := fmt.Sprintf("%d px", tab.width)
	if tab.dark {
		kind += ", dark"
	}
	if tab.noScript {
		kind += ", no script"
	}
	return kind
}

// Complaints returns what the pages complained of since the last call.
func (tab *Tab) Complaints() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	c := tab.complaints
	tab.complaints = nil
	return c
}

// Weight is what a page transferred: compressed bytes with headers, photos
// apart, and the scripts' part of it.
type Weight struct{ Page, Scripts, Images int }

// Weight returns what was transferred since Go.
func (tab *Tab) Weight() Weight {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	var w Weight
	for kind, n := range tab.bytes {
		switch kind {
		case network.ResourceTypeImage:
			w.Images += n
		case network.ResourceTypeScript:
			w.Scripts += n
			w.Page += n
		default:
			w.Page += n
		}
	}
	return w
}

// Overflow names the elements that reach beyond the right edge, if the page
// scrolls sideways.
func (tab *Tab) Overflow() []string {
	tab.t.Helper()
	return Eval[[]string](tab, `(() => {
		const wide = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= wide) return [];
		const found = [...document.querySelectorAll("body *")]
			.filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > wide + 0.5 && !e.closest(".table-box, .side, .leaflet-container"))
			.slice(0, 5)
			.map((e) => e.tagName.toLowerCase() + "." + e.className + " reaches " + Math.round(e.getBoundingClientRect().right) + " px");
		return (found.length ? found : ["something inside a scrolling box"]).map((f) => "wider than the screen: " + f);
	})()`)
}

// axeSource is the checker, read once from the installed npm package of the
// checkout in which the test runs.
var axeSource = sync.OnceValues(func() (string, error) {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		source, err := os.ReadFile(filepath.Join(dir, "web", "node_modules", "axe-core", "axe.min.js"))
		if err == nil {
			return string(source), nil
		}
		dir = filepath.Dir(dir)
	}
	return "", errors.Join(err, errors.New("axe-core is not installed: run npm ci in web/"))
})

// rules are options of axe.run that choose what is checked.
type rules map[string]any

var (
	// wcag is WCAG 2.2 A and AA.
	wcag    = rules{"runOnly": map[string]any{"type": "tag", "values": []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"}}}
	colours = []string{"color-contrast", "link-in-text-block"}
)

func only(names ...string) rules {
	return rules{"runOnly": map[string]any{"type": "rule", "values": names}}
}

// axe returns the violations of the rules that axe-core finds, one line each.
func (tab *Tab) axe(r rules) []string {
	tab.t.Helper()
	source, err := axeSource()
	if err != nil {
		tab.t.Fatal(err)
	}
	if !Eval[bool](tab, `"axe" in window`) {
		Eval[bool](tab, source+";true")
	}
	r = maps.Clone(r)
	maps.Copy(r, rules{"resultTypes": []string{"violations"}, "preload": false, "selectors": false, "performanceTimer": false})
	options, err := json.Marshal(r)
	if err != nil {
		tab.t.Fatal(err)
	}
	raw := Eval[string](tab, `axe.run(document, `+string(options)+`)
		.then((r) => JSON.stringify(r.violations.map((v) => ({id: v.id, help: v.help, nodes: v.nodes.map((n) => n.html.slice(0, 160) + " — " + (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? ""))}))))`)
	var violations []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(raw), &violations); err != nil {
		tab.t.Fatal(err)
	}
	var lines []string
	for _, v := range violations {
		lines = append(lines, fmt.Sprintf("axe %s: %s\n\t%s", v.ID, v.Help, strings.Join(v.Nodes, "\n\t")))
	}
	return lines
}
