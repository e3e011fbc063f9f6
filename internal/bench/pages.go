package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	vegeta "github.com/tsenart/vegeta/v12/lib"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/session"
)

// visit is who looks at which pages of one portal, in turn, and what they must show.
type visit struct {
	as        http.RoundTripper
	addresses []string
	shows     []string
}

// staffPage is a page as it is with few and with many data.
type staffPage struct {
	what  string
	sides [2]visit // few, many
	most  float64  // how many times longer its p50 may take with many; 0: it is only told
}

// staffPages measures pages over HTTP, each with few and many data in turn, at a steady
// rate that leaves the portal time.
func (b *run) staffPages(pages []staffPage) error {
	for _, p := range pages {
		b.say("%s", p.what)
		var p50, p99, cost [2][]float64
		for range b.rounds {
			for side, v := range p.sides {
				if err := v.warm(); err != nil {
					return err
				}
				level, err := attack(v.addresses, vegeta.Rate{Freq: 25, Per: time.Second}, b.one, v.as)
				if err != nil {
					return err
				}
				p50[side], p99[side] = append(p50[side], float64(level.P50)), append(p99[side], float64(level.P99))
				cost[side] = append(cost[side], float64(level.Cost))
			}
		}
		grown := median(p50[1]) / median(p50[0])
		figure := ms(time.Duration(median(p50[1]))) + ", " + ms(time.Duration(median(p99[1])))
		beside := fmt.Sprintf("few %s, %s: p50 × %.2f; processor time × %.2f", ms(time.Duration(median(p50[0]))), ms(time.Duration(median(p99[0]))), grown,
			median(cost[1])/median(cost[0]))
		if p.most > 0 {
			b.claim(p.what+", p50 and p99", figure, beside, fmt.Sprintf("p50 ≤ × %.2f", p.most), grown <= p.most)
		} else {
			b.note(p.what+", p50 and p99", figure, beside)
		}
	}
	return nil
}

// warm looks at each page at least once: it is not measured cold, and not when it shows
// something else.
func (v visit) warm() error {
	client := &http.Client{Transport: v.as, Timeout: time.Minute}
	for i := range max(50, len(v.addresses)) {
		address := v.addresses[i%len(v.addresses)]
		resp, err := client.Get(address)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			return err
		}
		for _, s := range v.shows {
			if resp.StatusCode != http.StatusOK || !strings.Contains(string(body), s) {
				return fmt.Errorf("%s: status %d, and it does not show %q", address, resp.StatusCode, s)
			}
		}
	}
	return nil
}

// browser is signed in.
type browser struct {
	http.RoundTripper
	cookie *http.Cookie
}

func (c *browser) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.AddCookie(c.cookie)
	return c.RoundTripper.RoundTrip(r)
}

// signedIn is the browser of a member of staff.
func signedIn(ctx context.Context, db *pgxpool.Pool, box *crypt.Box, account int64) (http.RoundTripper, error) {
	manager := session.New(db, box, clock.System{}, session.Options{})
	var err error
	answer := httptest.NewRecorder()
	manager.LoadAndSave(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		err = session.SignIn(r.Context(), account, session.Staff)
	})).ServeHTTP(answer, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
	cookies := answer.Result().Cookies()
	if err == nil && len(cookies) == 0 {
		err = fmt.Errorf("signing in gave no cookie, status %d", answer.Code)
	}
	if err != nil {
		return nil, err
	}
	return &browser{&http.Transport{MaxIdleConnsPerHost: 1000, DisableCompression: true}, cookies[0]}, nil
}
