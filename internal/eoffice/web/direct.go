package eofficeweb

import (
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const directPath = deskPath + "/arahkan"

// directView is the list of letters from outside that were written down and not directed.
type directView struct {
	Desk    *ui.Desk
	Rows    []eoffice.Row
	Records bool // they write down what comes from outside
	Form    *form.Form
	Results []directResult
}

type directResult struct {
	eoffice.Row
	Problem string
}

func (k *desk) loadDirect(r *http.Request) (v directView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Rows, _, err = k.Office.Desk(ctx, a, eoffice.ToDirect, nil); err != nil {
		return v, err
	}
	v.Records = a.Has(eoffice.PermRegister)
	v.Desk, err = k.side(ctx, a, queueHref(eoffice.ToDirect))
	return v, err
}

func (k *desk) directList(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadDirect(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, directPage(v))
}

// directAll sends the chosen letters on, each to whom it is for, and says which could not go.
func (k *desk) directAll(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.loadDirect(r)
	if err != nil {
		return err
	}
	chosen := map[int64]bool{}
	for _, id := range f.IDs(controlLetters) {
		chosen[id] = true
	}
	if len(chosen) == 0 {
		f.Fail("", "Pilih naskah yang diarahkan.")
		v.Form = f
		return web.Render(w, r, http.StatusUnprocessableEntity, directPage(v))
	}
	var results []directResult
	sent := 0
	for _, row := range v.Rows {
		if !chosen[row.ID] {
			continue
		}
		_, err := k.Office.Direct(ctx, a, eoffice.Act{ID: row.ID, Version: row.Seq})
		if err == nil {
			sent++
			continue
		}
		if errs.KindOf(err) == errs.Internal {
			return err
		}
		results = append(results, directResult{row, errs.MessageOf(err)})
	}
	if len(results) == 0 {
		web.Flash(r, "success", strconv.Itoa(sent)+" naskah diarahkan.")
		return web.Redirect(w, r, queueHref(eoffice.ToDirect))
	}
	if v, err = k.loadDirect(r); err != nil {
		return err
	}
	v.Results = results
	return web.Render(w, r, http.StatusOK, directPage(v))
}

// redirect sends a letter that came back from a desk to another one of the office.
func (k *desk) redirect(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	letter := f.ID(controlLetter, "")
	if err := k.Office.Redirect(r.Context(), web.ActorOf(r.Context()), id, f.ID(eoffice.ControlTo, "")); err != nil {
		if errs.KindOf(err) == errs.NotFound || letter == 0 {
			return err
		}
		return k.refused(w, r, redirectTo, letter, f, err)
	}
	web.Flash(r, "success", "Naskah diarahkan.")
	if letter == 0 {
		return web.Redirect(w, r, deskPath)
	}
	return web.Redirect(w, r, letterHref(letter))
}

// redirectTo is the last part of the address of [desk.redirect].
const redirectTo = "arahkan"

func (v letterView) redirectControl(r eoffice.Recipient) ui.Control {
	c := ui.Control{Name: eoffice.ControlTo, ID: "arahkan-" + strconv.FormatInt(r.ID, 10), Label: "Arahkan ke", Value: strconv.FormatInt(r.PositionID, 10),
		Options: placeOptions(v.Desks)}
	if v.Open == redirectTo && v.Form != nil {
		c.ID, c.Value, c.Error = "", v.Form.Value(c.Name), v.Form.Errors().Get(c.Name)
	}
	return c
}
