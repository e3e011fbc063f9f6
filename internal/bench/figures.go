package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// What people wait for who look at figures, and who report.
const (
	warmFiguresTarget = 50 * time.Millisecond
	alikeTarget       = 50 * time.Millisecond
)

// onePhoto stands for the processor: what is measured is the database.
type onePhoto struct{}

func (onePhoto) Process(_ context.Context, r io.ReadSeeker) (media.Photo, error) {
	data, err := io.ReadAll(r)
	return media.Photo{Large: data, Small: data, W: 1600, H: 1200, SmallW: 400, SmallH: 300, DHash: 12345}, err
}

// figures measures the statistics and the look-up of duplicates in both databases, without
// HTTP: counted anew for a month and for a year, and as the next reader finds them.
func (b *run) figures(ctx context.Context) error {
	for _, name := range []string{smallDB, largeDB} {
		b.say("figures and duplicates in %s", name)
		if err := b.figuresOf(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (b *run) figuresOf(ctx context.Context, name string) error {
	box, err := crypt.New([]byte(strings.Repeat("b", 32)))
	if err != nil {
		return err
	}
	db, err := pg.Open(ctx, b.server.URL(name, "portal_app"), pg.Options{StatementTimeout: time.Minute})
	if err != nil {
		return err
	}
	defer db.Close()
	blobs, err := blob.Open("file://" + b.dir)
	if err != nil {
		return err
	}
	fresh := func() *mtr.Module {
		return mtr.New(mtr.Deps{DB: db, Clock: clock.System{}, Box: box, Blobs: blobs, Photos: onePhoto{}})
	}
	now := clock.System{}.Now()
	for _, days := range []int{30, mtr.LongestSpan} {
		span, err := mtr.SpanOf(now.AddDate(0, 0, 1-days), now)
		if err != nil {
			return err
		}
		var anew, warm []time.Duration
		for range 5 {
			m := fresh()
			for _, times := range []*[]time.Duration{&anew, &warm} {
				begun := time.Now()
				if _, err := m.Statistics(ctx, mtr.Filter{}, span); err != nil {
					return err
				}
				*times = append(*times, time.Since(begun))
			}
		}
		b.claim(fmt.Sprintf("statistics of %d days, %s, p50", days, name), ms(middle(warm)), "counted anew "+ms(middle(anew)),
			"≤ "+ms(warmFiguresTarget), middle(warm) <= warmFiguresTarget)
	}
	return b.alike(ctx, fresh(), name)
}

const sqlBusyPlaces = `
SELECT lat, lng, kelurahan_id, category_id FROM mtr_report
WHERE open AND words_public AND status_group IN ('baru', 'proses') ORDER BY id DESC LIMIT 40`

// alike asks for the duplicates of drafts at places where something is reported.
func (b *run) alike(ctx context.Context, m *mtr.Module, name string) error {
	type place struct {
		Lat, Lng                float64
		KelurahanID, CategoryID int64
	}
	db, err := pg.Open(ctx, b.server.URL(name, "portal_app"), pg.Options{StatementTimeout: time.Minute})
	if err != nil {
		return err
	}
	defer db.Close()
	places, err := pg.Many[place](ctx, db, sqlBusyPlaces)
	if err != nil {
		return err
	}
	var times []time.Duration
	found := 0
	for i, p := range places {
		token, err := m.CreateDraft(ctx, authz.Actor{})
		if err != nil {
			return err
		}
		photo := bytes.NewReader([]byte("foto"))
		if _, err := m.AddPhoto(ctx, token, mtr.PhotoInput{File: photo, Size: photo.Size()}); err != nil {
			return err
		}
		in := mtr.PlaceInput{Place: &mtr.Point{Lat: p.Lat, Lng: p.Lng}, Source: mtr.SourcePin, KelurahanID: p.KelurahanID}
		if err := m.SavePlace(ctx, token, in); err != nil {
			return err
		}
		if err := m.SaveDraftCategory(ctx, token, mtr.CategoryInput{CategoryID: p.CategoryID}); err != nil {
			return err
		}
		if err := m.SaveWords(ctx, token, mtr.WordsInput{Title: "Lampu jalan mati di Jalan Veteran", Body: "Sudah tiga hari begini dan warga mengeluh."}); err != nil {
			return err
		}
		begun := time.Now()
		alike, err := m.AlikeOfDraft(ctx, token)
		if err != nil {
			return err
		}
		if found += len(alike); i > 4 { // the first ones warm up
			times = append(times, time.Since(begun))
		}
	}
	if len(times) == 0 || found == 0 {
		return fmt.Errorf("%s: %d look-ups found %d reports", name, len(places), found)
	}
	b.claim("look-up of duplicates, "+name+", p50", ms(middle(times)), fmt.Sprintf("%.1f found each", float64(found)/float64(len(places))),
		"≤ "+ms(alikeTarget), middle(times) <= alikeTarget)
	return nil
}
