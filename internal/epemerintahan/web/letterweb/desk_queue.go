package letterweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// paramAfter is the letter after which a list goes on.
const paramAfter = "sesudah"

// queueView is one queue as its page shows it.
type queueView struct {
	Desk              *ui.Desk
	Name              letter.QueueName
	Title, Lead, None string
	List              []letter.Summary
	Next              string
	First             bool
	Now               time.Time
	May               func(authz.Permission) bool
}

func (k *desk) queue(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	after := f.ID(paramAfter, "")
	if !f.OK() {
		return errs.New(errs.BadRequest, "Halaman ini tidak ada. Mulai lagi dari antrean.")
	}
	counts, err := k.Letters.Queues(ctx, a)
	if err != nil {
		return err
	}
	name := letter.QueueName(f.Line(paramQueue))
	if name == "" {
		if name = firstQueue(counts); name == "" {
			return web.Redirect(w, r, registerPath)
		}
	}
	v := queueView{Name: name, First: after == 0, Now: k.now(), May: func(p authz.Permission) bool { return a.Has(p) }}
	if _, mine := counts[name]; !mine {
		return errs.New(errs.NotFound, "Antrean ini tidak ada di ruang kerja Anda. Pilih antrean di daftar.")
	}
	for _, q := range deskQueues {
		if q.name == name {
			v.Title, v.Lead, v.None = q.title, q.lead, q.none
		}
	}
	if v.List, err = k.Letters.Queue(ctx, a, name, after); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, queueHref(name)); err != nil {
		return err
	}
	if n := len(v.List); n >= letter.QueuePage {
		v.Next = deskPath + "?" + url.Values{paramQueue: {string(name)}, paramAfter: {strconv.FormatInt(v.List[n-1].ID, 10)}}.Encode()
	}
	return web.Render(w, r, http.StatusOK, queuePage(v))
}

// firstQueue is where somebody begins: the first of their queues with something in
// it, "" when they have none.
func firstQueue(counts map[letter.QueueName]int) (first letter.QueueName) {
	for _, q := range deskQueues {
		n, mine := counts[q.name]
		switch {
		case mine && n > 0 && q.name != letter.QueueWait:
			return q.name
		case mine && first == "":
			first = q.name
		}
	}
	return first
}

// changes tells open queues that a letter of the reader's realm moved.
func (k *desk) changes(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	changed, cancel := k.Hub.Subscribe(letter.LiveLetters)
	defer cancel()
	seen := ""
	return web.Events(w, r, changed, func(ctx context.Context) (string, error) {
		counts, err := k.Letters.Queues(ctx, a)
		if err != nil {
			return "", err
		}
		text := ""
		for _, q := range deskQueues {
			text += strconv.Itoa(counts[q.name]) + " "
		}
		if text == seen {
			return "", nil
		}
		first := seen == ""
		seen = text
		if first {
			return "", nil
		}
		return text, nil
	})
}

// letterHref is the desk's page of a letter; from is the queue to go back to.
func letterHref(id int64, from letter.QueueName) string {
	href := deskPath + "/" + strconv.FormatInt(id, 10)
	if from == "" {
		return href
	}
	return href + "?" + url.Values{paramQueue: {string(from)}}.Encode()
}
