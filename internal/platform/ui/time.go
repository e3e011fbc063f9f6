package ui

import (
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/indo"
)

func itoa(n int) string { return strconv.Itoa(n) }

// WrittenAt is what stands in a page before the time at which it was written, and a quotation
// mark behind it.
const WrittenAt = `<meta name="waktu" content="`

// machineTime is the value of a datetime attribute.
func machineTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func exact(t time.Time) string     { return indo.LongDateTime(t) }
func ago(at, now time.Time) string { return indo.Ago(at, now) }
