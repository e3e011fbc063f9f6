package mtrweb

import (
	"strconv"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

// reasonLabel names the words that an act takes; "" when it takes none.
func reasonLabel(a mtr.Action) string {
	switch a {
	case mtr.ActForward, mtr.ActStart, mtr.ActValidate:
		return "Pesan untuk pelapor"
	case mtr.ActAssign:
		return "Pesan untuk petugas"
	case mtr.ActSchedule:
		return "Mengapa dijadwalkan"
	case mtr.ActAskInfo:
		return "Pertanyaan untuk pelapor"
	case mtr.ActReject, mtr.ActReferOut:
		return "Alasan untuk pelapor"
	case mtr.ActMarkDuplicate:
		return "Keterangan untuk pelapor"
	case mtr.ActUnmark:
		return "Mengapa ini masalah yang lain"
	case mtr.ActRespond:
		return "Tanggapan"
	case mtr.ActNote:
		return "Catatan"
	case mtr.ActRecategorize:
		return "Mengapa kategorinya diubah"
	case mtr.ActPrioritize:
		return "Mengapa urutannya diubah"
	case mtr.ActBounce:
		return "Mengapa bukan tugas unit ini"
	case mtr.ActRejectProof:
		return "Apa yang masih kurang"
	case mtr.ActResume:
		return "Mengapa dilanjutkan"
	case mtr.ActRelease, mtr.ActReleasePhoto, mtr.ActHide, mtr.ActUnhide, mtr.ActHidePhoto, mtr.ActReveal, mtr.ActRedact, mtr.ActRedactPhoto,
		mtr.ActOpenOriginal, mtr.ActReleaseOriginal:
		return "Alasan"
	}
	return ""
}

func reasonHint(a mtr.Action) string {
	switch a {
	case mtr.ActForward, mtr.ActStart, mtr.ActValidate, mtr.ActMarkDuplicate, mtr.ActReject, mtr.ActReferOut, mtr.ActSchedule,
		mtr.ActAskInfo, mtr.ActRespond, mtr.ActBounce, mtr.ActRejectProof, mtr.ActResume, mtr.ActUnmark, mtr.ActRecategorize:
		return "Tampil untuk pelapor dan umum. Jangan tulis nama atau nomor telepon orang."
	case mtr.ActAssign, mtr.ActNote, mtr.ActRelease, mtr.ActPrioritize:
		return "Hanya petugas yang dapat membacanya."
	case mtr.ActRedact:
		return "Pelapor membacanya. Jangan ulangi kata yang ditutup."
	case mtr.ActReveal, mtr.ActReleasePhoto, mtr.ActReleaseOriginal:
		return "Tercatat bersama nama Anda dan waktunya."
	}
	return ""
}

func reasonRequired(a mtr.Action) bool {
	switch a {
	case mtr.ActForward, mtr.ActStart, mtr.ActValidate, mtr.ActAssign, mtr.ActMarkDuplicate:
		return false
	}
	return true
}

// actHint says what an act brings about, before it is done.
func actHint(v reportView, a mtr.Action) string {
	r := v.R
	switch a {
	case mtr.ActForward:
		if r.Hops >= mtr.MaxHops {
			return "Laporan ini sudah " + indo.Int(r.Hops) + " kali berpindah unit. Tentukan unit yang benar-benar akan menanganinya."
		}
		if s := r.Suggestion; s != nil && s.UnitID != 0 {
			return "Saran menurut kategori, tempat dan jawaban pelapor: " + s.UnitName + "."
		}
		if r.Bounces > 0 {
			return "Laporan ini pernah dikembalikan. Baca alasannya di riwayat sebelum memilih unit."
		}
	case mtr.ActReferOut:
		if s := r.Suggestion; s != nil && s.Agency != "" {
			return "Menurut kategori dan jawaban pelapor, ini wewenang " + s.Agency + ", bukan pemerintah kota."
		}
		return "Untuk hal yang bukan wewenang pemerintah kota."
	case mtr.ActAskInfo:
		return "Waktu penyelesaian berhenti sampai pelapor menjawab."
	case mtr.ActValidate:
		return "Bandingkan foto sebelum dan sesudah, serta jawabannya. Bukti ini tidak boleh buatan Anda sendiri."
	case mtr.ActBounce:
		return "Laporan kembali kepada verifikator, dan jumlah pengembalian ikut dihitung."
	case mtr.ActRecategorize:
		if r.Status == mtr.Received {
			return "Unit tujuan dan bukti penyelesaiannya ikut kategori yang baru."
		}
		if r.Hops >= mtr.MaxHops {
			return "Laporan ini sudah " + indo.Int(r.Hops) + " kali berpindah unit, jadi sesudah ini meja kota yang menentukan tujuannya."
		}
		return "Laporan langsung diteruskan ke unit yang menangani kategori baru, dan waktunya mulai lagi di sana."
	case mtr.ActPrioritize:
		return "Laporan yang didahulukan tampil paling atas di antrean, sebelum tenggat dilihat."
	case mtr.ActRedact:
		return "Tidak dapat dikembalikan. Kata aslinya disimpan terkunci sebagai bukti; membukanya perlu alasan dan sandi."
	case mtr.ActReleasePhoto:
		return "Petugas lapangan jadi dapat melihatnya. Buka hanya bila pekerjaan tidak mungkin tanpa foto."
	case mtr.ActReleaseOriginal:
		return "Petugas unit jadi dapat membuka kata dan foto asli, dengan alasan dan sandi, sampai waktunya habis."
	case mtr.ActResume:
		if r.PausedAt != nil {
			return "Menunggu jawaban pelapor sejak " + deskDay(*r.PausedAt, v.Now) + "."
		}
	}
	return ""
}

// daysControl asks for how long something is released.
func daysControl() ui.Control {
	c := ui.Control{Name: mtr.ControlDays, Label: "Berapa lama", Required: true, Value: "3", Width: "short"}
	for _, n := range mtr.ReleaseDays {
		c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n) + " hari"})
	}
	return c
}

func proofHint(p mtr.Proof) string {
	switch p {
	case mtr.ProofPhoto:
		return "Kategori ini meminta foto sesudah dikerjakan, dari sudut yang sama dengan foto pelapor bila bisa."
	case mtr.ProofDocument:
		return "Kategori ini meminta dokumen PDF, misalnya surat hasil pemeriksaan."
	}
	return "Kategori ini cukup dengan jawaban tertulis. Foto dan dokumen boleh ditambahkan."
}

func suggestedAgency(r mtr.DeskReport) string {
	if r.Suggestion == nil {
		return ""
	}
	return r.Suggestion.Agency
}

// unitControl lists where a report may be forwarded to, the suggested unit
// chosen.
func unitControl(v reportView) ui.Control {
	c := ui.Control{Name: mtr.ControlUnit, Label: "Unit tujuan", Required: true, Options: []ui.Option{{Label: "Pilih unit"}}}
	if s := v.R.Suggestion; s != nil {
		c.Value = idText(s.UnitID)
	}
	for _, u := range v.Units {
		c.Options = append(c.Options, ui.Option{Value: idText(u.ID), Label: u.Name, Group: unitGroup(u.Kind)})
	}
	return c
}

// categoryChoice offers every category in use but the report's own.
func categoryChoice(v reportView) ui.Control {
	c := ui.Control{Name: mtr.ControlCategory, Label: "Kategori yang benar", Required: true, Options: []ui.Option{{Label: "Pilih kategori"}}}
	for _, k := range v.Categories {
		if k.ID != v.R.CategoryID {
			c.Options = append(c.Options, ui.Option{Value: idText(k.ID), Label: k.Name, Group: k.GroupName})
		}
	}
	return c
}

func unitGroup(kind string) string {
	switch kind {
	case org.KindKecamatan:
		return "Kecamatan"
	case org.KindKelurahan:
		return "Kelurahan"
	case org.KindPuskesmas:
		return "Puskesmas"
	case org.KindDivision, org.KindSubdivision, org.KindSection, org.KindTechnicalUnit:
		return "Bidang dan UPT"
	}
	return "OPD"
}

// assigneeControl lists the positions of the unit with who holds them and how
// much they already have.
func assigneeControl(v reportView) ui.Control {
	c := ui.Control{Name: mtr.ControlPosition, Label: "Petugas", Required: true, Options: []ui.Option{{Label: "Pilih petugas"}}}
	for _, as := range v.Assignees {
		name := as.Title + " (belum ada pejabatnya)"
		if as.Name != "" {
			name = as.Name + ", " + as.Title
		}
		switch as.Open {
		case 0:
			name += " – tanpa tugas"
		default:
			name += " – " + indo.Int(as.Open) + " tugas"
		}
		c.Options = append(c.Options, ui.Option{Value: assigneeValue(as), Label: name})
	}
	if v.R.AssigneeID != 0 {
		c.Options = append(c.Options, ui.Option{Value: takeBack, Label: "Cabut penugasan " + v.R.Assignee})
	}
	return c
}

func hideControl(v reportView, a deskAct, ref string, open bool) ui.Control {
	c := ui.Control{
		Name: mtr.ControlReason, ID: actID(a, mtr.ControlReason) + "-" + ref, Label: reasonLabel(a.Action), Required: true, Rows: 2,
		Hint: "Foto hilang untuk semua orang kecuali moderator.",
	}
	if open && v.Form != nil {
		c.Value = v.Form.Value(mtr.ControlReason)
		c.Error = v.Form.Errors().Get(mtr.ControlReason)
		c.ID = actID(a, mtr.ControlReason) // where the summary leads
	}
	return c
}

func identityFacts(i mtr.Identity) []ui.SummaryRow {
	proven := func(v string, ok bool) string {
		switch {
		case v == "":
			return "tidak diisi"
		case ok:
			return v + " (terbukti)"
		}
		return v + " (belum terbukti)"
	}
	rows := []ui.SummaryRow{
		{Key: "Nama", Value: orDash(i.Name, "tidak diisi")},
		{Key: "Email", Value: proven(i.Email, i.EmailVerified)},
		{Key: "Telepon", Value: proven(indo.FormatPhone(i.Phone), i.PhoneVerified)},
	}
	if i.AccountName != "" {
		rows = append(rows, ui.SummaryRow{Key: "Akun", Value: i.AccountName})
	}
	if i.Neighbourhood != "" {
		rows = append(rows, ui.SummaryRow{Key: "Ketua", Value: i.Neighbourhood})
	}
	if i.OnBehalf != mtr.BehalfSelf {
		rows = append(rows, ui.SummaryRow{Key: "Melapor untuk", Value: i.OnBehalf.Label()}, ui.SummaryRow{Key: "Nama warga", Value: orDash(i.BehalfName, "tidak diisi")})
	}
	return rows
}
