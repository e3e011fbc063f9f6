package authn_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

func TestAnInvitationIsAcceptedOnce(t *testing.T) {
	w := newWorld(t)
	id, token := w.staff("andi@kota.example")
	if text := w.last("andi@kota.example"); !strings.Contains(text, "https://portal.example/undangan/"+token) {
		t.Errorf("the invitation says %q", text)
	}
	if w.count(`SELECT count(*) FROM authn_invitation WHERE encode(token_hash, 'escape') LIKE '%' || $1 || '%'`, token) != 0 {
		t.Error("the token lies in the database as it is")
	}
	_, err := w.AcceptInvitation(w.Context(), token, "pendek")
	w.wantKind(err, errs.Unprocessable)
	accepted, failures := together(8, func(int) error { _, err := w.AcceptInvitation(w.Context(), token, good); return err })
	if accepted != 1 {
		t.Errorf("accepted %d times: %v", accepted, failures)
	}
	for _, err := range failures {
		if k := errs.KindOf(err); k != errs.Gone && k != errs.Conflict {
			t.Error(err)
		}
	}
	_, err = w.OpenInvitation(w.Context(), token)
	w.wantKind(err, errs.Gone)
	res, err := w.Login(w.Context(), authn.Login{Name: "andi@kota.example", Password: good, Address: home})
	w.must(err)
	if res.AccountID != id || res.Kind != authz.Staff {
		t.Errorf("signed in as %+v", res)
	}
}

func TestAnInvitationRunsOutAndANewOneVoidsIt(t *testing.T) {
	w := newWorld(t)
	id, old := w.staff("andi@kota.example")
	var again authn.Invitation
	w.must(pg.InTx(w.Context(), w.db.Pool, func(tx pgx.Tx) (err error) {
		again, err = w.InviteAgain(w.Context(), tx, authz.System("uji"), id)
		return err
	}))
	_, err := w.OpenInvitation(w.Context(), old)
	w.wantKind(err, errs.Gone)
	w.clock.Advance(7 * 24 * time.Hour)
	_, err = w.AcceptInvitation(w.Context(), again.Link[strings.LastIndexByte(again.Link, '/')+1:], good)
	w.wantKind(err, errs.Gone)
	_, err = w.Login(w.Context(), authn.Login{Name: "andi@kota.example", Password: "", Address: home})
	w.wantKind(err, errs.Unprocessable) // without a password nobody signs in, an empty one least of all
}

func TestRolesHoldInAUnitAndForATime(t *testing.T) {
	w := newWorld(t)
	id, _ := w.staff("andi@kota.example")
	p := authn.PermCounter
	role, err := authz.SaveRole(w.Context(), w.db.Pool, authz.Role{Code: "uji", Name: "Uji", Permissions: []authz.Permission{p}})
	w.must(err)
	type unit struct {
		ID        int64
		Ancestors []int64
	}
	units, err := pg.Many[unit](w.Context(), w.db.Pool, `SELECT id, ancestors FROM org_unit WHERE kind = 'kelurahan' ORDER BY id LIMIT 2`)
	w.must(err)
	here, elsewhere := units[0], units[1]
	until := start.Add(24 * time.Hour)
	_, err = authz.GiveRole(w.Context(), w.db.Pool, start, authz.NewGrant{RoleID: role, AccountID: id, UnitID: here.ID, From: start.Add(time.Hour), To: &until})
	w.must(err)
	for at, want := range map[time.Time]bool{start: false, start.Add(time.Hour): true, until.Add(-time.Second): true, until: false} {
		a, err := authn.LoadActor(w.Context(), w.db.Pool, id, at)
		w.must(err)
		if a.HasIn(p, here.Ancestors) != want || a.HasIn(p, elsewhere.Ancestors) {
			t.Errorf("at %s: here %v, elsewhere %v", at, a.HasIn(p, here.Ancestors), a.HasIn(p, elsewhere.Ancestors))
		}
	}
}

// administrator makes one for the whole city.
func (w *world) administrator() authz.Actor {
	w.Helper()
	inv, err := w.CreateAdmin(w.Context(), "Admin Kota", "admin@kota.example")
	w.must(err)
	_, err = w.AcceptInvitation(w.Context(), inv.Link[strings.LastIndexByte(inv.Link, '/')+1:], good)
	w.must(err)
	return w.actor(inv.AccountID)
}

func TestManagingAccountsNeedsThePermissionInTheWholeCity(t *testing.T) {
	w := newWorld(t)
	id, _ := w.staff("andi@kota.example")
	nobody := authz.Actor{AccountID: 99, Kind: authz.Staff, Grants: []authz.Grant{{Permission: authn.PermManage, UnitID: -1}}}
	w.wantKind(w.Disable(w.Context(), nobody, id, "uji"), errs.NotFound)
	w.wantKind(w.ResetTOTP(w.Context(), nobody, id), errs.NotFound)
	_, err := w.Managed(w.Context(), nobody, id)
	w.wantKind(err, errs.NotFound)
	admin := w.administrator()
	w.wantKind(w.Disable(w.Context(), admin, admin.AccountID, "uji"), errs.Conflict)
	w.must(w.Disable(w.Context(), admin, id, "keluar"))
	_, err = w.Actor(w.Context(), id)
	w.wantKind(err, errs.Unauthenticated)
	w.must(w.Enable(w.Context(), admin, id))
	w.actor(id)
}

func TestWhatHappensToAccountsIsAudited(t *testing.T) {
	w := newWorld(t)
	admin := w.administrator()
	id := w.citizen("rahma@contoh.id")
	a := w.actor(id)
	_, _ = w.Login(w.Context(), authn.Login{Name: "rahma@contoh.id", Password: "salah sekali", Address: home})
	_, err := w.Login(w.Context(), authn.Login{Name: "rahma@contoh.id", Password: good, Address: home})
	w.must(err)
	w.must(w.Rename(w.Context(), a, "Sitti R."))
	w.must(w.ChangePassword(w.Context(), a, 0, "perahu biru di paotere"))
	_, recovery := w.enrol(a)
	w.must(w.CheckSecond(w.Context(), id, recovery[0], home))
	w.must(w.DisableTOTP(w.Context(), a))
	ch, err := w.StartContact(w.Context(), a, "0812 3456 7890", home)
	w.must(err)
	w.must(w.VerifyCode(w.Context(), ch.ID, w.code("+6281234567890"), home))
	w.must(w.FinishContact(w.Context(), a, ch.ID))
	w.must(w.DropContact(w.Context(), a, "email"))
	ch, err = w.StartReset(w.Context(), "0812 3456 7890", home)
	w.must(err)
	w.must(w.VerifyCode(w.Context(), ch.ID, w.code("+6281234567890"), home))
	_, err = w.FinishReset(w.Context(), ch.ID, good)
	w.must(err)
	_, err = w.Managed(w.Context(), admin, id)
	w.must(err)
	w.must(w.EndAllSessions(w.Context(), admin, id))
	w.must(w.SignedOut(w.Context(), a))
	w.must(w.CloseAccount(w.Context(), a))
	for _, action := range []string{
		"authn.account.create", "authn.login", "authn.login.refuse", "authn.account.rename", "authn.password.change",
		"authn.totp.enable", "authn.totp.disable", "authn.contact.change", "authn.contact.drop", "authn.password.reset",
		"authn.account.read", "authn.session.end_all", "authn.logout", "authn.account.close",
	} {
		if w.count(`SELECT count(*) FROM audit_entry WHERE action = $1 AND object = 'authn_account' AND object_id = $2`, action, id) == 0 {
			t.Errorf("%s is not in the trail", action)
		}
	}
	if n := w.count(`SELECT count(*) FROM audit_entry WHERE detail::text ~ '(contoh\.id|81234567890)'`); n != 0 {
		t.Errorf("%d entries of the trail tell a contact", n)
	}
	// What was closed cannot be found again by its contact.
	_, err = w.Login(w.Context(), authn.Login{Name: "0812 3456 7890", Password: good, Address: home})
	w.wantKind(err, errs.Unprocessable)
}

func TestTheLastContactCannotGo(t *testing.T) {
	w := newWorld(t)
	a := w.actor(w.citizen("rahma@contoh.id"))
	w.wantKind(w.DropContact(w.Context(), a, "email"), errs.Conflict)
	w.wantKind(w.DropContact(w.Context(), a, "lain"), errs.BadRequest)
}

func TestAnotherOnesContactIsNotTold(t *testing.T) {
	w := newWorld(t)
	w.citizen("lama@contoh.id")
	a := w.actor(w.citizen("rahma@contoh.id"))
	ch, err := w.StartContact(w.Context(), a, "lama@contoh.id", home)
	w.must(err)
	if ch.ID == 0 || sixDigits.MatchString(w.last("lama@contoh.id")) {
		t.Error("somebody else's contact got a code")
	}
	w.wantKind(w.VerifyCode(w.Context(), ch.ID, "000000", home), errs.Unprocessable)
	w.wantKind(w.FinishContact(w.Context(), a, ch.ID), errs.Gone)
}
