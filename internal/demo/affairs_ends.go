package demo

import (
	"bytes"
	"context"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// sentBack: a draft that lies on its drafter's desk again.
func (c *city) sentBack(f *affair) {
	dpu := c.by["DPU"]
	x := f.drafts(&mail{from: dpu, to: []*bureau{c.by["DISHUB"]}, urg: eoffice.Urgent, what: topic{"SD", "600.1", "Penutupan sementara Jalan Cendrawasih",
		"Sehubungan dengan perbaikan gorong-gorong, mohon bantuan penutupan sementara Jalan Cendrawasih."}})
	f.then(40, "send back", x.read(dpu.officer, func(ctx context.Context) error {
		return x.m.Return(ctx, dpu.officer, eoffice.Act{ID: x.id, Reason: "Sebutkan tanggal, jam, dan jalan penggantinya."})
	}))
}

// withdrawn: a letter that its drafter takes back before anybody signs it.
func (c *city) withdrawn(f *affair) {
	dpu := c.by["DPU"]
	x := f.drafts(&mail{from: dpu, to: []*bureau{c.by["DLH"]}, what: topic{"SD", "600.1", "Peminjaman truk sampah", "Mohon peminjaman dua truk sampah untuk pengangkutan sedimen."}})
	f.then(60, "withdraw", func(ctx context.Context) error {
		return x.m.Withdraw(ctx, dpu.drafter, eoffice.Act{ID: x.id, Reason: "Truk sudah tersedia dari UPT alat berat."})
	})
}

// notTheirs: a letter that comes back, because its addressee has nothing to do with it.
func (c *city) notTheirs(f *affair) {
	to := c.by["DINSOS"]
	x := f.writes(&mail{from: c.by["DPU"], to: []*bureau{to}, what: topic{"SD", "600.1", "Perbaikan tiang lampu Jalan Mappanyukki",
		"Mohon perbaikan tiang lampu yang miring di Jalan Mappanyukki."}})
	f.takeIn(x, to)
	f.then(30, "give back at "+to.code, func(ctx context.Context) error {
		r, err := x.at(ctx, to.clerk, to)
		if err != nil {
			return err
		}
		return x.m.GiveBack(ctx, to.clerk, r.ID, "Lampu jalan bukan urusan Dinas Sosial; mohon dikirim kepada Dinas Perhubungan.")
	})
}

// byPost: a letter to somebody outside the city's offices; what proves that it came is there or
// still to come.
func (c *city) byPost(f *affair, proved bool) {
	dpu := c.by["DPU"]
	x := f.writes(&mail{from: dpu, post: []eoffice.Addressee{{Name: "Kepala Balai Besar Wilayah Sungai Pompengan Jeneberang", Address: "Jalan Sekolah Guru Perawat, Makassar"}},
		what: topic{"SD", "600.1", "Permintaan data tinggi muka air Sungai Tallo", "Mohon data tinggi muka air Sungai Tallo tiga tahun terakhir sebagai bahan perencanaan drainase."}})
	f.then(30, "post", x.send)
	if !proved {
		return
	}
	f.then(400, "prove", func(ctx context.Context) error {
		d, err := x.m.Open(ctx, dpu.clerk, x.id)
		if err != nil {
			return err
		}
		day := d.StatusAt
		slip, err := naskah.Render(naskah.Document{Head: naskah.Head{Lines: []string{"TANDA TERIMA SURAT"}}, Title: "Tanda terima", Unnumbered: true, Place: eoffice.City, Date: day, Created: day,
			Subject: "Tanda terima", Blocks: []naskah.Block{naskah.Paragraph{Text: "Telah diterima satu sampul dari Dinas Pekerjaan Umum Kota Makassar oleh bagian tata usaha."}}})
		if err != nil {
			return err
		}
		return x.m.Prove(ctx, dpu.clerk, d.Recipients[0].ID, []eoffice.Upload{{Name: "Tanda terima.pdf", Upload: bytes.NewReader(slip)}})
	})
}

// calledOff: of two orders one is called back before anybody read it, and the other is closed
// because the matter is settled.
func (c *city) calledOff(f *affair) {
	dpu := c.by["DPU"]
	x := f.writes(&mail{from: c.by["DTR"], to: []*bureau{dpu}, what: topic{"SD", "600.1", "Rencana kunjungan lapangan Kanal Sinrijala", "Mohon pendampingan pada kunjungan lapangan di Kanal Sinrijala."}})
	f.takeIn(x, dpu)
	f.gives(x, dpu, dpu.head, "", wish{name: "kabid", to: dpu.officer, lead: true, note: "Dampingi kunjungannya."}, wish{name: "tu", to: dpu.clerk, note: "Siapkan kendaraannya."})
	f.acts(x, "tu", dpu.head, eoffice.ActCancel, "")
	f.opens(x, dpu.officer)
	f.acts(x, "kabid", dpu.head, eoffice.ActClose, "Kunjungan dibatalkan oleh Dinas Penataan Ruang.")
}
