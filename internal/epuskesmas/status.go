package epuskesmas

// Status is where a ticket is.
type Status string

// The statuses.
const (
	Booked      Status = "dipesan"
	Waiting     Status = "menunggu"
	Called      Status = "dipanggil"
	Serving     Status = "dilayani"
	Done        Status = "selesai"
	NoShow      Status = "tidak_hadir"
	Cancelled   Status = "batal"
	Rescheduled Status = "dijadwalkan_ulang"
	Moved       Status = "dialihkan"
	Referred    Status = "dirujuk"
)

// Statuses lists every status once.
var Statuses = []Status{Booked, Waiting, Called, Serving, Done, NoShow, Cancelled, Rescheduled, Moved, Referred}

// Active reports whether the patient still has something to wait for.
func (s Status) Active() bool {
	return s == Booked || s == Waiting || s == Called || s == Serving
}

// Name of the status in words.
func (s Status) Name() string {
	switch s {
	case Booked:
		return "belum hadir"
	case NoShow:
		return "tidak hadir"
	case Cancelled:
		return "dibatalkan"
	case Rescheduled:
		return "dijadwalkan ulang"
	case Waiting:
		return "sedang menunggu"
	case Called:
		return "sedang dipanggil"
	case Serving:
		return "sedang dilayani"
	}
	return string(s)
}

// Action is what somebody does to a ticket.
type Action string

// The actions.
const (
	ActBook       Action = "pesan"
	ActCheckIn    Action = "hadir"
	ActCall       Action = "panggil"
	ActRecall     Action = "panggil_ulang"
	ActSkip       Action = "lewati" // the call was not answered
	ActServe      Action = "mulai"
	ActFinish     Action = "selesai"
	ActRefer      Action = "rujuk"
	ActNoShow     Action = "tidak_hadir"
	ActReinstate  Action = "hadir_terlambat"
	ActCancel     Action = "batal"
	ActReschedule Action = "jadwal_ulang"
	ActMove       Action = "alihkan"
	ActClassify   Action = "prioritas"  // stays where it is
	ActAssess     Action = "pengkajian" // the nurse has looked; stays where it is
	ActUndo       Action = "urungkan"
)

// Actions lists every action once.
var Actions = []Action{
	ActBook, ActCheckIn, ActCall, ActRecall, ActSkip, ActServe, ActFinish, ActRefer, ActNoShow, ActReinstate, ActCancel,
	ActReschedule, ActMove, ActClassify, ActAssess, ActUndo,
}

// back stands for the status before the newest transition.
const back Status = "="

// Role is who may act on a ticket.
type Role uint8

// The roles.
const (
	AsPatient Role = 1 << iota // by the ticket's link, or the account
	AsDesk                     // the registration desk
	AsCaller                   // whoever calls at a counter of the poli
	AsManager
	AsSystem
)

// Step is one cell of the table: where the action leads and who may take it.
type Step struct {
	To  Status
	Who Role
}

// Steps is the state machine: Steps[from][action]. The empty status is "not yet". What
// is absent cannot happen.
var Steps = map[Status]map[Action]Step{
	"": {
		ActBook: {Booked, AsPatient | AsDesk | AsSystem},
	},
	Booked: {
		ActCheckIn:    {Waiting, AsPatient | AsDesk | AsCaller | AsSystem},
		ActCancel:     {Cancelled, AsPatient | AsDesk | AsManager | AsSystem},
		ActReschedule: {Rescheduled, AsPatient | AsDesk},
		ActMove:       {Moved, AsManager | AsDesk},
		ActNoShow:     {NoShow, AsSystem},
		ActClassify:   {Booked, AsDesk | AsCaller},
	},
	Waiting: {
		ActCall:     {Called, AsCaller},
		ActCancel:   {Cancelled, AsPatient | AsDesk | AsManager},
		ActMove:     {Moved, AsManager | AsDesk},
		ActNoShow:   {NoShow, AsSystem},
		ActClassify: {Waiting, AsDesk | AsCaller},
		ActAssess:   {Waiting, AsCaller},
	},
	Called: {
		ActRecall: {Called, AsCaller},
		ActServe:  {Serving, AsCaller},
		ActSkip:   {Waiting, AsCaller},
		ActNoShow: {NoShow, AsCaller | AsSystem},
		ActFinish: {Done, AsCaller},
		ActUndo:   {back, AsCaller},
	},
	Serving: {
		ActFinish: {Done, AsCaller | AsSystem},
		ActRefer:  {Referred, AsCaller},
		ActUndo:   {back, AsCaller},
	},
	Done:        {ActUndo: {back, AsCaller}},
	Referred:    {ActUndo: {back, AsCaller}},
	NoShow:      {ActReinstate: {Waiting, AsDesk}},
	Cancelled:   {},
	Rescheduled: {},
	Moved:       {},
}
