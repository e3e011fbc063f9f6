// Package misconductweb is the face of the sealed channel: the pages of whoever sends, and
// the desk of the Inspektorat.
package misconductweb

import (
	"context"
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr/misconduct"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Deps is what the pages stand on.
type Deps struct {
	Channel *misconduct.Module
	Clock   clock.Clock
}

const (
	startPath  = "/mtr/pelanggaran"
	sendPath   = startPath + "/tulis"
	answerPath = startPath + "/jawaban"
	goOnPath   = startPath + "/lanjut"
	deskPath   = "/meja/mtr/pelanggaran"

	filesBody = misconduct.MaxFiles*misconduct.MaxFileBytes + 1<<20

	// One network's sendings in a minute: a flood costs room for good.
	sendsPerMinute = 10
	// Codes are not to be guessed; trying costs anyway.
	readsPerMinute = 60
)

// Routes are all pages of the channel. No address carries a code.
func Routes(d Deps) []web.Route {
	upload := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Access: web.Public, Handle: h, Upload: true, MaxBody: filesBody, PerMinute: sendsPerMinute}
	}
	reads := web.Needs(misconduct.PermRead)
	return []web.Route{
		{Method: http.MethodGet, Pattern: startPath, Access: web.Public, Handle: d.start, Same: true},
		{Method: http.MethodGet, Pattern: sendPath, Access: web.Public, Handle: d.form},
		upload(sendPath, d.send),
		{Method: http.MethodGet, Pattern: answerPath, Access: web.Public, Handle: d.ask, Same: true},
		{Method: http.MethodPost, Pattern: answerPath, Access: web.Public, Handle: d.read, PerMinute: readsPerMinute},
		upload(goOnPath, d.goOn),

		{Method: http.MethodGet, Pattern: deskPath, Access: reads, Handle: d.list},
		{Method: http.MethodGet, Pattern: deskPath + "/{perkara}", Access: reads, Handle: d.view},
		{Method: http.MethodPost, Pattern: deskPath + "/{perkara}", Access: reads, Handle: d.do, Timeout: 15 * time.Second},
		{Method: http.MethodGet, Pattern: deskPath + "/{perkara}/berkas/{berkas}", Access: reads, Handle: d.file},
	}
}

// DeskItems tells the home desk what waits for those who read the channel.
func DeskItems(d Deps) func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
	return func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
		if !a.Has(misconduct.PermRead) {
			return nil, nil
		}
		counts, err := d.Channel.Counts(ctx, a)
		if err != nil {
			return nil, err
		}
		waiting := 0
		for _, c := range counts {
			waiting += c.Waiting
		}
		return []ui.DeskGroup{{Title: "Kanal pelanggaran", Items: []ui.DeskItem{{Label: "Laporan pelanggaran pegawai", Href: deskPath, Count: waiting}}}}, nil
	}
}

// ActName names the acts that the channel writes to the audit trail.
func ActName(action string) string {
	return map[string]string{
		"mtr.misconduct.read": "Membuka laporan pelanggaran", "mtr.misconduct.read_file": "Membuka berkas laporan pelanggaran",
		"mtr.misconduct.review": "Menelaah laporan pelanggaran", "mtr.misconduct.answer": "Menjawab laporan pelanggaran",
		"mtr.misconduct.note": "Mencatat di laporan pelanggaran", "mtr.misconduct.close": "Menyelesaikan laporan pelanggaran",
		"mtr.misconduct.reopen": "Membuka lagi laporan pelanggaran",
	}[action]
}
