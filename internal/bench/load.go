package bench

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// connections that a ceiling is measured with.
const connections = 16

// Load is what one measurement saw.
type Load struct {
	PerSecond float64
	P50, P99  time.Duration
	Cost      time.Duration // processor time of server and database for one answer
	Bytes     int           // of one answer
}

// ceiling is how many answers a second the addresses, in turn, give to
// connections that ask again as soon as they have one.
func ceiling(addresses []string, d time.Duration) (Load, error) {
	return attack(addresses, vegeta.Rate{}, d, nil, vegeta.Workers(connections), vegeta.MaxWorkers(connections))
}

// steady asks at a constant rate whatever becomes of the answers, so that
// latency includes the wait behind a stall.
func steady(addresses []string, perSecond int, d time.Duration) (Load, error) {
	return attack(addresses, vegeta.Rate{Freq: perSecond, Per: time.Second}, d, nil)
}

// plain asks for pages as they are, since the bare page knows no compression.
var plain = &http.Transport{MaxIdleConnsPerHost: 1000, DisableCompression: true}

// packed asks as browsers do, and leaves the answer packed.
type packed struct{ http.RoundTripper }

func (p packed) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Accept-Encoding", "gzip")
	return p.RoundTripper.RoundTrip(r)
}

// attack ends by itself after d. Any answer but 200 is an error: a fast error
// page must not pass for a fast page. each, if set, replaces the request.
func attack(addresses []string, rate vegeta.Pacer, d time.Duration, each http.RoundTripper, opts ...func(*vegeta.Attacker)) (Load, error) {
	if each == nil {
		each = plain
	}
	opts = append(opts, vegeta.Client(&http.Client{Transport: each, Timeout: time.Minute}))
	a := vegeta.NewAttacker(opts...)
	targets := make([]vegeta.Target, len(addresses))
	for i, address := range addresses {
		targets[i] = vegeta.Target{Method: http.MethodGet, URL: address}
	}
	var m vegeta.Metrics
	before := children(os.Getpid())
	for r := range a.Attack(vegeta.NewStaticTargeter(targets...), rate, d, "") {
		m.Add(r)
	}
	m.Close()
	cost := children(os.Getpid()) - before
	if m.Requests == 0 || m.Success < 1 {
		return Load{}, fmt.Errorf("%s: %d requests, %.1f %% fine, statuses %v, %v", addresses[0], m.Requests, m.Success*100, m.StatusCodes, m.Errors)
	}
	return Load{PerSecond: m.Throughput, P50: m.Latencies.P50, P99: m.Latencies.P99, Cost: cost / time.Duration(m.Requests), Bytes: int(m.BytesIn.Mean)}, nil
}

// ahead asks a few times so that nothing is measured cold.
func ahead(address string) error {
	for range 50 {
		resp, err := http.Get(address)
		if err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: status %d", address, resp.StatusCode)
		}
	}
	return nil
}

func median[T float64 | time.Duration](all []T) T {
	s := slices.Clone(all)
	slices.Sort(s)
	return s[len(s)/2]
}
