package app

import (
	"context"
	"net/url"
	"strconv"

	kucinikiweb "makassartidakrantasa.com/portal/internal/kuciniki/web"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// casePages are the pages of the cases that the work ledger has, for who may open them.
func (a *App) casePages() kucinikiweb.CasePages {
	letters := casePage(a.Office.DeskNumbers, func(id int64, _ string) string { return "/meja/eoffice/naskah/" + strconv.FormatInt(id, 10) })
	return kucinikiweb.CasePages{
		"mtr_report":           casePage(a.MTR.DeskNumbers, func(_ int64, number string) string { return "/meja/mtr/" + url.PathEscape(number) }),
		"epemerintahan_letter": casePage(a.Letters.DeskNumbers, func(id int64, _ string) string { return "/meja/surat/" + strconv.FormatInt(id, 10) }),
		"eoffice_letter":       letters, "eoffice_recipient": letters, "eoffice_disposition": letters,
	}
}

// caseNumbers are what the same cases are called, for who looks at what was drawn by lot.
func (a *App) caseNumbers() kucinikiweb.CaseNumbers {
	return kucinikiweb.CaseNumbers{
		"mtr_report": a.MTR.Numbers, "epemerintahan_letter": a.Letters.RequestNumbers,
		"eoffice_letter": a.Office.Numbers, "eoffice_recipient": a.Office.Numbers, "eoffice_disposition": a.Office.Numbers,
	}
}

// casePage makes pages of the numbers that a module gives.
func casePage(numbers func(context.Context, authz.Actor, []int64) (map[int64]string, error), href func(id int64, number string) string) kucinikiweb.CasePage {
	return func(ctx context.Context, a authz.Actor, ids []int64) (map[int64]kucinikiweb.CaseLink, error) {
		all, err := numbers(ctx, a, ids)
		out := map[int64]kucinikiweb.CaseLink{}
		for id, number := range all {
			out[id] = kucinikiweb.CaseLink{Number: number, Href: href(id, number)}
		}
		return out, err
	}
}
