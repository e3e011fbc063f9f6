package letterweb

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// mineView lists the account's letters.
type mineView struct {
	Letters []letter.Summary
	Now     time.Time
	First   bool
	Next    string // address of the next page
}

func (h *pages) myLetters(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	after := q.ID(paramAfter, "")
	if err := q.Err(); err != nil {
		return err
	}
	v := mineView{Now: h.now(), First: after == 0}
	if v.Letters, err = h.Letters.Mine(ctx, a, after); err != nil {
		return err
	}
	if n := len(v.Letters); n == letter.QueuePage {
		v.Next = citizenPath + "/saya?" + paramAfter + "=" + strconv.FormatInt(v.Letters[n-1].ID, 10)
	}
	return web.Render(w, r, http.StatusOK, minePage(v))
}

// rows are letters as a list shows them.
func (v mineView) rows(ls []letter.Summary) []ui.MediaRow {
	out := make([]ui.MediaRow, len(ls))
	for i, l := range ls {
		row := ui.MediaRow{
			Href: join(citizenPath, l.RequestNumber), Title: l.Title, Icon: "file", Facts: []string{l.RequestNumber, l.Subject},
			When: ui.TimeAgo(l.StatusAt, v.Now), Tag: ui.Tag(Tone(l.Status), ownStatus(l.Status)),
		}
		if l.Status == letter.Draft {
			row.Href, row.Icon, row.Facts = draftPath(l.Ref, ""), "edit", []string{l.Subject}
		}
		out[i] = row
	}
	return out
}

// ownStatus names a status to the applicant.
func ownStatus(s letter.Status) string {
	switch s {
	case letter.Issued:
		return "Selesai"
	case letter.Printed:
		return "Menunggu tanda tangan"
	case letter.AwaitingParaf:
		return "Diperiksa sekretaris"
	}
	return Label(s)
}

// lowerFirst is for a word that goes on in a sentence.
func lowerFirst(s string) string {
	if s == "" || strings.HasPrefix(s, "RT/") {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// promise says by when a letter should be there.
func promise(due time.Time) string {
	return "paling lambat " + indo.LongDate(due) + " pukul " + indo.Clock(due)
}
