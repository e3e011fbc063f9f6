package authn

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// invitationFor is how long an invitation link works.
const invitationFor = 7 * 24 * time.Hour

// Invitation is a fresh link for its owner to set a first password. The link is a
// secret; it is stored only as a hash and cannot be shown again.
type Invitation struct {
	AccountID int64
	Link      string
	ExpiresAt time.Time
}

// Invite creates a staff account in the caller's transaction and mails its owner a link
// to set a password. An e-mail address that has an account already is
// errs.Unprocessable on field "email". The caller has checked that a may.
func (s *Service) Invite(ctx context.Context, tx pgx.Tx, a authz.Actor, name, email string) (_ Invitation, err error) {
	defer errs.In(&err, "authn.Invite")
	clean, wrong := CleanName(name)
	var fields []errs.Field
	if wrong != "" {
		fields = append(fields, errs.Field{Name: "nama", Message: wrong})
	}
	address, ok := parseEmail(email)
	if !ok {
		fields = append(fields, errs.Field{Name: "email", Message: "Tulis alamat email pegawai, misalnya nama@makassarkota.go.id."})
	}
	if fields != nil {
		return Invitation{}, errs.Invalid(fields...)
	}
	if _, found, err := s.find(ctx, tx, Contact{Email: address}); err != nil {
		return Invitation{}, err
	} else if found {
		return Invitation{}, errEmailTaken
	}
	id, err := s.create(ctx, tx, newAccount{kind: authz.Staff, name: clean, contact: Contact{Email: address}}, s.Clock.Now())
	if taken(err) {
		return Invitation{}, errEmailTaken
	}
	if err != nil {
		return Invitation{}, err
	}
	if err := s.audit(ctx, tx, a, "authn.account.invite", id, nil); err != nil {
		return Invitation{}, err
	}
	return s.invitation(ctx, tx, a, id, address)
}

var errEmailTaken = errs.Invalid(errs.Field{Name: "email", Message: "Alamat email ini sudah dipakai akun lain."})

// InviteAgain voids the former link of a staff account without a password and mails a
// new one. An account that has a password is errs.Conflict: its owner can reset it.
func (s *Service) InviteAgain(ctx context.Context, tx pgx.Tx, a authz.Actor, accountID int64) (_ Invitation, err error) {
	defer errs.In(&err, "authn.InviteAgain(%d)", accountID)
	row, err := pg.One[accountRow](ctx, tx, sqlAccountLocked, accountID)
	if err != nil {
		return Invitation{}, err
	}
	if row.PasswordHash != "" || row.Status != "active" || row.Kind != string(authz.Staff) {
		return Invitation{}, errs.New(errs.Conflict, "Akun ini tidak menunggu undangan. Pemiliknya dapat memakai “Lupa sandi”.")
	}
	if err := pg.Exec(ctx, tx, sqlDropInvitations, accountID); err != nil {
		return Invitation{}, err
	}
	if err := s.audit(ctx, tx, a, "authn.account.invite", accountID, map[string]any{"ulang": true}); err != nil {
		return Invitation{}, err
	}
	return s.invitation(ctx, tx, a, accountID, row.Email)
}

func (s *Service) invitation(ctx context.Context, tx pgx.Tx, a authz.Actor, accountID int64, email string) (Invitation, error) {
	token, now := crypt.Token(), s.Clock.Now()
	inv := Invitation{AccountID: accountID, Link: s.BaseURL + "/undangan/" + token, ExpiresAt: now.Add(invitationFor)}
	if err := pg.Exec(ctx, tx, sqlAddInvitation, accountID, crypt.HashToken(token), a.AccountID, now, inv.ExpiresAt); err != nil {
		return Invitation{}, err
	}
	text := "Anda diundang memakai " + s.PortalName + " sebagai pegawai.\n\n" +
		"Buka tautan ini untuk membuat sandi Anda sendiri. Tautan berlaku 7 hari dan hanya untuk Anda:\n" + inv.Link
	return inv, s.sendText(ctx, tx, Contact{Email: email}, "Undangan akun pegawai", text, inv.ExpiresAt)
}

// OpenInvitation returns the account that an invitation's token is for. A token that
// is unknown, over or used is errs.Gone.
func (s *Service) OpenInvitation(ctx context.Context, token string) (_ Account, err error) {
	defer errs.In(&err, "authn.OpenInvitation")
	row, _, err := s.invited(ctx, s.Pool, token)
	if err != nil {
		return Account{}, err
	}
	return s.account(row)
}

func (s *Service) invited(ctx context.Context, q pg.Querier, token string) (accountRow, int64, error) {
	inv, err := pg.One[invitationRow](ctx, q, sqlInvitation, crypt.HashToken(token), s.Clock.Now())
	if errs.KindOf(err) == errs.NotFound {
		return accountRow{}, 0, errs.New(errs.Gone, "Tautan undangan ini sudah dipakai atau sudah lewat. Minta undangan baru kepada administrator.")
	}
	if err != nil {
		return accountRow{}, 0, err
	}
	row, err := pg.One[accountRow](ctx, q, sqlAccount, inv.AccountID)
	return row, inv.ID, err
}

// AcceptInvitation sets the first password and uses the link up.
func (s *Service) AcceptInvitation(ctx context.Context, token, password string) (account int64, err error) {
	defer errs.In(&err, "authn.AcceptInvitation")
	row, id, err := s.invited(ctx, s.Pool, token)
	if err != nil {
		return 0, err
	}
	hash, err := s.newPassword(ctx, row, password)
	if err != nil {
		return 0, err
	}
	return row.ID, pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		now := s.Clock.Now()
		if err := pg.Changed(tx.Exec(ctx, sqlUseInvitation, id, now)); err != nil {
			return err
		}
		if err := s.setPassword(ctx, tx, row, hash, 0); err != nil {
			return err
		}
		// The administrator vouched for the address, and the link went there.
		if err := pg.Exec(ctx, tx, sqlVerifyEmail, row.ID, now); err != nil {
			return err
		}
		return s.audit(ctx, tx, self(row), "authn.invitation.accept", row.ID, nil)
	})
}

// CreateAdmin makes a staff account that administers the whole city and returns its
// invitation. There is no default password. The city's root unit must exist. For the
// command line: whoever can run it owns the database.
func (s *Service) CreateAdmin(ctx context.Context, name, email string) (inv Invitation, err error) {
	defer errs.In(&err, "authn.CreateAdmin")
	a := authz.System("portal admin create")
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		if inv, err = s.Invite(ctx, tx, a, name, email); err != nil {
			return err
		}
		return s.makeAdmin(ctx, tx, a, inv.AccountID)
	})
	return inv, err
}

func (s *Service) makeAdmin(ctx context.Context, tx pgx.Tx, a authz.Actor, accountID int64) error {
	root, err := pg.Scalar[int64](ctx, tx, sqlRootUnit)
	if errs.KindOf(err) == errs.NotFound {
		return errs.Wrap(errs.Conflict, err, "Direktori unit kota masih kosong. Jalankan dahulu: portal unit import.")
	}
	if err != nil {
		return err
	}
	role, err := pg.Scalar[int64](ctx, tx, sqlRoleByCode, AdminRole)
	if errs.KindOf(err) == errs.NotFound {
		// Before the portal's first start; that gives the role all it is meant to have.
		role, err = authz.SaveRole(ctx, tx, authz.Role{
			Code: AdminRole, Name: "Administrator", Builtin: true, Permissions: []authz.Permission{PermManage, PermCounter},
		})
	}
	if err != nil {
		return fmt.Errorf("role %s: %w", AdminRole, err)
	}
	if _, err := authz.GiveRole(ctx, tx, s.Clock.Now(), authz.NewGrant{RoleID: role, AccountID: accountID, UnitID: root}); err != nil {
		return err
	}
	return s.audit(ctx, tx, a, "authz.grant.give", accountID, map[string]any{"peran": AdminRole, "unit": root})
}

// AdminRole is the code of the built-in role of administrators.
const AdminRole = "administrator"

// Activation is what a counter prints for somebody with neither e-mail nor phone.
type Activation struct {
	AccountID   int64
	Name        string
	LoginNumber string // eight digits, for life
	Code        string // once, for a week
	ExpiresAt   time.Time
}

const (
	loginNumberLength = 8
	activationFor     = 7 * 24 * time.Hour
)

// Activate opens a citizen's account at a counter. Its owner signs in with the printed
// number and sets the password with the printed code at /daftar/aktivasi.
func (s *Service) Activate(ctx context.Context, a authz.Actor, name string) (act Activation, err error) {
	defer errs.In(&err, "authn.Activate")
	if !a.Has(PermCounter) {
		return Activation{}, errs.New(errs.Forbidden, "")
	}
	clean, wrong := CleanName(name)
	if wrong != "" {
		return Activation{}, errs.Invalid(errs.Field{Name: "nama", Message: wrong})
	}
	for try := 0; ; try++ {
		act = Activation{Name: clean, LoginNumber: newLoginNumber()}
		err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
			act.AccountID, err = s.create(ctx, tx, newAccount{kind: authz.Citizen, name: clean, loginNumber: act.LoginNumber}, s.Clock.Now())
			if err != nil {
				return err
			}
			if err := s.activationCode(ctx, tx, &act); err != nil {
				return err
			}
			return s.audit(ctx, tx, a, "authn.account.counter", act.AccountID, nil)
		})
		// 90 million numbers: a second collision in a row means something else.
		if !pg.Violates(err, "authn_account_login_number_key") || try > 3 {
			return act, err
		}
	}
}

// ActivateAgain prints a new code for an account opened at a counter whose owner lost
// the code or the password. Former codes end now, sessions when the new one is used.
func (s *Service) ActivateAgain(ctx context.Context, a authz.Actor, accountID int64) (act Activation, err error) {
	defer errs.In(&err, "authn.ActivateAgain(%d)", accountID)
	if !a.Has(PermCounter) {
		return Activation{}, errs.New(errs.Forbidden, "")
	}
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		row, err := pg.One[accountRow](ctx, tx, sqlAccountLocked, accountID)
		if err != nil {
			return err
		}
		if row.LoginNumber == "" || row.Status != "active" {
			return errs.New(errs.Conflict, "Akun ini tidak dibuat di loket. Pemiliknya dapat memakai “Lupa sandi”.")
		}
		act = Activation{AccountID: row.ID, Name: row.Name, LoginNumber: row.LoginNumber}
		if err := pg.Exec(ctx, tx, sqlDropCodes, row.ID); err != nil {
			return err
		}
		if err := s.activationCode(ctx, tx, &act); err != nil {
			return err
		}
		return s.audit(ctx, tx, a, "authn.account.counter", row.ID, map[string]any{"ulang": true})
	})
	return act, err
}

func newLoginNumber() string {
	for {
		if n := crypt.SixDigits() + crypt.SixDigits()[:2]; n[0] != '0' { // a leading zero gets lost in spreadsheets
			return n
		}
	}
}

func (s *Service) activationCode(ctx context.Context, tx pgx.Tx, act *Activation) error {
	act.Code, act.ExpiresAt = readable(4)+"-"+readable(4), s.Clock.Now().Add(activationFor)
	_, err := s.storeCode(ctx, tx, newCode{
		purpose: forActivation, key: "nomor:" + act.LoginNumber, name: act.Name,
		accountID: act.AccountID, code: digits(act.Code), expires: act.ExpiresAt,
	})
	return err
}

// StartActivation finds the code printed for an account number. A number that nobody
// has gets a Challenge like any other.
func (s *Service) StartActivation(ctx context.Context, number string) (_ Challenge, err error) {
	defer errs.In(&err, "authn.StartActivation")
	n := digits(number)
	if len(n) != loginNumberLength {
		return Challenge{}, errs.Invalid(errs.Field{Name: "nomor", Message: "Nomor akun terdiri dari 8 angka. Lihat lembar dari loket."})
	}
	key := "nomor:" + n
	id, err := pg.Scalar[int64](ctx, s.Pool, sqlActivation, s.Box.Hash("authn_code.contact", key), s.Clock.Now())
	if errs.KindOf(err) == errs.NotFound {
		id, err = s.storeCode(ctx, s.Pool, newCode{purpose: forActivation, key: key, expires: s.Clock.Now().Add(codeFor)})
	}
	return Challenge{ID: id}, err
}

// FinishActivation sets the password of a verified activation and returns the account.
func (s *Service) FinishActivation(ctx context.Context, id int64, password string) (account int64, err error) {
	defer errs.In(&err, "authn.FinishActivation(%d)", id)
	return s.finishPassword(ctx, id, forActivation, password, "authn.account.activate", func(pgx.Tx, payload) error { return nil })
}

// Summary is an account in an administrator's list.
type Summary struct {
	ID          int64
	Kind        string
	Status      string
	Name        string
	Email       string
	LoginNumber string
	HasPassword bool
	HasTOTP     bool `db:"has_totp"`
	LastLoginAt *time.Time
	Position    string // the main one held now
	UnitName    string
}

// Search finds accounts by a part of name or e-mail address, or by account number,
// those after the given name and id first; at most limit. kind and status narrow when
// not empty. Needs PermManage; the look is audited.
func (s *Service) Search(ctx context.Context, a authz.Actor, f Filter, limit int) (found []Summary, err error) {
	defer errs.In(&err, "authn.Search")
	if err := s.mayManage(ctx, a); err != nil {
		return nil, err
	}
	found, err = pg.Many[Summary](ctx, s.Pool, sqlSearch, f.Text, f.Kind, f.Status, f.AfterName, f.AfterID, limit, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	return found, s.audit(ctx, s.Pool, a, "authn.account.search", 0, map[string]any{"found": len(found)})
}

// Filter narrows Search. Zero fields do not narrow.
type Filter struct {
	Text, Kind, Status string
	AfterName          string
	AfterID            int64
}

// mayManage asks for PermManage in the whole city: an account's owner may hold
// positions anywhere.
func (s *Service) mayManage(ctx context.Context, a authz.Actor) error {
	root, err := pg.Scalar[int64](ctx, s.Pool, sqlRootUnit)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	if !a.HasIn(PermManage, []int64{root}) {
		return errs.New(errs.NotFound, "")
	}
	return nil
}

// Managed returns an account for the administrator's page and notes that it was read.
func (s *Service) Managed(ctx context.Context, a authz.Actor, id int64) (_ Account, err error) {
	defer errs.In(&err, "authn.Managed(%d)", id)
	if err := s.mayManage(ctx, a); err != nil {
		return Account{}, err
	}
	acc, err := s.Account(ctx, id)
	if err != nil {
		return Account{}, err
	}
	return acc, s.audit(ctx, s.Pool, a, "authn.account.read", id, nil)
}

// Disable shuts an account out and ends its sessions at once. Nobody disables the
// account he is signed in with.
func (s *Service) Disable(ctx context.Context, a authz.Actor, id int64, reason string) (err error) {
	defer errs.In(&err, "authn.Disable(%d)", id)
	if err := s.mayManage(ctx, a); err != nil {
		return err
	}
	if id == a.AccountID {
		return errs.New(errs.Conflict, "Anda tidak dapat menonaktifkan akun Anda sendiri. Minta administrator lain.")
	}
	return pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error { return DisableTx(ctx, tx, a, s.Clock.Now(), id, reason) })
}

// DisableTx is Disable inside a caller's transaction that has checked who may: a leaver
// in the directory.
func DisableTx(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, id int64, reason string) (err error) {
	defer errs.In(&err, "authn.DisableTx(%d)", id)
	if err := pg.Changed(tx.Exec(ctx, sqlDisable, id, at, reason)); err != nil {
		return err
	}
	if err := EndSessions(ctx, tx, id); err != nil {
		return err
	}
	s := Service{Config{Clock: fixed(at)}}
	return s.audit(ctx, tx, a, "authn.account.disable", id, nil)
}

type fixed time.Time

func (f fixed) Now() time.Time { return time.Time(f) }

// Enable lets a disabled account in again.
func (s *Service) Enable(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "authn.Enable(%d)", id)
	return s.manage(ctx, a, id, "authn.account.enable", func(tx pgx.Tx) error {
		return pg.Changed(tx.Exec(ctx, sqlEnable, id))
	})
}

// ResetTOTP takes the second factor of somebody who lost phone and recovery codes. The
// owner hears of it, sessions end, and staff must enrol again at the next sign-in.
func (s *Service) ResetTOTP(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "authn.ResetTOTP(%d)", id)
	return s.manage(ctx, a, id, "authn.totp.reset", func(tx pgx.Tx) error {
		if err := s.dropTOTP(ctx, tx, id); err != nil {
			return err
		}
		if err := EndSessions(ctx, tx, id); err != nil {
			return err
		}
		return s.tell(ctx, tx, id, "Verifikasi dua langkah diatur ulang",
			"Administrator mengatur ulang verifikasi dua langkah akun Anda. Jika Anda tidak memintanya, segera hubungi administrator.")
	})
}

// EndAllSessions signs somebody out everywhere.
func (s *Service) EndAllSessions(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "authn.EndAllSessions(%d)", id)
	return s.manage(ctx, a, id, "authn.session.end_all", func(tx pgx.Tx) error { return EndSessions(ctx, tx, id) })
}

// Resend voids and mails the invitation of a staff account anew.
func (s *Service) Resend(ctx context.Context, a authz.Actor, id int64) (inv Invitation, err error) {
	defer errs.In(&err, "authn.Resend(%d)", id)
	if err := s.mayManage(ctx, a); err != nil {
		return Invitation{}, err
	}
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		inv, err = s.InviteAgain(ctx, tx, a, id)
		return err
	})
	return inv, err
}

// InviteStaff is Invite by an administrator, as a whole.
func (s *Service) InviteStaff(ctx context.Context, a authz.Actor, name, email string) (inv Invitation, err error) {
	defer errs.In(&err, "authn.InviteStaff")
	if err := s.mayManage(ctx, a); err != nil {
		return Invitation{}, err
	}
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		inv, err = s.Invite(ctx, tx, a, name, email)
		return err
	})
	return inv, err
}

func (s *Service) manage(ctx context.Context, a authz.Actor, id int64, action string, do func(tx pgx.Tx) error) error {
	if err := s.mayManage(ctx, a); err != nil {
		return err
	}
	return pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		if _, err := pg.One[accountRow](ctx, tx, sqlAccountLocked, id); err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		return s.audit(ctx, tx, a, action, id, nil)
	})
}
