package epuskesmas

import (
	"strings"
	"time"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// Origins of a visit.
const (
	OriginOnline = "daring"
	OriginDesk   = "loket"
	OriginBPJS   = "bpjs"
)

const maxComplaint = 200

// CheckPerson brings what is said about the patient, the payer and the contact into
// normal form; what is wrong is errs.Unprocessable with the Control names.
func (m *Module) CheckPerson(b *Booking) error {
	now := m.now()
	var wrong []errs.Field
	bad := func(control, message string) { wrong = append(wrong, errs.Field{Name: control, Message: message}) }
	if b.PatientID == 0 {
		name, complaint := authn.CleanName(b.Name)
		switch b.Name = indo.CleanName(name); {
		case complaint != "":
			bad(ControlName, "Tulis nama pasien.")
		case utf8.RuneCountInString(b.Name) > 100 || !hasLetter(b.Name) || indo.FoldPerson(b.Name) == "":
			bad(ControlName, "Tulis nama pasien dengan huruf, paling banyak 100.")
		}
		switch {
		case b.BirthDate.IsZero():
			bad(ControlBirth, "Isi tanggal lahir pasien.")
		case dateOf(b.BirthDate) > dateOf(now):
			bad(ControlBirth, "Tanggal lahir belum tiba. Periksa tahunnya.")
		case b.BirthDate.Year() < now.Year()-130:
			bad(ControlBirth, "Tanggal lahir terlalu lama. Periksa tahunnya.")
		}
		if b.NIK = strings.TrimSpace(b.NIK); b.NIK != "" {
			switch nik, ok := indo.ParseNIK(b.NIK, now); {
			case !ok:
				bad(ControlNIK, "NIK terdiri dari 16 angka, seperti di KTP atau kartu keluarga. Boleh dikosongkan.")
			case !b.BirthDate.IsZero() && nik.Born.Format("0201006") != b.BirthDate.In(clock.Makassar).Format("0201006"):
				bad(ControlNIK, "NIK ini milik orang dengan tanggal lahir lain. Periksa NIK dan tanggal lahir.")
			default:
				b.NIK = nik.Number
			}
		}
	}
	if b.BPJS = digitsOnly(b.BPJS); b.BPJS != "" && len(b.BPJS) != 13 {
		bad(ControlBPJS, "Nomor kartu BPJS (JKN-KIS) terdiri dari 13 angka. Boleh dikosongkan.")
	}
	if b.Payer == "" && b.BPJS != "" {
		b.Payer = JKN
	}
	if b.Payer != JKN && b.Payer != General {
		bad(ControlPayer, "Pilih cara membayar.")
	}
	if b.Complaint = strings.Join(strings.Fields(b.Complaint), " "); utf8.RuneCountInString(b.Complaint) > maxComplaint {
		bad(ControlComplaint, "Keluhan paling panjang 200 huruf. Ceritakan lengkapnya kepada dokter.")
	}
	if b.Contact = strings.TrimSpace(b.Contact); b.Contact != "" || b.Origin == OriginOnline {
		c, ok := authn.ParseContact(b.Contact)
		if !ok {
			bad(ControlContact, "Tulis alamat email seperti nama@contoh.id atau nomor HP seperti 0812 3456 7890.")
		}
		b.Contact = c.String()
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return nil
}

func digitsOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// classOf is who goes first by age: it is seen from the birth date, the rest at the desk.
func classOf(born, day time.Time) (estimate.Class, string) {
	y, mo, d := born.Date()
	switch today := dateOf(day); {
	case time.Date(y+60, mo, d, 0, 0, 0, 0, clock.Makassar).Format(time.DateOnly) <= today:
		return estimate.Priority, "Lansia"
	case time.Date(y+5, mo, d, 0, 0, 0, 0, clock.Makassar).Format(time.DateOnly) > today:
		return estimate.Priority, "Balita"
	}
	return estimate.Regular, ""
}
