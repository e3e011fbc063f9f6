package bpjs

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// What is said to patients; the words are those that they know from other puskesmas.
const (
	sayNoCard     = "Nomor kartu Tidak Boleh Kosong"
	sayCardLength = "Nomor kartu harus 13 digit"
	sayCardForm   = "Format Nomor Kartu Tidak Sesuai"
	sayNoNIK      = "NIK Tidak Boleh Kosong"
	sayNIKLength  = "NIK harus 16 digit"
	sayNIKForm    = "Format NIK Tidak Sesuai"
	sayNoPoli     = "Kode Poli Tidak Boleh Kosong"
	sayPoli       = "Poli Tidak Ditemukan"
	sayNoDay      = "Tanggal Tidak Boleh Kosong"
	sayDayForm    = "Format Tanggal Tidak Sesuai, format yang benar adalah yyyy-mm-dd"
	sayPast       = "Tanggal Periksa Tidak Berlaku (Mundur)"
	sayNoDoctor   = "Kode Dokter Tidak Boleh Kosong"
	sayDoctorForm = "Format Kode Dokter Tidak Sesuai"
	sayNoHours    = "Jam Praktek Tidak Boleh Kosong"
	sayHoursForm  = "Format Jam Praktek Tidak Sesuai, format yang benar adalah HH:MM-HH:MM"
	sayNoPractice = "Jadwal Dokter Tersebut Belum Tersedia, Silahkan Reschedule Tanggal dan Jam Praktek Lainnya"
	sayClosed     = "Pendaftaran ke Poli Ini Sedang Tutup"
	sayTwice      = "Nomor Antrean Hanya Dapat Diambil 1 Kali Pada Tanggal dan Poli Yang Sama"
	sayFull       = "Kuota penuh"
	sayNew        = "Pasien Baru"
	sayNoTicket   = "Antrean Tidak Ditemukan"
	sayCancelled  = "Antrean sudah dibatalkan"
	sayServed     = "Pasien Sudah Dilayani, Antrean Tidak Dapat Dibatalkan"
	sayMissed     = "Pasien Tidak Hadir Saat Dipanggil, Antrean Tidak Dapat Dibatalkan"
	sayNoReason   = "Keterangan tidak boleh kosong"
	sayNoName     = "Nama Tidak Boleh Kosong"
	sayNoSex      = "Jenis Kelamin Tidak Boleh Kosong"
	saySexForm    = "Format Jenis Kelamin Tidak Sesuai, isi L atau P"
	sayNoBirth    = "Tanggal Lahir Tidak Boleh Kosong"
	sayBirthForm  = "Format Tanggal Lahir Tidak Sesuai, format yang benar adalah yyyy-mm-dd"
	sayKnown      = "Data Peserta Sudah Pernah Dientrikan"
)

func digits(w Word) bool { return strings.Trim(string(w), "0123456789") == "" }

func checkDigits(w Word, n int, none, length, form string) error {
	switch {
	case w == "":
		return refuse(none)
	case utf8.RuneCountInString(string(w)) != n:
		return refuse(length)
	case !digits(w):
		return refuse(form)
	}
	return nil
}

func checkCard(w Word) error { return checkDigits(w, 13, sayNoCard, sayCardLength, sayCardForm) }

func checkNIK(w Word) error { return checkDigits(w, 16, sayNoNIK, sayNIKLength, sayNIKForm) }

// checkDay reads a day of service that is not over.
func (s *Service) checkDay(w Word) (time.Time, error) {
	if w == "" {
		return time.Time{}, refuse(sayNoDay)
	}
	day, err := time.ParseInLocation(time.DateOnly, string(w), clock.Makassar)
	if err != nil {
		return day, refuse(sayDayForm)
	}
	if day.Before(s.Queue.Today()) {
		return day, refuse(sayPast)
	}
	return day, nil
}

// clinics are the polis of a puskesmas with a code.
func (s *Service) clinics(ctx context.Context, c Caller, code Word) ([]epuskesmas.Poli, error) {
	if code == "" {
		return nil, refuse(sayNoPoli)
	}
	list, err := s.Queue.ClinicsByCode(ctx, c.UnitID, string(code))
	if err == nil && len(list) == 0 {
		err = refuse(sayPoli)
	}
	return list, err
}

// firstOf is the first error.
func firstOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}
