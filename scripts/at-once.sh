#!/bin/sh
# The tests under the folders given in which things happen at once: those that start
# goroutines themselves or through `together`. Prints them as an expression for go test
# -run; with -l first, the folders that have any.
set -eu
list=
[ "$1" != -l ] || { list=1 && shift; }
find "$@" -maxdepth 1 -name '*_test.go' | sort | xargs awk '
	/^func / { name = ""; if (match($2, /^Test[A-Za-z0-9]+/)) name = substr($2, 1, RLENGTH) }
	name && /\.Go\(|go func|together\(/ { print FILENAME, name; name = "" }' |
	if [ -n "$list" ]; then sed 's|/[^/]* .*||' | sort -u; else sed 's/.* //' | sort -u | paste -s -d '|' | sed 's/.*/^(&)$/'; fi
