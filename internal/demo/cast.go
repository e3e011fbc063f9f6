package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	letters "makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/mtr/misconduct"
	"makassartidakrantasa.com/portal/internal/oversight"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/survey"
)

// Domain of every demo account's address.
const Domain = "portal.example"

// An Account can sign in with the demo's password.
type Account struct {
	User string // before the @
	Name string
	Does string // what for, in a few words
}

// Address to sign in with.
func (a Account) Address() string { return a.User + "@" + Domain }

// Accounts are those people are told about, in the order told.
func Accounts() []Account {
	out := make([]Account, 0, len(citizens)+len(staff))
	out = append(out, citizens...)
	for _, m := range staff {
		out = append(out, m.Account)
	}
	return out
}

var citizens = []Account{
	{"warga", "Nurhayati Basri", "warga, melapor"},
	{"warga2", "Ical Ramadhan", "warga lain"},
}

// member is somebody who works for the city in the demo.
type member struct {
	Account
	unit  string // code
	title string // "" is the unit's own head
	kind  string // of a position that is made for them
	rank  string
	roles []role
	city  bool // the roles hold in the whole city
}

type role struct {
	code, name  string
	permissions []authz.Permission
}

var (
	roleDispatch = role{"mtr-verifikator", "Verifikator laporan", []authz.Permission{mtr.PermDispatch, mtr.PermModerate}}
	roleValidate = role{"mtr-pemeriksa", "Pemeriksa hasil", []authz.Permission{mtr.PermValidate}}
	roleHandle   = role{"mtr-penanggung-jawab", "Penanggung jawab laporan", []authz.Permission{mtr.PermHandle}}
	roleWork     = role{"mtr-petugas", "Petugas lapangan", []authz.Permission{mtr.PermWork}}
	roleOversee  = role{"mtr-pengawas", "Pengawas laporan", []authz.Permission{mtr.PermOverview, survey.PermRead}}
	roleReveal   = role{"mtr-pembuka-identitas", "Pembuka identitas pelapor", []authz.Permission{mtr.PermReveal}}
	roleChannel  = role{"mtr-kanal-pelanggaran", "Kanal pelanggaran pegawai", []authz.Permission{misconduct.PermRead}}
	roleAdmin    = role{code: authn.AdminRole} // the program's own

	roleRegister  = role{"penduduk-operator", "Operator penduduk", []authz.Permission{epemerintahan.PermView, epemerintahan.PermEdit, epemerintahan.PermReveal, epemerintahan.PermImport}}
	roleSupervise = role{"penduduk-sekretaris", "Pengawas data penduduk", []authz.Permission{epemerintahan.PermView, epemerintahan.PermEdit, epemerintahan.PermReveal, epemerintahan.PermOverride, epemerintahan.PermImport, epemerintahan.PermExport}}
	roleLurah     = role{"penduduk-lurah", "Penanggung jawab data penduduk", []authz.Permission{epemerintahan.PermView, epemerintahan.PermReveal, epemerintahan.PermOverride, epemerintahan.PermDelete, epemerintahan.PermExport, epemerintahan.PermFull}}
	roleReader    = role{"penduduk-pembaca", "Pembaca data penduduk", []authz.Permission{epemerintahan.PermView}}

	roleCounter   = role{"surat-operator", "Operator surat", []authz.Permission{letters.PermView, letters.PermCheck, letters.PermIdentity}}
	roleParaf     = role{"surat-sekretaris", "Pemaraf surat", []authz.Permission{letters.PermView, letters.PermCheck, letters.PermParaf, letters.PermSignFor, letters.PermExport}}
	roleSign      = role{"surat-lurah", "Penanda tangan surat kelurahan", []authz.Permission{letters.PermView, letters.PermSign, letters.PermConfigure, letters.PermExport}}
	roleSignCamat = role{"surat-camat", "Penanda tangan surat kecamatan", []authz.Permission{letters.PermView, letters.PermSign}}

	rolePatients = role{"puskesmas-loket", "Petugas loket puskesmas", []authz.Permission{epuskesmas.PermDesk, epuskesmas.PermCall, epuskesmas.PermPatient}}
	roleNurse    = role{"puskesmas-perawat", "Perawat puskesmas", []authz.Permission{epuskesmas.PermTriage, epuskesmas.PermCall}}
	roleCalls    = role{"puskesmas-pemanggil", "Dokter dan farmasi puskesmas", []authz.Permission{epuskesmas.PermCall}}
	roleClinics  = role{"puskesmas-kepala", "Kepala puskesmas", []authz.Permission{epuskesmas.PermManage, epuskesmas.PermReports, epuskesmas.PermPatient, survey.PermRead}}
	roleOffice   = role{"eoffice-kepala", "Kepala kantor", []authz.Permission{eoffice.PermFigures, eoffice.PermUnitView}}
	roleClerk    = role{"eoffice-tata-usaha", "Tata usaha", []authz.Permission{eoffice.PermRegister, eoffice.PermUnitView}}

	roleArchive = role{"eoffice-arsiparis", "Arsiparis", []authz.Permission{eoffice.PermArchive}}

	rolePersonnel = role{"kuciniki-kepegawaian", "Kepegawaian", []authz.Permission{kuciniki.PermPersonnel}}
	roleInspect   = role{"kuciniki-pengawas", "Pengawas kinerja", []authz.Permission{kuciniki.PermInspect}}
	roleFigures   = role{"kuciniki-pimpinan", "Pembaca angka kinerja", []authz.Permission{kuciniki.PermFigures}}

	roleAssign   = role{"inspektorat-sekretaris", "Pencatat surat tugas", []authz.Permission{oversight.PermAssign}}
	roleExamines = role{"inspektorat-pemeriksa", "Pemeriksa dengan surat tugas", []authz.Permission{eoffice.PermUnitView, letters.PermView}}

	roleQuotas = role{"puskesmas-pengawas", "Pengawas kuota puskesmas", []authz.Permission{epuskesmas.PermReports}}
)

const (
	kassiKassi = "73.71.13.1002"
	buakana    = "73.71.13.1004"
	rappocini  = "73.71.13"
)

// staff are the accounts that visitors sign in with.
var staff = []member{
	{Account{"operator", "Hasnah Mile", "Kelurahan Kassi-Kassi: menerima berkas"}, kassiKassi, "Pengelola Pelayanan Kelurahan Kassi-Kassi", org.PositionClerk, "Pengatur (II/c)", []role{roleRegister, roleCounter}, false},
	{Account{"sekretaris", "Ridwan Saleh", "Kelurahan Kassi-Kassi: sekretaris"}, kassiKassi, "Sekretaris Kelurahan Kassi-Kassi", org.PositionSecretary, "Penata (III/c)", []role{roleSupervise, roleParaf}, false},
	{Account{"lurah", "Andi Mulyani", "Lurah Kassi-Kassi"}, kassiKassi, "", "", "Penata Tk. I (III/d)", []role{roleHandle, roleOversee, roleLurah, roleSign}, false},
	{Account{"lurah.lain", "Syahrir Dullah", "Lurah Tidung: melihat wilayahnya saja"}, "73.71.13.1001", "", "", "Penata Tk. I (III/d)", []role{roleHandle, roleOversee, roleSign}, false},
	{Account{"camat", "Muh. Irfan Latif", "Camat Rappocini"}, rappocini, "", "", "Pembina (IV/a)", []role{roleHandle, roleOversee, roleReader, roleSignCamat}, false},
	{Account{"dispatcher", "Fitriani Amir", "MTR: memeriksa dan meneruskan laporan"}, "KOMINFO", "Verifikator Laporan Warga", org.PositionFunctional, "Penata Muda (III/a)", []role{roleDispatch}, true},
	{Account{"validator", "Baharuddin Noor", "MTR: memeriksa hasil pekerjaan"}, "KOMINFO", "Pemeriksa Hasil Laporan Warga", org.PositionFunctional, "Penata (III/c)", []role{roleValidate}, true},
	{Account{"petugas.dishub", "Saiful Rahim", "Dinas Perhubungan: petugas lapangan"}, "DISHUB", "Petugas Lampu Jalan dan Rambu", org.PositionClerk, "Pengatur Muda (II/a)", []role{roleWork, roleClerk}, false},
	{Account{"kepala.dishub", "Zainal Mattu", "Kepala Dinas Perhubungan"}, "DISHUB", "", "", "Pembina Utama Muda (IV/c)", []role{roleHandle, roleOversee}, false},
	{Account{"petugas.dpu", "Hamka Sewang", "Dinas PU: petugas lapangan"}, "DPU", "Petugas Pemeliharaan Jalan dan Drainase", org.PositionClerk, "Pengatur Muda (II/a)", []role{roleWork}, false},
	{Account{"loket", "Rosdiana Kadir", "Puskesmas Kassi-Kassi: loket"}, "PKM-KASSI-KASSI", "Petugas Loket Puskesmas Kassi-Kassi", org.PositionClerk, "", []role{rolePatients}, false},
	{Account{"perawat", "Marwah Tahir", "Puskesmas Kassi-Kassi: perawat"}, "PKM-KASSI-KASSI", "Perawat Puskesmas Kassi-Kassi", org.PositionFunctional, "Penata Muda (III/a)", []role{roleNurse}, false},
	{Account{"dokter", "dr. Aulia Rahman", "Puskesmas Kassi-Kassi: dokter"}, "PKM-KASSI-KASSI", "Dokter Puskesmas Kassi-Kassi", org.PositionFunctional, "Penata (III/c)", []role{roleCalls}, false},
	{Account{"farmasi", "Indah Pratiwi", "Puskesmas Kassi-Kassi: farmasi"}, "PKM-KASSI-KASSI", "Apoteker Puskesmas Kassi-Kassi", org.PositionFunctional, "Penata Muda (III/a)", []role{roleCalls}, false},
	{Account{"kapus", "drg. Nirmala Sari", "Kepala Puskesmas Kassi-Kassi"}, "PKM-KASSI-KASSI", "", "", "Pembina (IV/a)", []role{roleClinics}, false},
	{Account{"konseptor", "Wahyuni Rauf", "Dinas PU: konseptor naskah"}, "DPU", "Penyusun Naskah Dinas PU", org.PositionClerk, "Penata Muda (III/a)", nil, false},
	{Account{"kabid", "Ahmad Fadli", "Dinas PU: kepala bidang"}, "DPU", "Kepala Bidang Bina Marga dan Drainase", org.PositionStructural, "Pembina (IV/a)", []role{roleHandle}, false},
	{Account{"kadis", "Ir. Hasanuddin Rewa", "Kepala Dinas PU"}, "DPU", "", "", "Pembina Utama Muda (IV/c)", []role{roleHandle, roleOversee, roleOffice, roleFigures}, false},
	{Account{"tu", "Sumiati Lallo", "Dinas PU: tata usaha"}, "DPU", "Pengelola Tata Usaha Dinas PU", org.PositionClerk, "Pengatur (II/c)", []role{roleClerk}, false},
	{Account{"kepala.bappeda", "Dr. Sitti Rabiah", "Kepala Bappeda: menerima naskah dan memberi disposisi"}, "BAPPEDA", "", "", "Pembina Utama Muda (IV/c)", []role{roleHandle, roleOversee}, false},
	{Account{"sekda", "Drs. Amiruddin Paso", "Sekretaris Daerah"}, "SETDA", "", "", "Pembina Utama Madya (IV/d)", []role{roleOversee, roleFigures}, true},
	{Account{"walikota", "Andi Baso Marola", "Wali Kota"}, "73.71", "", "", "", []role{roleOversee, roleFigures}, true},
	{Account{"arsiparis", "Darmawati Soi", "Dinas Kearsipan: arsiparis"}, "DISSIP", "Arsiparis Ahli Muda", org.PositionFunctional, "Penata (III/c)", []role{roleArchive}, true},
	{Account{"bkpsdm", "Yusran Halim", "BKPSDM: kepegawaian"}, "BKPSDM", "Analis Sumber Daya Manusia Aparatur", org.PositionFunctional, "Penata (III/c)", []role{rolePersonnel}, true},
	{Account{"inspektorat", "Jumriati Pawe", "Inspektorat: pengawasan"}, "INSP", "Auditor Inspektorat Daerah", org.PositionFunctional, "Penata Tk. I (III/d)", []role{roleOversee, roleReveal, roleQuotas, roleInspect, roleChannel, roleExamines}, true},
	{Account{"admin", "Rahmat Hidayat", "administrator portal"}, "KOMINFO", "Administrator Portal", org.PositionFunctional, "Penata Muda (III/a)", []role{roleAdmin}, true},
}

// neighbours keep the register of the other kelurahan, set the puskesmas up, register the
// assignments of the Inspektorat, and do what is passed down in Dinas PU.
var neighbours = []member{
	{Account{"operator.buakana", "Mardiana Sila", ""}, buakana, "Pengelola Pelayanan Kelurahan Buakana", org.PositionClerk, "Pengatur (II/c)", []role{roleRegister, roleCounter}, false},
	{Account{"sekretaris.buakana", "Suharti Rappe", ""}, buakana, "Sekretaris Kelurahan Buakana", org.PositionSecretary, "Penata (III/c)", []role{roleSupervise, roleParaf}, false},
	{Account{"lurah.buakana", "Anwar Pasolong", ""}, buakana, "", "", "Penata Tk. I (III/d)", []role{roleHandle, roleOversee, roleLurah, roleSign}, false},
	{Account{"dinkes", "Suharti Langke", ""}, "DINKES", "Pengelola Layanan Puskesmas", org.PositionFunctional, "Penata (III/c)", []role{roleClinics}, false},
	{Account{"sekretaris.insp", "Hj. Nurbaya Tika", ""}, "INSP", "Sekretaris Inspektorat Daerah", org.PositionSecretary, "Pembina (IV/a)", []role{roleAssign}, false},
	{Account{"kasi", "Nurdin Tinggi", ""}, "DPU", "Kepala Seksi Drainase", org.PositionStructural, "Penata Tk. I (III/d)", nil, false},
	{Account{"teknik", "Irmawati Sese", ""}, "DPU", "Teknik Pengairan Ahli Muda", org.PositionFunctional, "Penata (III/c)", nil, false},
	{Account{"juru", "Sampara Lewa", ""}, "DPU", "Juru Pengairan", org.PositionClerk, "Pengatur Muda (II/a)", nil, false},
}

// offices answer reports too: an officer each, and most a head besides.
var offices = []struct{ code, head, officer, title string }{
	{"DLH", "Nasruddin Tompo", "Herman Rala", "Petugas Kebersihan dan Pertamanan"},
	{"SATPOL", "Burhanuddin Siala", "Rudi Lau", "Petugas Ketertiban Umum"},
	{"BPBD", "Mansyur Galla", "Akbar Nanda", "Petugas Reaksi Cepat"},
	{"PDAM", "Fahruddin Naba", "Sudirman Tola", "Petugas Jaringan Pipa"},
	{"DINSOS", "Hj. Suriani Made", "Nurlina Ago", "Pekerja Sosial"},
	{"DINKES", "dr. Ismail Kulle", "Mulyadi Sanro", "Pengelola Layanan Kesehatan"},
	{"DISDIK", "Dra. Kartini Jama", "Suharni Tika", "Pengelola Layanan Sekolah"},
	{"DUKCAPIL", "Abd. Rauf Lompo", "Ernawati Beta", "Pengelola Layanan Kependudukan"},
	{"DTR", "Ir. Tahir Biring", "Arsyad Puli", "Pengawas Bangunan"},
	{"BAPPEDA", "", "Amran Cora", "Perencana"},
	{"SETDA", "", "Iwan Suro", "Pengelola Pengaduan Sekretariat Daerah"},
	{"INSP", "", "Yunus Tallasa", "Pemeriksa Pengaduan Inspektorat"},
	{"KOMINFO", "", "Hesti Rumbia", "Pengelola Pengaduan Diskominfo"},
}

// players are the actors of the story by user name.
type players map[string]authz.Actor

// hire makes everybody who is in the demo, since a year before the story.
func hire(ctx context.Context, db pg.Beginner, accounts *authn.Service, since time.Time) error {
	return pg.InTx(ctx, db, func(tx pgx.Tx) error {
		for _, c := range citizens {
			if _, err := accounts.AddDemo(ctx, tx, authz.Citizen, c.Name, c.Address()); err != nil {
				return err
			}
		}
		h := hiring{ctx: ctx, tx: tx, accounts: accounts, at: since, by: authz.System("portal dev"), roles: map[string]int64{}}
		builtin, err := authz.Roles(ctx, tx)
		if err != nil {
			return err
		}
		for _, r := range builtin {
			h.roles[r.Code] = r.ID
		}
		team, err := h.everybody()
		if err != nil {
			return err
		}
		for _, later := range []bool{false, true} { // superiors come first
			for i, m := range team {
				if (below[m.User] != "") != later {
					continue
				}
				if err := h.one(i, m); err != nil {
					return fmt.Errorf("%s: %w", m.User, err)
				}
			}
		}
		return nil
	})
}

type hiring struct {
	ctx      context.Context
	tx       pgx.Tx
	accounts *authn.Service
	at       time.Time
	by       authz.Actor
	roles    map[string]int64
}

func (h *hiring) everybody() ([]member, error) {
	team := slices.Concat(staff, neighbours)
	for _, o := range offices {
		u := lower(o.code)
		if o.head != "" {
			team = append(team,
				member{Account{"kepala." + u, o.head, ""}, o.code, "", "", "Pembina Utama Muda (IV/c)", []role{roleHandle, roleOversee}, false})
		}
		team = append(team,
			member{Account{"petugas." + u, o.officer, ""}, o.code, o.title, org.PositionClerk, "Pengatur (II/c)", []role{roleHandle, roleWork, roleClerk}, false})
	}
	districts, err := org.Units(h.ctx, h.tx, org.UnitFilter{Kinds: []string{org.KindKecamatan}, At: h.at})
	for i, d := range districts {
		name := givenNames[i%len(givenNames)] + " " + familyNames[(i*7+3)%len(familyNames)]
		team = append(team, member{Account{officerOf(d), name, ""}, d.Code,
			"Kepala Seksi Kebersihan dan Ketertiban " + d.Name, org.PositionStructural, "Penata (III/c)", []role{roleHandle, roleWork}, false})
	}
	return team, err
}

// officerOf is the user name of who handles reports in a kecamatan.
func officerOf(kecamatan org.Unit) string { return "petugas." + lower(kecamatan.ShortName) }

func (h *hiring) one(i int, m member) error {
	unit, err := org.UnitByCode(h.ctx, h.tx, m.unit)
	if err != nil {
		return err
	}
	account, err := h.accounts.AddDemo(h.ctx, h.tx, authz.Staff, m.Name, m.Address())
	if err != nil {
		return err
	}
	in := org.PersonInput{Name: m.Name, Rank: m.rank, Email: m.Address(), Employment: org.EmploymentPNS,
		StaffNumber: fmt.Sprintf("19%02d%02d%02d2010%02d%d%03d", 70+i%25, 1+i%12, 1+i%28, 1+i%12, 1+i%2, 900+i%100)}
	if m.rank == "" {
		in.Employment, in.StaffNumber = org.EmploymentNonASN, fmt.Sprintf("DEMO-%03d", i)
	}
	person, err := org.AddPerson(h.ctx, h.tx, h.by, h.at, in)
	if err != nil {
		return err
	}
	if err := org.LinkAccount(h.ctx, h.tx, h.by, h.at, person, account); err != nil {
		return err
	}
	position, err := h.position(unit, m)
	if err != nil {
		return err
	}
	_, err = org.Appoint(h.ctx, h.tx, h.by, h.at, org.Appointment{PositionID: position, PersonID: person, Kind: org.Definitive, From: h.at})
	if err != nil {
		return err
	}
	scope := unit
	if m.city {
		if scope, err = org.Root(h.ctx, h.tx); err != nil {
			return err
		}
	}
	for _, r := range m.roles {
		if err := h.give(r, position, scope.ID); err != nil {
			return err
		}
	}
	return nil
}

// below names the superior of who is not directly under the head.
var below = map[string]string{
	"konseptor": "Kepala Bidang Bina Marga dan Drainase", "kasi": "Kepala Bidang Bina Marga dan Drainase", "teknik": "Kepala Bidang Bina Marga dan Drainase",
	"juru": "Kepala Seksi Drainase",
}

// position is the head's, or a new one under the head or whom below names.
func (h *hiring) position(unit org.Unit, m member) (int64, error) {
	ps, err := org.PositionsIn(h.ctx, h.tx, unit.ID, h.at)
	if err != nil {
		return 0, err
	}
	if m.title == "" {
		return ps[0].ID, nil // the head comes first
	}
	superior := ps[0].ID
	if i := slices.IndexFunc(ps, func(p org.Position) bool { return p.Title == below[m.User] }); i >= 0 {
		superior = ps[i].ID
	}
	return org.AddPosition(h.ctx, h.tx, h.by, h.at, org.PositionInput{
		UnitID: unit.ID, Title: m.title, Kind: m.kind, SuperiorID: superior, Seats: 1})
}

func (h *hiring) give(r role, position, unit int64) (err error) {
	id, known := h.roles[r.code]
	if !known {
		if id, err = authz.SaveRole(h.ctx, h.tx, authz.Role{Code: r.code, Name: r.name, Permissions: r.permissions}); err != nil {
			return err
		}
		h.roles[r.code] = id
	}
	_, err = authz.GiveRole(h.ctx, h.tx, h.at, authz.NewGrant{RoleID: id, PositionID: position, UnitID: unit})
	return err
}

// actors signs everybody in for the story.
func actors(ctx context.Context, q pg.Querier, at time.Time) (players, error) {
	ids, err := pg.Many[struct {
		ID   int64
		User string
	}](ctx, q, sqlAccounts, Domain)
	if err != nil {
		return nil, err
	}
	out := players{}
	for _, r := range ids {
		if out[r.User], err = authn.LoadActor(ctx, q, r.ID, at); err != nil {
			return nil, err
		}
	}
	return out, nil
}

const sqlAccounts = `SELECT id, split_part(lower(email), '@', 1) AS "user" FROM authn_account WHERE split_part(lower(email), '@', 2) = $1`
