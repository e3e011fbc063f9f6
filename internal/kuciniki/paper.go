package kuciniki

import (
	"context"
	"slices"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// cityName writes the papers.
const cityName = "Makassar"

// head is the kop of the papers of an SKP.
func (m *Module) head(s SKP) naskah.Head {
	return naskah.Head{Lines: []string{"PEMERINTAH KOTA " + strings.ToUpper(cityName), strings.ToUpper(s.Unit)}, Emblem: true, EmblemPNG: m.emblem}
}

func heading(text string) naskah.Block { return naskah.Paragraph{Text: text, Bold: true} }

// sides are who is judged and who judges, as the forms have them.
func sides(s SKP, rater string) []naskah.Block {
	nip := "-"
	if s.StaffNumber != nil {
		nip = *s.StaffNumber
	}
	title := s.Title
	if s.Seat == "plt" {
		title = "Plt. " + title
	}
	return []naskah.Block{
		heading("PEGAWAI YANG DINILAI"),
		naskah.Fields{{Label: "Nama", Value: s.Person}, {Label: "NIP", Value: nip}, {Label: "Pangkat/golongan", Value: dash(s.Rank)}, {Label: "Jabatan", Value: title}, {Label: "Unit kerja", Value: s.Unit}},
		heading("PEJABAT PENILAI KINERJA"),
		naskah.Fields{{Label: "Nama dan jabatan", Value: dash(rater)}, {Label: "Unit kerja", Value: dash(s.RaterUnit)}},
	}
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// composePlan sets the form of an SKP as a version of it stands: a pure function. Weights
// stand on no form.
func composePlan(s SKP, v Version, head naskah.Head) naskah.Document {
	doc := naskah.Document{
		Paper: naskah.F4, Head: head, Title: "SASARAN KINERJA PEGAWAI", Unnumbered: true, Subject: "Sasaran kinerja pegawai", Created: v.At, Place: cityName, Date: v.At,
		Foot: []string{"Disepakati kedua pihak melalui portal, versi " + indo.Int(v.Version) + ", " + indo.LongDateTime(v.At) + "."},
	}
	doc.Blocks = append(doc.Blocks, naskah.Paragraph{Text: "PENDEKATAN HASIL KERJA " + strings.ToUpper(v.Content.Model), Center: true},
		naskah.Fields{{Label: "Periode penilaian", Value: indo.DateRange(s.From, s.Until)}})
	doc.Blocks = append(doc.Blocks, sides(s, v.Rater)...)
	for _, kind := range []struct{ code, title string }{{Main, "A. UTAMA"}, {Extra, "B. TAMBAHAN"}} {
		t := naskah.Table{Head: []string{"RHK pimpinan yang diintervensi", "Rencana hasil kerja", "Indikator kinerja dan target"}, Widths: []float64{3, 4, 5}, Numbered: true}
		for _, r := range v.Content.Rows {
			if r.Kind == kind.code {
				t.Rows = append(t.Rows, []string{dash(r.Serves), r.Text, strings.Join(r.Indicators, "\n")})
			}
		}
		if len(t.Rows) > 0 || kind.code == Main {
			doc.Blocks = append(doc.Blocks, heading(kind.title), t)
		}
	}
	doc.Blocks = append(doc.Blocks, heading("PERILAKU KERJA"), behaviours(nil))
	doc.Signatures = []naskah.Signature{
		{Lines: []string{"PEGAWAI YANG DINILAI,"}, Name: s.Person, NIP: deref2(s.StaffNumber), Rank: s.Rank, Electronic: true, Note: "Diajukan melalui portal"},
		{Lines: []string{"PEJABAT PENILAI KINERJA,"}, Name: v.Rater, Electronic: true, Note: "Disepakati melalui portal\n" + indo.ShortDate(v.At)},
	}
	return doc
}

func deref2(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// behaviours is the part of the forms about the seven values.
func behaviours(rated map[Value]Rating) naskah.Block {
	t := naskah.Table{Head: []string{"Nilai dasar ASN BerAKHLAK"}, Numbered: true}
	if rated != nil {
		t.Head = append(t.Head, "Penilaian")
	}
	for _, v := range Values {
		row := []string{v.Label()}
		if rated != nil {
			row = append(row, rated[v].Label())
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// PlanPaper is the form of an SKP as a PDF, of a version that was agreed.
func (m *Module) PlanPaper(ctx context.Context, a authz.Actor, id int64, version int) (pdf []byte, err error) {
	defer errs.In(&err, "kuciniki.PlanPaper(%d)", id)
	p, err := m.Plan(ctx, a, id)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(p.Versions, func(v Version) bool { return v.Version == version })
	if i < 0 {
		return nil, errs.New(errs.NotFound, "Versi ini tidak ada.")
	}
	if err := m.noteRead(ctx, a, p.SKP, "kuciniki.skp.paper"); err != nil {
		return nil, err
	}
	return naskah.Render(composePlan(p.SKP, p.Versions[i], m.head(p.SKP)))
}

func (m *Module) noteRead(ctx context.Context, a authz.Actor, s SKP, action string) error {
	return audit.Write(ctx, m.db, a, m.now(), audit.Entry{Action: action, Object: "kuciniki_skp", ObjectID: s.ID, UnitID: s.UnitID})
}

// composeSheet sets the evaluation document of a judgement, the last: a pure function. What is
// between the person and the rater stands on no paper; who decided an objection, or signed
// besides the rater, does.
func composeSheet(v Sheet, j Judgement, head naskah.Head) naskah.Document {
	title := "DOKUMEN EVALUASI KINERJA PEGAWAI"
	if v.Month != 0 {
		title = "EVALUASI KINERJA PERIODIK PEGAWAI"
	}
	doc := naskah.Document{
		Paper: naskah.F4, Head: head, Title: title, Unnumbered: true, Subject: "Evaluasi kinerja pegawai", Created: j.At, Place: cityName, Date: j.At,
	}
	doc.Blocks = append(doc.Blocks, naskah.Fields{{Label: "Periode", Value: PeriodName(v.SKP.Year, v.Month)}})
	rater := j
	if v.Status == Decided && len(v.Judgements) > 1 {
		rater = v.Judgements[len(v.Judgements)-2]
	}
	doc.Blocks = append(doc.Blocks, sides(v.SKP, rater.Person+", "+rater.Title)...)
	t := naskah.Table{Head: []string{"Rencana hasil kerja", "Indikator", "Target", "Realisasi", "Capaian"}, Widths: []float64{4, 4, 2.2, 2.2, 1.6}, Numbered: true}
	for _, l := range j.Basis {
		percent := "-"
		if l.Percent != nil {
			percent = indo.Decimal(*l.Percent, 0) + "%"
		}
		t.Rows = append(t.Rows, []string{l.RHK, l.Slot + ": " + l.Indicator, l.Target, dash(l.Reached), percent})
	}
	doc.Blocks = append(doc.Blocks, heading("HASIL KERJA"), t, heading("PERILAKU KERJA"), behaviours(j.ValuesRated),
		naskah.Fields{{Label: "Rating hasil kerja", Value: strings.ToUpper(j.Result.Label())}, {Label: "Rating perilaku kerja", Value: strings.ToUpper(j.Behaviour.Label())},
			{Label: "Predikat kinerja pegawai", Value: strings.ToUpper(j.Predicate.Label())}})
	switch v.Status {
	case Decided:
		doc.Foot = []string{"Putusan atas keberatan pegawai. Penilaian sebelumnya tersimpan di portal."}
	default:
		for _, e := range v.Events {
			if e.Action == ActConfirm {
				doc.Foot = append(doc.Foot, "Disahkan "+e.Who+", "+e.Title+", di samping pejabat penilai kinerja, "+indo.ShortDate(e.At)+".")
			}
		}
	}
	switch v.Status {
	case Given, Objected:
		doc.Foot = append(doc.Foot, "Belum final: pegawai masih dapat menyanggah atau sanggahnya belum diputus.")
	}
	doc.Signatures = []naskah.Signature{
		{Lines: []string{"PEGAWAI YANG DINILAI,"}, Name: v.SKP.Person, NIP: deref2(v.SKP.StaffNumber), Rank: v.SKP.Rank, Electronic: true, Note: "Dibaca melalui portal"},
		{Lines: []string{strings.ToUpper(j.Title) + ","}, Name: j.Person, Electronic: true, Note: "Dinilai melalui portal\n" + indo.ShortDate(j.At)},
	}
	return doc
}

// SheetPaper is the evaluation document as a PDF, of the judgement that counts;
// errs.NotFound before the person has it.
func (m *Module) SheetPaper(ctx context.Context, a authz.Actor, skp int64, month int) (pdf []byte, err error) {
	defer errs.In(&err, "kuciniki.SheetPaper(%d, %d)", skp, month)
	v, err := m.Sheet(ctx, a, skp, month)
	if err != nil {
		return nil, err
	}
	j, ok := v.Last()
	if !ok || v.GivenAt == nil {
		return nil, errs.New(errs.NotFound, "Penilaian ini belum ada.")
	}
	if err := m.noteRead(ctx, a, v.SKP, "kuciniki.penilaian.paper"); err != nil {
		return nil, err
	}
	return naskah.Render(composeSheet(v, j, m.head(v.SKP)))
}
