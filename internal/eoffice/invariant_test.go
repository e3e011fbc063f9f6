package eoffice

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// The nine invariants of official correspondence, each in its shortest form over one city.
// What each promises at length is tested where its name says.
func TestInvariants(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()

	// TestNumbersAtOnceHaveNoGaps, TestPrintingAndScanningAtOnce, TestBooksHoldEveryNumber
	t.Run("1 numbers are unique and every gap is explained", func(t *testing.T) {
		wet := b.draft()
		wet.Mode = Wet
		printed := c.submit(b.people, wet)
		c.toSign(b.people, printed)
		_, err := c.Print(c.ctx, b.head.Actor, Act{ID: printed})
		c.must(err)
		c.must(c.Return(c.ctx, b.head.Actor, Act{ID: printed, Reason: "Salah tujuan"}))
		c.must(c.Withdraw(c.ctx, b.drafter.Actor, Act{ID: printed, Reason: "Tidak jadi dikirim"}))
		var wait sync.WaitGroup
		for range 6 {
			id := c.submit(b.people, b.draft())
			c.toSign(b.people, id)
			wait.Go(func() { c.sign(b.head, id) })
		}
		wait.Wait()
		series, year := fmt.Sprintf("naskah:%d:surat", c.unit("DPU")), start.Year()
		last, err := numbering.Last(c.ctx, c.db.Pool, series, year)
		c.must(err)
		gaps, err := numbering.Gaps(c.ctx, c.db.Pool, series, year)
		c.must(err)
		for no := int64(1); no <= last; no++ {
			in := one[int](c, `SELECT count(*) FROM eoffice_letter WHERE letter_no = $1 AND letter_year = $2 AND status <> 'dibatalkan' AND signed_at IS NOT NULL`, no, year)
			explained := slices.ContainsFunc(gaps, func(g numbering.Gap) bool { return g.Number == no && g.Reason != "" })
			if in > 1 || (in == 1) == explained {
				t.Errorf("number %d: in %d letters, explained %v", no, in, explained)
			}
		}
		if last != 7 || len(gaps) != 1 {
			t.Errorf("%d numbers, gaps %+v", last, gaps)
		}
	})

	// archtest.TestThePortalCannotChangeEvidence, TestOnlyConfidentialHistoryIsSealed
	t.Run("2 no event is changed or deleted", func(t *testing.T) {
		for _, sql := range []string{`UPDATE eoffice_event SET reason = ''`, `DELETE FROM eoffice_event`, `TRUNCATE eoffice_event`, `UPDATE eoffice_version SET body = ''`, `DELETE FROM eoffice_version`} {
			var refused *pgconn.PgError
			if _, err := c.db.Pool.Exec(c.ctx, sql); !errors.As(err, &refused) || refused.Code != "42501" {
				t.Errorf("%s: %v", sql, err)
			}
		}
	})

	// eofficeweb.TestWhatIsSecretStaysSecret, TestWhatBecomesSecretIsSilencedEverywhere, TestWhatIsRaisedToSecretIsSealed
	t.Run("3 what is secret reaches nobody who is not listed", func(t *testing.T) {
		d := b.draft()
		d.Secrecy, d.Subject, d.Body = Secret, "Perkara "+told, "<p>Isi "+told+".</p>"
		id := c.sent(b.people, d)
		if tables := c.telling(told); len(tables) > 0 {
			t.Errorf("told by %v", tables)
		}
		for _, w := range []worker{b.clerk, b.otherClerk} {
			if got := c.open(w, id); got.See != Envelope || got.Content != (Content{}) {
				t.Errorf("%s sees %+v", w.Name, got.Content)
			}
			_, err := c.OpenPaper(c.ctx, w.Actor, id, PaperSigned)
			errstest.Kind(t, err, errs.NotFound)
		}
		_, err := c.Open(c.ctx, b.stranger.Actor, id)
		errstest.Kind(t, err, errs.NotFound)
	})

	// TestActingRightsEndAtTheSecond, TestAMandateEndsAtTheSecond
	t.Run("4 acting rights end at the second", func(t *testing.T) {
		id := c.submit(b.people, b.draft())
		c.toSign(b.people, id)
		until := c.clock.Now().Add(time.Hour)
		acting := c.seat(b.head.desk, "plh", c.clock.Now(), &until)
		c.open(acting, id)
		c.clock.Advance(time.Hour)
		errstest.Kind(t, c.sign(acting, id).Err, errs.NotFound)
		c.clock.Advance(-time.Microsecond)
		c.must(c.sign(acting, id).Err)
	})

	t.Run("5 the bytes of a signed file never change", func(t *testing.T) {
		id := c.sent(b.people, b.draft())
		signed := c.pdf(id)
		r := c.recipient(id, b.other.desk).ID
		c.open(b.other, id)
		order := c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{follow(b.bidang)}})[0]
		c.open(b.bidang, id)
		c.must(c.ReportOrder(c.ctx, b.bidang.Actor, Act{ID: order}, Report{Text: "Sudah diukur."}))
		c.must(c.Raise(c.ctx, b.other.Actor, Act{ID: id, Reason: upTo}, Secret))
		c.must(c.Lower(c.ctx, b.head.Actor, Act{ID: id, Reason: upTo}, Open))
		if now := c.pdf(id); !bytes.Equal(signed, now) || !bytes.Equal(sign.Hash(now), c.state(id).PDFHash) {
			t.Error("the file is another one")
		}
	})

	// ordersTold after every walk of TestRandomWalksOfOrders
	t.Run("6 every open order lies at exactly one desk", func(t *testing.T) {
		orders, err := pg.Many[Order](c.ctx, c.db.Pool, `SELECT`+orderColumns)
		c.must(err)
		for _, s := range OrderStatuses {
			o := Order{OrderState: OrderState{Status: s}, FromID: 1, ToID: 2}
			orders = append(orders, o)
		}
		for _, o := range orders {
			if h := o.Holder(); (h != 0) != o.Open() || h != 0 && h != o.FromID && h != o.ToID {
				t.Errorf("an order in %s lies at %d", o.Status, h)
			}
		}
	})

	// TestTimeAndClosing, TestWhoGetsAnOrder
	t.Run("7 an order is not due after the one above it, nor in the past, and none goes round", func(t *testing.T) {
		id := c.sent(b.people, b.draft())
		c.open(b.other, id)
		due, late, past := c.clock.Now().Add(48*time.Hour), c.clock.Now().Add(49*time.Hour), c.clock.Now().Add(-time.Second)
		above := follow(b.bidang)
		above.Due = &past
		give := Giving{RecipientID: c.recipient(id, b.other.desk).ID, Orders: []NewOrder{above}}
		_, err := c.Give(c.ctx, b.other.Actor, give)
		errstest.Field(t, err, ControlDue)
		give.Orders[0].Due = &due
		order := c.give(b.other, give)[0]
		c.open(b.bidang, id)
		below := follow(b.sub)
		below.Due = &late
		_, err = c.Give(c.ctx, b.bidang.Actor, Giving{ParentID: order, Orders: []NewOrder{below}})
		errstest.Field(t, err, ControlDue)
		_, err = c.Give(c.ctx, b.bidang.Actor, Giving{ParentID: order, Orders: []NewOrder{follow(b.other)}})
		errstest.Field(t, err, ControlTarget)
		c.give(b.bidang, Giving{ParentID: order, Orders: []NewOrder{follow(b.sub)}})
		c.ordersHold(t)
	})

	// TestManyTabsSignOnce
	t.Run("8 two tabs sign once", func(t *testing.T) {
		id := c.submit(b.people, b.draft())
		c.toSign(b.people, id)
		before := c.signer.signed.Load()
		var won atomic.Int32
		var wait sync.WaitGroup
		for range 2 {
			wait.Go(func() {
				if r := c.sign(b.head, id); r.Err == nil {
					won.Add(1)
				} else if errs.KindOf(r.Err) != errs.Conflict {
					t.Error(r.Err)
				}
			})
		}
		wait.Wait()
		if won.Load() != 1 || c.signer.signed.Load() != before+1 {
			t.Errorf("%d tabs won, %d signatures", won.Load(), c.signer.signed.Load()-before)
		}
	})

	// TestTwinsAreSaid
	t.Run("9 what was written down already is said", func(t *testing.T) {
		in := b.arrival()
		in.Papers = []int64{c.scan(b.clerk, "a.txt", "pindaian yang sama")}
		first := c.record(b.clerk, in)
		byNumber, byFile := b.arrival(), b.arrival()
		byFile.Sender, byFile.Number = "Pengirim lain", "77/LAIN"
		byFile.Papers = []int64{c.scan(b.clerk, "b.txt", "pindaian yang sama")}
		for i, again := range []Arrival{byNumber, byFile} {
			_, err := c.Record(c.ctx, b.clerk.Actor, b.clerk.desk, again, fmt.Sprint("kembar-", i))
			var twin *TwinError
			if !errors.As(err, &twin) || len(twin.Twins) == 0 || twin.Twins[0].ID != first.ID {
				t.Errorf("%d: got %v", i, err)
			}
		}
	})

	// Whatever happened above, the events tell the rows.
	ids, err := pg.Scalars[int64](c.ctx, c.db.Pool, `SELECT id FROM eoffice_letter ORDER BY id`)
	c.must(err)
	for _, id := range ids {
		c.sameAsReplay(t, id)
	}
	c.ordersHold(t)
}

// pdf is the signed file of a letter as it is stored.
func (c *city) pdf(id int64) []byte {
	c.t.Helper()
	r, _, err := c.blobs.Get(c.ctx, c.state(id).PDFKey)
	c.must(err)
	b, err := io.ReadAll(r)
	c.must(errors.Join(err, r.Close()))
	return b
}
