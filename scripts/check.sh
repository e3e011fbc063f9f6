#!/usr/bin/env bash
# The static half of `make check`. Each step says what it wants when it fails.
set -euo pipefail
go=${GO:-go}

fail() {
	echo "check: $1" >&2
	exit 1
}

step() { echo "== $1"; }

step "gofmt"
unformatted=$(find . -path ./web/node_modules -prune -o -name '*.go' ! -name '*_templ.go' -print | xargs gofmt -l)
[ -z "$unformatted" ] || fail "not formatted, run gofmt -w on: $unformatted"

step "shell scripts parse"
for script in scripts/*.sh .ci/run; do bash -n "$script" || fail "$script does not parse"; done

step "go vet and staticcheck"
$go run ./internal/lint ./...

step "known vulnerabilities"
scripts/vuln.sh || fail "a library has a known vulnerability; take the version that mends it: go get MODULE@VERSION"

if command -v docker-compose >/dev/null 2>&1; then
	step "docker-compose.yml"
	docker-compose -f docker-compose.yml config -q || fail "docker-compose.yml is not valid"
fi

# From 0, safe, to 100: what a broken-into portal could do to its machine.
if systemd-analyze --help 2>/dev/null | grep -q -- --offline; then
	step "systemd units"
	for unit in docs/systemd/*.service; do
		systemd-analyze security --no-pager --offline=true --threshold=35 "$unit" >/dev/null || fail "$unit leaves the service more than it needs: systemd-analyze security --offline=true $unit"
	done
fi
