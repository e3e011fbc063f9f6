package letter

import "makassartidakrantasa.com/portal/internal/platform/authz"

// Permissions of the letters. Each is held in a unit and everything below it, and
// none of the others does anything without PermView.
var (
	PermView      = authz.Register("epemerintahan.letter_view", "Surat: mencari dan membaca surat")
	PermCheck     = authz.Register("epemerintahan.letter_check", "Surat: menerima, mencatat dan memeriksa berkas, mencetak dan memindai")
	PermParaf     = authz.Register("epemerintahan.letter_paraf", "Surat: memaraf untuk lurah")
	PermSign      = authz.Register("epemerintahan.letter_sign", "Surat: menandatangani sebagai lurah atau camat, dan mencabut surat terbit")
	PermSignFor   = authz.Register("epemerintahan.letter_sign_for", "Surat: menandatangani atas nama lurah")
	PermIdentity  = authz.Register("epemerintahan.letter_identity", "Surat: memastikan identitas akun warga")
	PermConfigure = authz.Register("epemerintahan.letter_configure", "Surat: mengatur jenis surat, nomor dan kop")
	PermExport    = authz.Register("epemerintahan.letter_export", "Surat: mengunduh buku register")
)

// DeskPermissions open the letters' desk: any one of them does.
var DeskPermissions = []authz.Permission{PermView, PermConfigure}
