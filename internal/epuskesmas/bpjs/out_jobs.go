package bpjs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/platform/jobs"
)

// Workers adds the service's workers.
func (s *Service) Workers(ws *river.Workers) {
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[outboundArgs]) error {
		_, collected := s.Collect(ctx)
		_, sent := s.Send(ctx)
		return errors.Join(collected, sent)
	}))
}

// Periodic returns the service's periodic jobs; none where nothing leaves the portal.
func (s *Service) Periodic() []*river.PeriodicJob {
	if s.Client == nil && s.Ministries == nil {
		return nil
	}
	return []*river.PeriodicJob{jobs.Every(10*time.Second, outboundArgs{})}
}

type outboundArgs struct{}

func (outboundArgs) Kind() string { return "bpjs_outbound" }

// InsertOpts keep it among what talks to other systems.
func (outboundArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: jobs.Outgoing} }
