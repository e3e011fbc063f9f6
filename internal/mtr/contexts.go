package mtr

import (
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/notify"
)

// Contexts under which this module seals and hashes; a value sealed for one does not
// open for another.
const (
	contextDraft    = "mtr.draft"
	contextCode     = "mtr.code"
	contextLink     = "mtr.link"
	contextName     = "mtr.name"
	contextEmail    = "mtr.email"
	contextPhone    = notify.PhoneContext
	contextWords    = "mtr.words"
	contextToken    = "mtr.token"
	contextConfirm  = "mtr.confirm"
	contextPost     = "mtr.open311.post"
	contextAsk      = "mtr.open311.token"
	contextFollow   = "mtr.follow"
	contextDevice   = "mtr.device"
	contextSP4N     = "mtr.sp4n"
	contextSupport  = "mtr.support"
	contextOriginal = "mtr.original"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
