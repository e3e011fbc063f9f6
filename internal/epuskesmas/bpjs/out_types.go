package bpjs

import (
	"context"
	"fmt"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// ErrAccount tells that BPJS or SATUSEHAT does not accept the account of a puskesmas:
// nothing gets through until somebody mends it.
var ErrAccount = errs.New(errs.Unavailable, "Akun puskesmas ini tidak diterima. Periksa kunci dan kata sandinya.")

// Teller tells BPJS, signed as an account says. What may go better later is
// errs.Unavailable, a wrong account among it [ErrAccount]; a refusal for good is [Refused].
type Teller interface {
	Add(ctx context.Context, o Outbound, in AddRequest) error
	Call(ctx context.Context, o Outbound, in CallRequest) error
	GiveUp(ctx context.Context, o Outbound, in GiveUpRequest) error
}

// Registry is SATUSEHAT, with the same failures.
type Registry interface {
	// PatientNumber is the IHS number of whoever has a NIK, "" where it knows nobody.
	PatientNumber(ctx context.Context, m Ministry, nik string) (string, error)
	// Create stores an Encounter, unless one with its identifier is there.
	Create(ctx context.Context, m Ministry, e Encounter) error
}

// AddRequest tells of a number that was given, as antrean/add takes it. In all requests
// the numbers of cards of patients who pay themselves are "".
type AddRequest struct {
	Card       string `json:"nomorkartu"`
	NIK        string `json:"nik"`
	Phone      string `json:"nohp"`
	PoliCode   string `json:"kodepoli"`
	PoliName   string `json:"namapoli"`
	Record     string `json:"norm"`
	Day        string `json:"tanggalperiksa"` // 2006-01-02
	DoctorCode int    `json:"kodedokter"`
	DoctorName string `json:"namadokter"`
	Hours      string `json:"jampraktek"` // 08:00-12:00
	Number     string `json:"nomorantrean"`
	Count      int    `json:"angkaantrean"`
	Words      string `json:"keterangan"`
}

// CallRequest tells that a patient came (Status 1) or did not (2).
type CallRequest struct {
	Day      string `json:"tanggalperiksa"`
	PoliCode string `json:"kodepoli"`
	Card     string `json:"nomorkartu"`
	Status   int    `json:"status"`
	At       int64  `json:"waktu"` // milliseconds
}

// GiveUpRequest tells that a number was given up.
type GiveUpRequest struct {
	Day      string `json:"tanggalperiksa"`
	PoliCode string `json:"kodepoli"`
	Card     string `json:"nomorkartu"`
	Reason   string `json:"alasan"`
}

// RefPoli is a poli as BPJS knows it.
type RefPoli struct {
	Name string `json:"namapoli"`
	Code string `json:"kodepoli"`
}

// RefDoctor is a doctor as BPJS knows them.
type RefDoctor struct {
	Name     string `json:"namadokter"`
	Code     int    `json:"kodedokter"`
	Hours    string `json:"jampraktek"`
	Capacity int    `json:"kapasitas"`
}

// Refused is an answer of BPJS that says no for good.
type Refused struct {
	Code    int
	Message string // BPJS' own words
}

// Error names the code only: the words may name a patient.
func (r *Refused) Error() string { return fmt.Sprintf("BPJS refused with code %d", r.Code) }
