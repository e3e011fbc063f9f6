#!/usr/bin/env bash
# What is too long for `make check`: gosec over the source, everything under the race detector with properties
# drawn more often, and the packages with tests behind the build tag deep, those tests
# included. With flags of go test (-run TestName) the latter alone. Such tests build the
# helper programs they need (an S3 server, toxiproxy) with go install, once, into .tools.
set -euo pipefail
go=${GO:-go}

packages=$(grep -rl --include='*_test.go' '^//go:build deep' internal | xargs -r -n1 dirname | sort -u | sed 's|^|./|')
[ -n "$packages" ] || { echo "no tests carry the build tag deep" >&2; exit 1; }
[ $# -gt 0 ] || scripts/gosec.sh
[ $# -gt 0 ] || PORTAL_TEST_DRAWS=200 $go run ./internal/platform/pgtest/run -- $go test $(scripts/race.sh) -timeout 60m ./...
# One package at a time: these tests measure and break things.
$go run ./internal/platform/pgtest/run -- $go test -tags deep -count=1 -p 1 -timeout 60m "$@" $packages
