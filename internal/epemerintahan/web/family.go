package epemerintahanweb

import (
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

type familyView struct {
	Desk *ui.Desk
	epemerintahan.Family
	Now time.Time
}

func (k *desk) familyOf(r *http.Request) (epemerintahan.Family, error) {
	id, err := web.PathInt(r, "keluarga")
	if err != nil {
		return epemerintahan.Family{}, err
	}
	return k.Residents.ViewFamily(r.Context(), web.ActorOf(r.Context()), id)
}

// editableFamily is a family that the actor may change.
func (k *desk) editableFamily(r *http.Request) (epemerintahan.Family, error) {
	f, err := k.familyOf(r)
	if err == nil && !f.May.Edit {
		err = errReadOnly
	}
	return f, err
}

func (k *desk) family(w http.ResponseWriter, r *http.Request) error {
	f, err := k.familyOf(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, familyPage(familyView{frame(r), f, k.Clock.Now()}))
}

func (v familyView) title() string {
	if head, ok := v.Head(); ok {
		return "Keluarga " + head.Name
	}
	return "Keluarga di " + v.Address
}

func (v familyView) facts() []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "Nomor KK", Value: orDash(v.KK)}, {Key: "Alamat", Value: v.Address}, {Key: "RT / RW", Value: v.RT + "/" + v.RW},
		{Key: "Kelurahan", Value: v.KelurahanName},
	}
	for _, n := range v.Numbers {
		if n.Until != nil {
			rows = append(rows, ui.SummaryRow{Key: "Nomor KK dulu", Value: n.KK + ", " + indo.Date(n.Since.In(indo.WITA)) + " sampai " + indo.Date(n.Until.In(indo.WITA))})
		}
	}
	return rows
}

func (v familyView) living() []epemerintahan.Member { return living(v.Family) }

func living(f epemerintahan.Family) (out []epemerintahan.Member) {
	for _, m := range f.Members {
		if m.Status == epemerintahan.Living {
			out = append(out, m)
		}
	}
	return out
}

func (k *desk) editFamily(w http.ResponseWriter, r *http.Request) error {
	f, err := k.editableFamily(r)
	if err != nil {
		return err
	}
	v := formView{Desk: frame(r), Back: familyHref(f.ID), Title: "Ubah alamat dan KK", Submit: "Simpan", Version: f.Version,
		Lead: "Berlaku untuk seluruh keluarga. Pindah ke luar kelurahan dicatat sebagai peristiwa di halaman kepala keluarga."}
	v.Fields = homeFields(f.Home)
	hint := "16 angka. Kosongkan bila belum ada."
	if f.KK != "" {
		hint = "Yang tercatat: " + f.KK + ". Isi hanya bila nomornya berganti; yang lama tersimpan di riwayat."
	}
	v.Fields = append(v.Fields, kkField(hint))
	if f.KK != "" {
		v.Fields = append(v.Fields, field{As: "check", Control: ui.Control{Name: "tanpa_kk", Label: "Nomor KK lama tidak berlaku lagi dan yang baru belum terbit"}})
	}
	v.Fields = append(v.Fields, reasonField("Alasan", "Misalnya pindah rumah atau KK diganti. Wajib bila nomor KK diragukan sistem.", false))
	return serve(w, r, v, func(in *form.Form) (string, error) {
		h := readHome(in)
		err := k.Residents.EditFamily(r.Context(), web.ActorOf(r.Context()), epemerintahan.EditFamilyInput{
			ID: f.ID, Version: version(in), RW: h.RW, RT: h.RT, Address: h.Address, KK: in.Line(epemerintahan.ControlKK),
			NoKK: in.Bool("tanpa_kk"), Reason: in.Line(epemerintahan.ControlReason)})
		if err == nil {
			web.Flash(r, "success", "Perubahan disimpan.")
		}
		return familyHref(f.ID), err
	})
}

func (k *desk) changeHead(w http.ResponseWriter, r *http.Request) error {
	f, err := k.editableFamily(r)
	if err != nil {
		return err
	}
	ms := living(f)
	head, _ := f.Head()
	v := formView{Desk: frame(r), Back: familyHref(f.ID), Title: "Kepala keluarga dan hubungan", Submit: "Simpan", Version: f.Version,
		Lead: "Pilih kepala keluarganya, lalu periksa hubungan setiap anggota lain dengannya."}
	v.Fields = append(v.Fields, field{As: "radios", Control: ui.Control{Name: epemerintahan.ControlHead, Label: "Kepala keluarga", Value: idText(head.ID), Options: memberOptions("", ms)}},
		heading("Hubungan dengan kepala keluarga"))
	for _, m := range ms {
		v.Fields = append(v.Fields, field{As: "select", Control: ui.Control{
			Name: epemerintahan.RelationControl(m.ID), Label: m.Name, Value: codeText(m.Relation), Options: options(epemerintahan.Relations, "")}})
	}
	return serve(w, r, v, func(in *form.Form) (string, error) {
		err := k.Residents.ChangeHead(r.Context(), web.ActorOf(r.Context()), epemerintahan.HeadInput{
			FamilyID: f.ID, Version: version(in), HeadID: in.ID(epemerintahan.ControlHead, ""), Relations: relations(in, ms)})
		if err == nil {
			web.Flash(r, "success", "Hubungan keluarga disimpan.")
		}
		return familyHref(f.ID), err
	})
}

// relations reads what was chosen for each member; nothing chosen is left out.
func relations(f *form.Form, ms []epemerintahan.Member) map[int64]int {
	out := map[int64]int{}
	for _, m := range ms {
		if name := epemerintahan.RelationControl(m.ID); f.Line(name) != "" {
			out[m.ID] = code(f, name)
		}
	}
	return out
}

// membersField asks who goes, and as what.
func membersField(label, hint string, ms []epemerintahan.Member) field {
	c := field{As: "members", Control: ui.Control{Name: epemerintahan.ControlMembers, Label: label, Hint: hint}}
	for _, m := range ms {
		c.Members = append(c.Members, memberRow{
			Go: ui.Control{Name: epemerintahan.ControlMembers, ID: epemerintahan.ControlMembers + "-" + idText(m.ID), Label: m.Name, Value: idText(m.ID)},
			Relation: ui.Control{Name: epemerintahan.RelationControl(m.ID), Label: "Menjadi", Value: codeText(m.Relation),
				Options: options(epemerintahan.Relations, "")},
		})
	}
	return c
}

func stayField(ms []epemerintahan.Member) field {
	return field{As: "select", Control: ui.Control{Name: epemerintahan.ControlHead, Label: "Kepala keluarga bagi yang tinggal",
		Hint: "Pilih bila kepala keluarga yang sekarang ikut pergi.", Options: memberOptions("Pilih bila perlu", ms)}}
}

func (k *desk) split(w http.ResponseWriter, r *http.Request) error {
	f, err := k.editableFamily(r)
	if err != nil {
		return err
	}
	ms := living(f)
	v := formView{Desk: frame(r), Back: familyHref(f.ID), Title: "Pisah KK", Submit: "Pisahkan", Version: f.Version,
		Lead: "Anggota yang dipilih menjadi keluarga baru di kelurahan yang sama, dengan kepala keluarga sendiri."}
	v.Fields = append(v.Fields, membersField("Siapa yang pisah", "Satu di antaranya menjadi kepala keluarga.", ms), stayField(ms), heading("Alamat keluarga baru"))
	v.Fields = append(append(v.Fields, homeFields(f.Home)...), kkField("16 angka. Kosongkan bila KK baru belum terbit."),
		reasonField("Alasan", "Misalnya menikah. Wajib bila nomor KK diragukan sistem.", false))
	return serve(w, r, v, func(in *form.Form) (string, error) {
		id, err := k.Residents.SplitFamily(r.Context(), web.ActorOf(r.Context()), epemerintahan.SplitInput{
			FamilyID: f.ID, Version: version(in), Members: in.IDs(epemerintahan.ControlMembers), Relations: relations(in, ms),
			StayHeadID: in.ID(epemerintahan.ControlHead, ""), Home: readHome(in), KK: in.Line(epemerintahan.ControlKK), Reason: in.Line(epemerintahan.ControlReason)})
		if err == nil {
			web.Flash(r, "success", "Keluarga baru tercatat.")
		}
		return familyHref(id), err
	})
}

// join moves members into another family.
func (k *desk) join(w http.ResponseWriter, r *http.Request) error {
	f, err := k.editableFamily(r)
	if err != nil {
		return err
	}
	ms, a := living(f), web.ActorOf(r.Context())
	v := formView{Desk: frame(r), Back: familyHref(f.ID), Title: "Pindahkan ke keluarga lain", Submit: "Pindahkan", Version: f.Version,
		Lead: "Ke keluarga yang sudah tercatat di kelurahan yang sama."}
	v.Fields = []field{
		membersField("Siapa yang pindah", "", ms),
		{Control: ui.Control{Name: epemerintahan.ControlFamily, Label: "Keluarga tujuan", Hint: "Nomor KK-nya, atau NIK salah satu anggotanya.", Required: true, InputMode: "numeric", Autocomplete: "off", Width: "medium"}},
		stayField(ms), reasonField("Alasan", "", false),
	}
	return serve(w, r, v, func(in *form.Form) (string, error) {
		to, err := k.Residents.FamilyByNumber(r.Context(), a, in.Line(epemerintahan.ControlFamily))
		if err != nil {
			return "", err
		}
		err = k.Residents.MoveMembers(r.Context(), a, epemerintahan.MoveInput{
			FamilyID: f.ID, Version: version(in), ToFamilyID: to, Members: in.IDs(epemerintahan.ControlMembers), Relations: relations(in, ms),
			StayHeadID: in.ID(epemerintahan.ControlHead, ""), Reason: in.Line(epemerintahan.ControlReason)})
		if err == nil {
			web.Flash(r, "success", "Anggota keluarga dipindahkan.")
		}
		return familyHref(to), err
	})
}
