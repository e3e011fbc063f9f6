package bench

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// strangersLimit is the share of the processors taken by other guests of the
// machine, or by other programs, above which figures say more about them than
// about the portal.
const strangersLimit = 0.05

// tick is the unit of /proc: USER_HZ is 100 on every Linux.
const tick = 10 * time.Millisecond

// processor is what the machine's processors have done so far.
type processor struct{ total, stolen, busy, ours time.Duration }

// readProcessor returns zero where there is no /proc.
func readProcessor() (p processor) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return p
	}
	line, _, _ := strings.Cut(string(text), "\n")
	for i, field := range strings.Fields(line) {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil || i > 8 {
			continue // the label; guest time is part of user time
		}
		t := time.Duration(n) * tick
		p.total += t
		switch i {
		case 4, 5: // idle, and idle for the disk's sake
		case 8:
			p.stolen = t
		default:
			p.busy += t
		}
	}
	p.ours = used(os.Getpid()) + children(os.Getpid())
	return p
}

// since returns the shares of the time since then that other guests of the
// machine and other programs took.
func (then processor) since() (stolen, others float64) {
	now := readProcessor()
	total := float64(now.total - then.total)
	if total <= 0 {
		return 0, 0
	}
	return float64(now.stolen-then.stolen) / total, max(0, float64(now.busy-then.busy-(now.ours-then.ours))/total)
}

// used is the processor time of a process and of its children that have ended.
func used(pid int) time.Duration { t, _ := stat(pid); return t }

// children is the processor time of all that runs below a process.
func children(pid int) (sum time.Duration) {
	parents := map[int][]int{}
	dirs, _ := filepath.Glob("/proc/[0-9]*") // none elsewhere than on Linux
	for _, dir := range dirs {
		child, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			continue
		}
		if _, parent := stat(child); parent > 0 {
			parents[parent] = append(parents[parent], child)
		}
	}
	todo := parents[pid]
	for len(todo) > 0 {
		child := todo[0]
		sum += used(child)
		todo = append(todo[1:], parents[child]...)
	}
	return sum
}

// stat reads a process's time and its parent; a process that is gone has neither.
func stat(pid int) (t time.Duration, parent int) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return 0, 0
	}
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	if len(fields) < 15 {
		return 0, 0
	}
	parent, _ = strconv.Atoi(fields[1])
	for _, f := range fields[11:15] { // own and ended children's, user and system
		n, _ := strconv.ParseInt(f, 10, 64)
		t += time.Duration(n) * tick
	}
	return t, parent
}
