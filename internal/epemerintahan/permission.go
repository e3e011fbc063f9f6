package epemerintahan

import "makassartidakrantasa.com/portal/internal/platform/authz"

// Permissions of the register. Each is held in a unit and everything below it, and
// none of the others does anything without PermView.
var (
	PermView     = authz.Register("epemerintahan.resident_view", "Penduduk: mencari dan membaca data, NIK tersamar")
	PermEdit     = authz.Register("epemerintahan.resident_edit", "Penduduk: mencatat, mengubah, peristiwa dan keluarga")
	PermReveal   = authz.Register("epemerintahan.resident_reveal", "Penduduk: membuka NIK dan nomor KK yang tersamar")
	PermOverride = authz.Register("epemerintahan.resident_override", "Penduduk: meloloskan NIK atau KK yang meragukan dengan alasan")
	PermImport   = authz.Register("epemerintahan.resident_import", "Penduduk: mengimpor berkas, bersama izin mencatat")
	PermExport   = authz.Register("epemerintahan.resident_export", "Penduduk: mengekspor daftar penduduk, NIK tersamar")
	PermFull     = authz.Register("epemerintahan.resident_export_full", "Penduduk: mengekspor dengan NIK dan KK lengkap, dengan alasan")
	PermDelete   = authz.Register("epemerintahan.resident_delete", "Penduduk: menghapus data yang salah catat dengan alasan")
)
