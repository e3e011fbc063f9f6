package epuskesmasweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

func room(id int64) string { return fmt.Sprint("/meja/puskesmas/ruang/", id) }

// acts are the forms of a room: by what they send and to where.
func step(action epuskesmas.Action) string {
	return `form[action$="/langkah"]:has(input[name=aksi][value="` + string(action) + `"])`
}

func openHouse(t *testing.T) *apptest.Puskesmas {
	t.Helper()
	t.Parallel()
	return apptest.New(t).Puskesmas(t)
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func contains(t *testing.T, p *apptest.Page, selector, want string) {
	t.Helper()
	if got := p.Text(selector); !strings.Contains(got, want) {
		t.Errorf("%s at %s says %q, want %q", selector, p.URL.Path, got, want)
	}
}

// A patient from the door to the medicine, as everybody's pages show them, without
// JavaScript.
func TestThroughTheHouseByHand(t *testing.T) {
	p := openHouse(t)
	door := p.Client(t)
	slip := door.Get("/kios/"+p.Kiosk).Want(http.StatusOK).Submit("form", nil).Want(http.StatusOK)
	contains(t, slip, ".paper-code", "L-001")

	clerk := p.SignedIn(t, p.Clerk.AccountID)
	desk := clerk.Get(room(p.AtDesk)).Want(http.StatusOK)
	contains(t, desk, "#antrean", "L-001")
	desk = desk.Submit(`form[action$="/panggil"]`, nil).Want(http.StatusOK)
	contains(t, desk, ".queue-code", "L-001")

	// Nobody is found, so they are new; wrong answers keep what was typed.
	none := desk.Submit(`form[action$="/cari"]`, values("cari", "Rahmawati")).Want(http.StatusOK)
	contains(t, none, "main", "Tidak ada pasien yang cocok")
	blank := clerk.Get(room(p.AtDesk) + "?baru=1").Want(http.StatusOK)
	wrong := blank.Submit(`form[action$="/daftar"]`, values("nama", "Siti Rahmawati", "lahir", "1986-03-12", "nik", "123")).Want(http.StatusUnprocessableEntity)
	contains(t, wrong, "main", "16 angka")
	if got := wrong.Doc.Find("#nama").AttrOr("value", ""); got != "Siti Rahmawati" {
		t.Errorf("the name typed is %q", got)
	}
	desk = wrong.Submit(`form[action$="/daftar"]`, values("nik", "", "lahir", "1986-03-12", "faskes", "Puskesmas Kassi-Kassi")).Want(http.StatusOK)
	contains(t, desk, ".flash", "A-001")
	if strings.Contains(desk.URL.String(), "Siti") {
		t.Errorf("a name in the address %s", desk.URL)
	}
	paper := clerk.Get(desk.Doc.Find(`a[href*="/tiket/"]`).AttrOr("href", "")).Want(http.StatusOK)
	contains(t, paper, ".paper-code", "A-001")

	nurse := p.SignedIn(t, p.Nurse.AccountID)
	triage := nurse.Get("/meja/puskesmas/pengkajian").Want(http.StatusOK)
	contains(t, triage, "main", "A-001")
	bad := triage.Submit("form:has(select)", values("kelas", "darurat", "alasan", "")).Want(http.StatusUnprocessableEntity)
	contains(t, bad, "main", "alasan gawat darurat")
	triage = bad.Submit("form:has(select)", values("kelas", "Ibu hamil")).Want(http.StatusOK)
	contains(t, triage, ".queue-triage", "Ibu hamil")
	triage = triage.Submit(`.queue-triage > li > form`, nil).Want(http.StatusOK)
	contains(t, triage, "main", "Semua sudah dikaji")

	doctor := p.SignedIn(t, p.Doc.AccountID)
	r := doctor.Get(room(p.Room1)).Want(http.StatusOK)
	r = r.Submit(`form[action$="/dokter"]`, nil).Want(http.StatusOK)
	contains(t, r, ".queue-duty", "dr. Aulia Rahman")
	short := r.Submit(".queue-pop form", values("alasan", "xx", "aksi", "jeda")).Want(http.StatusUnprocessableEntity)
	if got := short.Doc.Find("#alasan-dokter").AttrOr("value", ""); got != "xx" {
		t.Errorf("the reason typed is %q", got)
	}
	r = r.Submit(`form[action$="/panggil"]`, nil).Want(http.StatusOK)
	contains(t, r, ".queue-code", "A-001")
	contains(t, r, ".queue-now", "Ibu hamil")
	contains(t, p.Client(t).Get("/layar/"+p.Board).Want(http.StatusOK), "#papan", "A-001 Ruang 1")
	early := r.Submit(step(epuskesmas.ActNoShow), nil).Want(http.StatusOK)
	contains(t, early, ".flash", "panggil tiga kali")
	r = early.Submit(step(epuskesmas.ActServe), nil).Want(http.StatusOK)
	contains(t, r, "#kini", "Sedang dilayani sejak 09.00")
	empty := r.Submit("details "+step(epuskesmas.ActRefer), nil).Want(http.StatusUnprocessableEntity)
	contains(t, empty, "main", "3 sampai 200 huruf")
	r = doctor.Post(room(p.Room1)+"/lanjut", values("tiket", val(r, "tiket"), "urutan", val(r, "urutan"), "poli", fmt.Sprint(p.Pharmacy))).Want(http.StatusOK)
	contains(t, r, ".flash", "F-001 di Farmasi")
	r = r.Submit(step(epuskesmas.ActUndo), nil).Want(http.StatusOK)
	contains(t, r, "#kini", "Sedang dilayani")

	chemist := p.SignedIn(t, p.Chemist.AccountID)
	drugs := chemist.Get(room(p.AtDrugs)).Want(http.StatusOK).Submit(`form[action$="/panggil"]`, nil).Want(http.StatusOK)
	contains(t, drugs, ".queue-code", "F-001")
	drugs = drugs.Submit(step(epuskesmas.ActFinish), nil).Want(http.StatusOK)
	contains(t, drugs, "#kini", "Belum memanggil siapa pun")
	none = drugs.Submit(`form[action$="/panggil"]`, nil).Want(http.StatusOK)
	contains(t, none, ".flash", "Belum ada yang menunggu")
	contains(t, drugs, "main", "F-001 selesai")
	refused := drugs.Submit(`.queue-session`, nil).Want(http.StatusOK)
	contains(t, refused, ".flash", "Sesi ditutup")
	contains(t, refused.Submit(".queue-session", nil).Want(http.StatusOK), ".flash", "dibuka lagi")
}

// val is what a hidden control of the page holds first.
func val(p *apptest.Page, name string) string {
	return p.Doc.Find(`.queue-now input[name="`+name+`"]`).First().AttrOr("value", "")
}

// What somebody else did in the meantime is said in words.
func TestTwoRoomsTellEachOther(t *testing.T) {
	p := openHouse(t)
	p.Walk(t, "Sitti Aminah")
	doctor, nurse := p.SignedIn(t, p.Doc.AccountID), p.SignedIn(t, p.Nurse.AccountID)
	one := doctor.Get(room(p.Room1)).Submit(`form[action$="/panggil"]`, nil).Want(http.StatusOK)
	stale := nurse.Get(room(p.Room1)).Want(http.StatusOK)
	one.Submit(step(epuskesmas.ActServe), nil).Want(http.StatusOK)
	told := stale.Submit(step(epuskesmas.ActSkip), nil).Want(http.StatusOK)
	contains(t, told, ".flash", "Nomor A-001 sedang dilayani Ruang 1")
}

// A returning patient is two fields away from their number.
func TestAReturningPatientIsQuick(t *testing.T) {
	p := openHouse(t)
	was := p.Walk(t, "Rosmini Latif")
	p.Clock.Advance(24 * time.Hour)
	clerk := p.SignedIn(t, p.Clerk.AccountID)
	found := clerk.Get(room(p.AtDesk)).Submit(`form[action$="/cari"]`, values("cari", fmt.Sprint(was.RecordNo))).Want(http.StatusOK)
	contains(t, found, "form[action$='/daftar']", "Poli Umum")
	if strings.Contains(found.URL.RawQuery, "cari") {
		t.Errorf("what was searched for stands in the address: %s", found.URL)
	}
	again := found.Submit(`form[action$="/daftar"]`, nil).Want(http.StatusOK)
	contains(t, again, ".flash", "Nomor A-001")
	twice := found.Submit(`form[action$="/daftar"]`, nil).Want(http.StatusOK)
	contains(t, twice, ".flash", "Nomor A-001") // the same form sent again
	second := clerk.Get(found.URL.RequestURI()).Submit(`form[action$="/daftar"]`, nil).Want(http.StatusConflict)
	contains(t, second, "main", "sudah punya nomor")
}

// Who looks like somebody known is not entered as new without a word: one click takes the
// one who is known, another goes on, and Enter among the answers only looks again.
func TestTheDeskIsWarnedOfTwins(t *testing.T) {
	p := openHouse(t)
	was := p.Walk(t, "Rosmini Latif")
	var born time.Time
	if err := p.Pool.QueryRow(t.Context(), `SELECT birth_date FROM epuskesmas_patient`).Scan(&born); err != nil {
		t.Fatal(err)
	}
	p.Clock.Advance(24 * time.Hour)
	clerk := p.SignedIn(t, p.Clerk.AccountID)
	blank := func() *apptest.Page { return clerk.Get(room(p.AtDesk) + "?baru=1").Want(http.StatusOK) }
	newcomer := values("nama", "Rosmini Latief", "lahir", born.Format(time.DateOnly), "faskes", "Puskesmas Kassi-Kassi")
	warned := blank().Submit(`form[action$="/daftar"]:has(#nama)`, newcomer).Want(http.StatusConflict)
	contains(t, warned, ".queue-alike", fmt.Sprintf("RM %06d", was.RecordNo))
	if got := warned.Doc.Find("#nama").AttrOr("value", ""); got != "Rosmini Latief" {
		t.Errorf("the name typed is %q", got)
	}
	warned.Submit(`form[action$="/daftar"]:has(#nama)`, nil).Want(http.StatusConflict)
	const choose = `.queue-alike form`
	id := warned.Doc.Find(choose+` button[name=pasien]`).First().AttrOr("value", "")
	taken := warned.Submit(choose, values("pasien", id)).Want(http.StatusOK)
	contains(t, taken, ".flash", fmt.Sprintf("A-001 di Poli Umum, nomor rekam medis %06d", was.RecordNo))
	warned = blank().Submit(`form[action$="/daftar"]:has(#nama)`, newcomer).Want(http.StatusConflict)
	contains(t, warned, ".queue-alike", "Hari ini sudah punya A-001")
	seen := warned.Doc.Find(choose+` button[name=dilihat]`).AttrOr("value", "")
	entered := warned.Submit(choose, values("dilihat", seen)).Want(http.StatusOK)
	contains(t, entered, ".flash", fmt.Sprintf("A-002 di Poli Umum, nomor rekam medis %06d", was.RecordNo+1))
}

func TestScreensOfAPuskesmas(t *testing.T) {
	p := openHouse(t)
	head := p.SignedIn(t, p.Head.AccountID)
	page := head.Get("/meja/puskesmas/alamat-layar").Want(http.StatusOK)
	contains(t, page, "main", "/layar/"+p.Board)
	page = page.Submit(`form:has(input[value=layar])`, nil).Want(http.StatusOK)
	if strings.Contains(page.Text("main"), p.Board) {
		t.Error("the old address is still shown")
	}
	stranger := p.Client(t)
	for _, path := range []string{"/layar/" + p.Board, "/layar/" + p.Board + "/isi", "/layar/" + p.Board + "/perubahan", "/kios/" + p.Board, "/layar/" + p.Kiosk, "/layar/x"} {
		stranger.Get(path).Want(http.StatusNotFound)
	}
	p.Walk(t, "Daeng Tompo")
	board := stranger.Get(strings.TrimPrefix(page.Text(".queue-address a"), p.URL)[:len("/layar/")+22]).Want(http.StatusOK)
	if strings.Contains(board.Text("body"), "Tompo") {
		t.Error("the board names somebody")
	}
	contains(t, board, "#papan", "A-001")
	contains(t, head.Get("/meja/puskesmas").Want(http.StatusOK), "main", "1 menunggu")
	contains(t, head.Get("/meja").Want(http.StatusOK), "main", "Antrean Puskesmas Kassi-Kassi")
}

// Who does not work here sees nothing; who does, does what is theirs.
func TestWhoSeesTheQueue(t *testing.T) {
	p := openHouse(t)
	ticket := p.Walk(t, "Sitti Aminah")
	elsewhere := p.Hire(t, apptest.Staff{Email: "lain@puskesmas.example", Name: "Lain", UnitCode: "PKM-MAMAJANG",
		Permissions: []authz.Permission{epuskesmas.PermDesk, epuskesmas.PermCall, epuskesmas.PermTriage, epuskesmas.PermManage}})
	clients := map[string]*apptest.Client{
		"loket": p.SignedIn(t, p.Clerk.AccountID), "perawat": p.SignedIn(t, p.Nurse.AccountID), "dokter": p.SignedIn(t, p.Doc.AccountID),
		"kapus": p.SignedIn(t, p.Head.AccountID), "lain": p.SignedIn(t, elsewhere.AccountID),
		"warga": p.SignedIn(t, p.Citizen(t, "warga@uji.example", "Warga")),
	}
	all := []string{"loket", "perawat", "dokter", "kapus"}
	for path, may := range map[string][]string{
		room(p.Room1): all, room(p.AtDesk): all, "/meja/puskesmas?di=kassi-kassi": all,
		"/meja/puskesmas/pengkajian?di=kassi-kassi": {"loket", "perawat", "dokter"}, "/meja/puskesmas/alamat-layar?di=kassi-kassi": {"kapus"},
		fmt.Sprint("/meja/puskesmas/tiket/", ticket.ID): all,
	} {
		for who, c := range clients {
			want := http.StatusNotFound
			if slices.Contains(may, who) {
				want = http.StatusOK
			}
			if got := c.Get(path); got.Status != want {
				t.Errorf("%s by %s: %d, want %d", path, who, got.Status, want)
			}
		}
	}
	body := values("tiket", fmt.Sprint(ticket.ID), "urutan", "1", "aksi", "selesai", "poli", fmt.Sprint(p.Lab), "sesi", "1", "dokter", "1", "cari", "siti", "kelas", "biasa")
	for _, path := range []string{room(p.Room1) + "/panggil", room(p.Room1) + "/langkah", room(p.Room1) + "/lanjut", room(p.Room1) + "/dokter", room(p.Room1) + "/sesi",
		room(p.AtDesk) + "/cari", room(p.AtDesk) + "/daftar", "/meja/puskesmas/pengkajian?di=kassi-kassi", "/meja/puskesmas/alamat-layar?di=kassi-kassi"} {
		for _, who := range []string{"lain", "warga"} {
			if got := clients[who].Post(path, body); got.Status != http.StatusNotFound {
				t.Errorf("POST %s by %s: %d", path, who, got.Status)
			}
		}
	}
	var status string
	if err := p.Pool.QueryRow(t.Context(), `SELECT status FROM epuskesmas_ticket WHERE id = $1`, ticket.ID).Scan(&status); err != nil || status != "menunggu" {
		t.Errorf("after all that the ticket is %s (%v)", status, err)
	}
}

// Every word that a board may say has its clip.
func TestEveryWordHasItsClip(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	for word := range epuskesmas.Clips() {
		p := c.Get("/static/suara/" + word + ".mp3")
		if got := p.Header.Get("Content-Type"); p.Status != http.StatusOK || got != "audio/mpeg" {
			t.Errorf("%s: %d %s; run scripts/suara.sh", word, p.Status, got)
		}
	}
}

// Who booked from afar shows the code of the ticket, says the number, or is looked up by
// name; one key checks them in, once it is clear who they are.
func TestTheDeskReceivesWhoBooked(t *testing.T) {
	p := openHouse(t)
	was := p.Walk(t, "Rosmini Latif")
	var born time.Time
	if err := p.Pool.QueryRow(t.Context(), `SELECT birth_date FROM epuskesmas_patient`).Scan(&born); err != nil {
		t.Fatal(err)
	}
	p.Clock.Advance(24 * time.Hour)
	sessions, err := p.App.Queues.Sessions(t.Context(), p.Clinic)
	if err != nil {
		t.Fatal(err)
	}
	booked, err := p.App.Queues.Book(t.Context(), authz.Actor{}, epuskesmas.Booking{PoliID: p.Clinic, StartsAt: sessions[0].StartsAt, Name: "Rosmini Latief",
		BirthDate: born, Payer: epuskesmas.JKN, Contact: "rosmini@portal.example", Origin: epuskesmas.OriginOnline})
	if err != nil {
		t.Fatal(err)
	}
	clerk := p.SignedIn(t, p.Clerk.AccountID)
	desk := clerk.Get(room(p.AtDesk)).Want(http.StatusOK)
	for _, text := range []string{"http://portal.example/antrean/" + booked.Token, booked.Ticket.Code, "Rosmini Latief"} {
		found := desk.Submit(`form[action$="/cari"]`, values("cari", text)).Want(http.StatusOK)
		contains(t, found, ".queue-ended", "Sudah punya nomor "+booked.Ticket.Code)
		if strings.Contains(found.URL.String(), booked.Token) || found.Doc.Find(`.queue-ended button[autofocus]`).Length() != 1 {
			t.Errorf("%q leads to %s", text, found.URL)
		}
	}
	found := desk.Submit(`form[action$="/cari"]`, values("cari", booked.Ticket.Code)).Want(http.StatusOK)
	asked := found.Submit(step(epuskesmas.ActCheckIn), nil).Want(http.StatusConflict)
	contains(t, asked, ".queue-alike", fmt.Sprintf("RM %06d", was.RecordNo))
	contains(t, asked, ".queue-alike", booked.Ticket.Code+" Rosmini Latief")
	id := asked.Doc.Find(`.queue-alike button[name=pasien]`).First().AttrOr("value", "")
	received := asked.Submit(".queue-alike form", values("pasien", id)).Want(http.StatusOK)
	contains(t, received, ".flash", "Kehadiran tercatat")
	again := clerk.Get(room(p.Room1)).Want(http.StatusOK)
	contains(t, again, "#antrean .queue-list", booked.Ticket.Code)
	contains(t, again, "#antrean .queue-list", "Rosmini Latif menunggu")

	// Who checks in from the phone is asked before they go home.
	alone, err := p.App.Queues.Book(t.Context(), authz.Actor{}, epuskesmas.Booking{PoliID: p.Clinic, StartsAt: sessions[0].StartsAt, Name: "Rosmini Latif B",
		BirthDate: born, Payer: epuskesmas.JKN, Contact: "latif@portal.example", Origin: epuskesmas.OriginOnline})
	if err != nil {
		t.Fatal(err)
	}
	p.Client(t).Get("/antrean/"+alone.Token).Submit(`form[action$="/hadir"]`, nil).Want(http.StatusOK)
	desk = clerk.Get(room(p.AtDesk)).Want(http.StatusOK)
	contains(t, desk, "#antrean details", "Perlu dicocokkan (1)")
	asked = desk.Submit("#antrean details "+step("cocokkan"), nil).Want(http.StatusConflict)
	contains(t, asked, ".queue-alike", fmt.Sprintf("RM %06d", was.RecordNo))
	seen := asked.Doc.Find(`.queue-alike button[name=dilihat]`).AttrOr("value", "")
	desk = asked.Submit(".queue-alike form", values("dilihat", seen)).Want(http.StatusOK)
	contains(t, desk, ".flash", "sudah dicocokkan")
	if strings.Contains(desk.Text("#antrean"), "Perlu dicocokkan") {
		t.Error("who was asked about is to be asked again")
	}
}
