package mtrweb

import (
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

// facts are the reporter's own answers.
func (v reporterView) facts() []ui.SummaryRow {
	rows := []ui.SummaryRow{{Key: "Masalah", Value: v.CategoryName + " · " + v.Class.Label()}}
	if where := place(v.KelurahanName, v.KecamatanName); where != "" {
		rows = append(rows, ui.SummaryRow{Key: "Tempat", Value: strings.TrimSpace(where + "\n" + v.ExactLandmark)})
	}
	for _, a := range v.Extra {
		rows = append(rows, ui.SummaryRow{Key: a.Text, Value: a.Answer})
	}
	if v.OnBehalf != mtr.BehalfSelf {
		rows = append(rows, ui.SummaryRow{Key: "Dilaporkan untuk", Value: v.OnBehalf.Label()})
	}
	rows = append(rows, ui.SummaryRow{Key: "Dikirim", Value: indo.LongDateTime(v.ReceivedAt)})
	switch {
	case v.HiddenNote != "":
		rows = append(rows, ui.SummaryRow{Key: "Terlihat oleh", Value: "Tidak tampil untuk umum. " + v.HiddenNote})
	case v.Confidential:
		rows = append(rows, ui.SummaryRow{Key: "Terlihat oleh", Value: "Hanya Anda dan petugas yang menangani"})
	case v.Published:
		rows = append(rows, ui.SummaryRow{Key: "Terlihat oleh", Value: "Umum"})
	default:
		rows = append(rows, ui.SummaryRow{Key: "Terlihat oleh", Value: "Umum hanya melihat masalah dan kelurahannya, sampai laporan diteruskan"})
	}
	if v.Anonymous {
		rows[len(rows)-1].Value += "\nNama Anda disembunyikan (anonim)"
	}
	return rows
}
