package archtest

import (
	"regexp"
	"strings"
	"testing"
)

// bound finds what stays with a connection beyond the transaction. Behind a transaction pooler
// the next statement is another connection's.
var bound = regexp.MustCompile(`(?i)\bpg_(try_)?advisory_(lock|unlock)|\A\s*(un)?listen\s|(\A|;)\s*(set\s+(session\s+)?[a-z_.]+\s*(=|to\s)|set\s+time\s+zone|set\s+(session|role)\s|prepare\s+\w+\s*(\(|as\s)|declare\s.*with\s+hold|discard\s)|set_config\([^()]*,\s*false\)|\bcreate\s+(local\s+)?temp|\b(curr|last)val\(`)

// ownConnection are those who have a connection of their own, past a pooler, and tools that
// never see one.
var ownConnection = []string{
	"internal/platform/live/", "internal/platform/backup/", "internal/app/run_keys.go:",
	"internal/platform/pgtest/", "internal/platform/pglocal/", "internal/bench/", "internal/demo/",
}

func TestNothingIsBoundToAConnection(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]bool{
		"SELECT pg_advisory_lock($1)": true, "SELECT pg_try_advisory_lock(1)": true, "LISTEN portal": true, "SET work_mem = '1GB'": true,
		"SELECT 1; SET TIME ZONE 'UTC'": true, "SELECT set_config('a.b', 'c', false)": true, "CREATE TEMP TABLE x ()": true, "SET SESSION jit TO off": true,
		"SELECT pg_advisory_xact_lock(1)": false, "SET LOCAL jit = off": false, "UPDATE a\nSET b = 1": false, "SELECT set_config('a', 'b', true)": false,
		"SELECT pg_try_advisory_xact_lock_shared($1)": false,
	} {
		if bound.MatchString(sql) != want {
			t.Errorf("%s: bound to a connection: %v, want %v", sql, !want, want)
		}
	}
	used := map[string]bool{}
	for _, p := range packages(t) {
		for _, text := range parse(t, p).texts() {
			if !bound.MatchString(text.value) {
				continue
			}
			mayBe := false
			for _, own := range ownConnection {
				if strings.HasPrefix(text.at, own) {
					mayBe, used[own] = true, true
				}
			}
			if !mayBe {
				t.Errorf("%s: %q stays with a connection, which a transaction pooler gives to others", text.at, strings.TrimSpace(text.value))
			}
		}
	}
	if len(used) < 4 {
		t.Errorf("only %v found: the rule sees nothing", used)
	}
}
