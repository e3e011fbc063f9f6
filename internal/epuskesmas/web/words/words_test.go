package words

import (
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/clock"
)

func TestTimesAreToldToFiveMinutes(t *testing.T) {
	t.Parallel()
	at := func(h, m, s int) time.Time { return time.Date(2026, 11, 25, h, m, s, 0, clock.Makassar) }
	p := epuskesmas.Promise{P10: at(9, 32, 10), P50: at(9, 41, 0), P90: at(9, 56, 0)}
	if got, want := Around(p)+", "+Between(p), "sekitar 09.40, antara 09.30–10.00 WITA"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := ComeBy(p, at(8, 0, 0)), "pukul 09.20 WITA"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := ComeBy(p, at(9, 30, 0)), "sekarang"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	p.P90 = at(10, 0, 0)
	if got, want := Between(p), "antara 09.30–10.00 WITA"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLineInWords(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		ahead  epuskesmas.Line
		status epuskesmas.Status
	}{
		"Anda berikutnya.":                                                      {epuskesmas.Line{}, epuskesmas.Waiting},
		"Belum ada yang mendahului Anda.":                                       {epuskesmas.Line{}, epuskesmas.Booked},
		"Anda berikutnya, sesudah yang sedang dilayani.":                        {epuskesmas.Line{Served: 2}, epuskesmas.Waiting},
		"1 orang di depan Anda: 1 sedang dilayani.":                             {epuskesmas.Line{Served: 1}, epuskesmas.Booked},
		"2 orang di depan Anda, belum datang.":                                  {epuskesmas.Line{Away: 2}, epuskesmas.Waiting},
		"3 orang di depan Anda, semuanya sudah menunggu.":                       {epuskesmas.Line{Here: 3}, epuskesmas.Booked},
		"3 orang di depan Anda: 1 menunggu, 2 belum datang.":                    {epuskesmas.Line{Here: 1, Away: 2}, epuskesmas.Waiting},
		"9 orang di depan Anda: 2 sedang dilayani, 3 menunggu, 4 belum datang.": {epuskesmas.Line{Served: 2, Here: 3, Away: 4}, epuskesmas.Booked},
	} {
		if got := Ahead(c.ahead, c.status); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got, want := Line(epuskesmas.Line{Served: 1, Here: 2, Away: 3}), "2 menunggu, 3 belum datang"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	now := time.Date(2026, 11, 25, 9, 1, 0, 0, clock.Makassar)
	for after, want := range map[time.Duration]string{-time.Minute: "sebentar lagi", 4 * time.Minute: "sebentar lagi", 6 * time.Minute: "± 09.05", 30 * time.Minute: "± 09.30"} {
		if got := About(now.Add(after), now); got != want {
			t.Errorf("in %s it says %q, want %q", after, got, want)
		}
	}
}

func TestDeadlineInWords(t *testing.T) {
	t.Parallel()
	at := func(h, m int) time.Time { return time.Date(2026, 11, 25, h, m, 0, 0, clock.Makassar) }
	p := &epuskesmas.Promise{P10: at(9, 30), P50: at(9, 40), P90: at(9, 55)}
	for now, want := range map[time.Time]string{
		at(8, 30): "Datang paling lambat pukul 09.20 WITA.",
		at(8, 50): "Waktunya mepet: Anda harus datang paling lambat pukul 09.20 WITA.",
		at(9, 25): "Waktunya mepet: gilirannya bisa dipanggil sebelum Anda tiba. Pilih hanya bila Anda sudah di dekat puskesmas.",
	} {
		if got := Deadline(p, now); got != want {
			t.Errorf("at %s: %q, want %q", now.Format("15.04"), got, want)
		}
	}
	if got := Deadline(nil, at(8, 0)); got != "" {
		t.Errorf("when nobody knows: %q", got)
	}
}
