package ui

import (
	"bytes"
	"context"
)

// explanation is a status in words: what happened and what to do next.
type explanation struct{ Title, Text string }

func explain(status int) explanation {
	if e, ok := explanations[status]; ok {
		return e
	}
	if status >= 500 {
		return explanations[500]
	}
	return explanations[400]
}

var explanations = map[int]explanation{
	400: {"Permintaan tidak bisa dibaca", "Muat ulang halaman, lalu coba sekali lagi."},
	401: {"Silakan masuk dahulu", "Halaman ini hanya untuk yang sudah masuk."},
	403: {"Anda tidak berwenang", "Akun Anda tidak diberi akses ke halaman ini. Hubungi administrator bila menurut Anda ini keliru."},
	404: {"Halaman tidak ditemukan", "Periksa kembali alamat atau nomornya. Mungkin ada yang salah ketik, atau halaman ini tidak terbuka untuk umum."},
	405: {"Cara ini tidak didukung", "Kembali ke halaman sebelumnya dan gunakan tombol yang tersedia."},
	409: {"Ada yang mendahului Anda", "Data ini baru saja diubah orang lain. Muat ulang halaman untuk melihat keadaan terbaru."},
	410: {"Sudah tidak berlaku", "Tautan ini sudah tidak berlaku. Minta yang baru."},
	413: {"Kiriman terlalu besar", "Kecilkan foto atau berkasnya, atau kurangi jumlahnya, lalu kirim lagi."},
	415: {"Jenis berkas tidak didukung", "Kirim foto JPEG, PNG atau WebP."},
	422: {"Ada yang perlu diperbaiki", "Kembali ke halaman sebelumnya dan lengkapi isiannya."},
	429: {"Terlalu sering", "Tunggu sebentar, lalu coba lagi."},
	500: {"Ada gangguan di pihak kami", "Bukan salah Anda. Coba lagi beberapa menit lagi."},
	503: {"Layanan sedang terganggu", "Kami sedang memulihkannya. Coba lagi beberapa menit lagi; yang sudah terkirim tetap aman."},
}

// Fallback returns the page for a status as bytes that were rendered when the
// program started, so that serving it cannot fail: for panics, for a broken
// template and for a database that is gone. Only 500 and 503 are kept; other
// statuses get the page of 500.
func Fallback(status int) []byte {
	if status == 503 {
		return fallback503
	}
	return fallback500
}

var (
	fallback500 = mustRender(500)
	fallback503 = mustRender(503)
)

func mustRender(status int) []byte {
	var b bytes.Buffer
	if err := ErrorPage(status, "").Render(context.Background(), &b); err != nil {
		panic("render the fallback page: " + err.Error())
	}
	return b.Bytes()
}
