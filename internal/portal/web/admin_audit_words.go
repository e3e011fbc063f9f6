package portalweb

// trailWords names the acts of the platform and of administration; the other
// modules name theirs through AdminDeps.ActName.
var trailWords = map[string]string{
	"org.unit.add": "Menambah unit", "org.unit.update": "Mengubah unit", "org.unit.close": "Menutup unit", "org.unit.import": "Mengimpor unit",
	"org.position.add": "Menambah jabatan", "org.position.update": "Mengubah jabatan", "org.position.close": "Menutup jabatan",
	"org.occupancy.appoint": "Menempatkan pejabat", "org.occupancy.end": "Mengakhiri penempatan",
	"org.occupancy.withdraw": "Membatalkan penempatan", "org.occupancy.mass": "Mutasi serentak",
	"org.person.add": "Mencatat pegawai", "org.person.update": "Mengubah data pegawai", "org.person.link": "Menghubungkan akun",
	"org.person.leave": "Mencatat pegawai keluar", "org.person.readmit": "Menerima kembali pegawai", "org.person.read": "Membuka data pegawai", "org.person.search": "Mencari pegawai",
	"org.staff.import": "Mengimpor pegawai", "org.boundary.import": "Mengimpor batas wilayah",
	"calendar.holiday.save": "Menyimpan hari libur", "calendar.holiday.remove": "Menghapus hari libur",
	"calendar.ramadan.save": "Menyimpan masa Ramadan", "calendar.ramadan.remove": "Menghapus masa Ramadan",
	"calendar.schedule.save": "Menyimpan jadwal kerja", "calendar.unit.follow": "Memilih jadwal kerja unit",
	"authz.role.save": "Menyimpan peran", "authz.grant.give": "Memberi peran", "authz.grant.end": "Mencabut peran",
	"authn.account.invite": "Mengundang pegawai", "authn.account.disable": "Menonaktifkan akun", "authn.account.enable": "Mengaktifkan akun",
	"authn.account.read": "Membuka data akun", "authn.account.search": "Mencari akun", "authn.account.counter": "Membuat kode aktivasi",
	"authn.account.activate": "Mengaktifkan akun dari loket", "authn.invitation.accept": "Menerima undangan",
	"authn.totp.reset": "Mengatur ulang dua langkah", "authn.session.end_all": "Mengakhiri semua sesi",
	"authn.account.create": "Membuat akun", "authn.account.close": "Menutup akun", "authn.account.rename": "Mengganti nama akun",
	"authn.contact.change": "Mengganti kontak", "authn.contact.drop": "Menghapus kontak",
	"authn.login": "Masuk", "authn.logout": "Keluar", "authn.login.password": "Sandi benar, menunggu kode", "authn.login.refuse": "Gagal masuk",
	"authn.second.refuse": "Kode dua langkah salah", "authn.throttle.address": "Terlalu sering mencoba",
	"authn.password.change": "Mengganti sandi", "authn.password.reset": "Mengatur ulang sandi",
	"authn.totp.enable": "Mengaktifkan dua langkah", "authn.totp.disable": "Mematikan dua langkah", "authn.recovery.renew": "Membuat kode cadangan",
	"authn.session.revoke":   "Mengakhiri satu sesi",
	"portal.personal.export": "Mengunduh data sendiri", "portal.personal.ask_erasure": "Meminta datanya dihapus",
	"portal.personal.withdraw_erasure": "Menarik permintaan penghapusan", "portal.personal.read_erasure": "Membuka permintaan penghapusan",
	"portal.personal.decide_erasure": "Memutus permintaan penghapusan",
	"mtr.reporter.erase":             "Menghapus identitas pelapor", "epuskesmas.visit.erase": "Menghapus kontak antrean",
	"audit.trail.read": "Membaca jejak audit", "audit.trail.export": "Mengunduh jejak audit",
}

// actName names an act in words, its code when nobody has words for it.
func (h *admin) actName(action string) string { return ActName(h.ActName)(action) }

// ActName names acts: its own ones, those that more has words for, and others by their code.
func ActName(more func(action string) string) func(action string) string {
	return func(action string) string {
		if s := trailWords[action]; s != "" {
			return s
		}
		if more != nil {
			return orElse(more(action), action)
		}
		return action
	}
}
