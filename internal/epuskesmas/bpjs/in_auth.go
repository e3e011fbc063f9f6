package bpjs

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"net/netip"
	"regexp"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// TokenLife is for how long a token is good.
const TokenLife = 300 * time.Second

// Contexts of the token's seal and of the passwords that were right.
const (
	contextToken = "epuskesmas_bpjs.token"
	contextKnown = "epuskesmas_bpjs.known"
)

// What is said to whoever may not come in.
const (
	sayWrong   = "Nama User / Password / Token ada yang salah ..!!"
	sayExpired = "Token Expired"
	sayToken   = "Token salah/expired..!!"
)

// Deps is what the service stands on.
type Deps struct {
	Queue *epuskesmas.Module
	Auth  *authn.Service
	DB    *pgxpool.Pool
	Box   *crypt.Box
	Clock clock.Clock
	// Client tells BPJS and Ministries SATUSEHAT what happens; nil: nothing is told.
	Client     Teller
	Ministries Registry
}

// Service answers Mobile JKN. It is safe for concurrent use.
type Service struct {
	Deps
	// known are the passwords that were right last, sealed, by puskesmas: Mobile JKN
	// signs in all the time, and a hash is dear.
	known sync.Map
}

// New returns the service. It does not touch the database.
func New(d Deps) *Service { return &Service{Deps: d} }

// Caller is who asks, and for which puskesmas.
type Caller struct {
	UnitID     int64
	Version    int // of the catalogue, at the bare address
	FailStatus int // 200, or 201: refusals have their code as HTTP status
}

// Status is the HTTP status of a refusal: 200 for all, or the code itself.
func (c Caller) Status(code int) int {
	if c.FailStatus == CodeRefused {
		return code
	}
	return CodeOK
}

// machine is the actor of what Mobile JKN does.
func machine() authz.Actor { return authz.System("bpjs") }

type callerRow struct {
	UnitID     int64
	InHash     string
	InEnabled  bool
	Version    int
	FailStatus int
}

const sqlCaller = `
SELECT unit_id, COALESCE(in_hash, '') AS in_hash, in_enabled, in_version::int AS version, in_fail_status::int AS fail_status
FROM epuskesmas_bpjs WHERE in_user = $1`

var userForm = regexp.MustCompile(`^[A-Za-z0-9._-]{3,60}$`)

// find is the account with that user name; nobody's is the zero row.
func (s *Service) find(ctx context.Context, user string) (r callerRow, err error) {
	if !userForm.MatchString(user) {
		return r, nil
	}
	if r, err = pg.One[callerRow](ctx, s.DB, sqlCaller, user); errs.KindOf(err) == errs.NotFound {
		return callerRow{}, nil
	}
	return r, err
}

func (r callerRow) caller() Caller {
	c := Caller{UnitID: r.UnitID, Version: r.Version, FailStatus: r.FailStatus}
	if c.UnitID == 0 {
		c.Version, c.FailStatus = 2, 200
	}
	return c
}

// SignIn gives a token for a user name and password. The caller is told apart also when
// the password is wrong, for how to say so.
func (s *Service) SignIn(ctx context.Context, user, password string, from netip.Addr) (c Caller, t Token, err error) {
	defer errs.In(&err, "bpjs.SignIn")
	r, err := s.find(ctx, user)
	c = r.caller()
	if err != nil {
		return c, t, err
	}
	if user == "" || password == "" {
		return c, t, refuse(sayWrong)
	}
	if len(user) > 200 || len(password) > 4*authn.MaxPassword {
		return c, t, refuse(sayWrong)
	}
	hash := r.InHash
	if !r.InEnabled {
		hash = ""
	}
	right := s.knows(r.UnitID, hash, password)
	if !right {
		if right, err = s.Auth.CheckMachine(ctx, authn.Machine{Name: "bpjs:" + user, Password: password, Hash: hash, Address: from}); err != nil {
			return c, t, err
		}
		if right {
			s.known.Store(r.UnitID, s.seal(hash, password))
		}
	}
	if !right {
		if r.UnitID != 0 {
			err = audit.Write(ctx, s.DB, machine(), s.Clock.Now(), audit.Entry{
				Action: "epuskesmas.bpjs.refuse", Object: "epuskesmas_site", ObjectID: r.UnitID, UnitID: r.UnitID,
			})
		}
		if err == nil {
			err = refuse(sayWrong)
		}
		return c, t, err
	}
	return c, Token{s.token(r, user, s.Clock.Now().Add(TokenLife))}, nil
}

func (s *Service) seal(hash, password string) string {
	return string(s.Box.MAC(contextKnown, []byte(hash+"\x00"+password)))
}

// knows tells whether the password was right before, with the same hash.
func (s *Service) knows(unitID int64, hash, password string) bool {
	kept, ok := s.known.Load(unitID)
	return ok && hash != "" && subtle.ConstantTimeCompare([]byte(kept.(string)), []byte(s.seal(hash, password))) == 1
}

// A token is the puskesmas and the end of its time, sealed together with the user name
// and the hash of the password: a new password ends all tokens.
const (
	tokenHead = 16
	tokenSize = tokenHead + 32
)

func (s *Service) token(r callerRow, user string, until time.Time) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(r.UnitID))
	b = binary.BigEndian.AppendUint64(b, uint64(until.UnixMilli()))
	return base64.RawURLEncoding.EncodeToString(append(b, s.tokenMAC(b, r, user)...))
}

func (s *Service) tokenMAC(head []byte, r callerRow, user string) []byte {
	return s.Box.MAC(contextToken, append(append([]byte{}, head...), user+"\x00"+r.InHash...))
}

// Admit tells who asks by user name and token.
func (s *Service) Admit(ctx context.Context, user, token string) (c Caller, err error) {
	defer errs.In(&err, "bpjs.Admit")
	r, err := s.find(ctx, user)
	c = r.caller()
	switch {
	case err != nil:
		return c, err
	case user == "" || token == "" || r.UnitID == 0 || !r.InEnabled || r.InHash == "":
		return c, refuse(sayWrong)
	case len(token) != base64.RawURLEncoding.EncodedLen(tokenSize):
		return c, refuse(sayToken)
	}
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || binary.BigEndian.Uint64(b) != uint64(r.UnitID) || subtle.ConstantTimeCompare(b[tokenHead:], s.tokenMAC(b[:tokenHead], r, user)) != 1 {
		return c, refuse(sayToken)
	}
	if !s.Clock.Now().Before(time.UnixMilli(int64(binary.BigEndian.Uint64(b[8:])))) {
		return c, refuse(sayExpired)
	}
	return c, nil
}
