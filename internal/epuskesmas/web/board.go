package epuskesmasweb

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// screenRoutes are the board of a waiting room and the kiosk at the door. They have
// addresses of their own that nobody can guess, and need no account.
func screenRoutes(d Deps) []web.Route {
	k := &desk{d}
	return []web.Route{
		get("/layar/{token}", web.Secret, k.board),
		get("/layar/{token}/isi", web.Secret, k.boardData),
		{Method: http.MethodGet, Pattern: "/layar/{token}/perubahan", Access: web.Secret, Handle: k.boardChanges, Stream: true},
		get("/kios/{token}", web.Secret, k.kiosk),
		post("/kios/{token}", web.Secret, k.takeNumber),
	}
}

func (k *desk) board(w http.ResponseWriter, r *http.Request) error {
	b, err := k.Queue.Board(r.Context(), web.Path(r, "token"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, boardPage(b, "/layar/"+web.Path(r, "token")))
}

// boardFrame is what a board shows next.
type boardFrame struct {
	HTML  string      `json:"html"`
	Calls []boardCall `json:"panggilan"`
	Now   int64       `json:"kini"`  // milliseconds, for its clock
	Code  string      `json:"versi"` // of the script: another one loads the page anew
}

// boardCall is a call to say aloud.
type boardCall struct {
	ID    int64    `json:"id"`
	Age   int64    `json:"umur"` // seconds
	Text  string   `json:"teks"`
	Words []string `json:"kata"` // addresses of clips
}

func (k *desk) frame(ctx context.Context, token string) ([]byte, error) {
	b, err := k.Queue.Board(ctx, token)
	if err != nil {
		return nil, err
	}
	var html bytes.Buffer
	if err := boardBody(b).Render(ctx, &html); err != nil {
		return nil, err
	}
	f := boardFrame{HTML: html.String(), Calls: []boardCall{}, Now: b.At.UnixMilli(), Code: ui.Asset("layar.js")}
	for _, c := range b.Calls {
		call := boardCall{ID: c.ID, Age: int64(b.At.Sub(c.At) / time.Second), Text: c.Code + " ke " + c.Counter}
		for _, word := range c.Words() {
			call.Words = append(call.Words, ui.Asset("suara/"+word+".mp3"))
		}
		f.Calls = append(f.Calls, call)
	}
	return json.Marshal(f)
}

func (k *desk) boardData(w http.ResponseWriter, r *http.Request) error {
	data, err := k.frame(r.Context(), web.Path(r, "token"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data) // the screen may be off by now
	return nil
}

func (k *desk) boardChanges(w http.ResponseWriter, r *http.Request) error {
	token := web.Path(r, "token")
	site, err := k.Queue.BoardSite(r.Context(), token)
	if err != nil {
		return err
	}
	changed, cancel := k.Hub.Subscribe(epuskesmas.LiveSite(site.UnitID))
	defer cancel()
	return web.Events(w, r, changed, func(ctx context.Context) (string, error) {
		data, err := k.frame(ctx, token)
		return string(data), err
	})
}

func (k *desk) kiosk(w http.ResponseWriter, r *http.Request) error {
	s, err := k.Queue.KioskSite(r.Context(), web.Path(r, "token"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, kioskPage(s, "/kios/"+web.Path(r, "token"), crypt.Token(), ""))
}

// takeNumber prints the number: the page is the ticket, and leads back by itself.
func (k *desk) takeNumber(w http.ResponseWriter, r *http.Request) error {
	token := web.Path(r, "token")
	s, err := k.Queue.KioskSite(r.Context(), token)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	t, err := k.Queue.TakeKiosk(r.Context(), token, f.Line(controlKey))
	if errs.KindOf(err) == errs.Conflict {
		return web.Render(w, r, http.StatusConflict, kioskPage(s, "/kios/"+token, crypt.Token(), errs.MessageOf(err)))
	}
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, kioskTicket(s, t, "/kios/"+token))
}

// screensView is where a puskesmas finds its board and its kiosk.
type screensView struct {
	Desk         *ui.Desk
	Site         epuskesmas.Site
	Board, Kiosk string // whole addresses; "" when not made yet
}

func (k *desk) screens(w http.ResponseWriter, r *http.Request) error {
	h, all, err := k.house(r, epuskesmas.PermManage)
	if err != nil {
		return err
	}
	d := side(web.ActorOf(r.Context()), h, 0)
	if h.Site.UnitID == 0 {
		return web.Render(w, r, http.StatusOK, deskSites(d, all))
	}
	s, err := k.Queue.Screens(r.Context(), web.ActorOf(r.Context()), h.Site.UnitID)
	if err != nil {
		return err
	}
	v := screensView{Desk: d, Site: h.Site}
	if s.Board != "" {
		v.Board = k.BaseURL + "/layar/" + s.Board
	}
	if s.Kiosk != "" {
		v.Kiosk = k.BaseURL + "/kios/" + s.Kiosk
	}
	return web.Render(w, r, http.StatusOK, screensPage(v))
}

func (k *desk) renewScreen(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	h, _, err := k.house(r, epuskesmas.PermManage)
	if err != nil {
		return err
	}
	if h.Site.UnitID == 0 {
		return errs.New(errs.NotFound, "")
	}
	a := web.ActorOf(r.Context())
	switch f.Value(controlAction) {
	case "layar":
		_, err = k.Queue.RenewBoard(r.Context(), a, h.Site.UnitID)
	case "kios":
		_, err = k.Queue.RenewKiosk(r.Context(), a, h.Site.UnitID)
	default:
		err = errs.New(errs.BadRequest, "")
	}
	if err != nil {
		return err
	}
	web.Flash(r, "success", "Alamat baru sudah dibuat. Alamat lama tidak berlaku lagi.")
	return web.Redirect(w, r, inSite(deskPath+"/alamat-layar", h.Site.Slug))
}
