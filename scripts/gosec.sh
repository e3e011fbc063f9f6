#!/usr/bin/env bash
# Lets gosec look at the source for what staticcheck does not know: weak randomness and hashes,
# TLS that is not checked, SQL made of strings, servers without limits. It takes three minutes of
# processor time to build and two more over the packages, so it belongs to `make deep`.
#
# Left out are the makers of demo data, tests and simulations, whose chance has to be the same
# again, and rules whose findings are answered in docs/security.md.
set -euo pipefail
go=${GO:-go}
version=v2.30.0
bin=$PWD/.tools/gosec-$version/gosec
[ -x "$bin" ] || GOBIN=${bin%/*} GOFLAGS= $go install "github.com/securego/gosec/v2/cmd/gosec@$version"

apart=()
for dir in demo bench app/apptest kuciniki/evidence/sample epuskesmas/estimate; do apart+=("-exclude-dir=internal/$dir"); done
GOFLAGS="-buildvcs=false -trimpath" "$bin" -quiet -exclude-generated -exclude=G101,G104,G115,G120,G122,G204,G301,G302,G304,G702,G703,G705 \
	"${apart[@]}" ${@:-./cmd/... ./internal/...}
