// Package web is the request path that all modules share: a route table with
// a mandatory access, handlers that return errors, pages rendered into a
// buffer before the first byte, and one place that turns an error into a page.
package web

import (
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// Handler answers a request or says by its error why it cannot.
type Handler func(w http.ResponseWriter, r *http.Request) error

type accessKind uint8

const (
	unset accessKind = iota
	public
	secret
	signedIn
	staffOnly
	needs
)

// Access says who may call a route. Its zero value mounts nowhere.
type Access struct {
	kind        accessKind
	permissions []authz.Permission
}

var (
	// Public routes are open to everybody.
	Public = Access{kind: public}
	// Secret routes carry a token in their path, which the handler checks.
	// Their answers are never cached or indexed.
	Secret = Access{kind: secret}
	// SignedIn routes need an account.
	SignedIn = Access{kind: signedIn}
	// StaffOnly routes need a staff account.
	StaffOnly = Access{kind: staffOnly}
)

// Needs is for staff who hold one of ps somewhere; where exactly is for the
// use case to check.
func Needs(ps ...authz.Permission) Access {
	if len(ps) == 0 {
		panic("web: Needs without a permission")
	}
	return Access{kind: needs, permissions: ps}
}

// String names the access in the route list: "umum", "tautan", "akun",
// "pegawai" or its permissions.
func (a Access) String() string {
	switch a.kind {
	case public:
		return "umum"
	case secret:
		return "tautan"
	case signedIn:
		return "akun"
	case staffOnly:
		return "pegawai"
	case needs:
		s := ""
		for i, p := range a.permissions {
			if i > 0 {
				s += "|"
			}
			s += string(p)
		}
		return s
	}
	return ""
}

// Limits of routes that set none.
const (
	DefaultBody    = 256 << 10
	DefaultTimeout = 15 * time.Second
	// fileTimeout is for one file of ours, the largest over the slowest link.
	fileTimeout = 2 * time.Minute
	// uploadStall ends an upload that made no progress for so long.
	uploadStall = 45 * time.Second
)

// Route is one line of a module's route table.
type Route struct {
	Method  string
	Pattern string // chi pattern
	Access  Access
	Handle  Handler
	// Reads marks a page that shows the same to all who are not signed in, changes nothing,
	// and is not followed live: it may be a few seconds behind.
	Reads bool
	// Same marks a page that is the same for all who bring no cookie, whatever else their browser
	// sends, changes nothing, and is not followed live: it may be [Options.Remember] behind. What
	// Reads is the same too.
	Same bool
	// Replica answers as Handle does, from a replica of the database; nil: Handle always does.
	Replica Handler
	// MaxBody is the largest body in bytes; 0 is DefaultBody.
	MaxBody int64
	// Timeout of the handler and of reading the body; 0 is DefaultTimeout.
	Timeout time.Duration
	// Upload routes have no total time for the body: a slow phone may take
	// minutes, as long as it makes progress.
	Upload bool
	// Stream routes (SSE, exports) write as they go and have no total time.
	Stream bool
	// PerMinute is how many requests a minute one network may make of the route,
	// reading included; 0: only floods of POSTs are stopped.
	PerMinute int
	// Machine routes answer other systems: they need no cross-origin
	// protection because they never look at a session.
	Machine bool
	// OnError answers for Machine routes in their own format.
	OnError func(w http.ResponseWriter, r *http.Request, err error)
}
