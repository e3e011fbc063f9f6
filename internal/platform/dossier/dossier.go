// Package dossier is what the parts of the portal hold about a person, told to that person
// and erased at their wish (UU 27/2022 art. 7 and 8). A person is the owner of an account.
package dossier

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// Field is one thing that is known.
type Field struct{ Name, Value string }

// Record is one report, letter, ticket or the like.
type Record struct {
	Title  string
	At     time.Time // zero: of no particular time
	Fields []Field
}

// Part is what one part of the portal holds.
type Part struct {
	Code    string // in addresses of forms, never changed
	Title   string
	Why     string // what for, and on what ground
	Kept    string // how long
	Href    string // where the owner finds it; "" nowhere
	Records []Record
	Goes    string // what an erasure takes away; "" nothing may go
	Stays   string // what stays and which law says so; "" nothing
}

// Holder is a part of the portal that holds something.
type Holder interface {
	// Dossier tells what is held about the owner of the account, newest first.
	Dossier(ctx context.Context, accountID int64) (Part, error)
	// Forget erases in tx what the part says that goes, at the word of by, and returns how
	// many things; again it finds nothing. Files follow on their schedule.
	Forget(ctx context.Context, tx pgx.Tx, by authz.Actor, accountID int64, at time.Time) (int64, error)
}

// Fields are pairs of name and value; those without a value are left out.
func Fields(pairs ...string) (out []Field) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, Field{pairs[i], pairs[i+1]})
		}
	}
	return out
}

// YesNo is a field's value for what is so or not.
func YesNo(b bool) string {
	if b {
		return "ya"
	}
	return "tidak"
}

// Words makes a status readable that is a word of its module.
func Words(status string) string { return strings.ReplaceAll(status, "_", " ") }
