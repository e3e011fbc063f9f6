package epemerintahan

import (
	"slices"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// Columns of an import that are no control of a form.
const (
	columnGroup     = "kode_keluarga"
	columnKelurahan = ControlKelurahan
)

// ImportColumn is a column that an import reads.
type ImportColumn struct {
	Name     string // of the control
	Title    string // in the template
	Required bool   // the file must have it
	Hint     string
	aliases  []string // folded
}

// ImportColumns are those of the template, in its order.
var ImportColumns = []ImportColumn{
	{ControlKK, "Nomor KK", true, "16 angka, sebagai teks", []string{"no kk", "kk", "no kartu keluarga", "nomor kartu keluarga", "nkk"}},
	{ControlNIK, "NIK", true, "16 angka, sebagai teks", []string{"no nik", "nomor nik", "no ktp", "nomor induk kependudukan"}},
	{ControlName, "Nama lengkap", true, "", []string{"nama"}},
	{ControlRelation, "Hubungan keluarga", true, "Kepala Keluarga, Istri, Anak, …", []string{"shdk", "hubungan", "status hubungan dalam keluarga", "hubungan dalam keluarga", "shdrt", "status keluarga", "status hubungan keluarga"}},
	{ControlSex, "Jenis kelamin", true, "L atau P", []string{"jk", "kelamin", "l p", "sex", "jns kelamin"}},
	{ControlBirthPlace, "Tempat lahir", true, "", []string{"tmpt lahir", "tmp lahir", "tempatlahir"}},
	{ControlBirthDate, "Tanggal lahir", true, "17-08-1985", []string{"tgl lahir", "tanggallahir", "tgllahir", "tgl lhr"}},
	{ControlReligion, "Agama", true, "", nil},
	{ControlEducation, "Pendidikan", true, "Yang ditamatkan", []string{"pendidikan terakhir", "pendidikan dalam kk", "pendidikan kk"}},
	{ControlJob, "Pekerjaan", true, "", []string{"jenis pekerjaan"}},
	{ControlMarital, "Status kawin", true, "Belum Kawin, Kawin, Cerai Hidup, Cerai Mati", []string{"status perkawinan", "kawin", "status pernikahan"}},
	{ControlRW, "RW", true, "", []string{"no rw"}},
	{ControlRT, "RT", true, "", []string{"no rt"}},
	{ControlAddress, "Alamat", true, "", []string{"alamat lengkap", "jalan"}},
	{ControlCitizenship, "Kewarganegaraan", false, "Kosong berarti WNI", []string{"warga negara", "wn", "kewarganegaraan wni wna"}},
	{ControlPermanence, "Status penduduk", false, "Kosong berarti Tetap", []string{"status"}},
	{ControlNIKStatus, "Status NIK", false, "Hanya bila NIK kosong: belum punya, belum diketahui", nil},
	{ControlFather, "Nama ayah", false, "", []string{"ayah", "nama bapak"}},
	{ControlMother, "Nama ibu", false, "", []string{"ibu", "nama ibu kandung"}},
	{ControlBirthDeed, "Nomor akta lahir", false, "", []string{"akta lahir", "no akta lahir", "no akta kelahiran", "nomor akta kelahiran"}},
	{ControlMarriageDeed, "Nomor akta kawin", false, "", []string{"akta kawin", "no akta kawin", "buku nikah", "no akta perkawinan", "nomor buku nikah"}},
	{ControlDivorceDeed, "Nomor akta cerai", false, "", []string{"akta cerai", "no akta cerai", "no akta perceraian"}},
	{columnGroup, "Kode keluarga", false, "Hanya bila keluarga belum punya nomor KK: tanda yang sama untuk semua anggotanya", []string{"no keluarga", "nomor keluarga", "id keluarga", "no urut keluarga"}},
	{columnKelurahan, "Kelurahan", false, "Bila ada, harus kelurahan yang dipilih", []string{"nama kelurahan", "desa", "kelurahan desa", "desa kelurahan"}},
}

var headerNames = func() map[string]string {
	names := map[string]string{}
	for _, c := range ImportColumns {
		for _, alias := range append(c.aliases, indo.Fold(c.Title)) {
			names[alias] = c.Name
		}
	}
	return names
}()

// importTitle is how the template calls a column.
func importTitle(name string) string {
	if i := slices.IndexFunc(ImportColumns, func(c ImportColumn) bool { return c.Name == name }); i >= 0 {
		return ImportColumns[i].Title
	}
	return name
}

// header says in which column of a file something stands.
type header map[string]int

// readHeader reads a row of titles. Wrong is what keeps it from being one, "" when it is.
func readHeader(row sheet.Row) (h header, wrong string) {
	h = header{}
	for i, c := range row.Cells {
		name, known := headerNames[indo.Fold(c.Text)]
		if !known {
			continue
		}
		if _, twice := h[name]; twice {
			return h, "Kolom “" + importTitle(name) + "” ada dua kali. Hapus salah satunya."
		}
		h[name] = i
	}
	var missing []string
	for _, c := range ImportColumns {
		if _, there := h[c.Name]; c.Required && !there {
			missing = append(missing, c.Title)
		}
	}
	if len(missing) > 0 {
		return h, "Baris pertama harus memuat judul kolom seperti di contoh. Yang belum ada: " + strings.Join(missing, ", ") + "."
	}
	return h, ""
}

// codeAliases are ways of writing codes that their lists do not have.
var codeAliases = map[string]map[string]int{
	ControlSex:         {"l": 1, "lk": 1, "laki": 1, "pria": 1, "m": 1, "p": 2, "pr": 2, "wanita": 2, "f": 2},
	ControlReligion:    {"kristen protestan": 2, "protestan": 2, "katolik": 3, "kristen katolik": 3, "kristen katholik": 3, "buddha": 5, "konghucu": 6, "kong hu cu": 6, "kepercayaan": 7, "penghayat": 7, "penghayat kepercayaan": 7, "lainnya": 7},
	ControlEducation:   {"tidak sekolah": 1, "belum sekolah": 1, "tidak atau belum sekolah": 1, "belum tamat sd": 2, "tidak tamat sd": 2, "sd": 3, "tamat sd": 3, "sd sederajat": 3, "sltp": 4, "smp": 4, "smp sederajat": 4, "slta": 5, "sma": 5, "smk": 5, "sma sederajat": 5, "d1": 6, "d2": 6, "d i": 6, "d ii": 6, "diploma i": 6, "diploma ii": 6, "d3": 7, "d iii": 7, "diploma iii": 7, "d4": 8, "d iv": 8, "s1": 8, "strata i": 8, "diploma iv": 8, "sarjana": 8, "s2": 9, "s3": 10},
	ControlJob:         {"pns": 5, "tni": 6, "polri": 7, "irt": 2, "ibu rumah tangga": 2, "pelajar": 3, "mahasiswa": 3, "tidak bekerja": 1, "belum bekerja": 1, "karyawan": 15, "nelayan": 11, "petani": 9, "supir": 81, "ustaz": 45, "ustadz": 45},
	ControlMarital:     {"belum menikah": 1, "lajang": 1, "menikah": 2, "kawin tercatat": 2, "kawin belum tercatat": 2, "kawin tidak tercatat": 2},
	ControlCitizenship: {"indonesia": 1, "warga negara indonesia": 1, "warga negara asing": 2},
	ControlRelation:    {"kepala": 1, "kk": 1, "isteri": 3, "orang tua": 7, "lain": 11, "lain lain": 11},
}

var codeLists = map[string]Codes{
	ControlSex: Sexes, ControlReligion: Religions, ControlEducation: Educations, ControlJob: Jobs, ControlMarital: Maritals,
	ControlCitizenship: Citizenships, ControlPermanence: Permanences, ControlRelation: Relations,
}

// codeNames are the folded names of each list with the other ways of writing them.
var codeNames = func() map[string]map[string]int {
	all := map[string]map[string]int{}
	for control, list := range codeLists {
		all[control] = map[string]int{}
		for _, c := range list {
			all[control][indo.Fold(c.Name)] = c.ID
		}
		for alias, id := range codeAliases[control] {
			all[control][alias] = id
		}
	}
	return all
}()

var nikStatusNames = map[string]NIKStatus{
	"ada": NIKPresent, "belum punya": NIKNone, "tidak punya": NIKNone, "belum ada": NIKNone, "belum diketahui": NIKUnknown, "tidak diketahui": NIKUnknown,
	"menunggu pemeriksaan": NIKPending, "menunggu": NIKPending,
}
