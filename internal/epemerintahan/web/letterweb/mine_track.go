package letterweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// trackView is what anybody with a request number may know.
type trackView struct{ letter.Tracked }

// tracked shows where a letter stands to whoever knows its number: those too who asked
// for it at the counter and have no account.
func (h *pages) tracked(w http.ResponseWriter, r *http.Request) error {
	t, err := h.Letters.Track(r.Context(), web.Path(r, "nomor"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, trackedPage(trackView{t}))
}

// next says what comes now.
func (v trackView) next() string {
	switch v.Status {
	case letter.Issued:
		return "Surat sudah jadi. Ambil di kantor kelurahan, atau unduh dengan akun yang mengajukannya."
	case letter.Returned:
		return "Ada yang perlu dilengkapi pemohon. Rinciannya tampil di akun yang mengajukan, atau tanyakan di kantor kelurahan."
	case letter.Rejected:
		return "Kelurahan tidak dapat menerbitkan surat ini. Alasannya tampil di akun yang mengajukan, atau tanyakan di kantor kelurahan."
	case letter.Cancelled:
		return "Permohonan ini dibatalkan."
	case letter.Voided:
		return "Surat ini dicabut dan tidak berlaku lagi."
	}
	return "Sekarang dipegang: " + lowerFirst(Holder(v.Status)) + "."
}
