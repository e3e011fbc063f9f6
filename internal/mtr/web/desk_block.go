package mtrweb

import (
	"net/http"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	blocksPath     = deskPath + "/blokir"
	blockByContact = "kontak"
	blockByDevice  = "perangkat"
)

// blocksView is the block list.
type blocksView struct {
	Desk   *ui.Desk
	Blocks []mtr.Blocked
	Form   *form.Form // that was refused
	Open   string     // id of its block
}

func (k *desk) loadBlocks(r *http.Request) (v blocksView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Blocks, err = k.MTR.Blocks(ctx, a); err != nil {
		return v, err
	}
	counts, err := k.MTR.Queues(ctx, a)
	v.Desk = k.side(ctx, a, counts, "")
	return v, err
}

func (k *desk) blocks(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadBlocks(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, blocksPage(v))
}

func (k *desk) endBlock(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "blokir")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	err = k.MTR.EndBlock(r.Context(), web.ActorOf(r.Context()), id, f.Text(mtr.ControlReason))
	if err == nil {
		web.Flash(r, "success", "Blokir diakhiri. Laporannya yang masih tertahan menunggu Anda lepaskan.")
		return web.Redirect(w, r, blocksPath)
	}
	status := web.Status(err)
	if !f.Refuse(err) {
		return err
	}
	v, err := k.loadBlocks(r)
	if err != nil {
		return err
	}
	v.Form, v.Open = f, idText(id)
	return web.Render(w, r, status, blocksPage(v))
}

func (v blocksView) reason(b mtr.Blocked) ui.Control {
	c := ui.Control{Name: mtr.ControlReason, ID: mtr.ControlReason + "-" + idText(b.ID), Label: "Mengapa diakhiri", Required: true, Rows: 2}
	if v.Open == idText(b.ID) {
		c.ID = ""
		c = c.Typed(v.Form)
	}
	return c
}

func blockState(b mtr.Blocked) string {
	switch {
	case b.EndedBy != "":
		return "Diakhiri " + b.EndedBy + " " + indo.LongDate(*b.EndedAt) + ": " + b.EndReason
	case b.EndedAt != nil:
		return "Habis waktunya " + indo.LongDate(*b.EndedAt)
	}
	return "Sampai " + indo.LongDate(b.UntilAt)
}

// block puts the sender of a report on the list.
func (k *desk) block(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	act, err := actOf(f)
	if err != nil {
		return err
	}
	number, by := strings.ToUpper(web.Path(r, "nomor")), f.Multi(mtr.ControlBlock)
	in := mtr.BlockInput{Act: act, Days: f.Int(mtr.ControlDays, 1, mtr.MaxBlockDays, "Tulis berapa hari, dari 1 sampai 365."), Reason: f.Text(mtr.ControlReason)}
	for _, b := range by {
		in.Contact, in.Device = in.Contact || b == blockByContact, in.Device || b == blockByDevice
	}
	if err = f.Err(); err == nil {
		err = k.MTR.Block(r.Context(), web.ActorOf(r.Context()), in)
	}
	if err == nil {
		web.Flash(r, "success", "Pengirim "+number+" diblokir. Laporannya berikutnya ditahan, tidak hilang.")
		return web.Redirect(w, r, reportHref(number, mtr.QueueKey(f.Value(paramQueue))))
	}
	status := web.Status(err)
	if !f.Refuse(err) {
		return err
	}
	v, err := k.load(r, number)
	if err != nil {
		return err
	}
	v.Queue, v.Block = mtr.QueueKey(f.Value(paramQueue)), f
	return web.Render(w, r, status, reportPage(v))
}

// blockControl describes a control of the block's form.
func (v reportView) blockControl(c ui.Control) ui.Control {
	if v.Block != nil {
		c = c.Typed(v.Block)
		c.Values = v.Block.Multi(c.Name)
		return c
	}
	c.ID = "blokir-" + c.Name
	return c
}
