// Package e2e drives a real browser, Debian's Chromium, over a portal that
// runs in the test's process. The browser starts once per test binary; each
// test gets its own profile.
//
//	func TestMain(m *testing.M) { os.Exit(e2e.Main(m)) }
//
//	tab := e2e.Open(t, server.URL, e2e.Phone)
//	tab.Go("/mtr/lapor").Fill("#judul", "Lampu mati").Click("button[type=submit]")
//	tab.Sound() // no axe violation, no overflow, no console error
package e2e
