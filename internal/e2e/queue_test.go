package e2e_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

func room(id int64) string { return "/meja/puskesmas/ruang/" + idText(id) }

// queueScreens adds the pages of a puskesmas at work, in the middle of a morning.
func (c *city) queueScreens(into map[string][]screen) {
	p := c.Puskesmas(c.t)
	ctx, m := context.Background(), c.App.Queues
	for who, h := range map[string]apptest.Hired{"pkm-loket": p.Clerk, "pkm-perawat": p.Nurse, "pkm-dokter": p.Doc, "pkm-farmasi": p.Chemist, "pkm-kapus": p.Head} {
		c.accounts[who] = h.AccountID
	}
	doctor, clerk := p.Actor(c.t, p.Doc.AccountID), p.Actor(c.t, p.Clerk.AccountID)
	var tickets []epuskesmas.Ticket
	for _, name := range []string{"Sitti Aminah", "Baso Daeng Tompo", "Rosmini Latif", "Andi Fauzan Malik", "Nurhayati", "Hj. Suriani Made", "Muh. Ilham"} {
		tickets = append(tickets, p.Walk(c.t, name))
	}
	sessions, err := m.Sessions(ctx, p.Clinic)
	c.must(err)
	online, err := m.Book(ctx, authz.Actor{}, epuskesmas.Booking{PoliID: p.Clinic, StartsAt: sessions[0].StartsAt, Name: "Nurhayaty", BirthDate: *tickets[4].BirthDate,
		Payer: epuskesmas.JKN, Contact: "nurhayati@portal.example", Origin: epuskesmas.OriginOnline})
	c.must(err)
	booked := online.Ticket
	for i := range 3 {
		_, err := m.TakeKiosk(ctx, p.Kiosk, fmt.Sprintf("orang-%04d", i))
		c.must(err)
	}
	c.must(m.Classify(ctx, clerk, tickets[3].ID, 0, estimate.Priority, "Ibu hamil"))
	c.must(m.Report(ctx, doctor, tickets[0].SessionID, p.Doctor, p.Room1, epuskesmas.DutyHere, ""))
	called := func(counter int64) int64 {
		id, err := m.Next(ctx, doctor, counter, 0)
		c.must(err)
		return id
	}
	c.must(m.Act(ctx, doctor, called(p.Room1), 0, epuskesmas.ActServe, ""))
	onward := called(p.Room2)
	_, err = m.Forward(ctx, doctor, onward, 0, p.Pharmacy)
	c.must(err)
	called(p.Room2)
	called(p.AtDesk)
	open := func(tab *e2e.Tab) {
		e2e.Eval[bool](tab, `document.querySelectorAll("main details:not(.queue-pop)").forEach((d) => { d.open = true; }), true`)
	}
	into["pkm-dokter"] = []screen{
		{name: "meja-dokter", path: "/meja"}, {path: "/meja/puskesmas"}, {name: "ruang-melayani", path: room(p.Room1), do: open}, {name: "ruang-memanggil", path: room(p.Room2)},
		{name: "ruang-jeda", path: room(p.Room1), do: func(tab *e2e.Tab) { tab.Click(".queue-pop summary") }}, {name: "ruang-lab", path: room(p.AtLab)},
	}
	into["pkm-loket"] = []screen{
		{name: "pkm-loket", path: room(p.AtDesk)}, {name: "pkm-loket-baru", path: room(p.AtDesk) + "?baru=1"},
		{name: "pkm-loket-cari", path: room(p.AtDesk), do: func(tab *e2e.Tab) { tab.Fill("#cari", "a").Press("\r").Wait(".queue-found") }},
		{name: "pkm-loket-pasien", path: room(p.AtDesk), do: func(tab *e2e.Tab) { tab.Fill("#cari", "rosmini").Press("\r").Wait(`form[action$="/daftar"]`) }},
		{name: "pkm-loket-galat", path: room(p.AtDesk) + "?baru=1", do: func(tab *e2e.Tab) {
			tab.Fill("#nama", "Siti").Submit(`form[action$="/daftar"] button`).Wait("#ringkasan-galat")
		}},
		{name: "pkm-loket-mirip", path: room(p.AtDesk) + "?baru=1", do: func(tab *e2e.Tab) {
			tab.Fill("#nama", "Nurhayaty")
			e2e.Eval[bool](tab, fmt.Sprintf(`(document.querySelector("#lahir").value = %q, true)`, tickets[4].BirthDate.Format(time.DateOnly)))
			tab.Submit(`form[action$="/daftar"] button`).Wait(".queue-alike")
		}},
		{name: "pkm-loket-hadir", path: room(p.AtDesk), do: func(tab *e2e.Tab) {
			tab.Fill("#cari", booked.Code).Press("\r").Wait(".queue-ended button")
		}},
		{name: "pkm-loket-hadir-mirip", path: room(p.AtDesk), do: func(tab *e2e.Tab) {
			tab.Fill("#cari", booked.Code).Press("\r").Wait(".queue-ended button").Submit(".queue-ended button").Wait(".queue-alike")
		}},
		{name: "pkm-tiket", path: "/meja/puskesmas/tiket/" + idText(tickets[4].ID)},
	}
	into["pkm-perawat"] = []screen{{path: "/meja/puskesmas/pengkajian", do: open}}
	into["pkm-farmasi"] = []screen{{name: "ruang-farmasi", path: room(p.AtDrugs)}}
	into["pkm-kapus"] = []screen{{path: "/meja/puskesmas/alamat-layar"}, {name: "kapus-ruang", path: room(p.Room1)}}
	into["tamu"] = append(into["tamu"], screen{name: "layar", path: "/layar/" + p.Board}, screen{name: "kios", path: "/kios/" + p.Kiosk},
		screen{name: "kios-nomor", path: "/kios/" + p.Kiosk, do: func(tab *e2e.Tab) { tab.Submit("form button").Wait(".paper-code") }})
}

// TestThroughTheHouse follows a patient from the desk over the doctor to the pharmacy;
// the board shows each call as it is told of it, and the log says how soon.
func TestThroughTheHouse(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]e2e.Option{"script": nil, "no script": {e2e.NoScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCity(t)
			p := c.Puskesmas(t)
			c.Work()
			board := e2e.Open(t, c.URL, e2e.TV).Go("/layar/"+p.Board).WaitText("#papan", "Belum ada")
			e2e.Eval[bool](board, `(XMLHttpRequest.prototype.send = () => {}, true)`) // it asks for nothing by itself
			kiosk := e2e.Open(t, c.URL, e2e.Tablet).Go("/kios/"+p.Kiosk).Submit("form button").WaitText(".paper-code", "L-001")
			kiosk.Sound()
			desk := func(h apptest.Hired, room string) *e2e.Tab {
				return e2e.Open(t, c.URL, append(options, e2e.Desktop)...).Go("/uji/masuk/" + idText(h.AccountID)).Go(room)
			}
			follows := func(words string, since time.Time) {
				t.Helper()
				board.WaitText("#papan", words)
				t.Logf("%q on the board after %s", words, time.Since(since)) // within a second if the machine does nothing else
			}
			loket := desk(p.Clerk, room(p.AtDesk))
			at := time.Now()
			loket.Submit(`form[action$="/panggil"] button`).WaitText(".queue-code", "L-001")
			follows("L-001\nLoket 1", at)
			loket.Go(room(p.AtDesk)+"?baru=1").Fill("#nama", "Sitti Nurhayati").Choose("#lahir", "1986-03-12")
			loket.Submit(`form[action$="/daftar"] button`).WaitText(".flash", "A-001")

			doctor := desk(p.Doc, room(p.Room1))
			at = time.Now()
			doctor.Submit(`form[action$="/panggil"] button`).WaitText(".queue-code", "A-001")
			follows("A-001\nRuang 1", at)
			doctor.Submit(`form:has(input[value="mulai"]) button`).WaitText("#kini", "Sedang dilayani")
			doctor.Submit(`.queue-forward button[value="`+idText(p.Pharmacy)+`"]`).WaitText(".flash", "F-001")

			drugs := desk(p.Chemist, room(p.AtDrugs)).WaitText("#antrean", "F-001")
			at = time.Now()
			drugs.Submit(`form[action$="/panggil"] button`).WaitText(".queue-code", "F-001")
			follows("F-001\nFarmasi 1", at)
			drugs.Submit(`form:has(input[value="selesai"]) button`).WaitText("#kini", "Belum memanggil")
			board.Sound()
			snap(board, "layar", "1920")
			if !e2e.Eval[bool](board, `(() => {
				const polis = document.querySelector(".layar-kotak");
				polis.innerHTML += polis.innerHTML + polis.innerHTML;
				dispatchEvent(new Event("resize"));
				return polis.children.length > 6 && document.documentElement.scrollHeight <= innerHeight;
			})()`) {
				t.Error("a board of many polis does not fit its television")
			}
		})
	}
}

// TestTheQueueByKeyboard has the desk give a returning patient a number, the doctor call,
// serve and send on, and the pharmacy end the visit, with hands on the keyboard alone.
func TestTheQueueByKeyboard(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.Puskesmas(t)
	was := p.Walk(t, "Rosmini Latif")
	p.Clock.Advance(24 * time.Hour)
	_, err := c.App.Queues.TakeKiosk(context.Background(), p.Kiosk, "orang-0001")
	c.must(err)
	strokes, began := 0, time.Now()
	at := func(h apptest.Hired, room string) *e2e.Tab {
		strokes, began = 0, time.Now()
		return e2e.Open(t, c.URL).Go("/uji/masuk/" + idText(h.AccountID)).Go(room)
	}
	alt := func(tab *e2e.Tab, key string) *e2e.Tab { strokes += 2; return tab.Alt(key) }
	press := func(tab *e2e.Tab, keys string) *e2e.Tab { strokes += len(keys); return tab.Press(keys) }
	// pace is how long the strokes take an ordinary typist.
	pace := func(what string, most time.Duration) {
		t.Helper()
		typing := time.Duration(strokes) * time.Minute / 280
		t.Logf("%s: %d keystrokes, %v of typing; the portal answered in %v", what, strokes, typing.Round(100*time.Millisecond), time.Since(began).Round(time.Millisecond))
		if typing > most {
			t.Errorf("%s: %d keystrokes take %v", what, strokes, typing)
		}
	}
	loket := at(p.Clerk, room(p.AtDesk))
	alt(loket, "p").WaitText(".queue-code", "L-001").Wait("#cari:focus")
	press(loket, fmt.Sprint(was.RecordNo)+"\r").Wait(`form[action$="/daftar"] input[type=radio]:focus`)
	press(loket, "\r").WaitText(".flash", "A-001")
	pace("the desk gives a number", 5*time.Second) // of the promised twenty

	doctor := at(p.Doc, room(p.Room1))
	alt(doctor, "p").WaitText(".queue-code", "A-001")
	alt(doctor, "l").WaitText("#kini", "Sedang dilayani")
	alt(doctor, e2e.Eval[string](doctor, fmt.Sprintf(`document.querySelector('.queue-forward button[value="%d"]').accessKey`, p.Pharmacy))).WaitText(".flash", "F-001")
	pace("the doctor serves", 3*time.Second)

	drugs := at(p.Chemist, room(p.AtDrugs))
	alt(drugs, "p").WaitText(".queue-code", "F-001")
	alt(drugs, "s").WaitText("#kini", "Belum memanggil")
	pace("the pharmacy ends", 2*time.Second)
}

// TestABoardSpeaksAndHeals: one tap turns the voice on, a call is said, and after the
// address was renewed the screen says that it is void.
func TestABoardSpeaksAndHeals(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.Puskesmas(t)
	c.Work()
	board := e2e.Open(t, c.URL, e2e.TV).Go("/layar/"+p.Board).WaitText("#suara", "Aktifkan suara")
	p.Walk(t, "Sitti Aminah")
	board.WaitText("#papan", "A-001") // a picture has come: what is called from now on is said
	e2e.Eval[bool](board, `(window.said = [], Audio.prototype, HTMLMediaElement.prototype.play = function () { said.push(this.src); setTimeout(() => this.onended && this.onended(), 5); return Promise.resolve(); }, true)`)
	board.Click("#suara").Wait(`#papan[data-suara="hidup"]`)
	_, err := c.App.Queues.Next(context.Background(), p.Actor(t, p.Doc.AccountID), p.Room1, 0)
	c.must(err)
	board.WaitText("#papan", "A-001\nRuang 1")
	said := e2e.Eval[[]string](board, `new Promise((done) => {
		const over = Date.now() + 20000, look = () => said.length > 8 || Date.now() > over ? done(said) : setTimeout(look, 20);
		look();
	})`)
	var words []string
	for _, s := range said {
		words = append(words, strings.TrimSuffix(s[strings.LastIndex(s, "/")+1:], ".mp3"))
	}
	if got := strings.Join(words, " "); got != "nomor-antrean nomor-antrean huruf-a satu ke poli umum ruang satu" {
		t.Errorf("the board said %q", got)
	}
	_, err = c.App.Queues.RenewBoard(context.Background(), p.Boss, p.Unit)
	c.must(err)
	e2e.Eval[bool](board, `dispatchEvent(new Event("online"))`) // now, instead of within 15 seconds
	board.WaitText("body", "tidak berlaku lagi")
}
