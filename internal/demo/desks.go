package demo

import (
	"context"
	"fmt"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/mtr/misconduct"
	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// What the desks for residents' reports have ready before the first report comes.

// cannedAnswers are the ready answers of the city ("admin") and of a unit's head.
var cannedAnswers = []struct{ by, name, body string }{
	{"admin", "Sudah diterima", "Terima kasih, laporan {nomor} tentang {kategori} di {tempat} sudah kami terima dan sedang kami pelajari. Kabar berikutnya paling lambat {tenggat}."},
	{"admin", "Sudah dijadwalkan", "Laporan {nomor} dijadwalkan dikerjakan {unit} pada {tanggal_janji}. Maaf belum bisa lebih cepat."},
	{"kepala.dishub", "Lampu: menunggu suku cadang", "Petugas sudah memeriksa lampu di {tempat}. Suku cadangnya sedang dipesan; kami kabari lagi paling lambat {tenggat}."},
	{"kepala.dishub", "Parkir liar: sudah ditertibkan", "Per {hari_ini} kendaraan yang parkir liar di {tempat} sudah ditertibkan. Laporkan lagi bila terulang, ya."},
}

// layReady writes the ready answers and the rule for how long reporters stay known.
func (k *telling) layReady() error {
	for _, c := range cannedAnswers {
		units, err := k.mtr.TemplateUnits(k.ctx, k.cast[c.by])
		if err != nil {
			return err
		}
		if len(units) == 0 {
			return fmt.Errorf("%s writes for no unit", c.by)
		}
		if _, err := k.mtr.SaveTemplate(k.ctx, k.cast[c.by], mtr.TemplateInput{UnitID: units[0].ID, Name: c.name, Body: c.body}); err != nil {
			return fmt.Errorf("answer %q: %w", c.name, err)
		}
	}
	return k.mtr.SetRetention(k.ctx, k.cast["admin"], mtr.Retention{Open: 24, Anonymous: 12, Confidential: 12},
		"Keputusan Kepala Dinas Komunikasi dan Informatika tentang masa simpan data pelapor.")
}

// misdeed is what came to the Inspektorat by the sealed channel, and what its desk did.
type misdeed struct {
	daysAgo         int
	who, when, body string
	acts            []misconduct.Act
}

var misdeeds = []misdeed{
	{46, "Petugas parkir resmi di sekitar Pasar Terong", "Setiap pagi, dekat pintu timur",
		"Petugas menarik uang parkir dua kali lipat dari tarif di karcis dan tidak memberi karcis. Pedagang yang bertanya disuruh pindah.",
		[]misconduct.Act{
			{Action: misconduct.ActAnswer, Body: "Terima kasih. Tim kami akan melihat ke lokasi pekan ini. Kalau ada karcis lama, mohon difoto."},
			{Action: misconduct.ActClose, Outcome: "terbukti", Body: "Dua petugas sudah ditindak dan dipindahkan. Terima kasih sudah berani melapor."},
		}},
	{12, "Pegawai loket sebuah kantor kelurahan", "Awal bulan ini",
		"Diminta uang rokok supaya surat pengantar cepat selesai, padahal tertulis gratis di dinding.",
		[]misconduct.Act{{Action: misconduct.ActAnswer, Body: "Kami sedang memeriksa. Pukul berapa kejadiannya, dan apakah ada orang lain di loket?"}}},
	{2, "Pengawas sebuah proyek drainase", "",
		"Volume batu yang masuk tidak sama dengan yang tertulis di papan proyek. Sudah tiga hari berturut-turut saya hitung truknya.", nil},
}

// blowWhistles tells the story of the channel to the Inspektorat.
func blowWhistles(ctx context.Context, d Deps, cast players, end time.Time) error {
	watch := clock.NewFake(end)
	m := misconduct.New(misconduct.Deps{DB: d.DB, Clock: watch, Box: d.Box})
	desk := cast["inspektorat"]
	for i, w := range misdeeds {
		watch.Set(end.AddDate(0, 0, -w.daysAgo).Add(20 * time.Hour))
		if _, err := m.Send(ctx, misconduct.Sending{FormKey: fmt.Sprintf("demo-%d", i), Who: w.who, When: w.when, Body: w.body}); err != nil {
			return err
		}
		new, err := m.List(ctx, desk, misconduct.Received, "", 1)
		if err != nil {
			return err
		}
		for seq, act := range w.acts {
			watch.Advance(3 * 24 * time.Hour)
			act.Ref, act.Seq = new[0].Ref, seq+1
			if err := m.Do(ctx, desk, act); err != nil {
				return fmt.Errorf("%s of misdeed %d: %w", act.Action, i, err)
			}
		}
	}
	return nil
}
