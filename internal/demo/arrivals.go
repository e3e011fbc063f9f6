package demo

import (
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// What comes to the desk by other ways than the form of a citizen: a file of SP4N-LAPOR!, a
// caller, and senders whose reports are held.

var sp4nFile = [][]string{
	{"Tracking ID", "Judul Laporan", "Isi Laporan", "Kategori", "Tanggal Laporan", "Kelurahan", "Lokasi", "Anonim", "Rahasia", "Nama Pelapor"},
	{"10482211", "Tumpukan sampah di Jalan Tamalate Raya", "Sampah menumpuk di depan pos ronda sejak pekan lalu dan belum diangkut. Baunya sampai ke rumah warga.", "SAMPAH", "", "Kassi-Kassi", "Depan pos ronda", "", "", "Darmawati"},
	{"10482457", "Lampu jalan padam di Toddopuli", "Empat lampu jalan berurutan padam. Malam hari gelap dan rawan bagi pejalan kaki.", "LAMPU", "", "Kassi-Kassi", "Jalan Toddopuli VI", "ya", "", ""},
	{"10483020", "Saluran air tersumbat di samping sekolah", "Got di samping sekolah tersumbat lumpur, sehingga air meluap ke jalan setiap hujan.", "DRAINASE", "", "Buakana", "Samping sekolah dasar", "", "", "Baso Rahman"},
	{"10483188", "Dugaan pungutan di tempat parkir", "Juru parkir meminta dua kali tarif dan tidak memberi karcis.", "PUNGLI", "", "Buakana", "Depan minimarket", "", "ya", ""},
}

const hawker = "promo.gadai@portal.example"

// hawkers send what is no report, from one address; the second comes after it was blocked.
var hawkers = []struct{ title, body string }{
	{"Gadai BPKB cepat cair", "Butuh dana cepat? Kunjungi https://gadai.example/makassar atau https://gadai.example/wa dan https://gadai.example/promo hari ini juga."},
	{"Lubang di depan toko saya", "Ada lubang di depan toko, tolong ditambal. Toko kami juga melayani gadai."},
}

// arrivals plans them for the last days before end.
func (k *telling) arrivals(end time.Time) []happening {
	desk := k.cast["dispatcher"]
	var first, second mtr.Receipt
	area := k.areas[kassiKassi]
	return []happening{
		{end.AddDate(0, 0, -5).Add(9 * time.Hour), "import from SP4N-LAPOR!", func(ctx context.Context) error { return k.importSP4N(ctx, desk) }},
		{end.AddDate(0, 0, -5).Add(11 * time.Hour), "send on what came from SP4N-LAPOR!", func(ctx context.Context) error { return k.forwardSP4N(ctx, desk) }},
		{end.AddDate(0, 0, -4).Add(10 * time.Hour), "write down a call", func(ctx context.Context) error {
			_, err := k.mtr.Take(ctx, desk, mtr.Intake{Channel: mtr.ChannelPhone, Neighbourhood: "RT 2 RW 5", KeptReport: mtr.KeptReport{
				Key: "demo-telepon-112-00001", Place: mtr.PlaceInput{Source: mtr.SourceManual, KelurahanID: area, Landmark: "Lorong 3, dekat posyandu"},
				Category: mtr.CategoryInput{CategoryID: k.categories["POHON"].ID, Class: mtr.Complaint},
				Extra:    map[string]string{"keadaan": "pangkas"},
				Words:    mtr.WordsInput{Title: "Dahan besar hampir patah di lorong 3", Body: "Ketua RT menelepon: dahan pohon besar retak dan menggantung di atas kabel listrik. Warga takut lewat."},
				Who:      mtr.WhoInput{Name: "Ketua RT 002 RW 005", Phone: "081200000112", Behalf: mtr.BehalfRTRW, Consent: true},
			}})
			return err
		}},
		{end.AddDate(0, 0, -3).Add(14 * time.Hour), "advertise", func(ctx context.Context) (err error) {
			first, err = k.hawk(ctx, 0)
			return err
		}},
		{end.AddDate(0, 0, -3).Add(15 * time.Hour), "block who advertises", func(ctx context.Context) error {
			if err := k.mtr.Block(ctx, desk, mtr.BlockInput{Act: mtr.Act{ReportID: first.ReportID}, Contact: true, Days: 90, Reason: "Iklan gadai, bukan laporan."}); err != nil {
				return err
			}
			return k.mtr.Reject(ctx, desk, mtr.RejectInput{Act: mtr.Act{ReportID: first.ReportID}, Reason: "Ini iklan, bukan laporan."})
		}},
		{end.Add(-9 * time.Hour), "report while blocked", func(ctx context.Context) (err error) {
			second, err = k.hawk(ctx, 1)
			return err
		}},
		{end.Add(-8 * time.Hour), "object to the block", func(ctx context.Context) error {
			return k.mtr.Appeal(ctx, authz.Actor{}, mtr.ReporterKey{Number: second.Number, Token: second.Token}, "Maaf soal iklan itu. Kali ini lubangnya sungguh ada, silakan dilihat.")
		}},
	}
}

// importSP4N takes a file in.
func (k *telling) importSP4N(ctx context.Context, desk authz.Actor) error {
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(sp4nFile); err != nil {
		return err
	}
	checked := ""
	for range 2 {
		im, err := k.mtr.ImportSP4N(ctx, desk, strings.NewReader(b.String()), int64(b.Len()), checked)
		if err != nil || im.Wrong > 0 {
			return fmt.Errorf("%+v: %w", im.Problems, err)
		}
		checked = im.Checked
	}
	return nil
}

// forwardSP4N sends its first report on, as routed.
func (k *telling) forwardSP4N(ctx context.Context, desk authz.Actor) error {
	found, err := k.mtr.Queue(ctx, desk, mtr.QueueAll, mtr.DeskFilter{Text: sp4nFile[1][0]}, nil, 0)
	if err != nil || len(found.Items) != 1 {
		return fmt.Errorf("%s is not at the desk: %w", sp4nFile[1][0], err)
	}
	return k.mtr.ForwardAsRouted(ctx, desk, mtr.Act{ReportID: found.Items[0].ID})
}

func (k *telling) hawk(ctx context.Context, n int) (mtr.Receipt, error) {
	return k.mtr.SendKept(ctx, authz.Actor{}, mtr.KeptReport{
		Key: fmt.Sprintf("demo-iklan-%011d", n), Place: mtr.PlaceInput{Source: mtr.SourceManual, KelurahanID: k.areas[kassiKassi], Landmark: "Depan toko"},
		Category: mtr.CategoryInput{CategoryID: k.categories["JALAN"].ID, Class: mtr.Complaint},
		Extra:    map[string]string{"kelas_jalan": "kota", "kerusakan": "besar"},
		Words:    mtr.WordsInput{Title: hawkers[n].title, Body: hawkers[n].body},
		Who:      mtr.WhoInput{Name: "Promo Gadai", Email: hawker},
	})
}
