package mtrweb_test

import (
	"net/http"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/mtr"
)

// What is possible is done, what is not is named, and nobody does more than on the
// report's own page.
func TestOneActForSeveralReports(t *testing.T) {
	d := newDesk(t)
	one, two := d.file("LAMPU", false, false), d.file("LAMPU", true, false)
	lane := d.file("JALAN", false, false)
	d.exec(`UPDATE mtr_report SET extra = '{"kelas_jalan": "nasional"}' WHERE number = $1`, lane)
	queue := d.dispatcher.Get("/meja/mtr?antrean=verifikasi").Want(http.StatusOK)
	if n := queue.Doc.Find(`input[name=pilih][form=massal]`).Length(); n != 3 {
		t.Fatalf("%d reports can be chosen, want 3", n)
	}
	if p := queue.Submit("#massal", values("tindakan", "tanggapi", "alasan", "Terima kasih.")).Want(http.StatusUnprocessableEntity); !strings.Contains(p.Text("#tindakan-error"), "Belum ada laporan yang dipilih") || p.Text("#alasan") != "Terima kasih." {
		t.Errorf("with nothing chosen:\n%s", p.Text("main"))
	}
	if p := queue.Submit("#massal", values("tindakan", "tanggapi", "pilih", two)).Want(http.StatusUnprocessableEntity); !strings.Contains(p.Text("#alasan-error"), "Tulis tanggapan") || p.Doc.Find("input[name=pilih][checked]").AttrOr("value", "") != two {
		t.Errorf("without words:\n%s", p.Text("main"))
	}
	v := values("tindakan", "teruskan", "antrean", "verifikasi", "pilih", one, "pilih", two, "pilih", lane, "pilih", "MTR-26-999999")
	p := d.dispatcher.Post("/meja/mtr/massal", v).Want(http.StatusOK)
	if text := p.Text("body"); !strings.Contains(text, "2 laporan diteruskan") || !strings.Contains(text, "2 laporan tidak.") || !strings.Contains(text, lane+": Rutenya ke instansi lain: Balai Besar") {
		t.Errorf("after forwarding:\n%s", text)
	}
	d.status(one, mtr.Forwarded)
	d.status(two, mtr.Forwarded)
	d.status(lane, mtr.Received)
	// Again, and by somebody who has no part in them.
	if p := d.dispatcher.Post("/meja/mtr/massal", v).Want(http.StatusOK); !strings.Contains(p.Text("body"), "4 laporan tidak.") {
		t.Errorf("a second time:\n%s", p.Text("body"))
	}
	answer := values("tindakan", "tanggapi", "antrean", "masuk", "pilih", one, "pilih", two, "alasan", "Regu kami berangkat besok pagi.")
	if p := d.stranger.Post("/meja/mtr/massal", answer).Want(http.StatusOK); !strings.Contains(p.Text("body"), "2 laporan tidak.") {
		t.Errorf("a stranger:\n%s", p.Text("body"))
	}
	if p := d.head.Post("/meja/mtr/massal", answer).Want(http.StatusOK); !strings.Contains(p.Text("body"), "2 laporan ditanggapi.") {
		t.Errorf("the unit's head:\n%s", p.Text("body"))
	}
	if p := d.page(d.head, one); !strings.Contains(p.Text("main"), "Regu kami berangkat besok pagi.") {
		t.Error("the answer is not on the report's page")
	}
	// What is held is let through or refused together, by moderators.
	held := []string{d.file("LAMPU", false, true), d.file("LAMPU", false, true), d.file("LAMPU", false, true)}
	ads := values("tindakan", "tolak", "antrean", "tertahan", "pilih", held[0], "pilih", held[1], "alasan", "Ini iklan, bukan laporan.")
	ads.Set("antrean", "masuk")
	if p := d.head.Post("/meja/mtr/massal", ads).Want(http.StatusOK); !strings.Contains(p.Text("body"), "2 laporan tidak.") {
		t.Errorf("the unit's head on held reports:\n%s", p.Text("body"))
	}
	queue = d.moderator.Get("/meja/mtr?antrean=tertahan").Want(http.StatusOK)
	ads.Set("antrean", "tertahan")
	if p := queue.Submit("#massal", ads).Want(http.StatusOK); !strings.Contains(p.Text("body"), "2 laporan ditolak.") {
		t.Errorf("refused:\n%s", p.Text("body"))
	}
	if p := queue.Submit("#massal", values("tindakan", "lepas", "pilih", held[2], "alasan", "Wajar.")).Want(http.StatusOK); !strings.Contains(p.Text("body"), "1 laporan dilepaskan.") {
		t.Errorf("let through:\n%s", p.Text("body"))
	}
	d.status(held[1], mtr.Rejected)
	d.status(held[2], mtr.Received)
	d.head.Post("/meja/mtr/massal", values("tindakan", "hapus", "pilih", one, "alasan", "x")).Want(http.StatusBadRequest)
	many := values("tindakan", "catat", "alasan", "x")
	for range 101 {
		many.Add("pilih", one)
	}
	if p := d.head.Post("/meja/mtr/massal", many).Want(http.StatusUnprocessableEntity); !strings.Contains(p.Text("body"), "Paling banyak 100") {
		t.Errorf("too many:\n%s", p.Text("body"))
	}
}
