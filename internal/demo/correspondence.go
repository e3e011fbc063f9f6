package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/eoffice/text"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// Correspondence is how many official letters a whole story has.
const Correspondence = 600

// bureau is an office that writes to others.
type bureau struct {
	code                 string
	drafter, head, clerk authz.Actor
	verifiers            []authz.Actor // before the head
	officer              authz.Actor   // gets the orders of the head, and stands in
	away, back           time.Time     // while the head is away
}

// signer is who signs at an office at a moment.
func (b *bureau) signer(at time.Time) authz.Actor {
	if !at.Before(b.away) && at.Before(b.back) {
		return b.officer
	}
	return b.head
}

// present is the first moment from another on at which the head decides: what comes while they
// are away waits for them, but for what has to be signed.
func (b *bureau) present(cal *calendar.Calendar, at time.Time) time.Time {
	if !at.Before(b.away) && at.Before(b.back) {
		return cal.AddWorkingTime(b.back, 25*time.Minute)
	}
	return at
}

// bureaus are the offices of the story: Dinas PU with four desks, the others with two.
func bureaus(cast players) []*bureau {
	out := []*bureau{{code: "DPU", drafter: cast["konseptor"], verifiers: []authz.Actor{cast["kabid"]}, head: cast["kadis"], clerk: cast["tu"], officer: cast["kabid"]}}
	for _, code := range []string{"DISHUB", "DLH", "SATPOL", "BPBD", "PDAM", "DINSOS", "DINKES", "DISDIK", "DUKCAPIL", "DTR", "BAPPEDA"} {
		officer := cast["petugas."+lower(code)]
		out = append(out, &bureau{code: code, drafter: officer, head: cast["kepala."+lower(code)], clerk: officer, officer: officer})
	}
	return append(out, &bureau{code: "SETDA", drafter: cast["petugas.setda"], head: cast["sekda"], clerk: cast["petugas.setda"], officer: cast["petugas.setda"]})
}

// topic is what a letter of the story is about.
type topic struct{ kind, kka, subject, body string }

// in is the topic at a place, for those whose words leave it open.
func (t topic) in(place string) topic {
	return topic{t.kind, t.kka, fmt.Sprintf(t.subject, place), fmt.Sprintf(t.body, place)}
}

var topics = []topic{
	{"SD", "600.1", "Perbaikan saluran drainase %s", "Sehubungan dengan genangan yang terjadi pada musim hujan, dengan ini disampaikan rencana perbaikan saluran drainase %s.\n\n1. Pengerukan sedimen\n2. Penggantian gorong-gorong\n3. Pembersihan lanjutan setiap bulan\n\nMohon dukungan dan koordinasi di lapangan."},
	{"SD", "500.11", "Pengaturan lalu lintas di %s", "Dalam rangka pekerjaan di %s, mohon bantuan pengaturan lalu lintas selama pekerjaan berlangsung.\n\nJadwal terlampir. Atas kerja samanya diucapkan terima kasih."},
	{"SD", "600.4", "Pengangkutan sampah %s", "Menindaklanjuti laporan warga, mohon penambahan jadwal pengangkutan sampah di %s mulai pekan depan."},
	{"UND", "000.1", "Rapat koordinasi penanganan banjir %s", "Mengharap kehadiran Bapak/Ibu pada rapat koordinasi penanganan banjir %s.\n\nHari | Senin\nPukul | 09.00 WITA\nTempat | Ruang rapat Balai Kota\n\nMengingat pentingnya acara, diharapkan hadir tepat waktu."},
	{"UND", "000.7", "Musyawarah perencanaan pembangunan %s", "Mengharap kehadiran Bapak/Ibu pada musyawarah perencanaan pembangunan %s. Acara dimulai pukul 08.30 WITA."},
	{"SE", "000.8", "Disiplin jam kerja menjelang akhir tahun di %s", "Menjelang akhir tahun, seluruh pegawai di %s diminta menjaga disiplin jam kerja dan pelayanan kepada warga."},
	{"SD", "400.9", "Data penerima bantuan di %s", "Bersama ini dikirim permintaan data penerima bantuan sosial di %s sebagai bahan pemutakhiran.\n\n- data keluarga\n- hasil verifikasi lapangan"},
	{"SD", "900.1", "Usulan anggaran tahun 2027 untuk %s", "Bersama ini disampaikan usulan anggaran tahun 2027 untuk %s. Rincian kegiatan dan kebutuhan biaya ada di lampiran."},
	{"SPM", "400.7", "Permohonan tenaga medis untuk kegiatan di %s", "Dalam rangka kegiatan di %s, dengan ini kami mohon bantuan tenaga medis dan satu unit ambulans."},
	{"SD", "300.2", "Kesiapsiagaan bencana di %s", "Memasuki musim hujan, mohon setiap perangkat daerah menyiapkan personel dan peralatan untuk kesiapsiagaan bencana di %s."},
}

var whereabouts = []string{"Toddopuli", "Hertasning", "Pettarani", "Antang", "Paccerakkang", "Pampang", "Barombong", "Tallo", "Ujung Tanah", "Sudiang", "Kecamatan Rappocini", "Kecamatan Manggala"}

// mail is one letter on its way.
type mail struct {
	*rand.Rand
	m    *eoffice.Module
	from *bureau
	to   []*bureau
	post []eoffice.Addressee // outside the offices
	asks *bureau             // for its opinion, nil: none
	what topic
	tie  eoffice.Tie // to ref
	ref  *mail       // an earlier letter, nil: none
	sec  eoffice.Secrecy
	urg  eoffice.Urgency
	key  string
	id   int64
}

// correspond plans n official letters until the end of the story; some of the last days
// are still on their way.
func correspond(d Deps, watch *clock.Fake, cast players, cal *calendar.Calendar, end time.Time, n int) ([]happening, error) {
	signer, err := sign.Open("", sign.NewAuthority(d.DB, d.Box, watch, "Makassar Tidak Rantasa"))
	if err != nil {
		return nil, err
	}
	m := eoffice.New(eoffice.Deps{DB: d.DB, Clock: watch, Box: d.Box, Blobs: d.Blobs, Signer: signer, Scans: media.New(media.Options{Clock: watch}), BaseURL: d.BaseURL})
	day := end.In(clock.Makassar)
	r := rand.New(rand.NewPCG(uint64(day.Year()*1000+day.YearDay()), 5))
	all, begin := bureaus(cast), watch.Now()
	plans, told := affairs(d.DB, m, all, cast, cal, end)
	for i := range max(n/2, n-told) {
		x := &mail{Rand: rand.New(rand.NewPCG(r.Uint64(), uint64(i))), m: m, key: fmt.Sprint("kisah-", i), sec: eoffice.Open, urg: eoffice.Ordinary}
		x.from, x.what = one(x.Rand, all), one(x.Rand, topics).in(one(x.Rand, whereabouts))
		if x.IntN(3) == 0 {
			x.from = all[0]
		}
		for range 1 + x.IntN(3) {
			if b := one(x.Rand, all); b != x.from && !slices.Contains(x.to, b) {
				x.to = append(x.to, b)
			}
		}
		if len(x.to) == 0 {
			x.to = append(x.to, all[(i+1)%len(all)])
			if x.to[0] == x.from {
				x.to[0] = all[(i+2)%len(all)]
			}
		}
		switch f := x.IntN(100); {
		case f < 5:
			x.sec = eoffice.Secret
		case f < 13:
			x.sec = eoffice.Restricted
		}
		switch f := x.IntN(100); {
		case f < 2:
			x.urg = eoffice.Flash
		case f < 8:
			x.urg = eoffice.VeryUrgent
		case f < 25:
			x.urg = eoffice.Urgent
		}
		if b := one(x.Rand, all); i%5 == 0 && b != x.from && !x.sec.Confidential() {
			x.asks = b
		}
		late := i >= n-n/8
		at := cal.AddWorkingTime(begin.AddDate(0, 0, x.IntN(storyDays)), time.Duration(1+x.IntN(400))*time.Minute)
		if late {
			at = cal.AddWorkingTime(end.AddDate(0, 0, -5), time.Duration(x.IntN(900))*time.Minute)
		}
		if at.Before(end) {
			plans = append(plans, x.way(cal, at, end, late)...)
		}
	}
	plans = append(plans, outage(m, cast, cal, end)...)
	plans = append(plans, receive(m, all, cal, begin, end, max(4, n/10), r.Uint64())...)
	return append(plans, file(m, cast, end)...), nil
}

// way plans how a letter goes from its draft to the desks that deal with it.
func (x *mail) way(cal *calendar.Calendar, at, end time.Time, stops bool) (out []happening) {
	then := func(minutes int, does string, do func(ctx context.Context) error) {
		at = cal.AddWorkingTime(at, time.Duration(minutes)*time.Minute)
		out = append(out, happening{at, does + " " + x.what.kind, do})
	}
	then(0, "write", x.write)
	if x.IntN(25) == 0 {
		return out // stays a draft
	}
	then(10+x.IntN(120), "submit", x.submit)
	if x.asks != nil {
		out = append(out, x.opine(cal, at)...)
		at = out[len(out)-1].at
	}
	back := x.IntN(8) == 0
	for _, v := range x.from.verifiers {
		if back {
			then(20+x.IntN(200), "send back", x.read(v, func(ctx context.Context) error {
				if x.id%5 == 0 {
					return x.m.Return(ctx, v, eoffice.Act{ID: x.id, Reason: "Naskahnya baik. Ajukan lagi sesudah rapat anggaran.", Cause: eoffice.BadTime})
				}
				return x.m.Return(ctx, v, eoffice.Act{ID: x.id, Reason: "Sebutkan dasar hukumnya dan jadwal pelaksanaannya."})
			}))
			then(30+x.IntN(200), "submit again", x.submit)
		}
		then(15+x.IntN(300), "paraf", x.read(v, x.paraf(v)))
	}
	minutes := 20 + x.IntN(400)
	signer := x.from.signer(cal.AddWorkingTime(at, time.Duration(minutes)*time.Minute))
	then(minutes, "sign", x.read(signer, x.sign(signer)))
	if x.sec.Confidential() {
		then(10+x.IntN(100), "send", x.send)
	}
	if stops {
		return out[:1+x.IntN(len(out))]
	}
	for _, b := range x.to {
		out = append(out, x.arrives(cal, b, at)...)
	}
	return slices.DeleteFunc(out, func(h happening) bool { return !h.at.Before(end) })
}

// read has somebody open the letter before they do something about it.
func (x *mail) read(a authz.Actor, do func(ctx context.Context) error) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		if _, err := x.m.Open(ctx, a, x.id); err != nil {
			return err
		}
		return do(ctx)
	}
}

func (x *mail) submit(ctx context.Context) error {
	_, err := x.m.Submit(ctx, x.from.drafter, eoffice.Act{ID: x.id})
	return err
}

func (x *mail) paraf(a authz.Actor) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		_, err := x.m.Paraf(ctx, a, eoffice.Act{ID: x.id})
		return err
	}
}

func (x *mail) sign(a authz.Actor) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return x.m.Sign(ctx, a, []eoffice.Act{{ID: x.id}}, eoffice.Passphrase{})[0].Err
	}
}

func (x *mail) send(ctx context.Context) error {
	_, err := x.m.Send(ctx, x.from.clerk, eoffice.Act{ID: x.id})
	return err
}

// write drafts the letter.
func (x *mail) write(ctx context.Context) (err error) {
	if x.id, err = x.m.Begin(ctx, x.from.drafter, x.what.kind, x.from.drafter.MainPosition().ID, x.key); err != nil {
		return err
	}
	_, d, err := x.m.DraftOf(ctx, x.from.drafter, x.id)
	if err != nil {
		return err
	}
	d.Subject, d.Body = x.what.subject, text.FromPlain(x.what.body)
	d.KKA, d.Secrecy, d.Urgency, d.To = x.what.kka, x.sec, x.urg, nil
	for _, b := range x.to {
		d.To = append(d.To, eoffice.Addressee{PositionID: b.head.MainPosition().ID})
	}
	d.To = append(d.To, x.post...)
	if len(x.from.verifiers) == 0 {
		d.Chain = d.Chain[len(d.Chain)-1:]
	}
	if x.ref != nil {
		if err := x.m.Refer(ctx, x.from.drafter, x.id, x.ref.id, x.tie); err != nil {
			return err
		}
	}
	_, err = x.m.SaveDraft(ctx, x.from.drafter, x.id, 0, d)
	return err
}

// arrives plans what becomes of the letter at one office. Whoever is slow leaves it lying.
func (x *mail) arrives(cal *calendar.Calendar, b *bureau, at time.Time) (out []happening) {
	then := func(minutes int, does string, do func(ctx context.Context, r int64) error) {
		at = b.present(cal, cal.AddWorkingTime(at, time.Duration(minutes)*time.Minute))
		out = append(out, happening{at, does + " at " + b.code, func(ctx context.Context) error {
			r, err := x.at(ctx, b.head, b)
			if err != nil {
				return err
			}
			return do(ctx, r.ID)
		}})
	}
	fate := x.IntN(100)
	if fate < 8 {
		return nil // nobody has looked yet
	}
	at = cal.AddWorkingTime(at, time.Duration(15+x.IntN(200))*time.Minute)
	out = append(out, happening{at, "take in at " + b.code, x.takeIn(b)})
	switch {
	case fate < 20: // taken in, not read
	case fate < 30:
		then(60+x.IntN(600), "read", func(context.Context, int64) error { return nil })
	case fate < 60 || x.sec != eoffice.Open || b.officer.AccountID == b.head.AccountID:
		then(60+x.IntN(900), "finish", func(ctx context.Context, r int64) error {
			return x.m.Finish(ctx, b.head, r, "Sudah diketahui dan dilaksanakan.")
		})
	default:
		out = append(out, x.order(cal, b, at, fate)...)
	}
	return out
}

// at is the letter where it arrived at an office, as whom opens it.
func (x *mail) at(ctx context.Context, opens authz.Actor, b *bureau) (eoffice.Recipient, error) {
	d, err := x.m.Open(ctx, opens, x.id)
	if err != nil {
		return eoffice.Recipient{}, err
	}
	i := slices.IndexFunc(d.Recipients, func(r eoffice.Recipient) bool { return r.PositionID == b.head.MainPosition().ID })
	if i < 0 {
		return eoffice.Recipient{}, fmt.Errorf("letter %d does not go to %s", x.id, b.code)
	}
	return d.Recipients[i], nil
}

// takeIn has the clerk of an office take receipt, unless somebody was faster.
func (x *mail) takeIn(b *bureau) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		r, err := x.at(ctx, b.clerk, b)
		if err == nil && r.Status == eoffice.Arrived {
			_, err = x.m.TakeIn(ctx, b.clerk, r.ID)
		}
		return err
	}
}

// order plans a disposisi: given, read, carried out, reported, accepted.
func (x *mail) order(cal *calendar.Calendar, b *bureau, at time.Time, fate int) (out []happening) {
	var order int64
	step := func(minutes int, does string, do func(ctx context.Context) error) {
		at = cal.AddWorkingTime(at, time.Duration(minutes)*time.Minute)
		if does == "give an order" || does == "accept" { // by the head
			at = b.present(cal, at)
		}
		out = append(out, happening{at, does + " at " + b.code, do})
	}
	step(40+x.IntN(500), "give an order", func(ctx context.Context) error {
		r, err := x.at(ctx, b.head, b)
		if err != nil {
			return err
		}
		list, err := x.m.Instructions(ctx, r.UnitID)
		if err != nil {
			return err
		}
		ids, err := x.m.Give(ctx, b.head, eoffice.Giving{RecipientID: r.ID, Orders: []eoffice.NewOrder{{
			To: b.officer.MainPosition().ID, Lead: true, Instructions: list[:1], Note: "Tindak lanjuti dan laporkan hasilnya.",
		}}})
		if err == nil {
			order = ids[0]
		}
		return err
	})
	act := func(a authz.Actor, action eoffice.Action) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			if _, err := x.m.Open(ctx, a, x.id); err != nil {
				return err
			}
			return x.m.OnOrder(ctx, a, action, eoffice.Act{ID: order})
		}
	}
	if fate < 68 {
		return out
	}
	step(30+x.IntN(400), "start", act(b.officer, eoffice.ActStart))
	if fate < 75 {
		return out
	}
	step(200+x.IntN(900), "report", func(ctx context.Context) error {
		return x.m.ReportOrder(ctx, b.officer, eoffice.Act{ID: order}, eoffice.Report{Text: "Sudah dilaksanakan di lapangan dan dikoordinasikan dengan pihak terkait."})
	})
	if fate < 82 {
		return out
	}
	step(30+x.IntN(500), "accept", func(ctx context.Context) error {
		err := x.m.OnOrder(ctx, b.head, eoffice.ActAccept, eoffice.Act{ID: order})
		if errs.KindOf(err) == errs.Conflict { // its silence was an answer
			return nil
		}
		return err
	})
	return out
}
