#!/bin/sh
# Prints, as an expression for go test -run, the tests under the folders given in which
# things happen at once: those that start goroutines themselves or through `together`.
set -eu
find "$@" -maxdepth 1 -name '*_test.go' | sort | xargs awk '
	/^func / { name = ""; if (match($2, /^Test[A-Za-z0-9]+/)) name = substr($2, 1, RLENGTH) }
	name && /\.Go\(|go func|together\(/ { print name; name = "" }' | paste -s -d '|' | sed 's/.*/^(&)$/'
