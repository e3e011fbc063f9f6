// Package archtest enforces the portal's architecture as tests: who may import
// whom, who writes which tables, and that every SQL constant is understood by
// the migrated schema. The package has no code of its own.
//
// A new package that no rule places fails the test on purpose: decide where it
// belongs, then say so in rules_test.go.
package archtest
