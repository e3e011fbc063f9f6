package eofficeweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// paramFrom is where a page of a list begins.
const paramFrom = "dari"

type queueView struct {
	Desk  *ui.Desk
	Queue eoffice.Queue
	Rows  []eoffice.Row
	Next  string
	Now   time.Time
}

func late(n int) string { return strconv.Itoa(n) + " terlambat" }

// waitsElsewhere tells of queues that ask nothing of whose they are.
func waitsElsewhere(q eoffice.Queue) bool {
	return q == eoffice.WithOthers || q == eoffice.Watching || q == eoffice.MyDrafts || q == eoffice.OrdersOut
}

// first is where somebody begins: the first queue in which something lies, else what of the
// archive waits for their word, else what waits elsewhere.
func (k *desk) first(ctx context.Context, a authz.Actor) (q eoffice.Queue, elsewhere string, err error) {
	counts, err := k.Office.Counts(ctx, a)
	if err != nil {
		return "", "", err
	}
	lies := func(q eoffice.Queue) bool { return counts[q].N > 0 && !waitsElsewhere(q) }
	if i := slices.IndexFunc(eoffice.Queues, lies); i >= 0 {
		return eoffice.Queues[i], "", nil
	}
	archive, err := archiveGroup(ctx, k.Office, a)
	if err != nil {
		return "", "", err
	}
	if i := slices.IndexFunc(archive.Items, func(it ui.DeskItem) bool { return it.Count > 0 }); i >= 0 {
		return "", archive.Items[i].Href, nil
	}
	for _, q := range eoffice.Queues {
		if counts[q].N > 0 {
			return q, "", nil
		}
	}
	return eoffice.ToRead, "", nil
}

func (k *desk) queue(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := queueView{Queue: eoffice.Queue(f.Line(paramQueue)), Now: k.Clock.Now()}
	if v.Queue == "" {
		elsewhere := ""
		if v.Queue, elsewhere, err = k.first(ctx, a); err != nil {
			return err
		}
		if elsewhere != "" {
			return web.Redirect(w, r, elsewhere)
		}
	}
	var from *eoffice.Cursor
	if s := f.Value(paramFrom); s != "" {
		from = &eoffice.Cursor{}
		if err := web.DecodeCursor(s, from); err != nil {
			return errs.New(errs.BadRequest, "Halaman ini tidak ada. Mulai lagi dari daftar.")
		}
	}
	var next *eoffice.Cursor
	if v.Rows, next, err = k.Office.Desk(ctx, a, v.Queue, from); err != nil {
		return err
	}
	if next != nil {
		v.Next = deskPath + "?" + url.Values{paramQueue: {string(v.Queue)}, paramFrom: {web.EncodeCursor(next)}}.Encode()
	}
	if v.Desk, err = k.side(ctx, a, queueHref(v.Queue)); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, queuePage(v))
}

// changes tells open queues that something moved.
func (k *desk) changes(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	changed, cancel := k.Hub.Subscribe(eoffice.LiveLetters)
	defer cancel()
	seen := ""
	return web.Events(w, r, changed, func(ctx context.Context) (string, error) {
		counts, err := k.Office.Counts(ctx, a)
		if err != nil {
			return "", err
		}
		text := ""
		for _, q := range append(slices.Clone(eoffice.Queues), eoffice.Tray) {
			text += strconv.Itoa(counts[q].N) + " "
		}
		first, same := seen == "", text == seen
		seen = text
		if first || same {
			return "", nil
		}
		return text, nil
	})
}

// empty says what an empty queue means.
func empty(q eoffice.Queue) string {
	switch q {
	case eoffice.ToSign:
		return "Tidak ada naskah yang menunggu tanda tangan Anda."
	case eoffice.ToVerify:
		return "Tidak ada naskah yang menunggu paraf Anda."
	case eoffice.ToOpine:
		return "Tidak ada naskah yang menunggu pendapat Anda."
	case eoffice.ToRead:
		return "Semua naskah yang sampai di meja Anda sudah dibaca."
	case eoffice.ToScreen:
		return "Tidak ada naskah untuk pimpinan yang menunggu Anda saring."
	case eoffice.ToFollow:
		return "Tidak ada naskah yang menunggu tindak lanjut Anda."
	case eoffice.OrdersNew:
		return "Semua disposisi kepada Anda sudah dibaca."
	case eoffice.OrdersOpen:
		return "Tidak ada disposisi yang menunggu Anda selesaikan."
	case eoffice.ToAnswer:
		return "Tidak ada laporan atau permohonan yang menunggu jawaban Anda."
	case eoffice.OrdersOut:
		return "Tidak ada disposisi Anda yang sedang dikerjakan orang lain."
	case eoffice.MyDrafts:
		return "Anda tidak punya konsep yang belum diajukan."
	case eoffice.Watching:
		return "Anda tidak memantau naskah. Tekan “Pantau naskah ini” di halaman naskah."
	case eoffice.WithOthers:
		return "Tidak ada naskah Anda yang sedang di meja orang lain."
	}
	return "Tidak ada yang perlu dikerjakan di sini."
}

// author is who wrote the letter of a row.
func author(r eoffice.Row) string {
	if r.Sender != "" {
		return r.Sender
	}
	return r.UnitName
}

// rowHref is where a row leads: a draft of one's own to its form.
func rowHref(q eoffice.Queue, r eoffice.Row) string {
	if q == eoffice.MyDrafts || q == eoffice.ToMend {
		return letterHref(r.ID) + "/ubah"
	}
	if q == eoffice.ToOpine {
		return letterHref(r.ID) + "#pendapat"
	}
	if r.OrderID != 0 {
		return letterHref(r.ID) + "#" + orderAnchor(r.OrderID)
	}
	return letterHref(r.ID)
}
