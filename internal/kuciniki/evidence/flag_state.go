package evidence

// FlagStatus is how far a flag has come.
type FlagStatus string

// The states of a flag. Whom it is about answers first; then somebody judges it, and after an
// objection somebody else decides. Each word stays.
const (
	FlagFound    FlagStatus = "ditemukan"
	FlagAnswered FlagStatus = "dijawab"
	FlagJudged   FlagStatus = "dinilai"
	FlagObjected FlagStatus = "disanggah"
	FlagDecided  FlagStatus = "diputus"
)

// FlagStatuses lists the states.
var FlagStatuses = []FlagStatus{FlagFound, FlagAnswered, FlagJudged, FlagObjected, FlagDecided}

// Label names the state.
func (s FlagStatus) Label() string {
	return map[FlagStatus]string{FlagFound: "menunggu penjelasan", FlagAnswered: "sudah dijelaskan", FlagJudged: "sudah dinilai", FlagObjected: "disanggah", FlagDecided: "sanggah diputus"}[s]
}

// FlagAction is what somebody does with a flag.
type FlagAction string

// The actions on a flag.
const (
	AnswerFlag FlagAction = "jawab"
	JudgeFlag  FlagAction = "nilai"
	ObjectFlag FlagAction = "sanggah"
	DecideFlag FlagAction = "putus"
)

// FlagActions lists the actions.
var FlagActions = []FlagAction{AnswerFlag, JudgeFlag, ObjectFlag, DecideFlag}

// flagSteps is what may happen next, and what comes of it.
var flagSteps = map[FlagStatus]map[FlagAction]FlagStatus{
	FlagFound:    {AnswerFlag: FlagAnswered, JudgeFlag: FlagJudged},
	FlagAnswered: {AnswerFlag: FlagAnswered, JudgeFlag: FlagJudged},
	FlagJudged:   {ObjectFlag: FlagObjected},
	FlagObjected: {DecideFlag: FlagDecided},
}

// FlagRole is what somebody is to a flag.
type FlagRole struct {
	About  bool // it is about them
	Over   bool // they look after the people where it was found
	Judged bool // they judged it
	Late   bool // five working days are over: of answering, or of objecting
	Silent bool // somebody whom it is about has not answered
}

// After is the state that an action leads to; ok is false where who asks may not do it. Nobody
// judges what is about them or decides on their own judgement, and nobody judges before
// everybody had their say or five working days to have it.
func (s FlagStatus) After(a FlagAction, r FlagRole) (to FlagStatus, ok bool) {
	if to, ok = flagSteps[s][a]; !ok {
		return "", false
	}
	switch a {
	case AnswerFlag:
		return to, r.About
	case ObjectFlag:
		return to, r.About && !r.Late
	case JudgeFlag:
		return to, r.Over && !r.About && (r.Late || !r.Silent)
	}
	return to, r.Over && !r.About && !r.Judged
}

// Verdict is what somebody makes of a flag.
type Verdict string

// The verdicts.
const (
	Innocent Verdict = "wajar"
	Coached  Verdict = "dibina"
	Examined Verdict = "diperiksa"
)

// Verdicts lists the verdicts.
var Verdicts = []Verdict{Innocent, Coached, Examined}

// Label names the verdict.
func (v Verdict) Label() string {
	return map[Verdict]string{Innocent: "Ada penjelasan yang wajar", Coached: "Perlu pembinaan oleh atasan", Examined: "Perlu diperiksa Inspektorat"}[v]
}
