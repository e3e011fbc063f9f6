package e2e_test

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/mtr"
)

// cable is the network between a phone and the portal: an address that reaches the portal
// until it is cut, and again once it is mended.
type cable struct {
	t       *testing.T
	address string // of this end
	to      string
	mu      sync.Mutex
	end     net.Listener
	open    []net.Conn
}

func layCable(t *testing.T, portal string) *cable {
	t.Helper()
	c := &cable{t: t, address: "127.0.0.1:0", to: strings.TrimPrefix(portal, "http://")}
	c.mend()
	t.Cleanup(c.cut)
	return c
}

func (c *cable) mend() {
	c.t.Helper()
	end, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", c.address)
	if err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end, c.address = end, end.Addr().String()
	go func() {
		for {
			near, err := end.Accept()
			if err != nil {
				return // cut
			}
			go c.carry(near)
		}
	}()
}

func (c *cable) carry(near net.Conn) {
	far, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", c.to)
	if err != nil {
		near.Close()
		return
	}
	c.mu.Lock()
	c.open = append(c.open, near, far)
	c.mu.Unlock()
	go func() { _, _ = io.Copy(far, near); far.Close() }() // either end may be cut at any moment
	_, _ = io.Copy(near, far)
	near.Close()
}

func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end.Close()
	for _, conn := range c.open {
		conn.Close()
	}
	c.open = nil
}

// TestReportsWithoutNetwork writes two reports with photos while the network is cut, closes
// the browser, opens it again with network: two reports arrive, by themselves, and stay two
// when they are sent once more.
func TestReportsWithoutNetwork(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	line, profile := layCable(t, c.URL), t.TempDir()
	base := "http://" + line.address
	tab, closeBrowser := e2e.Reopen(t, base, profile, e2e.Phone)
	// Whoever has looked at the portal once is ready.
	tab.Go("/")
	e2e.Eval[bool](tab, `navigator.serviceWorker.ready.then(() => true)`)
	line.cut()

	tab.Go("/lacak").WaitText("h1", "Anda sedang luring").Sound()
	tab.Go("/mtr/lapor").Wait("form[data-luring]").WaitText("h1", "Lapor tanpa jaringan").Sound()
	tab.Click("form[data-luring] button[type=submit]").WaitText("[data-luring-galat]", "Pilih satu: apa masalahnya?")
	titles := []string{"Lampu jalan mati di Karebosi", "Sampah menumpuk di lorong dua"}
	keys := `new Promise((done) => { const r = indexedDB.open("luring"); r.onsuccess = () => {
		const all = r.result.transaction("kiriman").objectStore("kiriman").getAllKeys();
		all.onsuccess = () => { r.result.close(); done(all.result.join(" ")); }; }; })`
	for i, title := range titles {
		tab.Upload("#foto", photoFile(t, "foto.jpg", 1200, uint64(i+11))).Wait(".photos li:not([data-busy]) img")
		tab.Check([]string{"Lampu jalan mati", "Sampah"}[i])
		if i == 0 {
			e2e.Eval[bool](tab, `(() => {
				const asked = [...document.querySelectorAll("fieldset[data-category]:enabled label")].find((l) => l.innerText.trim().startsWith("Tidak ada"));
				asked.control.click();
				return asked.control.checked;
			})()`)
		}
		tab.Fill("#judul", title).Fill("#uraian", "Sudah tiga hari begini, tolong dilihat.")
		area := c.areas[0]
		tab.ChooseText("#kelurahan-kelompok", strings.TrimPrefix(area.KecamatanName, "Kecamatan ")).ChooseText("#kelurahan", area.Name)
		tab.Fill("#patokan", "Depan masjid")
		tab.Click("form[data-luring] button[type=submit]").WaitText("[data-luring-daftar]", title)
	}
	tab.WaitText("[data-luring-daftar]", "Menunggu jaringan.").Sound()
	snap(tab, "luring-menunggu", "360-light")
	sent := strings.Fields(e2e.Eval[string](tab, keys))
	if len(sent) != 2 {
		t.Fatalf("the phone keeps %v, want two reports", sent)
	}
	closeBrowser()
	if got := c.count("mtr_report"); got != 0 {
		t.Fatalf("%d reports arrived without network", got)
	}

	line.mend()
	tab, _ = e2e.Reopen(t, base, profile, e2e.Phone)
	tab.Go("/mtr/lapor/luring")
	for _, title := range titles {
		tab.WaitText("[data-luring-daftar]", title)
	}
	tab.WaitText("[data-luring-daftar] li:nth-child(2)", "Terkirim").WaitText("[data-luring-daftar] li", "Terkirim").Sound()
	snap(tab, "luring-terkirim", "360-light")
	if reports, photos := c.count("mtr_report"), c.count("mtr_photo WHERE report_id IS NOT NULL"); reports != 2 || photos != 2 {
		t.Fatalf("%d reports with %d photos arrived, want 2 with 2", reports, photos)
	}
	// An answer may be lost on its way: the phone sends again.
	again := e2e.Eval[string](tab, `(async () => {
		const body = new FormData();
		body.append("kunci", "`+sent[0]+`");
		return (await (await fetch("/mtr/lapor/luring", {method: "POST", body})).json()).nomor;
	})()`)
	if list := tab.Text("[data-luring-daftar]"); again == "" || !strings.Contains(list, again) || c.count("mtr_report") != 2 {
		t.Fatalf("sent again it is %q, the phone knows %s", again, list)
	}
	tab.Click("[data-luring-daftar] a")
	tab.WaitText("#keadaan", mtr.Received.Label())
	if e2e.Eval[int](tab, `caches.keys().then(async (names) => {
		let n = 0;
		for (const name of names) for (const r of await (await caches.open(name)).keys()) if (/\d{6}\//.test(r.url)) n++;
		return n;
	})`) != 0 {
		t.Fatal("the phone keeps somebody's page")
	}
}

// TestTasksWithoutNetwork takes a field officer's tasks along, hands in a proof while the
// network is cut, and signs out.
func TestTasksWithoutNetwork(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	number := c.stages().working.Number
	line := layCable(t, c.URL)
	tab, _ := e2e.Reopen(t, "http://"+line.address, t.TempDir(), e2e.Phone)
	tab.Go("/uji/masuk/"+idText(c.accounts["petugas"])).Go("/meja/mtr/rute").WaitText("[data-round]", number)
	e2e.Eval[bool](tab, `navigator.serviceWorker.ready.then(() => true)`)
	tab.Click("[data-round-take]").WaitText("[data-round-says]", "tersimpan di HP ini")
	line.cut()

	tab.Go("/meja/mtr").WaitText("h1", "Tugas di lapangan").WaitText("[data-field-tasks]", number)
	e2e.Eval[bool](tab, `[...document.querySelectorAll("[data-field-tasks] > li")].every((li) => { const d = li.querySelector("details"); if (!li.innerText.includes("`+number+`")) li.remove(); else d.open = true; return true; })`)
	tab.Click("[data-field-tasks] form button[type=submit]").WaitText("[data-field-tasks] [data-problem]", "Tambahkan paling sedikit satu foto")
	tab.Upload("[data-field-tasks] input[data-photo]", photoFile(t, "selesai.jpg", 1200, 21)).Wait("[data-field-tasks] .photos li:not([data-busy]) img")
	tab.Fill("[data-field-tasks] textarea", "Tiga lampu sudah diganti.").Sound()
	snap(tab, "lapangan", "360-light")
	tab.Click("[data-field-tasks] form button[type=submit]").WaitText("[data-field-kept]", "Menunggu jaringan.")
	if got := c.count("mtr_report WHERE number = '" + number + "' AND status = 'menunggu_validasi'"); got != 0 {
		t.Fatal("a proof arrived without network")
	}
	line.mend()
	tab.Go("/mtr/lapangan").WaitText("[data-field-kept]", "Terkirim").Sound()
	if !e2e.Eval[bool](tab, `[...document.querySelectorAll("[data-field-tasks] > li")].every((li) => li.querySelector("details").hidden === li.innerText.includes("`+number+`"))`) {
		t.Error("what was handed over is asked for again")
	}
	snap(tab, "lapangan-terkirim", "360-light")
	if got := c.count("mtr_report WHERE number = '" + number + "' AND status = 'menunggu_validasi'"); got != 1 {
		t.Fatal("the proof did not arrive")
	}
	tab.Go("/").Click(".phone-nav summary").Submit(".phone-nav form[action='/keluar'] button")
	tab.Go("/mtr/lapangan").WaitText("[data-field-age]", "Belum ada tugas yang dibawa")
}

func (c *city) count(from string) int {
	c.t.Helper()
	var n int
	c.must(c.Pool.QueryRow(context.Background(), "SELECT count(*) FROM "+from).Scan(&n))
	return n
}
