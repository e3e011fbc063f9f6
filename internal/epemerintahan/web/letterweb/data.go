package letterweb

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// readersView tells a citizen who looked at their data.
type readersView struct {
	Looks    []epemerintahan.Reading
	Identity letter.Identity
	Kinds    map[string]string // titles by code
	First    bool
	Next     string
	Now      time.Time
}

func (h *pages) readersPage(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	before := q.ID(paramBefore, "")
	if err := q.Err(); err != nil {
		return err
	}
	v := readersView{First: before == 0, Now: h.now()}
	if v.Identity, err = h.Letters.MyIdentity(ctx, a); err != nil {
		return err
	}
	if v.Looks, err = h.Letters.MyReaders(ctx, a, before); err != nil {
		return err
	}
	kinds, err := h.Letters.Kinds(ctx, 0)
	if err != nil {
		return err
	}
	v.Kinds = map[string]string{}
	for _, k := range kinds {
		v.Kinds[k.Code] = k.Title
	}
	if n := len(v.Looks); n == letter.QueuePage {
		v.Next = citizenPath + "/data-saya?" + paramBefore + "=" + strconv.FormatInt(v.Looks[n-1].ID, 10)
	}
	return web.Render(w, r, http.StatusOK, readersPage(v))
}

// paramBefore names the entry before which a page begins.
const paramBefore = "sebelum"

// did says in plain words what somebody did with the reader's data.
func did(l epemerintahan.Reading) string {
	object, verb, _ := strings.Cut(strings.TrimPrefix(l.Action, "epemerintahan."), ".")
	switch object {
	case "resident":
		switch verb {
		case "view", "find", "search":
			return "Membuka data penduduk Anda"
		case "use":
			return "Memakai data Anda untuk membuat surat"
		case "reveal":
			return "Membuka NIK dan nomor KK Anda"
		case "print":
			return "Mencetak data penduduk Anda"
		}
		return "Mencatat perubahan data penduduk Anda"
	case "identity":
		return "Memeriksa identitas akun Anda"
	}
	switch verb {
	case "view", "preview":
		return "Membaca surat Anda"
	case "ask":
		return "Membuka permohonan Anda"
	case "open":
		return "Membuka berkas surat Anda"
	case "open_scan":
		return "Melihat berkas yang Anda kirim"
	case "reveal":
		return "Membuka NIK di surat Anda"
	}
	return "Surat Anda: " + lowerFirst(ownAct(letter.Action(verb)))
}

// by says who it was: the office they held and where, not their name.
func by(l epemerintahan.Reading) string {
	switch {
	case l.Title == "" && strings.HasPrefix(l.Action, letterActs) && l.Name == visitor:
		return "Ketua RT/RW, lewat tautan"
	case l.Title == "":
		return l.Name
	case l.WorksIn == "" || strings.Contains(l.Title, l.WorksIn):
		return l.Title
	}
	return l.Title + ", " + l.WorksIn
}

const (
	letterActs = "epemerintahan.letter."
	visitor    = "Pengunjung" // as the trail calls whoever has no account
)

// moments are looks as a timeline.
func (v readersView) moments() []ui.Moment {
	out := make([]ui.Moment, len(v.Looks))
	for i, l := range v.Looks {
		out[i] = ui.Moment{Title: did(l), Who: by(l), At: l.At, Text: v.why(l)}
	}
	return out
}

// why says what a look was for, as far as that was told.
func (v readersView) why(l epemerintahan.Reading) string {
	if code, ok := strings.CutPrefix(l.Reason, "surat "); ok && v.Kinds[code] != "" {
		return "Untuk " + v.Kinds[code]
	}
	if l.Reason == "" {
		return v.Kinds[l.Letter]
	}
	return "Untuk: " + l.Reason
}
