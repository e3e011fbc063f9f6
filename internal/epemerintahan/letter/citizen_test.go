package letter

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/hold"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// requested is a domicile letter that a citizen asked for online, and its number.
func (c *city) requested(a authz.Actor, resident int64) (id int64, number string) {
	c.t.Helper()
	number, err := c.Submit(c.ctx, a, c.drafted(a, kassiKassi, "DOM", resident))
	c.must(err)
	return c.idOf(number), number
}

func TestWhatTheDeskAndTheRTWriteStaysFromTheApplicant(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	number, link := c.asked(s)
	id := c.idOf(number)
	a := c.actor(one[int64](c, `SELECT account_id FROM epemerintahan_letter WHERE id = $1`, id))
	if n := one[int](c, `SELECT count(*) FROM epemerintahan_neighbour WHERE encode(email_sealed, 'escape') LIKE '%rt@contoh%'`); n != 0 {
		t.Error("the head's address lies open")
	}
	errstest.Field(t, c.Answer(c.ctx, link, false, strings.Repeat("a", MaxNote+1)), ControlNote)
	c.must(c.Answer(c.ctx, link, false, "Sudah lama pindah dari sini"))
	desk, err := c.View(c.ctx, s.operator, id)
	c.must(err)
	c.must(c.Check(c.ctx, s.operator, Checking{Act: Act{ID: id}, Checked: c.entry("DOM", kassiKassi, desk.SubjectIs.ResidentID).Checked}))
	c.must(c.Do(c.ctx, s.secretary, ActSendBack, Act{ID: id, Reason: "Alamatnya mencurigakan, cek lapangan"}))
	c.must(c.Do(c.ctx, s.operator, ActReturn, Act{ID: id, Reason: "Lampirkan surat kontrak rumah"}))

	mine, err := c.MyLetter(c.ctx, a, number)
	c.must(err)
	told := mine.RTAnswer
	for _, h := range mine.History {
		told += h.Reason + "\n"
	}
	if strings.Contains(told, "pindah") || strings.Contains(told, "mencurigakan") || !strings.Contains(told, "surat kontrak") {
		t.Errorf("the applicant reads %q", told)
	}
	desk, err = c.View(c.ctx, s.operator, id)
	c.must(err)
	read := ""
	for _, h := range desk.History {
		read += h.Reason + "\n"
	}
	if !strings.Contains(desk.RTAnswer, "pindah") || !strings.Contains(read, "mencurigakan") {
		t.Errorf("the desk reads %q and %q", desk.RTAnswer, read)
	}
}

// A link whose letter went on without an answer says so, and nothing about anybody.
func TestALinkEndsWithItsLettersWait(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	number, link := c.asked(s)
	c.must(c.Do(c.ctx, s.operator, ActSkipRT, Act{ID: c.idOf(number)}))
	ask, err := c.Ask(c.ctx, link)
	if errstest.Kind(t, err, errs.Gone); ask != (Asked{}) {
		t.Errorf("it tells %+v", ask)
	}
	errstest.Kind(t, c.Answer(c.ctx, link, true, ""), errs.Conflict)
}

func TestTheReplacementIsTheApplicantsToo(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	c.electronic(kassiKassi, "DOM")
	resident := c.resident(s.operator, kassiKassi, nil)[0]
	a := c.proved(s, kassiKassi, resident)
	id, number := c.requested(a, resident)
	c.must(c.Check(c.ctx, s.operator, Checking{Act: Act{ID: id}, Checked: c.entry("DOM", kassiKassi, resident).Checked}))
	c.toSign(s, id)
	c.must(c.sign(s.lurah, id).Err)
	c.must(c.Do(c.ctx, s.lurah, ActVoid, Act{ID: id, Reason: "Alamat di surat keliru"}))
	_, err := c.Reissue(c.ctx, s.operator, id)
	c.must(err)
	old, err := c.MyLetter(c.ctx, a, number)
	c.must(err)
	if _, err := c.OpenMine(c.ctx, a, number); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a voided letter opens: %v", err)
	}
	fresh, err := c.MyLetter(c.ctx, a, old.ReplacedBy)
	c.must(err)
	if fresh.Replaces != number {
		t.Errorf("it replaces %q", fresh.Replaces)
	}
	_, err = c.MyLetter(c.ctx, c.citizen(), old.ReplacedBy)
	errstest.Kind(t, err, errs.NotFound)
}

func TestPhotosOfClaimsGoWhenTheClaimDoes(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	o, err := c.residents.ByID(c.ctx, c.db.Pool, c.resident(s.operator, kassiKassi, nil)[0])
	c.must(err)
	claim := func(a authz.Actor) {
		t.Helper()
		p := scanOf(photo)
		c.must(c.ClaimIdentity(c.ctx, a, o.Full.NIK, o.KelurahanID, &p))
	}
	kept := func(want int64) {
		t.Helper()
		if got := c.store.kept.Load(); got != want {
			t.Fatalf("%d photos are kept, want %d", got, want)
		}
	}
	a := c.citizen()
	claim(a)
	claim(a) // replaces the first
	kept(1)
	c.must(c.WithdrawIdentity(c.ctx, a))
	kept(0)
	errstest.Kind(t, c.WithdrawIdentity(c.ctx, a), errs.Conflict)

	claim(a)
	claims, err := c.Claims(c.ctx, s.operator, 0)
	c.must(err)
	c.must(c.RefuseIdentity(c.ctx, s.operator, claims[0].ID, "Fotonya kabur, potret lagi"))
	kept(1) // for whoever asks why
	purged := func(want int) {
		t.Helper()
		if n, err := c.PurgeKTP(c.ctx); n != want || err != nil {
			t.Fatalf("%d photos purged, want %d, %v", n, want, err)
		}
	}
	// What goes is seen a week ahead, and stays while somebody needs it.
	keeper, elsewhere := c.hire("pelaksana", kassiKassi, PermConfigure), c.hire("pelaksana", tidung, PermConfigure)
	due := func(who authz.Actor, want ...FilesDue) {
		t.Helper()
		list, err := c.FilesDue(c.ctx, who)
		c.must(err)
		for i := range list {
			list[i].GoesAt = time.Time{}
		}
		if !slices.Equal(list, want) {
			t.Errorf("soon go %+v, want %+v", list, want)
		}
	}
	row := FilesDue{Number: ClaimNumber(claims[0].ID), Photo: true, Kelurahan: o.KelurahanName, Files: 1}
	due(keeper)
	c.clock.Advance(23*24*time.Hour + time.Minute)
	due(keeper, row)
	due(elsewhere)
	due(s.operator) // who does not set it up
	in := hold.Input{Number: strings.ToLower(row.Number), AskedBy: "Polrestabes Makassar", Reason: "Laporan polisi 7/2026"}
	errstest.Field(t, c.HoldFiles(c.ctx, elsewhere, in), hold.ControlNumber)
	c.must(c.HoldFiles(c.ctx, keeper, in))
	errstest.Kind(t, c.HoldFiles(c.ctx, keeper, in), errs.Conflict)
	row.Held = true
	due(keeper, row)
	c.clock.Advance(8 * 24 * time.Hour)
	purged(0)
	kept(1)
	holds, err := c.Holds(c.ctx, keeper)
	c.must(err)
	if len(holds) != 1 || holds[0].Number != row.Number || holds[0].AskedBy != in.AskedBy {
		t.Fatalf("the holds are %+v", holds)
	}
	errstest.Kind(t, c.LiftHold(c.ctx, elsewhere, holds[0].ID), errs.NotFound)
	c.must(c.LiftHold(c.ctx, keeper, holds[0].ID))
	purged(0) // a slip can be put right for a day
	c.clock.Advance(25 * time.Hour)
	purged(1)
	kept(0)
	errstest.Kind(t, c.HoldFiles(c.ctx, keeper, in), errs.Conflict) // nothing is left to hold

	// Who takes a claim back does not take from the police what they hold.
	claim(a)
	claims, err = c.Claims(c.ctx, s.operator, 0)
	c.must(err)
	in.Number = ClaimNumber(claims[0].ID)
	c.must(c.HoldFiles(c.ctx, keeper, in))
	c.must(c.WithdrawIdentity(c.ctx, a))
	kept(1)
	in.Number = "KTP-0"
	errstest.Field(t, c.HoldFiles(c.ctx, keeper, in), hold.ControlNumber)
}

// askingSigner asks for a passphrase, as BSrE does.
type askingSigner struct{ *faultySigner }

func (askingSigner) NeedsPassphrase() bool { return true }

// A wrong passphrase is tried once: BSrE locks out who is wrong too often, and each try
// would take a number.
func TestABatchStopsAtAWrongPassphrase(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	ids := c.ready(s, kassiKassi, 3)
	c.Module.signer = askingSigner{c.signer}
	tries := 0
	c.signer.fail(func(sign.Request) error {
		tries++
		return errs.Wrap(errs.Unprocessable, errors.New("2031"), "Passphrase TTE salah.")
	})
	var acts []Act
	for _, id := range ids {
		acts = append(acts, Act{ID: id})
	}
	for i, r := range c.Sign(c.ctx, s.lurah, acts, Secret{NIK: "7371131708850001", Passphrase: "salah"}) {
		if errstest.Kind(t, r.Err, errs.Unprocessable); r.ID != ids[i] {
			t.Errorf("result %d is of letter %d", i, r.ID)
		}
	}
	if tries != 1 {
		t.Errorf("BSrE was asked %d times", tries)
	}
	if n := one[int](c, `SELECT count(*) FROM epemerintahan_letter WHERE letter_no IS NOT NULL`); n != 1 {
		t.Errorf("%d letters took a number", n)
	}
	c.signer.fail(nil)
	for _, r := range c.Sign(c.ctx, s.lurah, acts, Secret{NIK: "7371131708850001", Passphrase: "benar"}) {
		c.must(r.Err)
	}
}

// Whoever closed their account can be proved with another one.
func TestClosedAccountsLetGoOfTheirResident(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	resident := c.resident(s.operator, kassiKassi, nil)[0]
	a := c.proved(s, kassiKassi, resident)
	if n, err := c.EndClosed(c.ctx); n != 0 || err != nil {
		t.Fatalf("%d claims ended, %v", n, err)
	}
	c.exec(`UPDATE authn_account SET status = 'closed', email = NULL, password_hash = NULL WHERE id = $1`, a.AccountID)
	c.must(c.Sweep(c.ctx))
	if me, err := c.MyIdentity(c.ctx, a); err != nil || me.Status != IdentityRevoked {
		t.Fatalf("%+v, %v", me, err)
	}
	c.proved(s, kassiKassi, resident)
}
