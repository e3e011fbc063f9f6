package bpjs

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
)

// Codes of the answers to Mobile JKN.
const (
	CodeOK         = 200
	CodeRefused    = 201
	CodeNewPatient = 202
)

// Metadata says how a request went.
type Metadata struct {
	Message string `json:"message"`
	Code    int    `json:"code"`
}

// Answer is what every request gets.
type Answer struct {
	Response any      `json:"response,omitempty"`
	Metadata Metadata `json:"metadata"`
}

// Refusal is a request that is not done, in words that Mobile JKN shows to the patient.
type Refusal struct {
	Code    int // CodeRefused or CodeNewPatient
	Message string
}

func (r *Refusal) Error() string { return r.Message }

func refuse(message string) error { return &Refusal{CodeRefused, message} }

// Word is a value that some clients send as a string and others as a number. Letters
// that no value has are left out.
type Word string

// UnmarshalJSON takes a string, a number or null.
func (w *Word) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	switch {
	case bytes.Equal(b, []byte("null")):
		*w = ""
	case len(b) > 0 && b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*w = Clean(s)
	default:
		var n json.Number
		if err := json.Unmarshal(b, &n); err != nil {
			return err
		}
		*w = Word(n)
	}
	return nil
}

// Clean leaves out what is no text and the spaces around it.
func Clean(s string) Word {
	return Word(strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))))
}

// TakeRequest is POST /antrean. The first five are V1's.
type TakeRequest struct {
	Card      Word  `json:"nomorkartu"`
	NIK       Word  `json:"nik"`
	Poli      Word  `json:"kodepoli"`
	Day       Word  `json:"tanggalperiksa"`
	Complaint Word  `json:"keluhan"`
	Doctor    *Word `json:"kodedokter"`
	Hours     *Word `json:"jampraktek"`
	Phone     Word  `json:"nohp"`
}

// CancelRequest is PUT /antrean/batal; V1 has no reason.
type CancelRequest struct {
	Card   Word  `json:"nomorkartu"`
	Poli   Word  `json:"kodepoli"`
	Day    Word  `json:"tanggalperiksa"`
	Reason *Word `json:"keterangan"`
}

// PatientRequest is POST /peserta, as far as a puskesmas keeps it.
type PatientRequest struct {
	Card Word `json:"nomorkartu"`
	NIK  Word `json:"nik"`
	Name Word `json:"nama"`
	Sex  Word `json:"jeniskelamin"`
	Born Word `json:"tanggallahir"`
}

// Token is the answer to GET /auth.
type Token struct {
	Token string `json:"token"`
}

// TakenV1 is V1's answer to POST /antrean: every value is a string.
type TakenV1 struct {
	Code     string `json:"nomorantrean"`
	Number   string `json:"angkaantrean"`
	Poli     string `json:"namapoli"`
	Ahead    string `json:"sisaantrean"`
	LastCall string `json:"antreanpanggil"`
	Words    string `json:"keterangan"`
}

// TakenV2 is V2's, in which one is a number.
type TakenV2 struct {
	Code     string `json:"nomorantrean"`
	Number   int    `json:"angkaantrean"`
	Poli     string `json:"namapoli"`
	Ahead    string `json:"sisaantrean"`
	LastCall string `json:"antreanpanggil"`
	Words    string `json:"keterangan"`
}

// Standing is the answer to GET /antrean/sisapeserta.
type Standing struct {
	Code     string `json:"nomorantrean"`
	Poli     string `json:"namapoli"`
	Ahead    string `json:"sisaantrean"`
	LastCall string `json:"antreanpanggil"`
	Words    string `json:"keterangan"`
}

// StatusV1 is V1's answer to GET /antrean/status: the poli as a whole.
type StatusV1 struct {
	Poli     string `json:"namapoli"`
	Given    string `json:"totalantrean"`
	Waiting  string `json:"sisaantrean"`
	LastCall string `json:"antreanpanggil"`
	Words    string `json:"keterangan"`
}

// StatusV2 is one doctor's practice in V2's answer, which lists them.
type StatusV2 struct {
	Poli     string `json:"namapoli"`
	Given    string `json:"totalantrean"`
	Waiting  int    `json:"sisaantrean"`
	LastCall string `json:"antreanpanggil"`
	Words    string `json:"keterangan"`
	Doctor   int    `json:"kodedokter"`
	Name     string `json:"namadokter"`
	Hours    string `json:"jampraktek"`
}
