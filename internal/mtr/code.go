package mtr

import (
	"context"
	"crypto/hmac"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// codeWords are easy to hear and to spell.
var codeWords = strings.Fields(`
	ABAD AKAR ALAM ALAT ALIR ALUN AMAN ANAK ANGIN ANGSA ANTING APEL ARAH ARUS ASAM ATAP AWAN AYAM BADAI BADAK BAHU BAJAK BAJU BAKAU
	BALAI BALON BAMBU BANGAU BANGKU BANTAL BARIS BATANG BATIK BATU BAWANG BAYAM BEBEK BECAK BEDUG BELUT BENANG BENIH BERAS BESI
	BIBIT BINTANG BISKUIT BOLA BONEKA BOTOL BUAH BUBUR BUKIT BUKU BULAN BULU BUMI BUNGA BURUNG BUSUR CABANG CAHAYA CANDI CANGKIR
	CAPUNG CEMARA CERMIN CICAK CINCIN CORAK CUACA DADU DAHAN DAMAI DANAU DAPUR DARAT DASI DAUN DAYUNG DELIMA DERMAGA DESA DINDING
	DOMBA DOMPET DUKU DURIAN ELANG EMAS EMBER EMBUN EMPING ENAU ESOK FAJAR GADING GAJAH GALAH GAMBAR GAPURA GARAM GARUDA GASING
	GAYUNG GELAS GELOMBANG GEMA GENDANG GENTENG GERBANG GITAR GUCI GULA GUNUNG GURITA HALAMAN HARPA HUJAN HUTAN IJUK IKAN INTAN
	ITIK JAGUNG JALA JAMBU JAMUR JANGKAR JARAK JARING JARUM JEMBATAN JENDELA JERUK JOGLO KABUT KACA KACANG KAIN KAKAO KALUNG KAMAR
	KANAL KANCIL KAPAL KAPAS KARANG KARTU KATAK KAWAT KAYU KEBUN KECAPI KELAPA KELERENG KEMIRI KENARI KEONG KERANG KERTAS KIJANG
	KIPAS KOLAM KOMPAS KOPI KOTAK KUBIS KUCING KUDA KUNCI KUNYIT KURSI LABU LADANG LADA LAMPU LANGIT LANTAI LAUT LAYANG LEBAH
	LEMARI LENTERA LILIN LOBAK LONCENG LONTAR LORONG LUMBUNG MADU MALAM MANGGA MANGGIS MAWAR MEJA MELATI MENARA MERAK MERPATI
	MUARA MUSIM MUTIARA NAGA NAMPAN NANAS NANGKA NELAYAN NIPAH NURI OBOR OMBAK PADI PAGAR PAGI PAKIS PALA PANCI PANDAN PANTAI
	PAPAN PASAR PASIR PAYUNG PELANGI PELITA PENA PENSIL PERAHU PERAK PERKUTUT PETAI PETANI PIALA PINANG PINTU PIPIT PIRING PISANG
	PITA POHON PULAU PUNCAK RAKIT RAMBUTAN RANTING REBAB REBANA ROTAN ROTI RUMAH RUMPUT RUSA SABUN SABUT SAGU SALAK SAMPAN SAPI
	SAPU SARUNG SATE SAWAH SAWI SAYAP SELAT SEMUT SENJA SEPATU SEPEDA SERULING SIRIH SIRSAK SUKUN SULING SUMUR SUNGAI SUTRA TALI
	TAMAN TAMBANG TANAH TANGGA TANJUNG TEBING TEBU TEDUH TELAGA TELUK TENUN TEPUNG TERATAI TERONG TIANG TIKAR TIMUN TOKEK TOMAT
	TONGKAT TOPI TRUK TUGU TULIP UBIN UDANG ULIN UNTA WAJAN WALET WARUNG WAYANG WORTEL YOYO ZAMRUD ZEBRA`)

// newShortCode is a word and four digits, such as KAPAL-4821.
func newShortCode() string {
	return fmt.Sprintf("%s-%04d", codeWords[crypt.Below(int64(len(codeWords)))], crypt.Below(10_000))
}

// codeHash is the same however the code is typed: small letters, spaces, no hyphen.
func (m *Module) codeHash(code string) []byte {
	return m.box.Hash(contextCode, strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToUpper(code)))
}

// Guesses of the short code of one number within an hour, and for how long the link
// is good that a right one gives.
const (
	maxGuesses  = 10
	guessWindow = time.Hour
	codeKeyLife = 30 * 24 * time.Hour
)

const sqlCodeOf = `SELECT id, code_hash FROM mtr_report WHERE number = $1`

// A guess is counted before it is judged, so that guesses sent at once count too.
const sqlCountGuess = `
INSERT INTO mtr_guess AS g (report_id, window_start, failures) VALUES ($1, $2, 1)
ON CONFLICT (report_id) DO UPDATE SET
	failures = CASE WHEN g.window_start <= $3 THEN 1 ELSE g.failures + 1 END,
	window_start = CASE WHEN g.window_start <= $3 THEN $2 ELSE g.window_start END
WHERE g.window_start <= $3 OR g.failures < $4
RETURNING g.failures`

const sqlGuessesSince = `SELECT window_start FROM mtr_guess WHERE report_id = $1`

const sqlForgetGuesses = `DELETE FROM mtr_guess WHERE report_id = $1`

// OpenByCode exchanges number and short code for a fresh secret link. Wrong guesses
// are counted per number in the database: errs.TooMany after ten within the hour.
func (m *Module) OpenByCode(ctx context.Context, number, code string) (token string, err error) {
	defer errs.In(&err, "mtr.OpenByCode")
	wrong := errs.New(errs.NotFound, "Nomor dan kode ini tidak cocok. Periksa keduanya, lalu coba lagi.")
	type secret struct {
		ID       int64
		CodeHash []byte
	}
	s, err := pg.One[secret](ctx, m.db, sqlCodeOf, tidyNumber(number))
	if errs.KindOf(err) == errs.NotFound {
		return "", wrong
	}
	if err != nil {
		return "", err
	}
	now := m.now()
	_, err = pg.Scalar[int](ctx, m.db, sqlCountGuess, s.ID, now, now.Add(-guessWindow), maxGuesses)
	if errs.KindOf(err) == errs.NotFound {
		since, err := pg.Scalar[time.Time](ctx, m.db, sqlGuessesSince, s.ID)
		if err != nil {
			return "", err
		}
		return "", errs.TooFast(max(since.Add(guessWindow).Sub(now), time.Second),
			"Terlalu banyak kode yang salah untuk nomor ini. Coba lagi dalam satu jam, atau pakai tautan rahasia laporan Anda.")
	}
	if err != nil {
		return "", err
	}
	if !hmac.Equal(s.CodeHash, m.codeHash(code)) {
		return "", wrong
	}
	token = crypt.Token()
	return token, pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := pg.Exec(ctx, tx, sqlInsertKey, crypt.HashToken(token), s.ID, now, now.Add(codeKeyLife)); err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlForgetGuesses, s.ID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, authz.Actor{}, now, audit.Entry{Action: "mtr.report.open_by_code", Object: object, ObjectID: s.ID})
	})
}

// tidyNumber is a number in the form the database knows; what is none stays as it is.
func tidyNumber(s string) string {
	if prefix, year, n, ok := numbering.Parse(s); ok && prefix == series {
		return numbering.Format(series, year, n)
	}
	return s
}
