package mtrweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/platform/web"
)

// openInterface tells people who build applications what there is for them.
func (h *pages) openInterface(w http.ResponseWriter, r *http.Request) error {
	categories, err := h.MTR.Categories(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, openInterfacePage(h.BaseURL, categories))
}

// interfaceRows are the addresses that the page for integrators lists.
var interfaceRows = []struct {
	what, method, path string
	key                bool
}{
	{"Menemukan layanan", "GET", "/open311/discovery.json", false},
	{"Daftar yang dapat dilaporkan", "GET", "/open311/v2/services.json", false},
	{"Pertanyaan satu layanan", "GET", "/open311/v2/services/KODE.json", false},
	{"Daftar laporan", "GET", "/open311/v2/requests.json", false},
	{"Satu laporan", "GET", "/open311/v2/requests/NOMOR.json", false},
	{"Mengirim laporan", "POST", "/open311/v2/requests.json", true},
	{"Nomor laporan yang ditahan", "GET", "/open311/v2/tokens/TOKEN.json", false},
	{"Perkembangan semua laporan", "GET", "/open311/v2/servicerequestupdates.json", false},
}

// sendExample sends a report from a terminal.
func sendExample(base string) string {
	return "curl " + base + `/open311/v2/requests.json \
  -d api_key=KUNCI_ANDA -d service_code=TAMAN \
  -d lat=-5.1477 -d long=119.4327 \
  --data-urlencode 'description=Bangku taman patah dan berpaku'`
}
