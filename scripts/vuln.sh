#!/usr/bin/env bash
# Fails when a package that the portal imports has a vulnerability that is known. What is known
# of Go itself it tells only: whoever builds chooses the Go. Today's list is at vuln.go.dev;
# where that cannot be reached, a snapshot of it from the module proxy; else it says so.
set -euo pipefail
go=${GO:-go}
snapshot=golang.org/x/vulndb@v0.0.0-20261105234957-e22db6528018

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# scan DATABASE: its word is in $out/text; fails unless it has looked.
scan() {
	local rc=0
	timeout 120 $go tool govulncheck -db "$1" -scan package ./... >"$out/text" 2>"$out/errors" || rc=$?
	[ $rc -eq 0 ] || [ $rc -eq 3 ]
}

if scan https://vuln.go.dev; then
	from=vuln.go.dev
elif reports=$($go mod download -json "$snapshot" 2>/dev/null | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p') && [ -n "$reports" ]; then
	node scripts/vulndb.mjs "$reports/data/osv" "$out/db"
	scan "file://$out/db" || { cat "$out/errors" >&2; exit 1; }
	from=$snapshot
else
	echo "not looked at: neither vuln.go.dev nor the module proxy can be reached"
	exit 0
fi

echo "by $from"
ours=$(grep -c '^  Module: ' "$out/text" || true)
go_itself=$(grep -c '^  Standard library$' "$out/text" || true)
[ "$go_itself" -eq 0 ] || echo "$($go env GOVERSION) has $go_itself known vulnerabilities in packages that the portal uses: build with the newest $($go env GOVERSION | cut -d. -f1,2)"
if [ "$ours" -gt 0 ]; then
	cat "$out/text"
	exit 1
fi
