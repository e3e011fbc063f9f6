// Package walks runs the properties that go through a database: fewer draws than others take,
// since each costs hundreds of statements. `make deep` draws more.
package walks

import (
	"cmp"
	"flag"
	"os"
	"testing"

	"pgregory.net/rapid"
)

// DrawsEnv names the environment variable that says how often a property is drawn.
const DrawsEnv = "PORTAL_TEST_DRAWS"

// Set before the flags are parsed, so that -rapid.checks on the command line still counts.
func init() {
	if err := flag.Set("rapid.checks", cmp.Or(os.Getenv(DrawsEnv), "30")); err != nil {
		panic(err)
	}
}

// Check is [rapid.Check] with so few draws.
func Check(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	rapid.Check(t, property)
}
