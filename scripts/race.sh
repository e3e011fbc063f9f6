#!/bin/sh
# Prints -race when this machine can build with it.
set -u
go=${GO:-go}
[ "$($go env CGO_ENABLED)" = 1 ] || exit 0
command -v "$($go env CC)" >/dev/null 2>&1 || exit 0
case "$($go env GOOS)/$($go env GOARCH)" in
linux/amd64 | linux/arm64 | linux/ppc64le | linux/s390x | darwin/amd64 | darwin/arm64 | freebsd/amd64) echo -race ;;
esac
