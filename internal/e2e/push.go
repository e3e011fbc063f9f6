package e2e

import (
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/serviceworker"
)

// Before runs a script on every page to come, before the page's own.
func (tab *Tab) Before(script string) *Tab {
	tab.t.Helper()
	call(tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	return tab
}

// Push hands data to the portal's service worker, as a push service would.
func (tab *Tab) Push(data string) *Tab {
	tab.t.Helper()
	call(tab, serviceworker.Enable, cdp.Empty{})
	Eval[bool](tab, `navigator.serviceWorker.ready.then(() => true)`)
	var worker serviceworker.RegistrationID
	// DevTools tell of it in an event of their own, which may come later than the page's word.
	if !tab.until(func() bool {
		tab.mu.Lock()
		defer tab.mu.Unlock()
		worker = tab.worker
		return worker != ""
	}) {
		tab.t.Fatal("no service worker is registered")
	}
	call(tab, serviceworker.DeliverPushMessage, serviceworker.DeliverPushMessageParams{Origin: tab.base, RegistrationID: worker, Data: data})
	return tab
}
