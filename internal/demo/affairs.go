package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// city is who the affairs are told of.
type city struct {
	db   *pgxpool.Pool
	m    *eoffice.Module
	cast players
	cal  *calendar.Calendar
	end  time.Time
	by   map[string]*bureau
}

// affairs plans what correspondence is besides single letters: letters that answer, change
// and revoke others, orders that are passed down to who does the work, secret letters, and
// officials who stand in. It returns how many letters there are in it.
func affairs(db *pgxpool.Pool, m *eoffice.Module, all []*bureau, cast players, cal *calendar.Calendar, end time.Time) (out []happening, letters int) {
	c := &city{db: db, m: m, cast: cast, cal: cal, end: end, by: map[string]*bureau{}}
	for _, b := range all {
		c.by[b.code] = b
	}
	var told []*affair
	begin := func(days int, tell func(f *affair)) {
		n := uint64(len(told))
		f := &affair{Rand: rand.New(rand.NewPCG(uint64(end.Year()*1000+end.YearDay()), n)), m: m, cal: cal, key: fmt.Sprint("perkara-", n),
			at: workingDaysBefore(cal, end, days), orders: map[string]int64{}}
		tell(f)
		told = append(told, f)
	}
	begin(20, c.standingIn) // before the others, so that they know who is away
	for i, days := range []int{28, 18, 12} {
		begin(days, func(f *affair) { c.dredging(f, []string{"Kanal Panampu", "Kanal Jongaya", "Kanal Sinrijala"}[i]) })
	}
	begin(24, c.hours)
	begin(22, c.detour)
	for i, done := range []int{99, 3, 5, 1, 99, 2, 4} {
		begin([]int{26, 8, 12, 5, 19, 6, 10}[i], func(f *affair) { c.passedDown(f, drains[i], done) })
	}
	begin(15, func(f *affair) { c.guided(f, true) })
	begin(6, func(f *affair) { c.guided(f, false) })
	begin(18, func(f *affair) { c.notOurs(f, eoffice.ActAgree) })
	begin(13, func(f *affair) { c.notOurs(f, eoffice.ActDisagree) })
	begin(5, func(f *affair) { c.notOurs(f, "") })
	for i, days := range []int{23, 14, 7} {
		begin(days, func(f *affair) { c.secret(f, i) })
	}
	for i, days := range []int{21, 11, 6, 4} {
		begin(days, func(f *affair) { c.onPaper(f, i) })
	}
	begin(25, c.acting)
	begin(2, c.sentBack)
	begin(9, c.withdrawn)
	begin(4, c.notTheirs)
	begin(14, func(f *affair) { c.byPost(f, true) })
	begin(3, func(f *affair) { c.byPost(f, false) })
	begin(16, c.calledOff)
	for _, f := range told {
		out, letters = append(out, f.out...), letters+f.letters
	}
	return out, letters
}

// dredging: Dinas PU asks, Bappeda answers, the answer is passed down to who writes what
// follows, and reports with it.
func (c *city) dredging(f *affair, canal string) {
	dpu, plan := c.by["DPU"], c.by["BAPPEDA"]
	asked := f.writes(&mail{from: dpu, to: []*bureau{plan}, urg: eoffice.Urgent, what: topic{"SD", "900.1", "Usulan anggaran pengerukan " + canal,
		"Bersama ini disampaikan usulan anggaran pengerukan sedimen " + canal + " sepanjang 1.200 meter, sebagai bahan pembahasan rencana kerja tahun depan."}})
	f.takeIn(asked, plan)
	f.finish(asked, plan, "Dijawab dengan naskah tersendiri.")
	answer := f.writes(&mail{from: plan, to: []*bureau{dpu}, urg: eoffice.Urgent, tie: eoffice.TieReply, ref: asked, what: topic{"SD", "900.1", "Tanggapan atas usulan anggaran pengerukan " + canal,
		"Usulan Saudara pada prinsipnya dapat dibahas. Mohon dilengkapi:\n\n1. Hasil pengukuran sedimen terakhir\n2. Rincian biaya per segmen\n3. Lokasi pembuangan sedimen"}})
	f.takeIn(answer, dpu)
	f.gives(answer, dpu, dpu.head, "", wish{name: "kabid", to: dpu.officer, lead: true, note: "Lengkapi yang diminta Bappeda pekan ini."})
	f.gives(answer, dpu, dpu.officer, "kabid", wish{name: "konseptor", to: dpu.drafter, lead: true, note: "Siapkan surat pengantar dan lampirannya."})
	f.acts(answer, "konseptor", dpu.drafter, eoffice.ActStart, "")
	more := f.writes(&mail{from: dpu, to: []*bureau{plan}, urg: eoffice.Urgent, tie: eoffice.TieFollow, ref: answer, what: topic{"SD", "900.1", "Kelengkapan usulan anggaran pengerukan " + canal,
		"Menindaklanjuti tanggapan Saudara, bersama ini dikirim hasil pengukuran sedimen, rincian biaya per segmen, dan lokasi pembuangan."}})
	f.reports(answer, "konseptor", dpu.drafter, "Kelengkapan sudah dikirim kepada Bappeda dengan surat bernomor.", more)
	f.acts(answer, "konseptor", dpu.officer, eoffice.ActAccept, "")
	f.reports(answer, "kabid", dpu.officer, "Kelengkapan usulan sudah dikirim.", more)
	f.acts(answer, "kabid", dpu.head, eoffice.ActAccept, "")
	f.takeIn(more, plan)
	f.finish(more, plan, "Masuk daftar pembahasan rencana kerja.")
	last := f.writes(&mail{from: plan, to: []*bureau{dpu}, tie: eoffice.TieReply, ref: more, what: topic{"UND", "900.1", "Pembahasan usulan anggaran pengerukan " + canal,
		"Mengharap kehadiran Saudara pada pembahasan usulan anggaran pengerukan " + canal + ".\n\nHari | Kamis\nPukul | 09.00 WITA\nTempat | Ruang rapat Bappeda"}})
	f.takeIn(last, dpu)
}

// hours: a circular that another one changes.
func (c *city) hours(f *affair) {
	to := []*bureau{c.by["DPU"], c.by["DISHUB"], c.by["DLH"], c.by["BPBD"]}
	first := f.writes(&mail{from: c.by["SETDA"], to: to, what: topic{"SE", "000.8", "Piket siaga banjir perangkat daerah",
		"Selama musim hujan setiap perangkat daerah menyiapkan piket siaga banjir setiap hari, pukul 16.00 sampai 22.00 WITA."}})
	for _, b := range to {
		f.takeIn(first, b)
	}
	second := f.writes(&mail{from: c.by["SETDA"], to: to, tie: eoffice.TieAmend, ref: first, what: topic{"SE", "000.8", "Perubahan jam piket siaga banjir",
		"Jam piket siaga banjir diubah menjadi pukul 16.00 sampai 24.00 WITA. Ketentuan lain tetap berlaku."}})
	for _, b := range to[:3] {
		f.takeIn(second, b)
	}
	f.finish(second, to[0], "Jadwal piket sudah disesuaikan.")
}

// detour: a letter that its office takes back.
func (c *city) detour(f *affair) {
	to := []*bureau{c.by["DPU"], c.by["SATPOL"]}
	first := f.writes(&mail{from: c.by["DISHUB"], to: to, urg: eoffice.Urgent, what: topic{"SD", "500.11", "Pengalihan arus lalu lintas Jalan A. P. Pettarani",
		"Sehubungan dengan pekerjaan gorong-gorong, arus lalu lintas Jalan A. P. Pettarani dialihkan melalui Jalan Hertasning mulai Senin."}})
	f.takeIn(first, to[0])
	f.takeIn(first, to[1])
	second := f.writes(&mail{from: c.by["DISHUB"], to: to, urg: eoffice.Urgent, tie: eoffice.TieRevoke, ref: first, what: topic{"SD", "500.11", "Pencabutan pengalihan arus lalu lintas Jalan A. P. Pettarani",
		"Pekerjaan gorong-gorong ditunda, sehingga pengalihan arus lalu lintas Jalan A. P. Pettarani dicabut."}})
	f.takeIn(second, to[0])
	f.finish(second, to[0], "Sudah diketahui; jadwal pekerjaan diatur ulang.")
}

// drains are where others ask Dinas PU to come.
var drains = []string{"Jalan Toddopuli Raya", "Jalan Batua Raya", "Jalan Abdullah Daeng Sirua", "Jalan Antang Raya", "Jalan Sunu", "Jalan Urip Sumoharjo", "Jalan Dg. Tata Raya"}

// passedDown: what arrived at the head goes to the kepala bidang, from there to the kepala
// seksi and a functional official, and from there to who stands in the water; the reports
// come back the same way. It stops after so many of its stages.
func (c *city) passedDown(f *affair, place string, stages int) {
	dpu, from := c.by["DPU"], []string{"BPBD", "DLH", "DTR"}[f.IntN(3)]
	section, engineer, worker := c.cast["kasi"], c.cast["teknik"], c.cast["juru"]
	x := f.writes(&mail{from: c.by[from], to: []*bureau{dpu}, urg: eoffice.Urgent, what: topic{"SD", "600.1", "Genangan berulang di " + place,
		"Dengan ini disampaikan bahwa genangan di " + place + " berulang setiap hujan lebih dari dua jam. Mohon pemeriksaan dan perbaikan saluran."}})
	f.takeIn(x, dpu)
	work := []func(){
		func() {
			f.gives(x, dpu, dpu.head, "", wish{name: "kabid", to: dpu.officer, lead: true, note: "Periksa penyebabnya, perbaiki, dan laporkan."},
				wish{name: "tu", to: dpu.clerk, info: true, note: "Catat dalam daftar titik genangan."})
			f.opens(x, dpu.clerk)
		},
		func() {
			f.gives(x, dpu, dpu.officer, "kabid", wish{name: "kasi", to: section, lead: true, note: "Turunkan regu pemeliharaan."},
				wish{name: "teknik", to: engineer, note: "Ukur kemiringan saluran dan hitung kapasitasnya."})
			f.acts(x, "teknik", engineer, eoffice.ActStart, "")
		},
		func() {
			f.gives(x, dpu, section, "kasi", wish{name: "juru", to: worker, lead: true, note: "Angkat sedimen dan sampah di bak kontrol."})
			f.acts(x, "juru", worker, eoffice.ActStart, "")
		},
		func() {
			f.reports(x, "juru", worker, "Sedimen dua bak kontrol sudah diangkat.", nil)
			f.acts(x, "juru", section, eoffice.ActRework, "Bak kontrol ketiga belum dibersihkan.")
			f.reports(x, "juru", worker, "Sedimen tiga bak kontrol sudah diangkat, air mengalir kembali.", nil)
			f.acts(x, "juru", section, eoffice.ActAccept, "")
		},
		func() {
			f.reports(x, "teknik", engineer, "Kemiringan cukup; penyebabnya gorong-gorong yang tersumbat.", nil)
			f.acts(x, "teknik", dpu.officer, eoffice.ActAccept, "")
			f.reports(x, "kasi", section, "Saluran di "+place+" sudah dibersihkan.", nil)
		},
		func() {
			f.acts(x, "kasi", dpu.officer, eoffice.ActAccept, "")
			f.reports(x, "kabid", dpu.officer, "Saluran di "+place+" sudah dibersihkan; gorong-gorong masuk rencana perbaikan.", nil)
			f.acts(x, "kabid", dpu.head, eoffice.ActAccept, "")
		},
	}
	for _, stage := range work[:min(stages, len(work))] {
		stage()
	}
}

// guided: who got an order asks how it is meant, and is told or waits.
func (c *city) guided(f *affair, told bool) {
	dpu := c.by["DPU"]
	x := f.writes(&mail{from: c.by["DISDIK"], to: []*bureau{dpu}, what: topic{"SPM", "600.1", "Permohonan perbaikan jalan masuk sekolah",
		"Mohon bantuan perbaikan jalan masuk sekolah yang rusak dan tergenang sesudah hujan."}})
	f.takeIn(x, dpu)
	f.gives(x, dpu, dpu.head, "", wish{name: "kabid", to: dpu.officer, lead: true, note: "Kerjakan bulan ini."})
	f.acts(x, "kabid", dpu.officer, eoffice.ActAskGuide, "Jalan itu belum tercatat sebagai aset kota. Tetap dikerjakan, atau menunggu pencatatan?")
	if told {
		f.acts(x, "kabid", dpu.head, eoffice.ActGuide, "Kerjakan perbaikan darurat; pencatatan aset menyusul.")
		f.reports(x, "kabid", dpu.officer, "Lubang sudah ditambal; pencatatan aset diusulkan kepada Dinas Penataan Ruang.", nil)
		f.acts(x, "kabid", dpu.head, eoffice.ActAccept, "")
	}
}

// notOurs: who got an order says that it is another's; the giver's answer, "" for none yet.
func (c *city) notOurs(f *affair, answer eoffice.Action) {
	dpu := c.by["DPU"]
	x := f.writes(&mail{from: c.by["DINSOS"], to: []*bureau{dpu}, what: topic{"SD", "500.11", "Lampu jalan padam di sekitar rumah singgah",
		"Lampu jalan di sekitar rumah singgah padam sejak pekan lalu. Mohon bantuan perbaikannya."}})
	f.takeIn(x, dpu)
	f.gives(x, dpu, dpu.head, "", wish{name: "kabid", to: dpu.officer, lead: true, note: "Tindak lanjuti."})
	f.opens(x, dpu.officer)
	f.acts(x, "kabid", dpu.officer, eoffice.ActRefuse, "Lampu jalan menjadi tugas Dinas Perhubungan, bukan bidang kami.")
	switch answer {
	case eoffice.ActAgree:
		f.acts(x, "kabid", dpu.head, answer, "Benar; suratnya diteruskan kepada Dinas Perhubungan.")
	case eoffice.ActDisagree:
		f.acts(x, "kabid", dpu.head, answer, "Tiangnya berdiri di atas saluran kita. Periksa dahulu bersama Dinas Perhubungan.")
	}
}

// secret: what only named desks open, with an order to one of them.
func (c *city) secret(f *affair, i int) {
	dpu := c.by["DPU"]
	x := f.writes(&mail{from: c.by["SETDA"], to: []*bureau{dpu}, sec: eoffice.Secret, urg: eoffice.Urgent, what: []topic{
		{"SD", "700.1", "Klarifikasi dugaan keterlambatan pekerjaan drainase", "Mohon penjelasan tertulis atas dugaan keterlambatan pekerjaan drainase paket 3, disertai berita acara kemajuan pekerjaan."},
		{"SD", "700.1", "Permintaan dokumen pengadaan pompa", "Mohon menyiapkan seluruh dokumen pengadaan pompa untuk pemeriksaan."},
		{"SD", "300.2", "Rencana pengamanan pembongkaran bangunan di atas kanal", "Bersama ini disampaikan rencana pengamanan pembongkaran bangunan di atas kanal. Jangan disebarluaskan sebelum pelaksanaan."},
	}[i%3]})
	f.then(20, "send", x.send)
	f.takeIn(x, dpu)
	f.gives(x, dpu, dpu.head, "", wish{name: "kabid", to: dpu.officer, lead: true, note: "Siapkan bahannya sendiri, jangan didelegasikan."})
	f.acts(x, "kabid", dpu.officer, eoffice.ActStart, "")
	if i == 2 {
		return
	}
	f.reports(x, "kabid", dpu.officer, "Bahan sudah diserahkan langsung kepada pimpinan.", nil)
	if i == 0 {
		f.acts(x, "kabid", dpu.head, eoffice.ActAccept, "")
	}
}

// onPaper: most secret letters, of which only the envelope is here. One waits for its ink,
// one to be sent, one to be opened.
func (c *city) onPaper(f *affair, i int) {
	from, to := c.by[[]string{"SETDA", "DPU", "SATPOL", "DPU"}[i]], c.by[[]string{"BPBD", "SETDA", "SETDA", "SETDA"}[i]]
	x := f.writes(&mail{from: from, to: []*bureau{to}, sec: eoffice.HighlySecret, urg: eoffice.VeryUrgent, what: topic{kind: "SD", kka: "300.2"}})
	if i == 3 {
		return
	}
	f.inked(x)
	f.then(20, "send", x.send)
	f.takeIn(x, to)
	if i == 0 {
		f.finish(x, to, "Dibaca dan dilaksanakan.")
	}
}

// standingIn: the head of Dinas PU is away for some days, and the kepala bidang signs.
func (c *city) standingIn(f *affair) {
	dpu := c.by["DPU"]
	c.appoint(f, org.Plh, dpu.officer, func(context.Context, pgx.Tx, time.Time) (int64, error) { return dpu.head.MainPosition().ID, nil }, 5)
	dpu.away, dpu.back = f.at, midnight(f.at).AddDate(0, 0, 5)
	from := *dpu
	from.verifiers = nil // who stands in does not put a paraf for himself
	for _, w := range []struct{ to, subject, body string }{
		{"DISHUB", "Penutupan sementara Jalan Landak Baru", "Sehubungan dengan pengecoran jalan, mohon bantuan penutupan sementara Jalan Landak Baru selama dua malam."},
		{"PDAM", "Pemindahan pipa di Jalan Landak Baru", "Mohon pemindahan pipa yang melintang di saluran Jalan Landak Baru sebelum pengecoran dimulai."},
	} {
		x := f.writes(&mail{from: &from, to: []*bureau{c.by[w.to]}, urg: eoffice.Urgent, what: topic{"SD", "600.1", w.subject, w.body}})
		f.takeIn(x, c.by[w.to])
		f.finish(x, c.by[w.to], "Sudah diatur bersama Dinas PU.")
	}
}

// acting: the head's post at Diskominfo is vacant; another head acts in it.
func (c *city) acting(f *affair) {
	officer := c.cast["petugas.kominfo"]
	from := &bureau{code: "KOMINFO", drafter: officer, head: c.cast["kepala.dtr"], clerk: officer, officer: officer}
	c.appoint(f, org.Plt, from.head, func(ctx context.Context, tx pgx.Tx, at time.Time) (int64, error) {
		ps, err := org.PositionsIn(ctx, tx, officer.MainPosition().UnitID, at)
		if err != nil {
			return 0, err
		}
		return ps[0].ID, nil // the head comes first
	}, 0)
	for _, w := range []struct{ to, kind, subject, body string }{
		{"DPU", "SD", "Jadwal pemeliharaan jaringan portal kota", "Pemeliharaan jaringan portal kota dilaksanakan Sabtu malam. Layanan dapat terhenti paling lama dua jam."},
		{"BAPPEDA", "UND", "Rapat berbagi data perangkat daerah", "Mengharap kehadiran Saudara pada rapat berbagi data perangkat daerah.\n\nHari | Rabu\nPukul | 10.00 WITA\nTempat | Ruang kendali Diskominfo"},
	} {
		x := f.writes(&mail{from: from, to: []*bureau{c.by[w.to]}, what: topic{w.kind, "500.12", w.subject, w.body}})
		f.takeIn(x, c.by[w.to])
	}
}

// appoint plans that somebody stands in at a post for so many days, 0 for until further notice.
func (c *city) appoint(f *affair, kind string, who authz.Actor, post func(ctx context.Context, tx pgx.Tx, at time.Time) (int64, error), days int) {
	from := midnight(f.at)
	f.then(0, "appoint "+kind, func(ctx context.Context) error {
		return pg.InTx(ctx, c.db, func(tx pgx.Tx) error {
			position, err := post(ctx, tx, from)
			if err != nil {
				return err
			}
			in := org.Appointment{PositionID: position, PersonID: who.PersonID, Kind: kind, From: from, BasisNumber: "800.1.3.1/1187/BKPSDM", BasisDate: &from}
			if days > 0 {
				to := from.AddDate(0, 0, days)
				in.To = &to
			}
			_, err = org.Appoint(ctx, tx, c.cast["admin"], from, in)
			return err
		})
	})
}
