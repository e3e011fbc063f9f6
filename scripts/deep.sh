#!/usr/bin/env bash
# What is too long for `make check`: gosec over the source; every test in which things happen at
# once under the race detector; properties that go through the database drawn 200 times; the
# packages with tests behind the build tag deep, those tests included; scanners from outside.
# With flags of go test (-run TestName) the tests behind the tag alone. Such tests build the
# helper programs they need (an S3 server, toxiproxy) with go install, once, into .tools.
set -euo pipefail
go=${GO:-go}
postgres="$go run ./internal/platform/pgtest/run --"

folders=$(find internal cmd -type d)
deep=$(grep -rl --include='*_test.go' '^//go:build deep' internal | xargs -r -n1 dirname | sort -u | sed 's|^|./|')
[ -n "$deep" ] || { echo "no tests carry the build tag deep" >&2; exit 1; }

step() { echo "== $1, $(date +%H:%M)"; }

if [ $# -eq 0 ]; then
	step "gosec"
	scripts/gosec.sh
	step "the race detector"
	$postgres $go test $(scripts/race.sh) -ldflags=-s -timeout 60m -run "$(scripts/at-once.sh $folders)" $(scripts/at-once.sh -l $folders | sed 's|^|./|')
	step "properties"
	PORTAL_TEST_DRAWS=200 $postgres $go test -ldflags=-s -timeout 60m -run "$(scripts/tests-with.sh 'walks\.Check' $folders)" $(scripts/tests-with.sh -l 'walks\.Check' $folders | sed 's|^|./|')
fi
step "faults, slow links, several machines"
# One package at a time: these tests measure and break things.
$postgres $go test -tags deep -count=1 -p 1 -timeout 60m "$@" $deep
if [ $# -eq 0 ]; then
	step "scanners"
	scripts/scan.sh
fi
