package mtrweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// detailView is the public page of a report.
type detailView struct {
	mtr.PublicReport
	Now    time.Time
	Tiles  string
	Link   string // its own address in full
	Code   string // as typed
	errors form.Errors
}

// detail shows a public report. With ?kode= it exchanges the short code for
// the reporter's own page, of reports that are not public as well. Citizens
// who sent the report with their account are led to their own page of it.
func (h *pages) detail(w http.ResponseWriter, r *http.Request) error {
	ctx, number, actor := r.Context(), web.Path(r, "nomor"), web.ActorOf(r.Context())
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	code := q.Line(mtr.ControlCode)
	if code != "" {
		path, err := h.PathByCode(ctx, number, code)
		if err == nil {
			w.Header().Set("Cache-Control", "no-store")
			return web.Redirect(w, r, path)
		}
		if errs.KindOf(err) != errs.NotFound {
			return err
		}
		q.Fail(mtr.ControlCode, wrongCode)
	}
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
		if code != "" && errs.KindOf(err) == errs.NotFound {
			return notFound(wrongCode)
		}
		return err
	}
	v := detailView{PublicReport: rep, Now: h.now(), Tiles: h.TileURL, Link: h.BaseURL + join("/mtr/laporan", rep.Number), Code: code, errors: q.Errors()}
	status := http.StatusOK
	if !q.OK() {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(w, r, status, detailPage(v))
}

const wrongCode = "Nomor dan kode ini tidak cocok. Periksa keduanya, lalu coba lagi."

// PublicPath is the address of a report's public page; one that does not exist
// or is not public is errs.NotFound.
func (d Deps) PublicPath(ctx context.Context, number string) (string, error) {
	rep, err := d.MTR.PublicView(ctx, number)
	if err != nil {
		return "", err
	}
	return join("/mtr/laporan", rep.Number), nil
}

// PathByCode exchanges number and short code for the address of the reporter's
// own page. A wrong pair is errs.NotFound, too many guesses errs.TooMany.
func (d Deps) PathByCode(ctx context.Context, number, code string) (string, error) {
	token, err := d.MTR.OpenByCode(ctx, number, code)
	if err != nil {
		return "", err
	}
	return join("/mtr/laporan", number, token), nil
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
