package mtrweb

import (
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// detailView is the public page of a report.
type detailView struct {
	mtr.PublicReport
	Now   time.Time
	Tiles string
	Link  string // its own address in full
}

// detail shows a public report. Citizens who sent it with their account are
// led to their own page of it.
func (h *pages) detail(w http.ResponseWriter, r *http.Request) error {
	ctx, number, actor := r.Context(), web.Path(r, "nomor"), web.ActorOf(r.Context())
	if actor.SignedIn() {
		_, err := h.MTR.ReporterView(ctx, actor, mtr.ReporterKey{Number: number})
		switch {
		case err == nil:
			return web.Redirect(w, r, join("/mtr/laporan-saya", number))
		case errs.KindOf(err) != errs.NotFound:
			return err
		}
	}
	rep, err := h.MTR.PublicView(ctx, number)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, detailPage(detailView{
		PublicReport: rep, Now: h.now(), Tiles: h.TileURL, Link: h.BaseURL + join("/mtr/laporan", rep.Number),
	}))
}

func (v detailView) heading() string {
	if v.Title != "" {
		return v.Title
	}
	return v.CategoryName
}

func (v detailView) history() []ui.Moment {
	var out []ui.Moment
	if next, ok := upcoming(v.PublicReport); ok {
		out = append(out, next)
	}
	for i := len(v.Timeline) - 1; i >= 0; i-- {
		out = append(out, moment(v.Timeline[i]))
	}
	return out
}

func (v detailView) photos(k mtr.PhotoKind, alt, caption string) []ui.Photo {
	return gallery("/mtr/foto", alt, caption, ofKind(v.Photos, k))
}

func (v detailView) facts() []ui.SummaryRow {
	out := []ui.SummaryRow{{Key: "Masalah", Value: v.CategoryName + " · " + v.Class.Label()}}
	if where := place(v.KelurahanName, v.KecamatanName); where != "" {
		if v.Landmark != "" {
			where += "\n" + v.Landmark
		}
		out = append(out, ui.SummaryRow{Key: "Tempat", Value: where})
	}
	out = append(out, ui.SummaryRow{Key: "Diterima", Value: indo.LongDateTime(v.ReceivedAt)})
	if v.Rating > 0 {
		out = append(out, ui.SummaryRow{Key: "Penilaian pelapor", Value: strconv.Itoa(v.Rating) + " dari 5"})
	}
	return out
}

// statusFacts are the lines of the status card.
func statusFacts(r mtr.PublicReport, now time.Time) []ui.SummaryRow {
	out := []ui.SummaryRow{
		{Key: "Sekarang di tangan", Value: holder(r)},
		{Key: "Sejak", Body: ui.TimeAgo(r.Since, now)},
	}
	if r.DueAt != nil && r.Status != mtr.NeedsInfo && r.DueKind != mtr.DueNone {
		line := "paling lambat " + indo.LongDate(*r.DueAt)
		if r.Late {
			line = "seharusnya " + indo.LongDate(*r.DueAt)
		}
		out = append(out, ui.SummaryRow{Key: r.DueKind.Label(), Value: line})
	}
	if r.ExpectedAt != nil {
		out = append(out, ui.SummaryRow{Key: "Dijadwalkan", Value: indo.LongDate(*r.ExpectedAt)})
	}
	if r.PausedAt != nil {
		out = append(out, ui.SummaryRow{Key: "Waktu dihentikan", Value: "sejak " + indo.LongDate(*r.PausedAt) + ", menunggu jawaban pelapor"})
	}
	if r.Agency != "" {
		line := r.Agency
		if r.AgencyRef != "" {
			line += "\nNomor di sana: " + r.AgencyRef
		}
		out = append(out, ui.SummaryRow{Key: "Dirujuk ke", Value: line})
	}
	return out
}
