package mtrweb_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// Every number with a link leads to a list of as many reports, in public and at the desk.
func TestEveryFigureLeadsToItsList(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	d := newOffice(t, s)
	visitor := s.Client(t)
	var numbers []string
	for range 3 {
		numbers = append(numbers, begin(t, visitor).toCheck().send().number)
	}
	d.forward(numbers[0])
	overseer := s.Hire(t, apptest.Staff{Email: "wali@portal.example", Name: "Wali", UnitCode: "KOMINFO", City: true, Permissions: []authz.Permission{mtr.PermOverview}})
	wali := s.SignedIn(t, overseer.AccountID)
	for _, side := range []struct {
		c     *apptest.Client
		path  string
		least int
	}{{visitor, "/mtr/statistik", 8}, {wali, "/meja/mtr/statistik", 8}, {wali, "/meja/mtr/komando", 4}} {
		page := side.c.Get(side.path).Want(http.StatusOK)
		seen := map[string]int{}
		page.Doc.Find("main .stat, main td").Each(func(_ int, cell *goquery.Selection) {
			link := cell.Find("a").First()
			shown := strings.TrimSpace(cell.Find("dd").Text())
			if shown == "" {
				shown = strings.TrimSpace(link.Text())
			}
			n, err := strconv.Atoi(strings.ReplaceAll(shown, ".", ""))
			href, linked := link.Attr("href")
			if err != nil || !linked || !strings.Contains(href, "/daftar?") { // a queue of the desk
				return
			}
			seen[href] = n
		})
		whole := 0
		for href, n := range seen {
			list := side.c.Get(href).Want(http.StatusOK)
			if got := list.Text("main > p b"); got != strconv.Itoa(n) {
				t.Errorf("%s: the list has %s, the figure is %d", href, got, n)
			}
			if rows := list.Doc.Find("main tbody tr").Length(); rows != n {
				t.Errorf("%s: %d rows, the figure is %d", href, rows, n)
			}
			whole += n
		}
		if len(seen) < side.least || whole < 3 {
			t.Errorf("%s has %d figures that lead anywhere, %d reports in all", side.path, len(seen), whole)
		}
	}
	for _, bad := range []string{"?dari=2026-13-01", "?dari=2026-11-02&sampai=2026-11-01", "?dari=2020-01-01&sampai=2026-01-01", "/daftar?angka=masuk&kotak=x", "/daftar?angka=masuk&hal=x"} {
		if p := visitor.Get("/mtr/statistik" + bad); p.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, p.Status)
		}
	}
	visitor.Get("/mtr/statistik/daftar?angka=apa").Want(http.StatusNotFound)
}
