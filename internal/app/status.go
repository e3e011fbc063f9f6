package app

import (
	"context"
	"errors"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/portal"
)

const (
	// statusFor is how long one look at the parts is shown.
	statusFor = 10 * time.Second
	// disruptionsFor is how far back the status page tells.
	disruptionsFor = 90 * 24 * time.Hour

	// Messages that failed twice and more, and work that should have begun a quarter of an hour ago.
	sqlStuck = `
SELECT EXISTS (SELECT FROM river_job WHERE state = 'retryable' AND kind = 'notify_send' AND attempt > 1) AS messages,
	EXISTS (SELECT FROM river_job WHERE state = 'available' AND scheduled_at < $1) AS jobs`
)

// status looks at the parts of the portal.
func (a *App) status(ctx context.Context) portal.Status {
	now := a.Clock.Now()
	stuck, err := pg.One[struct{ Messages, Jobs bool }](ctx, a.Pool, sqlStuck, now.Add(-15*time.Minute))
	s := portal.Status{At: now, Parts: []portal.PartStatus{
		{Name: "Halaman dan data", OK: err == nil, Ill: "Yang Anda simpan mungkin ditolak. Yang sudah diterima tidak hilang. Coba lagi beberapa menit lagi."},
		{Name: "Foto dan berkas", OK: a.Blobs.Check(ctx) == nil, Ill: "Foto dan surat mungkin tidak dapat dibuka atau dikirim."},
		{Name: "Kabar lewat e-mail dan HP", OK: err == nil && !stuck.Messages, Ill: "Kabar dan kode terlambat sampai. Keadaan urusan Anda tetap dapat dilihat di halamannya."},
		{Name: "Pekerjaan di belakang layar", OK: err == nil && !stuck.Jobs, Ill: "Sebagian angka dan berkas diperbarui lebih lambat."},
	}}
	outages, err2 := a.Evidence.OutagesSince(ctx, now.Add(-disruptionsFor))
	s.Unknown = errors.Join(err, err2) != nil
	for _, o := range outages {
		s.Disruptions = append(s.Disruptions, portal.Disruption{Where: o.UnitName, From: o.FromAt, To: o.ToAt})
	}
	return s
}
