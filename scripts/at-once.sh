#!/bin/sh
# The tests under the folders given in which things happen at once: those that start
# goroutines themselves or through `together`. See tests-with.sh for -l.
set -eu
list=
[ "$1" != -l ] || { list=-l && shift; }
exec "$(dirname "$0")/tests-with.sh" $list '\.Go\(func|go func|together\(' "$@"
