package demo_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"

	"github.com/jackc/pgx/v5"
)

// inTheOpen are the tables that say e-mail addresses and telephone numbers to whoever has a dump, and why.
var inTheOpen = map[string]string{
	"authn_account":        "the e-mail address that somebody signs in with, see docs/security.md",
	"org_person":           "addresses of officials at work",
	"org_unit":             "telephones of offices",
	"epemerintahan_office": "telephones and addresses of offices",
}

// Of those who had a stolen dump but not the key nobody would learn a NIK, a telephone number or
// an address to write to: neither as it is, nor in hex or base64, nor by its last digits.
func nobodyIsInADump(t *testing.T, db *pgtest.DB, box *crypt.Box, columns []crypt.Column, blobs string) {
	t.Helper()
	known := knownOf(t, db, box, columns)
	if len(known.niks) < 300 || len(known.phones) < 50 || len(known.mails) < 10 {
		t.Fatalf("only %d NIK, %d numbers, %d addresses are sealed: nothing would be shown", len(known.niks), len(known.phones), len(known.mails))
	}
	found := map[string]map[string]bool{} // what, by table
	for table, text := range dump(t, db) {
		for _, what := range known.in(text) {
			if found[table] == nil {
				found[table] = map[string]bool{}
			}
			found[table][what] = true
		}
	}
	for table, what := range found {
		if inTheOpen[table] != "" {
			delete(what, kindMail)
			delete(what, kindPhone)
		}
		for w := range what {
			t.Errorf("a dump says of %s: %s", table, w)
		}
	}
	_ = filepath.WalkDir(blobs, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			t.Error(err)
			return nil
		}
		for _, what := range known.in([]byte(d.Name())) {
			t.Errorf("a file's name says: %s", what)
		}
		return nil
	})
}

// dump is a plain dump, by the table that its data are of; "" is all else.
func dump(t *testing.T, db *pgtest.DB) map[string][]byte {
	t.Helper()
	program, err := pglocal.Program("pg_dump")
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := pgx.ParseConfig(db.URLFor("portal_owner"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "--no-password")
	cmd.Env = append(os.Environ(), "PGHOST="+cfg.Host, fmt.Sprint("PGPORT=", cfg.Port), "PGUSER="+cfg.User, "PGDATABASE="+cfg.Database)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	all, err := cmd.Output()
	if err != nil {
		t.Fatalf("pg_dump: %v: %s", err, complaint.String())
	}
	out, table := map[string][]byte{}, ""
	for line := range bytes.Lines(all) {
		if rest, ok := bytes.CutPrefix(line, []byte("COPY public.")); ok {
			name, _, _ := bytes.Cut(rest, []byte(" "))
			table = string(name)
		}
		out[table] = append(out[table], line...)
		if string(line) == "\\.\n" {
			table = ""
		}
	}
	if len(all) < 1<<20 || len(out) < 100 {
		t.Fatalf("a dump of %d bytes and %d tables is none of the demo", len(all), len(out))
	}
	return out
}

// known are the people's numbers and addresses: telephones and long numbers by their last digits.
type known struct{ niks, ends, phones, mails map[string]bool }

const (
	kindNIK, kindPhone, kindMail = "a NIK or another number of a person", "a telephone number", "an e-mail address"
	lastDigits                   = 9
)

// knownOf opens all that is sealed, and takes from it what leads to somebody.
func knownOf(t *testing.T, db *pgtest.DB, box *crypt.Box, columns []crypt.Column) known {
	t.Helper()
	k := known{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, c := range columns {
		value := "t." + c.Name
		if c.Path != "" {
			value = "decode(t." + c.Name + " #>> " + crypt.Literal(c.Path) + ", 'base64')"
		}
		rows, err := pg.Many[struct {
			Value   []byte
			Context string
		}](t.Context(), db.Owner(), "SELECT "+value+" AS value, "+c.Context+" AS context FROM "+c.Table+" t WHERE length("+value+") > 0")
		if err != nil {
			t.Fatalf("%s.%s: %v", c.Table, c.Name, err)
		}
		for _, r := range rows {
			plain, err := box.OpenKept(r.Value, r.Context)
			if err != nil {
				t.Fatalf("%s.%s: %v", c.Table, c.Name, err)
			}
			for _, run := range digitRuns(plain) {
				if number, ok := indo.Phone(run); ok {
					k.phones[number[len(number)-lastDigits:]] = true
				} else if len(run) >= 11 && len(run) <= 16 { // NIK, KK, the number of a BPJS card
					k.niks[run], k.ends[run[len(run)-lastDigits:]] = true, true
				}
			}
			for _, m := range mail.FindAllString(plain, -1) {
				k.mails[strings.ToLower(m)] = true
			}
		}
	}
	return k
}

var (
	mail   = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`)
	inHex  = regexp.MustCompile(`[0-9a-f]{16,}|[0-9A-F]{16,}`)
	in64   = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}`)
	spaced = regexp.MustCompile(`\+?[0-9](?:[ ()-]{0,2}[0-9]){7,}`)
)

// in tells what of the known a text says, as it is or in hex or base64.
func (k known) in(text []byte) []string {
	found := map[string]bool{}
	k.look(string(text), found)
	for _, run := range inHex.FindAll(text, -1) {
		raw := make([]byte, len(run)/2)
		if _, err := hex.Decode(raw, run[:len(run)/2*2]); err == nil {
			k.look(string(raw), found)
			k.look64(raw, found) // sealed JSON and such
		}
	}
	k.look64(text, found)
	return slices.Sorted(maps.Keys(found))
}

func (k known) look64(text []byte, found map[string]bool) {
	for _, run := range in64.FindAll(text, -1) {
		if len(inHex.Find(run)) == len(run) {
			continue
		}
		in := base64.RawStdEncoding
		if bytes.ContainsAny(run, "-_") {
			in = base64.RawURLEncoding
		}
		for skip := range 4 {
			part := run[skip:]
			raw := make([]byte, len(part))
			if n, err := in.Decode(raw, part[:len(part)/4*4]); err == nil {
				k.look(string(raw[:n]), found)
			}
		}
	}
}

// look finds what is known, and what looks like a NIK or a mobile number whoever has it.
func (k known) look(text string, found map[string]bool) {
	for _, run := range digitRuns(text) {
		for i := 0; i+16 <= len(run); i++ {
			if k.niks[run[i:i+16]] {
				found[kindNIK+" as it is"] = true
			}
		}
		end := run[max(0, len(run)-lastDigits):]
		number, ok := indo.Phone(run)
		switch _, nik := indo.ParseNIK(run, today); {
		case k.niks[run] || len(run) == 16 && nik && strings.HasPrefix(run, "73"):
			found[kindNIK] = true
		case k.ends[end]:
			found[kindNIK+", the end of it"] = true
		case k.phones[end] || ok && indo.IsMobile(number) && strings.HasPrefix(run, "+62"):
			found[kindPhone] = true
		}
	}
	for _, m := range mail.FindAllString(text, -1) {
		if m = strings.ToLower(m); k.mails[m] || strings.HasSuffix(m, ".example") || strings.HasSuffix(m, ".id") {
			found[kindMail] = true
		}
	}
}

var today = time.Date(2026, 11, 24, 0, 0, 0, 0, clock.Makassar)

// digitRuns are the numbers in a text, each without what stands between its digits, and those
// of its parts that stand alone.
func digitRuns(text string) (out []string) {
	for _, at := range spaced.FindAllStringIndex(text, -1) {
		run := text[at[0]:at[1]]
		if at[0] > 0 && isWord(text[at[0]-1]) || at[1] < len(text) && isWord(text[at[1]]) {
			continue // part of a hash or a name
		}
		out = append(out, strings.Map(func(r rune) rune {
			if r == '+' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, run))
	}
	return out
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}
