package epuskesmas

import "makassartidakrantasa.com/portal/internal/platform/authz"

// Permissions of the puskesmas. Each is held in a unit and everything below it.
var (
	PermDesk    = authz.Register("epuskesmas.desk", "Puskesmas: mendaftarkan pasien di loket")
	PermCall    = authz.Register("epuskesmas.call", "Puskesmas: memanggil dan melayani antrean")
	PermTriage  = authz.Register("epuskesmas.triage", "Puskesmas: pengkajian awal, prioritas dan gawat darurat")
	PermManage  = authz.Register("epuskesmas.manage", "Puskesmas: mengatur poli, jadwal, kuota dan dokter")
	PermReports = authz.Register("epuskesmas.reports", "Puskesmas: melihat laporan dan perubahan kuota")
	PermPatient = authz.Register("epuskesmas.patient", "Puskesmas: mencari pasien dan riwayat kunjungan")
)

// DeskPermissions open the desk of the puskesmas: any one of them does.
var DeskPermissions = []authz.Permission{PermDesk, PermCall, PermTriage, PermManage, PermReports, PermPatient}
