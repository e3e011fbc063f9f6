// Package app puts the portal together: settings, database, platform,
// modules, routes, background work, and the subcommands that start it.
package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/epuskesmas/web/partner"
	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/mtr/misconduct"
	"makassartidakrantasa.com/portal/internal/oversight"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/backup"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/dossier"
	"makassartidakrantasa.com/portal/internal/platform/jobs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/obs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/sign"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
	portalweb "makassartidakrantasa.com/portal/internal/portal/web"
	"makassartidakrantasa.com/portal/internal/survey"
	assets "makassartidakrantasa.com/portal/web"
)

// Options are what tests put in place of the real thing.
type Options struct {
	Clock      clock.Clock     // nil: the machine's
	QueueClock clock.Clock     // by which the queues of the puskesmas go; nil: Clock
	Mail       notify.Mailer   // nil: as SMTP_URL says
	PushClient *http.Client    // to push services; nil: one that follows no redirects
	Quick      bool            // jobs without their start-up pauses, nothing remembered between requests
	Cost       *authn.Cost     // of password hashes; nil: authn.DefaultCost
	Tracer     pgx.QueryTracer // nil: none
	Logger     *slog.Logger    // nil: slog.Default
	// ReplicaFresh tells whether the replica may be asked; nil: as it follows.
	ReplicaFresh func() bool
}

// remember is how long one process may show what another one has changed.
func (o Options) remember() time.Duration {
	if o.Quick {
		return 0
	}
	return time.Second
}

// App is a whole portal over one database.
type App struct {
	Config     *config.Config
	Pool       *pgxpool.Pool
	Clock      clock.Clock
	QueueClock clock.Clock // by which the queues of the puskesmas go
	Box        *crypt.Box
	Blobs      blob.Store
	Hub        *live.Hub
	Sender     *notify.Sender
	Sessions   *session.Manager
	Accounts   *authn.Service
	Admin      *portal.Admin
	Personal   *portal.Personal
	MTR        *mtr.Module
	Misconduct *misconduct.Module
	Survey     *survey.Module
	Oversight  *oversight.Module
	Router     *web.Router

	Signatures *sign.Authority // of our own, also reads what is in a PDF
	Signer     sign.Signer     // puts signatures into letters

	Residents *epemerintahan.Module
	Letters   *letter.Module
	Queues    *epuskesmas.Module
	BPJS      *bpjs.Service // of the queues
	Office    *eoffice.Module
	Kuciniki  *kuciniki.Module
	Evidence  *evidence.Module

	replica *pg.Replica   // nil: none
	copyMTR *mtr.Module   // over the replica, with a memory of its own; nil: none
	direct  *pgxpool.Pool // past a transaction pooler; Pool where there is none
	runner  *jobs.Runner
	sealer  *audit.Sealer
	leaving atomic.Bool // asked to end, and still answering
	closing context.Context
	close   context.CancelFunc
	working sync.WaitGroup
}

// New builds the portal. It connects to nothing yet, so that a portal whose
// database is away starts all the same and recovers when it is back.
func New(ctx context.Context, cfg *config.Config, o Options) (a *App, err error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	tracers := []pgx.QueryTracer{obs.SlowQueries(cfg.Slow)}
	if o.Tracer != nil {
		tracers = append(tracers, o.Tracer)
	} else if cfg.OTLPEndpoint != "" {
		tracers = append(tracers, obs.Statements())
	}
	o.Tracer = multitracer.New(tracers...)
	if o.QueueClock == nil {
		o.QueueClock = o.Clock
	}
	a = &App{Config: cfg, Clock: o.Clock, QueueClock: o.QueueClock, Hub: live.NewHub(cfg.Direct())}
	a.closing, a.close = context.WithCancel(context.Background())
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	if a.Pool, err = pg.Open(ctx, cfg.DatabaseURL, pg.Options{Tracer: o.Tracer, Pooled: cfg.Pooled()}); err != nil {
		return nil, err
	}
	if cfg.DatabaseReplicaURL != "" {
		if a.replica, err = pg.OpenReplica(ctx, cfg.DatabaseReplicaURL, a.Pool, o.Tracer); err != nil {
			return nil, err
		}
		if o.ReplicaFresh == nil {
			o.ReplicaFresh = a.replica.Fresh
		}
	}
	if a.Box, err = crypt.Load(cfg.SecretFile, cfg.Dev); err != nil {
		return nil, fmt.Errorf("PORTAL_SECRET_FILE: %w", err)
	}
	if a.Blobs, err = blob.Open(cfg.BlobURL); err != nil {
		return nil, fmt.Errorf("BLOB_URL: %w", err)
	}
	a.Blobs = backup.Hold(a.Blobs, a.Pool)
	if err := a.openMessages(o); err != nil {
		return nil, err
	}
	a.Signatures = sign.NewAuthority(a.Pool, a.Box, a.Clock, cfg.Name)
	if a.Signer, err = sign.Open(cfg.BSrEURL, a.Signatures); err != nil {
		return nil, err
	}
	a.sealer = &audit.Sealer{Pool: a.Pool, Box: a.Box}
	a.Sessions = session.New(a.Pool, a.Box, a.Clock, session.Options{Secure: cfg.Secure(), OnError: web.SessionError})
	emblem, err := cityEmblem(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	a.buildModules(o, emblem)
	if err := a.buildRunner(o); err != nil {
		return nil, err
	}
	a.buildRouter(o)
	return a, nil
}

func (a *App) openMessages(o Options) (err error) {
	base, err := url.Parse(a.Config.BaseURL)
	if err != nil {
		return err
	}
	c := notify.Config{
		Pool: a.Pool, Box: a.Box, Clock: a.Clock, Mail: o.Mail,
		BaseURL: a.Config.BaseURL, PortalName: a.Config.Name, Logger: o.Logger,
	}
	switch {
	case c.Mail != nil:
	case a.Config.SMTPURL != "":
		if c.Mail, err = notify.OpenSMTP(a.Config.SMTPURL, a.Config.Name, base.Hostname()); err != nil {
			return err
		}
	case a.Config.Dev:
		c.Mail = notify.NewMailDir(filepath.Join(a.Config.DataDir, "mail"), a.Config.Name, base.Hostname(), true, o.Logger)
	}
	if a.Config.WhatsAppURL != "" {
		if c.WhatsApp, err = notify.OpenGateway("WHATSAPP_URL", a.Config.WhatsAppURL, a.Clock); err != nil {
			return err
		}
	}
	if a.Config.SMSURL != "" {
		if c.SMS, err = notify.OpenGateway("SMS_URL", a.Config.SMSURL, a.Clock); err != nil {
			return err
		}
	}
	if c.Push, err = notify.OpenPush(a.Config.PushHosts, a.Box, a.Config.BaseURL, o.PushClient); err != nil {
		return err
	}
	a.Sender = notify.NewSender(c)
	return nil
}

// cityEmblem is the city's coat of arms for the head of letters, if the city has put
// its file into the data folder.
func cityEmblem(dir string) ([]byte, error) {
	file := filepath.Join(dir, "lambang.png")
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = naskah.CheckEmblem(b)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return b, nil
}

func (a *App) buildModules(o Options, emblem []byte) {
	cost := authn.DefaultCost
	if o.Cost != nil {
		cost = *o.Cost
	}
	a.Accounts = authn.New(authn.Config{
		Pool: a.Pool, Box: a.Box, Clock: a.Clock, Hasher: authn.NewHasher(cost),
		EmailOn: a.Sender.EmailOn(), PhoneOn: a.Sender.PhoneOn(), RequireTOTP: !a.Config.Dev,
		PortalName: a.Config.Name, BaseURL: a.Config.BaseURL,
	})
	a.Admin = &portal.Admin{DB: a.Pool, Clock: a.Clock, Accounts: a.Accounts}
	pictures := media.New(media.Options{Clock: a.Clock})
	reports := mtr.Deps{
		DB: a.Pool, Clock: a.Clock, Box: a.Box, Blobs: a.Blobs,
		Photos: pictures, Push: a.Sender.Push, BaseURL: a.Config.BaseURL, Remember: o.remember(),
	}
	a.MTR = mtr.New(reports)
	if a.replica != nil {
		reports.DB = a.replica.Pool
		a.copyMTR = mtr.New(reports)
	}
	a.Misconduct = misconduct.New(misconduct.Deps{DB: a.Pool, Clock: a.Clock, Box: a.Box, Scans: pictures})
	a.Survey = survey.New(survey.Deps{DB: a.Pool, Clock: a.Clock, Box: a.Box})
	a.Residents = epemerintahan.New(epemerintahan.Deps{DB: a.Pool, Clock: a.Clock, Box: a.Box, Blobs: a.Blobs, Emblem: emblem})
	a.Letters = letter.New(letter.Deps{
		DB: a.Pool, Clock: a.Clock, Box: a.Box, Blobs: a.Blobs, Residents: a.Residents, Signer: a.Signer,
		Scans: pictures, BaseURL: a.Config.BaseURL, Emblem: emblem,
	})
	a.Queues = epuskesmas.New(epuskesmas.Deps{DB: a.Pool, Clock: a.QueueClock, Box: a.Box, BaseURL: a.Config.BaseURL, Remember: o.remember()})
	partners := bpjs.Deps{Queue: a.Queues, Auth: a.Accounts, DB: a.Pool, Box: a.Box, Clock: a.QueueClock}
	if u := a.Config.BPJSAntreanURL; u != "" {
		partners.Client = partner.NewClient(u, a.Clock)
	}
	if u := a.Config.BPJSSatusehatURL; u != "" {
		partners.Ministries = partner.NewMinistries(u, a.Clock)
	}
	a.BPJS = bpjs.New(partners)
	a.Office = eoffice.New(eoffice.Deps{
		DB: a.Pool, Clock: a.Clock, Box: a.Box, Blobs: a.Blobs, Signer: a.Signer, Scans: pictures, BaseURL: a.Config.BaseURL, Emblem: emblem,
	})
	a.Evidence = evidence.New(evidence.Deps{DB: a.Pool, Clock: a.Clock, Box: a.Box, Sessions: a.sessions})
	a.Personal = &portal.Personal{DB: a.Pool, Clock: a.Clock, Accounts: a.Accounts, Holders: []dossier.Holder{
		a.MTR, a.Letters, a.Residents, a.Queues, portal.OwnTrail{DB: a.Pool, ActName: portalweb.ActName(actName)}, a.Accounts,
	}}
	a.Kuciniki = kuciniki.New(kuciniki.Deps{DB: a.Pool, Letters: leaveLetters{a.Office}, Evidence: a.Evidence.Beside, Clock: a.Clock, Box: a.Box, Signer: a.Signer, Emblem: emblem})
	a.Oversight = oversight.New(oversight.Deps{DB: a.Pool, Clock: a.Clock, Signer: a.Signer, Emblem: emblem, Sources: a.sources()})
}

func (a *App) buildRunner(o Options) (err error) {
	workers := river.NewWorkers()
	a.Sender.Workers(workers)
	a.MTR.Workers(workers)
	a.Letters.Workers(workers)
	a.Residents.Workers(workers)
	a.Queues.Workers(workers)
	a.BPJS.Workers(workers)
	a.Office.Workers(workers)
	periodic := slices.Concat(a.Sender.Periodic(), a.MTR.Periodic(), a.Residents.Periodic(), a.Queues.Periodic(), a.BPJS.Periodic(), a.Office.Periodic(), []*river.PeriodicJob{a.purging(workers)})
	a.direct = a.Pool
	if a.Config.Pooled() {
		if a.direct, err = pg.Open(context.Background(), a.Config.DatabaseDirectURL, pg.Options{MaxConns: 8}); err != nil {
			return err
		}
	}
	a.runner, err = jobs.New(a.direct, jobs.Options{
		Workers: workers, Periodic: periodic, OnFailure: obs.JobFailed, Logger: o.Logger, Quick: o.Quick,
	})
	return err
}

func (a *App) buildRouter(o Options) {
	a.Router = web.New(web.Options{
		Name: a.Config.Name, Secure: a.Config.Secure(), TileURL: a.tileURL(), Proxies: a.Config.Proxies,
		Sessions: a.Sessions, Clock: a.Clock, Limited: a.Config.Limited(),
		RequireTOTP: !a.Config.Dev, EnrolPath: portalweb.EnrolPath, LoadActor: a.Accounts.Actor, Watch: a.Oversight.Opened,
		Nav: []ui.Link{
			{Label: "Lapor masalah", Href: "/mtr/lapor"},
			{Label: "Urus surat", Href: "/surat"},
			{Label: "Laporan warga", Href: "/mtr"},
			{Label: "Peta", Href: "/mtr/peta"},
			{Label: "Puskesmas", Href: "/puskesmas"},
		},
		Footer: []ui.Link{{Label: "Bantuan", Href: "/bantuan"}, {Label: "Tentang data", Href: "/tentang-data"}, {Label: "Survei kepuasan", Href: "/survei"}, {Label: "Status portal", Href: "/status"}},
		Static: staticFiles(), Immutable: assets.Immutable, Closing: a.closing, ReplicaFresh: o.ReplicaFresh, Remember: o.remember(),
	})
	a.Router.Mount(a.healthRoutes())
	a.mountModules()
}

// Start begins the background work: jobs, live topics, the sealer, the sums of the evidence, leave whose
// letter is revoked. It returns at once; when the database is away, jobs begin once it is back.
func (a *App) Start() {
	a.work(a.Hub.Run)
	a.work(a.sealer.Run)
	a.work(a.Evidence.Run)
	a.work(a.endLeave)
	if a.replica != nil {
		a.work(a.replica.Follow)
	}
	a.work(a.exportHeads)
	a.work(a.keepDirectory)
	a.work(a.Queues.KeepPromises)
	a.work(func(ctx context.Context) {
		for ctx.Err() == nil {
			err := a.runner.Start(ctx)
			if err == nil {
				return
			}
			slog.WarnContext(ctx, "jobs wait for the database", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(2 * time.Second):
			}
		}
	})
}

func (a *App) work(f func(context.Context)) {
	a.working.Go(func() { f(a.closing) })
}

// CloseStreams ends the open streams, so that a shutdown need not wait for
// them.
func (a *App) CloseStreams() { a.close() }

// Stop ends the background work and closes the database. It gives running
// jobs ten seconds, or until ctx ends.
func (a *App) Stop(ctx context.Context) error {
	a.close()
	a.working.Wait()
	err := a.runner.Stop(ctx)
	a.direct.Close() // closing a pool twice is harmless
	a.Pool.Close()
	if a.replica != nil {
		a.replica.Pool.Close()
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// exportHeads keeps the day's newest heads of the trails beside the data, for
// copying elsewhere.
func (a *App) exportHeads(ctx context.Context) {
	again(ctx, 10*time.Minute, "export the trail's heads", func() error {
		heads, err := audit.Heads(ctx, a.Pool)
		if err != nil {
			return err
		}
		return audit.ExportHeads(trailDir(a.Config.DataDir), a.Clock.Now(), heads)
	})
}

// endLeave ends leave whose letter was revoked.
func (a *App) endLeave(ctx context.Context) {
	again(ctx, 10*time.Minute, "end leave whose letter was revoked", func() error {
		_, err := a.Kuciniki.EndRevoked(ctx)
		return err
	})
}

// keepDirectory brings the built-in roles and kinds of letters up to date once the
// database is there, then shuts the accounts of those whose last day has passed.
func (a *App) keepDirectory(ctx context.Context) {
	ready := false
	again(ctx, time.Minute, "keep the directory", func() error {
		if !ready {
			if err := errors.Join(portal.EnsureRoles(ctx, a.Pool, mtr.PermConfigure, letter.PermConfigure, eoffice.PermConfigure), a.Letters.EnsureKinds(ctx), a.Queues.EnsureSites(ctx)); err != nil {
				return err
			}
			ready = true
		}
		_, err := a.Admin.SettleLeavers(ctx)
		return err
	})
}

// again does something now and once in a while until ctx ends; what fails is in the log.
func again(ctx context.Context, every time.Duration, what string, do func() error) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := do(); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, what, "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
