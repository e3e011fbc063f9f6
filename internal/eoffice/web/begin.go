package eofficeweb

import (
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// controlKey names the draft that a form begins, so that a resend begins no other.
const controlKey = "kunci"

type beginView struct {
	Desk  *ui.Desk
	Seats []eoffice.Seat
	Key   string
	Form  *form.Form
	Reply *eoffice.Detail // the letter that the new one answers
}

func (k *desk) chooseKind(w http.ResponseWriter, r *http.Request) error {
	reply, _ := strconv.ParseInt(r.URL.Query().Get(controlReply), 10, 64)
	return k.showKinds(w, r, http.StatusOK, nil, reply)
}

func (k *desk) showKinds(w http.ResponseWriter, r *http.Request, status int, f *form.Form, reply int64) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := beginView{Key: crypt.Token(), Form: f}
	if f != nil {
		v.Key = f.Value(controlKey)
	}
	if v.Seats, err = k.Office.Seats(ctx, a); err != nil {
		return err
	}
	if reply > 0 {
		d, err := k.Office.Open(ctx, a, reply)
		if err != nil {
			return err
		}
		v.Reply = &d
	}
	if v.Desk, err = k.side(ctx, a, deskPath+"/baru"); err != nil {
		return err
	}
	return web.Render(w, r, status, kindsPage(v))
}

// begin starts a draft and opens its form.
func (k *desk) begin(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	seat, _ := strconv.ParseInt(f.Value(eoffice.ControlSeat), 10, 64)
	key := f.Line(controlKey)
	if len(key) > 64 || key == "" {
		key = crypt.Token()
	}
	ctx, a, kindCode := r.Context(), web.ActorOf(r.Context()), f.Line(eoffice.ControlKind)
	reply, _ := strconv.ParseInt(f.Value(controlReply), 10, 64)
	var id int64
	if reply > 0 {
		id, err = k.Office.Reply(ctx, a, reply, kindCode, seat, key)
	} else {
		id, err = k.Office.Begin(ctx, a, kindCode, seat, key)
	}
	if f.FailWith(err) {
		return k.showKinds(w, r, http.StatusUnprocessableEntity, f, reply)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, letterHref(id)+"/ubah")
}

// kindControl lists the kinds, group by group.
func (v beginView) kindControl() ui.Control {
	c := ui.Control{Name: eoffice.ControlKind, Label: "Jenis naskah", Required: true, Options: append([]ui.Option{{Label: "Pilih jenis naskah"}}, kindOptions()...)}
	if v.Reply != nil {
		c.Value = replyKind
	}
	return v.typed(c)
}

// replyKind is what letters are mostly answered with: a surat dinas.
const replyKind = "SD"

// replyHref starts an answer to a letter.
func replyHref(id int64) string {
	return deskPath + "/baru?" + controlReply + "=" + strconv.FormatInt(id, 10)
}

// seatControl asks in whose name it is written, where somebody has several desks.
func (v beginView) seatControl() ui.Control {
	c := ui.Control{Name: eoffice.ControlSeat, Label: "Ditulis sebagai", Required: true}
	for _, s := range v.Seats {
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(s.PositionID, 10), Label: seatName(s.Title, s.Kind)})
	}
	return v.typed(c)
}

func (v beginView) typed(c ui.Control) ui.Control {
	return c.Typed(v.Form)
}
