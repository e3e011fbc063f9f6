package e2e_test

import (
	"context"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// planners are those of Bappeda to whom its head gives dispositions.
type planners struct{ bidang, economy, section, expert authz.Actor }

func (b *bureau) planners() (p planners) {
	b.t.Helper()
	ctx := context.Background()
	hire := func(who, name, kind, title string, below authz.Actor) authz.Actor {
		h := b.Hire(b.t, apptest.Staff{Name: name, Email: who + "@portal.example", UnitCode: "BAPPEDA", Kind: kind, Title: title})
		b.accounts[who] = h.AccountID
		_, err := b.DB.Owner().Exec(ctx, `UPDATE org_position SET superior_id = $2 WHERE id = $1`, h.PositionID, below.MainPosition().ID)
		b.must(err)
		a, err := b.App.Accounts.Actor(ctx, h.AccountID)
		b.must(err)
		return a
	}
	p.bidang = hire("kabid.bappeda", "Darwis Tola", "struktural", "Kepala Bidang Infrastruktur dan Kewilayahan", b.other)
	p.economy = hire("ekonomi", "Nurlina Sese", "struktural", "Kepala Bidang Perekonomian", b.other)
	p.section = hire("kasubbid", "Hamid Lawa", "struktural", "Kepala Subbidang Sumber Daya Air", p.bidang)
	p.expert = hire("perencana", "Mirna Palallo", "fungsional", "Perencana Ahli Muda", p.bidang)
	return p
}

// arrived is a letter that the head of Bappeda has read, and the id of its arrival.
func (b *bureau) arrived(subject string, s eoffice.Secrecy) (id, arrival int64) {
	b.t.Helper()
	ctx, m := context.Background(), b.App.Office
	id = b.signed(b.to(b.draft(subject, s), b.verifier, b.secretary))
	if s.Confidential() {
		_, err := m.Send(ctx, b.clerk, eoffice.Act{ID: id})
		b.must(err)
	}
	d, err := m.Open(ctx, b.other, id)
	b.must(err)
	return id, d.Recipients[0].ID
}

// orderScreens are the pages of dispositions, by who looks at them.
func (b *bureau) orderScreens(into map[string][]screen, open func(*e2e.Tab)) {
	b.t.Helper()
	ctx, m := context.Background(), b.App.Office
	p := b.planners()
	give := func(from authz.Actor, g eoffice.Giving) []int64 {
		b.t.Helper()
		ids, err := m.Give(ctx, from, g)
		b.must(err)
		return ids
	}
	read := func(a authz.Actor, id int64) {
		b.t.Helper()
		_, err := m.Open(ctx, a, id)
		b.must(err)
	}
	to := func(a authz.Actor) eoffice.NewOrder {
		return eoffice.NewOrder{To: a.MainPosition().ID, Instructions: []string{"Tindak lanjuti", "Koordinasikan atau konfirmasikan"}, Note: "Hitung biayanya, undang camat Panakkukang."}
	}
	letter := func(id int64) string { return "/meja/eoffice/naskah/" + idText(id) }

	fresh, arrival := b.arrived("Rencana drainase Toddopuli", eoffice.Open)
	secret, hidden := b.arrived("Temuan pada drainase", eoffice.Secret)
	tree, root := b.arrived("Usulan pengerukan kanal Panampu", eoffice.Open)
	lead, info := to(p.bidang), eoffice.NewOrder{To: p.economy.MainPosition().ID, ForInfo: true}
	lead.Lead = true
	top := give(b.other, eoffice.Giving{RecipientID: root, Orders: []eoffice.NewOrder{lead, info}})[0]
	read(p.bidang, tree)
	below := give(p.bidang, eoffice.Giving{ParentID: top, Orders: []eoffice.NewOrder{to(p.section)}})[0]
	read(p.section, tree)
	b.must(m.ReportOrder(ctx, p.section, eoffice.Act{ID: below}, eoffice.Report{Text: "Kanal sudah diukur: panjang 1,2 km, sedimen rata-rata 70 cm. Biaya pengerukan Rp 480 juta."}))
	asked, second := b.arrived("Permintaan data banjir", eoffice.Open)
	ask := give(b.other, eoffice.Giving{RecipientID: second, Orders: []eoffice.NewOrder{to(p.bidang)}})[0]
	read(p.bidang, asked)
	b.must(m.OnOrder(ctx, p.bidang, eoffice.ActAskGuide, eoffice.Act{ID: ask, Reason: "Data tahun berapa yang diminta?"}))
	unread, third := b.arrived("Undangan musrenbang", eoffice.Open)
	give(b.other, eoffice.Giving{RecipientID: third, Orders: []eoffice.NewOrder{to(p.bidang)}})

	into["bappeda"] = append(into["bappeda"],
		screen{name: "disposisi-baru", path: letter(fresh) + "/disposisi?kiriman=" + idText(arrival)},
		screen{name: "disposisi-rahasia", path: letter(secret) + "/disposisi?kiriman=" + idText(hidden)},
		screen{name: "disposisi-kurang", path: letter(fresh) + "/disposisi?kiriman=" + idText(arrival), do: func(tab *e2e.Tab) {
			tab.Fill("#cari", "Hamid").Click("button[value=cari]").WaitText(".concerned", "hasil pencarian")
			tab.Choose("#sebagai_"+idText(p.section.MainPosition().ID), "laksana").Click("button[value=kirim]").Wait("#ringkasan-galat")
		}},
		screen{name: "disposisi-pohon", path: letter(tree), do: open},
		screen{name: "disposisi-arahan", path: letter(asked), do: open},
		screen{name: "disposisi-belum-dibaca", path: letter(unread), do: open},
		screen{name: "disposisi-laporan", path: "/meja/eoffice?antrean=laporan"},
		screen{name: "disposisi-keluar", path: "/meja/eoffice?antrean=disposisi-keluar"},
	)
	b.deputyScreens(into, open, &p)
	into["kabid.bappeda"] = append(into["kabid.bappeda"],
		screen{name: "disposisi-masuk", path: "/meja/eoffice?antrean=disposisi-baru"},
		screen{name: "disposisi-saya", path: letter(tree), do: open},
		screen{name: "disposisi-teruskan", path: letter(tree) + "/disposisi?atas=" + idText(top)},
	)
}
