package pglocal

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// MinVersion is the oldest PostgreSQL the portal runs on: STRATEGY FILE_COPY,
// NULLS NOT DISTINCT and the closed public schema came with it.
const MinVersion = 15

// ErrNoServer says that no suitable PostgreSQL is installed, and how to get it.
var ErrNoServer = errors.New("no PostgreSQL server of version 15 or later was found in PATH or /usr/lib/postgresql; " +
	"install it (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql@16) and try again")

// binaries are one installed version of the server.
type binaries struct {
	dir   string
	major int
}

func (b binaries) path(name string) string { return filepath.Join(b.dir, name) }

// searchDirs are where distributions keep server binaries beside PATH.
var searchDirs = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/opt/homebrew/opt/postgresql*/bin",
	"/usr/local/opt/postgresql*/bin",
}

// candidates lists the folders that may hold a server's programs.
func candidates() []string {
	var dirs []string
	if p, err := exec.LookPath("postgres"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			dirs = append(dirs, filepath.Dir(p))
		}
	}
	for _, pattern := range searchDirs {
		found, _ := filepath.Glob(pattern) // the patterns are well formed
		dirs = append(dirs, found...)
	}
	return dirs
}

// find returns the newest server in dirs, or, when wantMajor is not 0, one of
// exactly that version, since only it can open the data.
func find(dirs []string, wantMajor int) (binaries, error) {
	var all []binaries
	for _, dir := range dirs {
		if major, ok := versionOf(dir); ok && major >= MinVersion {
			all = append(all, binaries{dir, major})
		}
	}
	if len(all) == 0 {
		return binaries{}, ErrNoServer
	}
	if wantMajor != 0 {
		i := slices.IndexFunc(all, func(b binaries) bool { return b.major == wantMajor })
		if i < 0 {
			return binaries{}, fmt.Errorf("the data were made by PostgreSQL %d, but only version %d is installed: "+
				"install postgresql-%d, or move the folder away to start afresh", wantMajor, all[0].major, wantMajor)
		}
		return all[i], nil
	}
	return slices.MaxFunc(all, func(a, b binaries) int { return cmp.Compare(a.major, b.major) }), nil
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// versionOf asks the server in dir for its major version. Both programs have to
// be there: client-only installations carry neither or one.
func versionOf(dir string) (int, bool) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return 0, false
	}
	return programVersion(filepath.Join(dir, "postgres"))
}

func programVersion(path string) (major int, ok bool) {
	out, err := exec.Command(path, "--version").Output()
	if err != nil {
		return 0, false
	}
	m := versionPattern.FindSubmatch(out)
	if m == nil {
		return 0, false
	}
	major, err = strconv.Atoi(string(m[1]))
	return major, err == nil
}

// dataVersion reads the major version that made the data folder, 0 if there is none.
func dataVersion(data string) (int, error) {
	b, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(b)))
}

// Program is the path of one of PostgreSQL's programs, pg_dump for instance: the newest that is
// installed, with or without a server.
func Program(name string) (path string, err error) {
	paths := []string{}
	if p, err := exec.LookPath(name); err == nil {
		paths = append(paths, p)
	}
	for _, dir := range candidates() {
		paths = append(paths, filepath.Join(dir, name))
	}
	newest := 0
	for _, p := range paths {
		if major, ok := programVersion(p); ok && major > newest {
			path, newest = p, major
		}
	}
	if path == "" {
		return "", fmt.Errorf("%s was not found in PATH or /usr/lib/postgresql; install it (Debian, Ubuntu: apt-get install postgresql-client)", name)
	}
	return path, nil
}
