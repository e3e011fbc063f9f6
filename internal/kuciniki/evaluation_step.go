package kuciniki

// The statuses of an evaluation.
const (
	Opened      Status = "terbuka"
	Reported    Status = "dilaporkan"      // the person said what came of it
	AwaitSecond Status = "menunggu_atasan" // far from what was proposed: the rater's superior signs too
	Given       Status = "disampaikan"     // the person has it
	Accepted    Status = "diterima"
	Objected    Status = "disanggah"
	Decided     Status = "diputus" // by somebody else than who gave it
)

// The actions on an evaluation.
const (
	ActReport  Action = "lapor"
	ActOpine   Action = "pendapat" // of the second rater
	ActJudge   Action = "nilai"
	ActConfirm Action = "sahkan" // the second signature
	ActReject  Action = "tolak"
	ActAccept  Action = "terima"
	ActObject  Action = "sanggah"
	ActDecide  Action = "putus"
)

// EvaluationSteps is the machine of an evaluation.
var EvaluationSteps = Table{
	Opened:      {ActReport: {Reported, AsOwner}, ActOpine: {Opened, AsCoRater}, ActJudge: {Given, AsRater}},
	Reported:    {ActReport: {Reported, AsOwner}, ActOpine: {Reported, AsCoRater}, ActJudge: {Given, AsRater}},
	AwaitSecond: {ActConfirm: {Given, AsSecond}, ActReject: {Reported, AsSecond}},
	Given:       {ActAccept: {Accepted, AsOwner}, ActObject: {Objected, AsOwner}},
	Objected:    {ActDecide: {Decided, AsSecond}},
	Accepted:    {},
	Decided:     {},
}

// EvaluationActions lists the actions on an evaluation.
var EvaluationActions = []Action{ActReport, ActOpine, ActJudge, ActConfirm, ActReject, ActAccept, ActObject, ActDecide}

// inClosed lists what a closed period still takes.
var inClosed = map[Action]bool{ActAccept: true, ActObject: true, ActDecide: true}
