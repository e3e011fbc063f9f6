package app

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/mtr"
	mtrweb "makassartidakrantasa.com/portal/internal/mtr/web"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/portal"
)

// mtrFront shows MTR's public reports on the front page and in tracking.
type mtrFront struct{ mtr *mtr.Module }

// Figures are MTR's of the last 30 days.
func (f mtrFront) Figures(ctx context.Context) (portal.Figures, error) {
	v, err := f.mtr.HomeFigures(ctx)
	return portal.Figures{
		Received: v.Received, AnsweredOnTime: v.AnsweredOnTime, AnsweredN: v.AnsweredN,
		HalfDoneIn: time.Duration(v.MedianFixDays * 24 * float64(time.Hour)), DoneN: v.MedianFixN, OpenNow: v.OpenNow,
	}, err
}

// Newest are the newest reports whose words are public.
func (f mtrFront) Newest(ctx context.Context, n int) ([]portal.Notice, error) {
	page, err := f.mtr.PublicList(ctx, mtr.Filter{}, mtr.Page{Limit: 4 * n})
	if err != nil {
		return nil, err
	}
	var notices []portal.Notice
	for _, item := range page.Items {
		if item.Title != "" && len(notices) < n {
			notices = append(notices, notice(item))
		}
	}
	return notices, nil
}

// PublicPath is the public page of a report.
func (f mtrFront) PublicPath(ctx context.Context, number string) (string, error) {
	if _, err := f.mtr.PublicView(ctx, number); err != nil {
		return "", err
	}
	return "/mtr/laporan/" + number, nil
}

// PathByCode is the reporter's own page.
func (f mtrFront) PathByCode(ctx context.Context, number, code string) (string, error) {
	token, err := f.mtr.OpenByCode(ctx, number, code)
	if err != nil {
		return "", err
	}
	return "/mtr/laporan/" + number + "/" + token, nil
}

func notice(r mtr.PublicItem) portal.Notice {
	n := portal.Notice{
		Href: "/mtr/laporan/" + r.Number, Title: r.Title, Place: r.KelurahanName, Unit: r.UnitName, At: r.ReceivedAt,
		Icon: mtrweb.CategoryIcon(r.CategoryCode), Status: r.Status.Label(), Tone: mtrweb.Tone(r.Status),
	}
	if r.Thumb != "" {
		n.Photo = mtrweb.PhotoHref(r.Thumb, mtr.Small)
	}
	return n
}

// letterFront finds letters by their request numbers.
type letterFront struct{ letters *letter.Module }

// PublicPath is where anybody sees how far a letter is.
func (f letterFront) PublicPath(ctx context.Context, number string) (string, error) {
	t, err := f.letters.Track(ctx, number)
	return "/surat/lacak/" + t.RequestNumber, err
}

// PathByCode is for reports: letters have no short code, their owners sign in.
func (f letterFront) PathByCode(context.Context, string, string) (string, error) {
	return "", errs.New(errs.NotFound, "")
}
