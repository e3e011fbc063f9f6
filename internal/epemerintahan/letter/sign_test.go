package letter

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

func (s *faultyStore) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	if s.broken.Load() {
		return errs.New(errs.Unavailable, "Penyimpanan sedang tidak dapat dipakai.")
	}
	err := s.Store.Put(ctx, key, r, size, contentType)
	if err == nil {
		s.kept.Add(1)
	}
	return err
}

// fail lets the signer fail, or whatever else f does, until nil is set.
func (s *faultySigner) fail(f func(sign.Request) error) {
	if f == nil {
		s.before.Store(nil)
		return
	}
	s.before.Store(&f)
}

// ready are n letters that wait for the lurah, who has read them.
func (c *city) ready(s staffed, kelurahan string, n int) []int64 {
	c.t.Helper()
	c.electronic(kelurahan, "DOM")
	resident := c.resident(s.operator, kelurahan, nil)[0]
	ids := make([]int64, n)
	for i := range ids {
		id, err := c.Enter(c.ctx, s.operator, c.entry("DOM", kelurahan, resident))
		c.must(err)
		c.toSign(s, id)
		ids[i] = id
	}
	return ids
}

// A hundred letters are signed at once, some of which fail at first and some of which
// are given up after they took a number: numbers follow each other without a gap that
// nobody can explain.
func TestAHundredSigningsAtOnceNumberWithoutGaps(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	ids := c.ready(s, kassiKassi, 100)
	var turn sync.Mutex
	n := 0
	c.signer.fail(func(sign.Request) error {
		turn.Lock()
		defer turn.Unlock()
		if n++; n%10 == 0 {
			return errs.New(errs.Unavailable, "Layanan tanda tangan sedang tidak menjawab.")
		}
		return nil
	})
	failed := make([]bool, len(ids))
	var wait sync.WaitGroup
	slots := make(chan struct{}, 16)
	for i, id := range ids {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			failed[i] = c.sign(s.lurah, id).Err != nil
		})
	}
	wait.Wait()
	c.signer.fail(nil)
	given := 0
	for i, id := range ids {
		switch {
		case failed[i] && given < 3:
			given++
			c.must(c.Do(c.ctx, s.operator, ActCancel, Act{ID: id, Reason: "Pemohon tidak jadi memerlukannya"}))
		case failed[i]:
			c.must(c.sign(s.lurah, id).Err)
		}
	}
	if given != 3 {
		t.Fatalf("%d were given up", given)
	}
	lines := map[int64]NumberLine{}
	for before := int64(0); ; {
		page, err := c.Numbers(c.ctx, s.operator, c.unit(kassiKassi), 2026, before)
		c.must(err)
		if len(page) == 0 {
			break
		}
		for _, l := range page {
			if _, twice := lines[l.No]; twice {
				t.Fatalf("number %d is there twice", l.No)
			}
			lines[l.No] = l
		}
		if before = page[len(page)-1].No; before == 1 {
			break
		}
	}
	gaps := 0
	for no := int64(1); no <= 100; no++ {
		l, ok := lines[no]
		if !ok || l.Letter == nil {
			t.Fatalf("number %d is missing: %+v", no, l)
		}
		if l.Letter.Status != Issued {
			gaps++
			if !strings.Contains(l.Gap, "dibatalkan") {
				t.Errorf("number %d: %q", no, l.Gap)
			}
		}
	}
	if len(lines) != 100 || gaps != 3 {
		t.Errorf("%d numbers, %d gaps", len(lines), gaps)
	}
	for _, id := range ids[:10] {
		c.sameAsReplay(t, id)
	}
}

func TestTwoTabsMakeOneSignature(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	id := c.ready(s, kassiKassi, 1)[0]
	version := c.state(id).Seq
	results := make([]SignResult, 8)
	var wait sync.WaitGroup
	for i := range results {
		wait.Go(func() { results[i] = c.Sign(c.ctx, s.lurah, []Act{{ID: id, Version: version}}, Secret{})[0] })
	}
	wait.Wait()
	done := 0
	for _, r := range results {
		if r.Err == nil {
			done++
			continue
		}
		if errs.KindOf(r.Err) != errs.Conflict || !strings.Contains(errs.MessageOf(r.Err), "Anda sendiri") {
			t.Errorf("got %v", r.Err)
		}
	}
	if st := c.state(id); done != 1 || c.signer.signed.Load() != 1 || len(st.Signed) != 1 || st.LetterNo != 1 || c.store.kept.Load() != 1 {
		t.Errorf("%d done, %d signatures, %d files, %+v", done, c.signer.signed.Load(), c.store.kept.Load(), st)
	}
}

// Whatever breaks between the two transactions, the letter comes back with its number,
// and the next try uses it.
func TestABrokenSigningKeepsItsNumber(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	ids := c.ready(s, kassiKassi, 4)
	refuse := func(sign.Request) error { return errs.New(errs.Unprocessable, "Passphrase salah.") }
	for i, way := range []struct {
		name         string
		break_, mend func()
	}{
		{"the signer refuses", func() { c.signer.fail(refuse) }, func() { c.signer.fail(nil) }},
		{"the signer panics", func() { c.signer.fail(func(sign.Request) error { panic("BSrE") }) }, func() { c.signer.fail(nil) }},
		{"the store is away", func() { c.store.broken.Store(true) }, func() { c.store.broken.Store(false) }},
	} {
		way.break_()
		r := c.sign(s.lurah, ids[i])
		st := c.state(ids[i])
		if r.Err == nil || st.Status != AwaitingSign || st.LetterNo != int64(i+1) || len(st.Signed) != 0 || c.store.kept.Load() != int64(i) {
			t.Fatalf("%s: %v, %+v", way.name, r.Err, st)
		}
		way.mend()
		c.must(c.sign(s.lurah, ids[i]).Err) // still read
		if after := c.state(ids[i]); after.Status != Issued || after.LetterNumber != st.LetterNumber {
			t.Errorf("%s: %+v", way.name, after)
		}
		c.sameAsReplay(t, ids[i])
	}
	// One failure does not stop the others.
	more := c.ready(s, kassiKassi, 2)
	var once sync.Once
	c.signer.fail(func(sign.Request) (err error) {
		once.Do(func() { err = errors.New("once") })
		return err
	})
	rs := c.Sign(c.ctx, s.lurah, []Act{{ID: more[0]}, {ID: more[1]}}, Secret{})
	if rs[0].Err == nil || rs[1].Err != nil || rs[0].ID != more[0] {
		t.Errorf("%+v", rs)
	}
}

func TestASigningWhosePortalDiedComesBackWithinFiveMinutes(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	id := c.ready(s, kassiKassi, 1)[0]
	// The portal dies between the steps: nothing of it runs any more, not even the way back.
	c.signer.fail(func(sign.Request) error {
		c.exec(`REVOKE INSERT ON epemerintahan_letter_event FROM portal_app`)
		return errors.New("killed")
	})
	if r := c.sign(s.lurah, id); r.Err == nil {
		t.Fatal("signed")
	}
	c.exec(`GRANT INSERT ON epemerintahan_letter_event TO portal_app`)
	c.signer.fail(nil)
	if st := c.state(id); st.Status != Signing {
		t.Fatalf("%+v", st)
	}
	recoverNow := func() int {
		n, err := c.RecoverSignings(c.ctx)
		c.must(err)
		return n
	}
	if n := recoverNow(); n != 0 {
		t.Fatal("taken for lost at once")
	}
	c.clock.Advance(4 * time.Minute) // the job comes by every minute
	if n := recoverNow(); n != 1 || c.state(id).Status != AwaitingSign || c.state(id).LetterNo != 1 {
		t.Fatalf("%d, %+v", n, c.state(id))
	}
	c.must(c.sign(s.lurah, id).Err)
	if st := c.state(id); st.LetterNo != 1 || st.Status != Issued {
		t.Errorf("%+v", st)
	}
	c.sameAsReplay(t, id)
}

// A signer who is slower than the recovery loses: the letter is theirs to sign again.
func TestASignatureThatComesTooLateDoesNotCount(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	id := c.ready(s, kassiKassi, 1)[0]
	c.signer.fail(func(sign.Request) error {
		c.clock.Advance(4 * time.Minute)
		_, err := c.RecoverSignings(c.ctx)
		return err
	})
	errstest.Kind(t, c.sign(s.lurah, id).Err, errs.Conflict)
	c.signer.fail(nil)
	if st := c.state(id); st.Status != AwaitingSign || len(st.Signed) != 0 {
		t.Errorf("%+v", st)
	}
}

func TestTheCamatSignsWhatTheLurahSigned(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	c.electronic(kassiKassi, "KRM")
	e := c.entry("KRM", kassiKassi, c.resident(s.operator, kassiKassi, nil)[0])
	e.WithCamat = true
	id, err := c.Enter(c.ctx, s.operator, e)
	c.must(err)
	c.toSign(s, id)
	errstest.Kind(t, c.sign(s.camat, id).Err, errs.Forbidden) // not the camat's turn
	c.must(c.sign(s.lurah, id).Err)
	if st := c.state(id); st.Status != AwaitingCamat || len(st.Signed) != 1 {
		t.Fatalf("%+v", st)
	}
	first := c.bytes(s.lurah, id, FilePDF)
	if q, err := c.Queue(c.ctx, s.camat, QueueSign, 0); err != nil || len(q) != 1 || q[0].ID != id {
		t.Fatal(q, err)
	}
	_, err = c.View(c.ctx, s.camat, id)
	c.must(err)
	c.must(c.sign(s.camat, id).Err)
	st, both := c.state(id), c.bytes(s.operator, id, FilePDF)
	if st.Status != Issued || len(st.Signed) != 2 || st.Signed[1].Office != Camat || !strings.HasPrefix(string(both), string(first)) || c.store.kept.Load() != 1 {
		t.Errorf("%+v", st)
	}
	if sum := sha256.Sum256(both); string(st.PDFHash) != string(sum[:]) {
		t.Error("the hash is another file's")
	}
	c.sameAsReplay(t, id)
}

// bytes of one of a letter's files.
func (c *city) bytes(a authz.Actor, id int64, w Which) []byte {
	c.t.Helper()
	f, err := c.OpenFile(c.ctx, a, id, w)
	c.must(err)
	defer f.Close()
	b, err := io.ReadAll(f)
	c.must(err)
	return b
}

// Who signs is decided by the post at that moment, not by the permission alone.
func TestOnlyTheOfficeSigns(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	ids := c.ready(s, kassiKassi, 2)
	pretender := c.hire("fungsional", kassiKassi, PermView, PermSign)
	deputy := c.hire("sekretaris", kassiKassi, PermView, PermSignFor)
	other := c.office(tidung).lurah
	for _, a := range []authz.Actor{pretender, deputy} {
		_, err := c.View(c.ctx, a, ids[0])
		c.must(err)
	}
	errstest.Kind(t, c.sign(pretender, ids[0]).Err, errs.Forbidden)
	errstest.Kind(t, c.sign(other, ids[0]).Err, errs.NotFound)
	c.must(c.sign(deputy, ids[0]).Err)
	if b := c.state(ids[0]).Signed[0]; !slices.Equal(b.Lines[:1], []string{"a.n. LURAH KASSI-KASSI"}) || b.PersonID != deputy.PersonID {
		t.Errorf("%+v", b)
	}
	// A Plh takes the lurah's place.
	plh := c.hire("struktural", kassiKassi, PermView, PermSign)
	head := one[int64](c, `SELECT id FROM org_position WHERE unit_id = $1 AND kind = 'kepala'`, c.unit(kassiKassi))
	c.exec(`INSERT INTO org_occupancy (position_id, person_id, kind, starts_at, ends_at) VALUES ($1, $2, 'plh', $3, $4)`,
		head, plh.PersonID, c.clock.Now().Add(-time.Hour), c.clock.Now().Add(time.Hour))
	_, err := c.View(c.ctx, plh, ids[1])
	c.must(err)
	errstest.Kind(t, c.sign(s.lurah, ids[1]).Err, errs.Forbidden)
	c.must(c.sign(plh, ids[1]).Err)
	if b := c.state(ids[1]).Signed[0]; b.Lines[0] != "Plh. LURAH KASSI-KASSI," || b.Occupancy != "plh" {
		t.Errorf("%+v", b)
	}
}

func TestUnreadLettersAreNotSigned(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	id := c.ready(s, kassiKassi, 1)[0]
	c.must(c.Do(c.ctx, s.lurah, ActSendBack, Act{ID: id, Reason: "Alamatnya belum lengkap"}))
	c.must(c.Check(c.ctx, s.operator, Checking{Act: Act{ID: id}, Checked: c.entry("DOM", kassiKassi, 0).Checked}))
	c.must(c.Do(c.ctx, s.secretary, ActParaf, Act{ID: id}))
	errstest.Kind(t, c.sign(s.lurah, id).Err, errs.Conflict)
}

func TestAVoidedNumberIsNeverUsedAgain(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	ids := c.ready(s, kassiKassi, 2)
	c.must(c.sign(s.lurah, ids[0]).Err)
	errstest.Kind(t, c.Do(c.ctx, s.operator, ActVoid, Act{ID: ids[0], Reason: "Namanya salah tulis"}), errs.Forbidden)
	errstest.Field(t, c.Do(c.ctx, s.lurah, ActVoid, Act{ID: ids[0], Reason: "Salah"}), ControlReason)
	c.must(c.Do(c.ctx, s.lurah, ActVoid, Act{ID: ids[0], Reason: "Namanya salah tulis"}))
	fresh, err := c.Reissue(c.ctx, s.operator, ids[0])
	c.must(err)
	if again, err := c.Reissue(c.ctx, s.operator, ids[0]); err != nil || again != fresh {
		t.Errorf("%d, %v", again, err)
	}
	d, err := c.View(c.ctx, s.operator, fresh)
	c.must(err)
	old, err := c.View(c.ctx, s.operator, ids[0])
	c.must(err)
	if d.Status != Submitted || d.Replaces != old.RequestNumber || old.ReplacedBy != d.RequestNumber || d.Number != "" {
		t.Fatalf("%+v, %+v", d, old)
	}
	c.must(c.Check(c.ctx, s.operator, Checking{Act: Act{ID: fresh}, Checked: d.Checked}))
	c.toSign(s, fresh)
	c.must(c.sign(s.lurah, fresh).Err)
	if st := c.state(fresh); st.LetterNo != 2 {
		t.Errorf("%+v", st)
	}
	lines, err := c.Numbers(c.ctx, s.operator, c.unit(kassiKassi), 2026, 0)
	c.must(err)
	if len(lines) != 2 || lines[1].Gap != "Dicabut: Namanya salah tulis" || lines[0].Gap != "" {
		t.Errorf("%+v", lines)
	}
	for _, id := range append(ids[:1:1], fresh) {
		c.sameAsReplay(t, id)
	}
	if fmt.Sprint(Secret{"7371", "rahasia"}) != "***" {
		t.Error("a secret shows itself")
	}
}
