#!/bin/sh
# tests-with.sh [-l] PATTERN FOLDERS…: the tests in these folders that have a line matching the
# pattern (of awk), as an expression for go test -run; with -l the folders that have any.
set -eu
list=
[ "$1" != -l ] || { list=1 && shift; }
pattern=$1
shift
find "$@" -maxdepth 1 -name '*_test.go' | sort | PATTERN=$pattern xargs awk '
	/^func / { name = ""; if (match($2, /^Test[A-Za-z0-9]+/)) name = substr($2, 1, RLENGTH) }
	name && $0 ~ ENVIRON["PATTERN"] { print FILENAME, name; name = "" }' |
	if [ -n "$list" ]; then sed 's|/[^/]* .*||' | sort -u; else sed 's/.* //' | sort -u | paste -s -d '|' | sed 's/.*/^(&)$/'; fi
