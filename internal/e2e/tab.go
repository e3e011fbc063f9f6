package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/chromedp"
)

// Option varies a tab.
type Option func(*Tab)

var (
	// Phone is 360 px wide with a touch screen.
	Phone Option = func(t *Tab) { t.width, t.height, t.mobile = 360, 740, true }
	// Tablet is 820 px wide with a touch screen.
	Tablet Option = func(t *Tab) { t.width, t.height, t.mobile = 820, 1180, true }
	// Desktop is 1280 px wide, as is a tab without options.
	Desktop Option = func(t *Tab) { t.width, t.height, t.mobile = 1280, 800, false }
	// TV is the screen of a waiting room.
	TV Option = func(t *Tab) { t.width, t.height, t.mobile = 1920, 1080, false }
	// Dark is a reader whose system is dark; Light, as in a tab without options,
	// one whose system is not.
	Dark  Option = func(t *Tab) { t.dark = true }
	Light Option = func(t *Tab) { t.dark = false }
	// NoScript is a browser with JavaScript switched off.
	NoScript Option = func(t *Tab) { t.noScript = true }
	// Caching lets the browser keep what it has loaded: a tab that opens many pages works less.
	Caching Option = func(t *Tab) { t.caches = true }
)

// Patient waits so long for things instead of a minute, and lets the browser
// keep what it has loaded, as phones on slow links do.
func Patient(d time.Duration) Option {
	return func(t *Tab) { t.patience, t.caches = d, true }
}

// Tab is a browser window with a profile of its own. Its methods fail the test
// when something does not come about within a minute.
type Tab struct {
	t             testing.TB
	ctx           context.Context
	base          string
	width, height int64
	mobile, dark  bool
	shown         string // the screen as the browser has it
	noScript      bool
	patience      time.Duration
	caches        bool
	mu            sync.Mutex
	complaints    []string
	kinds         map[network.RequestID]network.ResourceType
	bytes         map[network.ResourceType]int
	urls          map[network.RequestID]string
	worker        serviceworker.RegistrationID // of the portal
}

const patience = time.Minute // a machine that does nothing else needs a second at most

// Open opens a tab on the portal at base; it closes with the test.
func Open(t testing.TB, base string, options ...Option) *Tab {
	t.Helper()
	return openIn(t, base, shared(t), options, []chromedp.ContextOption{chromedp.WithNewBrowserContext()})
}

// openIn opens a tab in a running browser.
func openIn(t testing.TB, base string, browser context.Context, options []Option, as []chromedp.ContextOption) *Tab {
	t.Helper()
	tab := &Tab{t: t, base: strings.TrimSuffix(base, "/"), patience: patience, kinds: map[network.RequestID]network.ResourceType{}, bytes: map[network.ResourceType]int{}, urls: map[network.RequestID]string{}}
	Desktop(tab)
	for _, o := range options {
		o(tab)
	}
	ctx, cancel := chromedp.NewContext(browser, append(as, chromedp.WithListener(tab.listen))...)
	t.Cleanup(cancel)
	tab.ctx = ctx
	// The first call makes the tab and must not carry a deadline.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	tab.Look()
	call(tab, network.Enable, network.EnableParams{})
	call(tab, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: !tab.caches})
	call(tab, log.Enable, struct{}{})
	if tab.noScript {
		call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	}
	return tab
}

// Look shows the page that is open on another screen: Phone or Desktop, Light
// or Dark.
func (tab *Tab) Look(options ...Option) *Tab {
	tab.t.Helper()
	for _, o := range options {
		o(tab)
	}
	screen := fmt.Sprint(tab.width, tab.height, tab.mobile, tab.dark)
	if screen == tab.shown {
		return tab
	}
	tab.shown = screen
	var view []chromedp.EmulateViewportOption
	if tab.mobile {
		view = append(view, chromedp.EmulatePortrait, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	scheme := "light"
	if tab.dark {
		scheme = "dark"
	}
	tab.do("change the screen", chromedp.EmulateViewport(tab.width, tab.height, view...))
	call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
	return tab
}

// listen gathers what the page complains of and what it weighs.
func (tab *Tab) listen(ev any) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		tab.complaints = append(tab.complaints, "exception: "+text)
	case *log.EventEntryAdded:
		// A refused form answers 422, which the browser logs as an error too.
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			tab.complaints = append(tab.complaints, fmt.Sprintf("%s: %s", e.Entry.Source, e.Entry.Text))
		}
	case *network.EventResponseReceived:
		tab.kinds[e.RequestID] = e.Type
		tab.urls[e.RequestID] = e.Response.URL
		if e.Response.Status >= 400 && e.Response.Status != 422 && e.Type != network.ResourceTypeDocument && strings.HasPrefix(e.Response.URL, tab.base) {
			tab.complaints = append(tab.complaints, fmt.Sprintf("%s answered %d", strings.TrimPrefix(e.Response.URL, tab.base), e.Response.Status))
		}
	case *serviceworker.EventWorkerRegistrationUpdated:
		for _, r := range e.Registrations {
			if strings.HasPrefix(r.ScopeURL, tab.base) && !r.IsDeleted {
				tab.worker = r.RegistrationID
			}
		}
	case *network.EventLoadingFinished:
		if strings.HasPrefix(tab.urls[e.RequestID], tab.base) {
			tab.bytes[tab.kinds[e.RequestID]] += int(e.EncodedDataLength)
		}
	}
}

// Go opens a path and waits until the page is loaded.
func (tab *Tab) Go(path string) *Tab {
	tab.t.Helper()
	tab.mu.Lock()
	tab.bytes = map[network.ResourceType]int{}
	tab.mu.Unlock()
	tab.do("open "+path, chromedp.Navigate(tab.base+path))
	return tab
}

// Click clicks the first match. If a script replaces it before the mouse gets there, what
// stands in its place is clicked, as people do.
func (tab *Tab) Click(selector string) *Tab {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, tab.patience)
	defer cancel()
	for {
		_, err := chromedp.Run(ctx, chromedp.Click(chromedp.CSS(selector)))
		if err == nil {
			return tab
		}
		if !gone(err) || ctx.Err() != nil {
			tab.fail("click "+selector, err)
		}
	}
}

// gone tells whether the browser no longer had the element when it was asked about it.
func gone(err error) bool {
	var refused *cdproto.Error
	return errors.As(err, &refused) && refused.Code == -32000
}

// Drag presses at one point of the first match, moves and lets go at another; points are
// parts of its width and height.
func (tab *Tab) Drag(selector string, fromX, fromY, toX, toY float64) *Tab {
	tab.t.Helper()
	box := Eval[[]float64](tab, fmt.Sprintf(`((e) => { e.scrollIntoView({block: "center", behavior: "instant"}); const r = e.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })(document.querySelector(%q))`, selector))
	mouse := func(kind input.DispatchMouseEventType, x, y float64) chromedp.Action[chromedp.Void] {
		return chromedp.MouseEvent(kind, box[0]+x*box[2], box[1]+y*box[3], chromedp.ButtonLeft)
	}
	tab.do("drag over "+selector, mouse(chromedp.MousePressed, fromX, fromY), mouse(chromedp.MouseMoved, toX, toY), mouse(chromedp.MouseReleased, toX, toY))
	return tab
}

// Submit clicks a button and waits for the page that follows.
func (tab *Tab) Submit(selector string) *Tab {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, tab.patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		tab.fail("submit "+selector, err)
	}
	return tab
}

// Fill replaces the value of a field, or what stands in an editor, by typing.
func (tab *Tab) Fill(selector, value string) *Tab {
	tab.t.Helper()
	tab.do("find "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
	Eval[bool](tab, fmt.Sprintf(`((e) => { e.focus(); if (e.isContentEditable) { getSelection().selectAllChildren(e); return true; } e.value = ""; e.dispatchEvent(new Event("input", {bubbles: true})); return true; })(document.querySelector(%q))`, selector))
	if value != "" {
		tab.do("fill "+selector, chromedp.SendKeys(chromedp.CSS(selector), value))
	}
	return tab
}

// Press sends keys to the focused element; see package kb for named keys.
func (tab *Tab) Press(keys string) *Tab {
	tab.t.Helper()
	tab.do("press keys", chromedp.KeyEvent(keys))
	return tab
}

// Alt presses a button's access key: Alt and a letter or digit.
func (tab *Tab) Alt(key string) *Tab {
	tab.t.Helper()
	// Chromium looks an access key up by the text that the key has without Alt.
	plain := func(p *input.DispatchKeyEventParams) { p.UnmodifiedText = key }
	tab.do("press Alt and "+key, chromedp.KeyEvent(key, chromedp.KeyModifiers(chromedp.ModifierAlt), plain))
	return tab
}

// Choose selects the option with a value.
func (tab *Tab) Choose(selector, value string) *Tab {
	tab.t.Helper()
	tab.do("choose in "+selector, chromedp.SetValue(chromedp.CSS(selector), value))
	return tab
}

// Upload puts files into a file control.
func (tab *Tab) Upload(selector string, files ...string) *Tab {
	tab.t.Helper()
	tab.do("upload to "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), files))
	return tab
}

// Wait waits until the selector shows something.
func (tab *Tab) Wait(selector string) *Tab {
	tab.t.Helper()
	tab.do("wait for "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
	return tab
}

// WaitText waits until the text at the selector contains words.
func (tab *Tab) WaitText(selector, words string) *Tab {
	tab.t.Helper()
	text := ""
	if !tab.until(func() bool { text = tab.peek(selector); return strings.Contains(text, words) }) {
		tab.t.Fatalf("%s never said %q; it says %q", selector, words, text)
	}
	return tab
}

// until waits for something to be so; false: it never was.
func (tab *Tab) until(so func() bool) bool {
	tab.t.Helper()
	for deadline := time.Now().Add(tab.patience); !so(); {
		if time.Now().After(deadline) {
			return false
		}
		select {
		case <-tab.ctx.Done():
			tab.t.Fatal(tab.ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
	return true
}

func (tab *Tab) peek(selector string) string {
	ctx, cancel := context.WithTimeout(tab.ctx, tab.patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.EvaluateAsDevTools[string](fmt.Sprintf("(document.querySelector(%q)?.innerText ?? '')", selector)))
	if err != nil {
		return "" // the page is being replaced
	}
	return text
}

// Text returns the visible text of the first match.
func (tab *Tab) Text(selector string) string {
	tab.t.Helper()
	return run(tab, "read "+selector, chromedp.Text(chromedp.CSS(selector)))
}

// Value returns the value of a field.
func (tab *Tab) Value(selector string) string {
	tab.t.Helper()
	return run(tab, "read "+selector, chromedp.Value(chromedp.CSS(selector), chromedp.NodeReady))
}

// Has tells whether the selector matches now.
func (tab *Tab) Has(selector string) bool {
	tab.t.Helper()
	return Eval[bool](tab, fmt.Sprintf("document.querySelector(%q) !== null", selector))
}

// Path returns the path of the page that is shown.
func (tab *Tab) Path() string {
	tab.t.Helper()
	return strings.TrimPrefix(run(tab, "read the address", chromedp.Location()), tab.base)
}

// Eval runs an expression in the page, also where scripts are switched off.
func Eval[T any](tab *Tab, expression string) T {
	tab.t.Helper()
	return run(tab, "evaluate", chromedp.EvaluateAsDevTools[T](expression, chromedp.EvalAwaitPromise))
}

// Screenshot writes the whole page as a PNG.
func (tab *Tab) Screenshot(file string) *Tab {
	tab.t.Helper()
	png := run(tab, "take a screenshot", chromedp.FullScreenshot(100))
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		tab.t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o600); err != nil {
		tab.t.Fatal(err)
	}
	return tab
}

func (tab *Tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	run(tab, what, chromedp.Steps(steps...))
}

func run[T any](tab *Tab, what string, a chromedp.Action[T]) T {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, tab.patience)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		tab.fail(what, err)
	}
	return v
}

func (tab *Tab) fail(what string, err error) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, 3*time.Second)
	defer cancel()
	where, _ := chromedp.Run(ctx, chromedp.Location())
	tab.t.Fatalf("%s on %s: %v\n%s", what, where, err, tab.peek("main"))
}

// Check chooses the radio or checkbox whose label begins with words.
func (tab *Tab) Check(words string) *Tab {
	tab.t.Helper()
	found := Eval[bool](tab, fmt.Sprintf(`((words) => {
		const label = [...document.querySelectorAll("label")].find((l) => l.innerText.trim().startsWith(words) && l.control?.matches("[type=radio], [type=checkbox]"));
		if (!label) return false;
		label.control.scrollIntoView({block: "center"});
		if (!label.control.checked) label.control.click();
		return label.control.checked;
	})(%q)`, words))
	if !found {
		tab.t.Fatalf("%s offers no choice %q", tab.Path(), words)
	}
	return tab
}

// ChooseText selects the option whose words begin with words.
func (tab *Tab) ChooseText(selector, words string) *Tab {
	tab.t.Helper()
	found := Eval[bool](tab, fmt.Sprintf(`((select, words) => {
		const option = [...(select?.options ?? [])].find((o) => o.text.trim().startsWith(words));
		if (!option) return false;
		select.value = option.value;
		select.dispatchEvent(new Event("change", {bubbles: true}));
		return true;
	})(document.querySelector(%q), %q)`, selector, words))
	if !found {
		tab.t.Fatalf("%s: %s has no option %q", tab.Path(), selector, words)
	}
	return tab
}
