package demo

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// outsider writes to the city's offices on paper.
type outsider struct{ name, code string }

var outsiders = []outsider{
	{"Dinas Bina Marga dan Bina Konstruksi Provinsi Sulawesi Selatan", "DBMBK"}, {"Balai Besar Wilayah Sungai Pompengan Jeneberang", "BBWS"},
	{"PT PLN (Persero) UP3 Makassar Selatan", "UP3-MKS"}, {"Universitas Hasanuddin", "UN4"}, {"Kepolisian Resor Kota Besar Makassar", "RESTABES"},
	{"Badan Pusat Statistik Kota Makassar", "BPS-7371"}, {"Ikatan Pemuda Kelurahan Antang", "IPKA"}, {"Rumah Sakit Umum Pusat Dr. Wahidin Sudirohusodo", "RSWS"},
}

// incoming are letters from outside: what they ask for, and when they invite to.
var incoming = []topic{
	{"SD", "600.1", "Pemberitahuan pekerjaan galian di %s", "Dengan hormat kami beritahukan pekerjaan galian di %s selama empat belas hari kerja. Mohon pengaturan lalu lintas dan pemberitahuan kepada warga."},
	{"SPM", "000.9", "Permohonan data untuk penelitian di %s", "Bersama ini kami mohon izin dan data pendukung penelitian mahasiswa di %s."},
	{"UND", "000.1", "Undangan rapat kerja wilayah %s", "Kami mengundang Bapak/Ibu pada rapat kerja tentang %s."},
	{"SD", "400.9", "Permintaan pendampingan kegiatan di %s", "Kami mohon pendampingan petugas untuk kegiatan bakti sosial di %s."},
	{"SD", "300.2", "Laporan titik rawan genangan di %s", "Kami sampaikan hasil pemantauan titik rawan genangan di %s sebagai bahan tindak lanjut."},
}

// paper is one letter from outside on its way.
type paper struct {
	*rand.Rand
	m    *eoffice.Module
	at   *bureau
	from outsider
	what topic
	n    int
	id   int64
}

// receive plans n letters from outside: scanned, written down, directed, and dealt with as
// far as their office has come.
func receive(m *eoffice.Module, all []*bureau, cal *calendar.Calendar, begin, end time.Time, n int, seed uint64) (plans []happening) {
	for i := range n {
		x := &paper{Rand: rand.New(rand.NewPCG(seed, uint64(i))), m: m, at: all[i%len(all)], n: i}
		x.from, x.what = one(x.Rand, outsiders), one(x.Rand, incoming)
		at := cal.AddWorkingTime(begin.AddDate(0, 0, x.IntN(storyDays)), time.Duration(1+x.IntN(400))*time.Minute)
		if i%6 == 0 { // some of the last days lie there still
			at = cal.AddWorkingTime(end.AddDate(0, 0, -3), time.Duration(x.IntN(600))*time.Minute)
		}
		if at.Before(end) {
			plans = append(plans, x.way(cal, at)...)
		}
	}
	return plans
}

func (x *paper) way(cal *calendar.Calendar, at time.Time) (out []happening) {
	then := func(minutes int, does string, do func(ctx context.Context) error) {
		at = cal.AddWorkingTime(at, time.Duration(minutes)*time.Minute)
		if does == "read" || does == "finish" { // by the head
			at = x.at.present(cal, at)
		}
		out = append(out, happening{at, does + " from outside at " + x.at.code, do})
	}
	written := at
	then(0, "write down", func(ctx context.Context) error { return x.write(ctx, written) })
	fate := x.IntN(100)
	if fate < 12 {
		return out
	}
	then(5+x.IntN(90), "direct", func(ctx context.Context) error {
		_, err := x.m.Direct(ctx, x.at.clerk, eoffice.Act{ID: x.id})
		return err
	})
	if fate < 30 {
		return out
	}
	then(30+x.IntN(400), "read", func(ctx context.Context) error {
		_, err := x.m.Open(ctx, x.at.head, x.id)
		return err
	})
	if fate < 45 {
		return out
	}
	then(20+x.IntN(300), "finish", func(ctx context.Context) error {
		d, err := x.m.Open(ctx, x.at.head, x.id)
		if err != nil {
			return err
		}
		return x.m.Finish(ctx, x.at.head, d.Recipients[0].ID, "Sudah ditanggapi.")
	})
	return out
}

// write scans a letter and writes it down.
func (x *paper) write(ctx context.Context, at time.Time) error {
	f, err := x.m.ArrivalForm(ctx, x.at.clerk, 0)
	if err != nil {
		return err
	}
	place := one(x.Rand, whereabouts)
	subject := fmt.Sprintf(x.what.subject, place)
	day := at.In(clock.Makassar)
	in := eoffice.Arrival{
		Kind: x.what.kind, Sender: x.from.name, Number: fmt.Sprintf("%d/%s/%d", 100+x.n*7, x.from.code, day.Year()), Date: day.AddDate(0, 0, -2-x.IntN(6)), Received: day,
		Subject: subject, Secrecy: eoffice.Open, Urgency: eoffice.Ordinary, KKA: x.what.kka, Channel: "kertas", Place: fmt.Sprintf("Lemari %d, map %d", 1+x.IntN(3), 1+x.IntN(20)),
		To: x.at.head.MainPosition().ID,
	}
	switch x.IntN(12) {
	case 0: // the envelope stays closed
		in.Secrecy, in.Subject = eoffice.Secret, ""
	case 1:
		in.Secrecy = eoffice.Restricted
	case 2, 3:
		in.Urgency = eoffice.Urgent
	}
	if in.Subject != "" {
		scan, err := naskah.Render(naskah.Document{
			Head: naskah.Head{Lines: []string{x.from.name}}, Title: subject, Unnumbered: true, Place: eoffice.City, Date: in.Date, Created: in.Date, Subject: subject,
			Blocks: []naskah.Block{naskah.Paragraph{Text: "Nomor " + in.Number}, naskah.Paragraph{Text: fmt.Sprintf(x.what.body, place)}},
		})
		if err != nil {
			return err
		}
		l, err := x.m.ToTray(ctx, x.at.clerk, f.At.UnitID, eoffice.Upload{Name: "Pindaian.pdf", Upload: bytes.NewReader(scan)})
		if err != nil {
			return err
		}
		in.Papers = []int64{l.ID}
	}
	done, err := x.m.Record(ctx, x.at.clerk, f.At.PositionID, in, fmt.Sprint("masuk-", x.n))
	x.id = done.ID
	return err
}
