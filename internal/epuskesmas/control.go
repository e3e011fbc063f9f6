package epuskesmas

// Names of form controls: Field.Name of an errs.Invalid is one of these.
const (
	ControlSession   = "sesi"
	ControlName      = "nama"
	ControlBirth     = "lahir"
	ControlNIK       = "nik"
	ControlBPJS      = "bpjs"
	ControlPayer     = "bayar"
	ControlComplaint = "keluhan"
	ControlContact   = "kontak"
	ControlReason    = "alasan"
)
