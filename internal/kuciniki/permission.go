package kuciniki

import "makassartidakrantasa.com/portal/internal/platform/authz"

// Permissions of Kuciniki. Everybody sees their own, and whoever sits above what is below;
// these are for what goes beyond it, in a unit and everything below.
var (
	PermPersonnel = authz.Register("kuciniki.personnel", "Kuciniki: kepegawaian: periode, kelengkapan SKP, kehadiran, berkas TPP")
	PermInspect   = authz.Register("kuciniki.inspect", "Kuciniki: pengawasan: membaca SKP dan penilaian")
	PermFigures   = authz.Register("kuciniki.figures", "Kuciniki: melihat angka kinerja unitnya")
)
