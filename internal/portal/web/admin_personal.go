package portalweb

import (
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/dossier"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

func (h *admin) erasures(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Personal.Erasures(r.Context(), web.ActorOf(r.Context()))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, erasuresPage(h.desk(r), list))
}

func (h *admin) erasure(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "permintaan")
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	e, parts, verdicts, err := h.Personal.Erasure(r.Context(), a, id)
	if err != nil {
		return err
	}
	if e.Status != portal.ErasureAsked && r.Method == http.MethodGet {
		return web.Render(w, r, http.StatusOK, erasureDonePage(h.desk(r), e, parts, verdicts))
	}
	v := adminForm{
		Desk: h.desk(r), Back: adminHref("data-pribadi"), Title: "Permintaan " + e.Name, Submit: "Putuskan", Danger: true,
		Lead: "Diminta " + indo.LongDate(e.AskedAt) + ". Isi datanya tidak ditampilkan. Keputusan langsung dijalankan, tidak bisa dibatalkan, dan dikabarkan kepada pemohon dengan alasannya.",
	}
	for _, p := range parts {
		v.Fields = append(v.Fields, verdictFields(p)...)
	}
	return h.serve(w, r, v, func(f *form.Form) (string, error) {
		decided := make([]portal.Verdict, len(parts))
		for i, p := range parts {
			decided[i] = portal.Verdict{Part: p.Code, Reason: f.Text("alasan-"+p.Code, form.Max(500))}
			if p.Goes != "" {
				decided[i].Erased = f.Choice("putusan-"+p.Code, []string{"hapus", "simpan"}, "Pilih hapus atau simpan.") == "hapus"
			}
		}
		if !f.OK() {
			return "", nil
		}
		err := h.Personal.Decide(r.Context(), a, id, decided)
		if err == nil {
			web.Flash(r, "success", "Permintaan diputus dan pemohon dikabari.")
		}
		return adminHref("data-pribadi", id), err
	})
}

// verdictFields ask what becomes of a part: what the law lets go is erased unless the
// officer says otherwise.
func verdictFields(p dossier.Part) []adminField {
	out := []adminField{{As: "heading", Control: ui.Control{Label: p.Title + " (" + strconv.Itoa(len(p.Records)) + " catatan)"}}}
	reason := ui.Control{Name: "alasan-" + p.Code, Label: "Alasan untuk yang disimpan", Rows: 2, MaxLength: 500, Value: p.Stays}
	if p.Goes != "" {
		reason.Hint = "Wajib bila semuanya disimpan. Pemohon membacanya."
		out = append(out, adminField{As: "radios", Control: ui.Control{Name: "putusan-" + p.Code, Label: "Putusan", Hint: p.Goes, Value: "hapus", Options: []ui.Option{
			{Value: "hapus", Label: "Hapus yang boleh dihapus"}, {Value: "simpan", Label: "Simpan semuanya"},
		}}})
	} else {
		reason.Required, reason.Hint = true, "Bagian ini tidak boleh dihapus. Pemohon membaca alasannya."
	}
	return append(out, adminField{As: "area", Control: reason})
}

func erasureTag(status string) (tone, words string) {
	switch status {
	case portal.ErasureAsked:
		return "warning", "Menunggu"
	case portal.ErasureWithdrawn:
		return "neutral", "Ditarik"
	}
	return "success", "Diputus"
}
