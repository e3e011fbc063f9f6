// Package demo fills the city of `portal dev` with people and with the story of
// their last 60 days, told through the modules' own use cases. On the same day it
// is the same story on every machine. Nobody in it exists.
package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/demo/scene"
	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/portal"
)

// Deps is what the story is written into: a freshly migrated database of its own.
type Deps struct {
	DB     *pgxpool.Pool
	Box    *crypt.Box
	Blobs  blob.Store
	Photos mtr.PhotoProcessor
	// Draw makes the photo of a scene; nil: scene.JPEG. What is not about pictures
	// passes something quicker.
	Draw    func(scene.Scene) []byte
	BaseURL string
	// Password of all accounts.
	Password string
	// Progress hears how much of the story is told.
	Progress func(done, all int)
}

// Build hires the demo's people and tells a story of n reports that ends at the
// midnight before at. It expects an empty city; a Build that failed leaves half a
// story, so its database is of no further use.
func Build(ctx context.Context, d Deps, at time.Time, n int) (err error) {
	defer errs.In(&err, "demo.Build")
	end := midnight(at)
	begin := end.AddDate(0, 0, -storyDays-1)
	watch := clock.NewFake(begin.AddDate(-1, 0, 0))
	accounts := authn.New(authn.Config{Pool: d.DB, Box: d.Box, Clock: watch, BaseURL: d.BaseURL, Hasher: authn.NewHasher(authn.DefaultCost)})
	if err := portal.EnsureRoles(ctx, d.DB, mtr.PermConfigure, letter.PermConfigure, eoffice.PermConfigure); err != nil {
		return err
	}
	if err := letter.New(letter.Deps{DB: d.DB, Clock: watch}).EnsureKinds(ctx); err != nil {
		return err
	}
	if err := hire(ctx, d.DB, accounts, watch.Now()); err != nil {
		return err
	}
	if _, err := accounts.SetDemoPassword(ctx, Domain, d.Password); err != nil {
		return err
	}
	cast, err := actors(ctx, d.DB, begin)
	if err != nil {
		return err
	}
	city, err := org.Root(ctx, d.DB)
	if err != nil {
		return err
	}
	cal, err := calendar.Load(ctx, d.DB, city.ID)
	if err != nil {
		return err
	}
	areas, err := org.Areas(ctx, d.DB)
	if err != nil {
		return err
	}
	tales := plan(end, n, cal, areas)
	all := inOrder(tales)

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if d.Draw == nil {
		d.Draw = scene.JPEG
	}
	p := newPictures(d.Photos, d.Draw)
	wait := p.ahead(ctx, tales)
	defer wait()
	defer stop()
	k := &telling{ctx: ctx, db: d.DB, clock: watch, cast: cast, pictures: p, areas: unitsOf(areas), mtr: mtr.New(mtr.Deps{
		DB: d.DB, Clock: watch, Box: d.Box, Blobs: d.Blobs, Photos: p, BaseURL: d.BaseURL,
	})}
	if err := k.load(); err != nil {
		return err
	}
	watch.Set(begin)
	if err := k.layReady(); err != nil {
		return fmt.Errorf("desks: %w", err)
	}
	if err := blowWhistles(ctx, d, cast, end); err != nil {
		return fmt.Errorf("channel to the Inspektorat: %w", err)
	}
	register := epemerintahan.New(epemerintahan.Deps{DB: d.DB, Clock: watch, Box: d.Box})
	queues := epuskesmas.New(epuskesmas.Deps{DB: d.DB, Clock: watch, Box: d.Box, BaseURL: d.BaseURL})
	if err := openPuskesmas(ctx, queues, cast["dinkes"], begin); err != nil {
		return err
	}
	past := make(chan error, 1)
	go func() {
		past <- tellPast(ctx, queues, cast["dinkes"], cal, begin.AddDate(0, 0, 1), end, float64(n)/Reports)
	}()
	defer func() { <-past }()
	lives, homes, err := settle(ctx, d.DB, register, watch, cast, unitsOf(areas), end, max(100, Residents*n/Reports))
	if err != nil {
		return err
	}
	letters, err := askForLetters(ctx, d, watch, register, cast, unitsOf(areas), homes, cal, end, max(30, Letters*n/Reports))
	if err != nil {
		return err
	}
	mails, err := correspond(d, watch, cast, cal, end, max(20, Correspondence*n/Reports))
	if err != nil {
		return err
	}
	if err := perform(ctx, d, cast, cal, end); err != nil {
		return fmt.Errorf("performance: %w", err)
	}
	lives = inTime(slices.Concat(lives, letters, mails, k.arrivals(end)))
	tick := begin
	for i, s := range all {
		if tick, err = k.pass(tick, s.at); err != nil {
			return err
		}
		if lives, err = happen(ctx, watch, lives, s.at); err != nil {
			return err
		}
		if err := k.tell(s); err != nil {
			return err
		}
		if d.Progress != nil {
			d.Progress(i+1, len(all))
		}
	}
	if _, err := k.pass(tick, end); err != nil {
		return err
	}
	if _, err := happen(ctx, watch, lives, end); err != nil {
		return err
	}
	err = <-past
	past <- nil
	if err != nil {
		return err
	}
	if err := inspect(ctx, d, k.mtr, cast, end); err != nil {
		return fmt.Errorf("assignments of the Inspektorat: %w", err)
	}
	if err := answerSurvey(ctx, d, end); err != nil {
		return fmt.Errorf("survey: %w", err)
	}
	if err := playMorning(ctx, queues, watch, cast, at, float64(n)/Reports); err != nil {
		return err
	}
	if err := excuse(ctx, d, cast, cal, end); err != nil {
		return err
	}
	if err := bygoneYear(ctx, d, cast["bkpsdm"], begin.AddDate(-1, 0, 0), end, min(1, float64(n)/Reports)); err != nil {
		return err
	}
	if _, err := notify.Drop(ctx, d.DB, at.Add(time.Second)); err != nil {
		return fmt.Errorf("old messages: %w", err)
	}
	return nil
}

// unitsOf finds kelurahan by their code.
func unitsOf(areas []org.Area) map[string]int64 {
	out := map[string]int64{}
	for _, a := range areas {
		out[a.Code] = a.ID
	}
	return out
}

func midnight(t time.Time) time.Time {
	t = t.In(clock.Makassar)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, clock.Makassar)
}
