package bench

import (
	"os"
	"strconv"
	"strings"
)

// stealLimit is the share of time taken by the machine's other guests above
// which figures say more about them than about the portal.
const stealLimit = 0.05

// processor is the machine's time since it started, in ticks.
type processor struct{ total, stolen float64 }

// readProcessor returns zero where there is no /proc/stat.
func readProcessor() (p processor) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return p
	}
	line, _, _ := strings.Cut(string(text), "\n")
	for i, field := range strings.Fields(line) {
		ticks, err := strconv.ParseFloat(field, 64)
		if err != nil || i > 8 {
			continue // the label; guest time is part of user time
		}
		p.total += ticks
		if i == 8 {
			p.stolen = ticks
		}
	}
	return p
}

// stolenSince is the share of the time since then that other guests took.
func (then processor) stolenSince() float64 {
	now := readProcessor()
	if now.total <= then.total {
		return 0
	}
	return (now.stolen - then.stolen) / (now.total - then.total)
}
