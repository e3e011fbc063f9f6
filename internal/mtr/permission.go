package mtr

import "makassartidakrantasa.com/portal/internal/platform/authz"

// Permissions of this module. Each is held in a unit and everything below it.
var (
	PermDispatch  = authz.Register("mtr.dispatch", "MTR: memeriksa, meneruskan, menolak dan merujuk laporan")
	PermHandle    = authz.Register("mtr.handle", "MTR: menangani laporan unit dan menugaskan petugas")
	PermWork      = authz.Register("mtr.work", "MTR: mengerjakan tugas lapangan")
	PermValidate  = authz.Register("mtr.validate", "MTR: memvalidasi bukti pekerjaan orang lain")
	PermReveal    = authz.Register("mtr.reveal", "MTR: membuka identitas pelapor anonim")
	PermModerate  = authz.Register("mtr.moderate", "MTR: menyembunyikan, menampilkan dan melepas laporan tertahan")
	PermConfigure = authz.Register("mtr.configure", "MTR: mengatur kategori, pertanyaan dan rute")
	PermOverview  = authz.Register("mtr.overview", "MTR: melihat laporan terlambat, tanpa respons dan sanggahan")
)

// DeskPermissions open the MTR desk: any one of them does.
var DeskPermissions = []authz.Permission{
	PermDispatch, PermHandle, PermWork, PermValidate, PermModerate, PermOverview,
}
