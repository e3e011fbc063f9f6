package authn

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Permissions of this package.
var (
	// PermManage lets administrators invite, disable and repair accounts of staff.
	PermManage = authz.Register("akun.kelola", "Mengundang pegawai, menonaktifkan akun, mengatur ulang TOTP, dan mengakhiri sesi")
	// PermCounter lets a counter open accounts for people with neither e-mail nor phone.
	PermCounter = authz.Register("akun.loket", "Membuat akun warga di loket dan mencetak kode aktivasi")
)

// Config of a Service.
type Config struct {
	Pool   *pgxpool.Pool
	Box    *crypt.Box
	Clock  clock.Clock
	Hasher *Hasher
	// EmailOn and PhoneOn say whether codes can be sent that way.
	EmailOn, PhoneOn bool
	// RequireTOTP obliges staff to enrol a second factor: everywhere but in `portal dev`.
	RequireTOTP bool
	PortalName  string
	BaseURL     string // without a slash at the end
}

// Service is the package's use cases. Safe for concurrent use.
type Service struct{ Config }

// New returns the Service of that configuration.
func New(c Config) *Service {
	if c.Hasher == nil {
		c.Hasher = NewHasher(DefaultCost)
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	return &Service{c}
}

// Actor is LoadActor under this Service's rules: NeedsTOTP is set only where a second
// factor is required.
func (s *Service) Actor(ctx context.Context, accountID int64) (authz.Actor, error) {
	a, err := LoadActor(ctx, s.Pool, accountID, s.Clock.Now())
	a.NeedsTOTP = a.NeedsTOTP && s.RequireTOTP
	return a, err
}

// Account is an account as its owner and administrators see it. Phone is opened.
type Account struct {
	ID              int64
	Kind            authz.Kind
	Status          string // active, disabled or closed
	Name            string
	Email           string
	EmailVerified   bool
	Phone           string
	PhoneVerified   bool
	LoginNumber     string
	HasPassword     bool
	PasswordChanged *time.Time
	HasTOTP         bool
	RecoveryLeft    int // recovery codes not yet used
	CreatedAt       time.Time
	LastLoginAt     *time.Time
	DisabledReason  string
}

// Account returns the account with that id, closed ones too.
func (s *Service) Account(ctx context.Context, id int64) (_ Account, err error) {
	defer errs.In(&err, "authn.Account(%d)", id)
	r, err := pg.One[accountRow](ctx, s.Pool, sqlAccount, id)
	if err != nil {
		return Account{}, err
	}
	return s.account(r)
}

func (s *Service) account(r accountRow) (Account, error) {
	a := Account{
		ID: r.ID, Kind: authz.Kind(r.Kind), Status: r.Status, Name: r.Name,
		Email: r.Email, EmailVerified: r.EmailVerified, PhoneVerified: r.PhoneVerified,
		LoginNumber: r.LoginNumber, HasPassword: r.PasswordHash != "", PasswordChanged: r.PasswordChangedAt,
		HasTOTP: r.HasTOTP, RecoveryLeft: r.RecoveryLeft, CreatedAt: r.CreatedAt,
		LastLoginAt: r.LastLoginAt, DisabledReason: r.DisabledReason,
	}
	if r.PhoneSealed != nil {
		phone, err := s.Box.Open(r.PhoneSealed, notify.PhoneContext)
		if err != nil {
			return Account{}, err
		}
		a.Phone = phone
	}
	return a, nil
}

// phoneHash is how a number is looked up, here and in other tables of the portal.
func (s *Service) phoneHash(phone string) []byte { return s.Box.Hash(notify.PhoneContext, phone) }

// find returns the account behind a contact, with found false for nobody.
func (s *Service) find(ctx context.Context, q pg.Querier, c Contact) (accountRow, bool, error) {
	var phone []byte
	if c.Phone != "" {
		phone = s.phoneHash(c.Phone)
	}
	return one(pg.One[accountRow](ctx, q, sqlAccountByContact, c.Email, phone, ""))
}

func one(r accountRow, err error) (accountRow, bool, error) {
	if errs.KindOf(err) == errs.NotFound {
		return accountRow{}, false, nil
	}
	return r, err == nil, err
}

// self is the account's owner as the actor of what happens before a session exists.
func self(r accountRow) authz.Actor {
	return authz.Actor{AccountID: r.ID, Kind: authz.Kind(r.Kind), Name: r.Name}
}

func (s *Service) audit(ctx context.Context, q pg.Querier, a authz.Actor, action string, accountID int64, detail map[string]any) error {
	return audit.Write(ctx, q, a, s.Clock.Now(), audit.Entry{
		Action: action, Object: "authn_account", ObjectID: accountID, Detail: detail,
	})
}

// tell queues news about the account to its owner.
func (s *Service) tell(ctx context.Context, tx pgx.Tx, accountID int64, subject, text string) error {
	return notify.Queue(ctx, tx, notify.Message{
		Topic: notify.Account, AccountID: accountID, Subject: subject, Text: text,
		Link: notify.Link{Label: "Buka akun Anda", URL: "/akun"}, At: s.Clock.Now(),
	})
}

func plural(n int, unit string) string { return strconv.Itoa(n) + " " + unit }
