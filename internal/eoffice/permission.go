package eoffice

import "makassartidakrantasa.com/portal/internal/platform/authz"

// Permissions of e-Office. Everybody who holds a position may write letters and work at
// their own desk; these are for what goes beyond it, in a unit and everything below.
var (
	PermRegister  = authz.Register("eoffice.register", "e-Office: tata usaha: mencatat surat masuk, mengirim, memberi nomor agenda")
	PermUnitView  = authz.Register("eoffice.unit_view", "e-Office: membaca naskah biasa unitnya")
	PermConfigure = authz.Register("eoffice.configure", "e-Office: mengatur kop, kode, klasifikasi, dan instruksi")
	PermArchive   = authz.Register("eoffice.archive", "e-Office: arsiparis: memberkaskan, mengusulkan penyusutan")
	PermFigures   = authz.Register("eoffice.figures", "e-Office: melihat waktu di meja unitnya")
)
