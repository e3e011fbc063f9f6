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
	tab.mu.Lock()
	worker := tab.worker
	tab.mu.Unlock()
	if worker == "" {
		tab.t.Fatal("no service worker is registered")
	}
	call(tab, serviceworker.DeliverPushMessage, serviceworker.DeliverPushMessageParams{Origin: tab.base, RegistrationID: worker, Data: data})
	return tab
}
