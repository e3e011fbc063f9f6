package apptest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// Draft is a report of MTR ready to be sent, the nth of its kind; photo may be nil.
func Draft(t testing.TB, a *app.App, n int, photo []byte) (token string) {
	t.Helper()
	ctx, m := t.Context(), a.MTR
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	id := func(sql string) (id int64) {
		t.Helper()
		must(a.Pool.QueryRow(ctx, sql).Scan(&id))
		return id
	}
	token, err := m.CreateDraft(ctx, authz.Actor{})
	must(err)
	if photo != nil {
		_, err := m.AddPhoto(ctx, token, mtr.PhotoInput{File: bytes.NewReader(photo), Size: int64(len(photo))})
		must(err)
	}
	must(m.FinishPhotos(ctx, token))
	must(m.SavePlace(ctx, token, mtr.PlaceInput{KelurahanID: id(`SELECT id FROM org_unit WHERE kind = 'kelurahan' AND valid_to IS NULL ORDER BY id LIMIT 1`), Landmark: "Dekat gapura"}))
	must(m.SaveDraftCategory(ctx, token, mtr.CategoryInput{CategoryID: id(`SELECT id FROM mtr_category c WHERE active AND emergency = ''
		AND NOT EXISTS (SELECT FROM mtr_question q WHERE q.category_id = c.id) ORDER BY id LIMIT 1`)}))
	must(m.SaveWords(ctx, token, mtr.WordsInput{Title: fmt.Sprintf("Lampu nomor %d mati", n), Body: fmt.Sprintf("Tiang nomor %d gelap sejak dua minggu.", n)}))
	must(m.SaveWho(ctx, token, mtr.WhoInput{Email: fmt.Sprintf("warga%d@contoh.id", n)}))
	return token
}

// stranger never follows: what is answered is what counts.
var stranger = &http.Client{
	Timeout:       time.Minute,
	Transport:     &http.Transport{MaxIdleConnsPerHost: 300},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// Send sends a draft off to the portal at base, from a browser of its own: who sends many has to
// wait. acknowledged is what its sender was told; err, that nobody told them anything.
func Send(base, draft string) (acknowledged bool, err error) {
	req, err := http.NewRequest(http.MethodPost, base+"/mtr/lapor/"+draft+"/kirim", strings.NewReader(""))
	if err != nil {
		return false, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", draft)
	resp, err := stranger.Do(req)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode == http.StatusSeeOther && strings.HasSuffix(resp.Header.Get("Location"), "/terkirim"), err
}

// Senders send many drafts, several at once, and remember what they were told.
type Senders struct {
	all  sync.WaitGroup
	next chan string
	each chan struct{} // one for each that was acknowledged

	mu   sync.Mutex
	told map[string]bool
}

// SendAll begins to send the drafts, eight at once.
func SendAll(drafts []string, send func(draft string) (acknowledged bool)) *Senders {
	s := &Senders{next: make(chan string, len(drafts)), each: make(chan struct{}, len(drafts)), told: map[string]bool{}}
	for _, d := range drafts {
		s.next <- d
	}
	close(s.next)
	for range 8 {
		s.all.Go(func() {
			for d := range s.next {
				ok := send(d)
				s.mu.Lock()
				s.told[d] = ok
				s.mu.Unlock()
				if ok {
					s.each <- struct{}{}
				}
			}
		})
	}
	return s
}

// Await waits until n reports are acknowledged.
func (s *Senders) Await(t testing.TB, n int) {
	t.Helper()
	late := time.After(2 * time.Minute)
	for i := range n {
		select {
		case <-s.each:
		case <-late:
			t.Fatalf("only %d reports of %d are taken: nothing is shown", i, n)
		}
	}
}

// Done waits until all have sent, and returns what they were told, by draft.
func (s *Senders) Done() map[string]bool {
	s.all.Wait()
	return s.told
}

// Reckon compares what senders were told, by draft, with what a finds: what was acknowledged is
// there; whoever sends again, refused or not, is told that it is; and then there is each report
// once and whole, its number without a gap.
func Reckon(t testing.TB, a *app.App, told map[string]bool, send func(draft string) (acknowledged bool)) {
	t.Helper()
	check := func(want int) {
		t.Helper()
		for what, sql := range map[string]string{
			"reports without their first event": `SELECT count(*) FROM mtr_report r WHERE NOT EXISTS (SELECT FROM mtr_event e WHERE e.report_id = r.id AND e.seq = 1)`,
			"reports without a link":            `SELECT count(*) FROM mtr_report r WHERE NOT EXISTS (SELECT FROM mtr_key k WHERE k.report_id = r.id)`,
			"reports without contact":           `SELECT count(*) FROM mtr_report r WHERE NOT EXISTS (SELECT FROM mtr_contact k WHERE k.report_id = r.id)`,
			"reports without a draft":           `SELECT count(*) FROM mtr_report r WHERE NOT EXISTS (SELECT FROM mtr_draft d WHERE d.report_id = r.id)`,
			"photos that are not stored":        `SELECT count(*) FROM mtr_photo WHERE report_id IS NOT NULL AND NOT stored`,
			"numbers left out":                  `SELECT COALESCE(max(right(number, 6)::int), 0) - count(*) FROM mtr_report`,
			"reports missing":                   fmt.Sprintf(`SELECT %d - count(*) FROM mtr_report`, want),
		} {
			var n int
			if err := a.Pool.QueryRow(t.Context(), sql).Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n != 0 {
				t.Errorf("%d %s", n, what)
			}
		}
	}
	kept := 0
	for draft, acknowledged := range told {
		d, err := a.MTR.Draft(t.Context(), draft)
		if err != nil {
			t.Fatal(err)
		}
		if d.Receipt != nil {
			kept++
		}
		if acknowledged && d.Receipt == nil {
			t.Error("a report was acknowledged and is lost")
		}
	}
	check(kept)
	for draft := range told {
		if !send(draft) {
			t.Error("a report cannot be sent again")
		}
	}
	check(len(told))
}
