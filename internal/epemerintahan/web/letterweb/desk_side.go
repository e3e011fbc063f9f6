package letterweb

import (
	"context"
	"net/url"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

const deskPath = "/meja/surat"

// paramQueue names the queue that is shown, or from which a letter was opened.
const paramQueue = "antrean"

// deskQueues in the order of a letter's way, with what their people do there.
var deskQueues = []struct {
	name              letter.QueueName
	title, lead, none string
}{
	{letter.QueueCheck, "Periksa berkas", "Cocokkan isian dengan berkasnya, lalu teruskan kepada sekretaris. Yang kurang dikembalikan dengan alasan.",
		"Tidak ada permohonan yang menunggu diperiksa."},
	{letter.QueueParaf, "Paraf", "Baca isinya, lalu teruskan kepada lurah atau kembalikan kepada operator.", "Tidak ada surat yang menunggu paraf."},
	{letter.QueueSign, "Tanda tangan", "Buka dan baca tiap surat, lalu tanda tangani yang sudah dibaca sekaligus.", "Tidak ada surat yang menunggu tanda tangan."},
	{letter.QueueScan, "Pindai surat bertanda tangan", "Surat ini sudah dicetak bernomor. Pindai setelah ditandatangani dan distempel, maka surat terbit.",
		"Tidak ada surat cetak yang menunggu pindaian."},
	{letter.QueueWait, "Menunggu orang lain", "Menunggu pemohon, RT/RW, atau pejabat lain. Tidak ada yang perlu Anda lakukan, kecuali mengingatkan.",
		"Tidak ada surat yang sedang menunggu orang lain."},
}

func queueHref(q letter.QueueName) string {
	return deskPath + "?" + url.Values{paramQueue: {string(q)}}.Encode()
}

// side is the side list of the desk. current is the address of the page shown.
func (k *desk) side(ctx context.Context, a authz.Actor, current string) (*ui.Desk, error) {
	counts, err := k.Letters.Queues(ctx, a)
	if err != nil {
		return nil, err
	}
	d := &ui.Desk{Title: "Surat kelurahan", Subtitle: a.Workplace(), Groups: deskGroups(a, counts)}
	return d.End(current), nil
}

func deskGroups(a authz.Actor, counts map[letter.QueueName]int) []ui.DeskGroup {
	var todo, pages []ui.DeskItem
	if a.Has(letter.PermCheck) {
		pages = append(pages, ui.DeskItem{Label: "Buat surat di loket", Href: deskPath + "/baru"})
	}
	for _, q := range deskQueues {
		n, mine := counts[q.name]
		if !mine {
			continue
		}
		it := ui.DeskItem{Label: q.title, Href: queueHref(q.name), Count: n}
		if q.name == letter.QueueWait {
			it.Tone = "neutral"
		}
		todo = append(todo, it)
	}
	if a.HasAny(letter.PermSign, letter.PermSignFor) {
		pages = append(pages, ui.DeskItem{Label: "Baca dan tanda tangani", Href: deskPath + "/tanda-tangan"})
	}
	if a.Has(letter.PermIdentity) {
		pages = append(pages, ui.DeskItem{Label: "Pastikan identitas warga", Href: claimsPath})
	}
	if a.Has(letter.PermView) {
		pages = append(pages,
			ui.DeskItem{Label: "Register surat", Href: registerPath},
			ui.DeskItem{Label: "Buku nomor", Href: registerPath + "/nomor"})
	}
	var groups []ui.DeskGroup
	if len(todo) > 0 {
		groups = append(groups, ui.DeskGroup{Title: "Antrean", Items: todo})
	}
	if len(pages) > 0 {
		groups = append(groups, ui.DeskGroup{Title: "Surat", Items: pages})
	}
	if a.Has(letter.PermConfigure) {
		groups = append(groups, ui.DeskGroup{Title: "Pengaturan", Items: settingsItems()})
	}
	return groups
}

// DeskItems tells the home desk what waits here for a member of staff. Nothing for
// those who have no part in the letters.
func DeskItems(d Deps) func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
	return func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
		if !a.HasAny(letter.DeskPermissions...) {
			return nil, nil
		}
		counts, err := d.Letters.Queues(ctx, a)
		if err != nil {
			return nil, err
		}
		group := ui.DeskGroup{Title: "Surat kelurahan"}
		for _, g := range deskGroups(a, counts) {
			group.Items = append(group.Items, g.Items...)
		}
		return []ui.DeskGroup{group}, nil
	}
}
