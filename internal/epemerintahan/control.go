package epemerintahan

import "strconv"

// Names of the form controls that wrong answers point to.
const (
	ControlKelurahan    = "kelurahan"
	ControlRW           = "rw"
	ControlRT           = "rt"
	ControlAddress      = "alamat"
	ControlKK           = "kk"
	ControlNIK          = "nik"
	ControlNIKStatus    = "status_nik"
	ControlRelation     = "hubungan"
	ControlName         = "nama"
	ControlSex          = "jenis_kelamin"
	ControlBirthPlace   = "tempat_lahir"
	ControlBirthDate    = "tanggal_lahir"
	ControlReligion     = "agama"
	ControlEducation    = "pendidikan"
	ControlJob          = "pekerjaan"
	ControlMarital      = "status_kawin"
	ControlCitizenship  = "kewarganegaraan"
	ControlPermanence   = "status_penduduk"
	ControlFather       = "nama_ayah"
	ControlMother       = "nama_ibu"
	ControlBirthDeed    = "akta_lahir"
	ControlMarriageDeed = "akta_kawin"
	ControlDivorceDeed  = "akta_cerai"
	ControlEntry        = "asal_data"
	ControlDate         = "tanggal"
	ControlPlace        = "tempat"
	ControlOrigin       = "asal"
	ControlDestination  = "tujuan"
	ControlLetter       = "surat"
	ControlReason       = "alasan"
	ControlHead         = "kepala"
	ControlMembers      = "anggota"
	ControlFamily       = "keluarga"
)

// Longest answers.
const (
	MaxName    = 100
	MaxDeed    = 60
	MaxAddress = 200
	MaxDetail  = 200
	MaxReason  = 500
)

// RelationControl is the control of a member's relation where several are asked for.
func RelationControl(residentID int64) string {
	return ControlRelation + "_" + strconv.FormatInt(residentID, 10)
}
