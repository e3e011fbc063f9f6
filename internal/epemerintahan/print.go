package epemerintahan

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Notice stands on everything that the register prints.
const Notice = "Data pelayanan kelurahan, bukan data resmi Disdukcapil"

// PrintOption says how numbers are printed: masked, or in full by somebody who holds
// PermReveal and says what for.
type PrintOption struct {
	Full    bool
	Purpose string
}

// ControlPrintPurpose is the control that says what full numbers are printed for.
const ControlPrintPurpose = "untuk"

const shortestPrintPurpose = 10 // letters

// allowed checks the option for somebody in a unit and cleans its purpose.
func (o *PrintOption) allowed(a authz.Actor, ancestors []int64) error {
	if !o.Full {
		o.Purpose = ""
		return nil
	}
	if !a.HasIn(PermReveal, ancestors) {
		return errs.New(errs.Forbidden, "Anda tidak berwenang mencetak NIK dan nomor KK lengkap.")
	}
	o.Purpose = indo.CleanName(o.Purpose)
	switch n := utf8.RuneCountInString(o.Purpose); {
	case n < shortestPrintPurpose:
		return errs.Invalid(errs.Field{Name: ControlPrintPurpose, Message: "Tulis untuk apa nomor lengkap diperlukan, paling sedikit 10 huruf."})
	case n > MaxReason:
		return errs.Invalid(errs.Field{Name: ControlPrintPurpose, Message: "Paling banyak 500 huruf."})
	}
	return nil
}

func (o PrintOption) detail() map[string]any {
	if !o.Full {
		return map[string]any{"lengkap": false}
	}
	return map[string]any{"lengkap": true, "untuk": o.Purpose}
}

// PrintResident is a resident's record as PDF. It is audited like a reading.
func (m *Module) PrintResident(ctx context.Context, a authz.Actor, id int64, opt PrintOption) (_ []byte, err error) {
	defer errs.In(&err, "epemerintahan.PrintResident(%d)", id)
	r, err := m.resident(ctx, m.db, sqlResident, a, PermView, id, 0)
	if err != nil {
		return nil, err
	}
	if err := opt.allowed(a, r.Ancestors); err != nil {
		return nil, err
	}
	nik, kk, err := m.printed(r, opt)
	if err != nil {
		return nil, err
	}
	d, err := m.sheet(ctx, a, opt, r.KelurahanID, "SALINAN BIODATA PENDUDUK")
	if err != nil {
		return nil, err
	}
	if nik == "" {
		nik = r.NIKStatus.Words()
	}
	facts := naskah.Fields{
		{Label: "Nama", Value: r.Name},
		{Label: "NIK", Value: nik},
		{Label: "Nomor KK", Value: dash(kk)},
		{Label: "Tempat, tanggal lahir", Value: r.BirthPlace + ", " + indo.Date(r.BirthDate)},
	}
	for _, f := range r.Person.fields() {
		switch f.label {
		case "Nama", "Tempat lahir", "Tanggal lahir":
		default:
			facts = append(facts, naskah.Field{Label: f.label, Value: dash(f.value)})
		}
	}
	facts = append(append(facts, r.Home.printed()...), naskah.Field{Label: "Kelurahan", Value: strings.TrimPrefix(r.KelurahanName, "Kelurahan ")}, naskah.Field{Label: "Keadaan", Value: r.standing()})
	d.Blocks = append(d.Blocks, facts)
	// What cannot be written down is not shown.
	if err := m.read(ctx, m.db, a, "print", subject{objectResident, id, r.KelurahanID}, opt.detail()); err != nil {
		return nil, err
	}
	return naskah.Render(d)
}

// PrintFamily is a family with those who live in it as PDF. It is audited like a
// reading of the family and of each of them.
func (m *Module) PrintFamily(ctx context.Context, a authz.Actor, id int64, opt PrintOption) (_ []byte, err error) {
	defer errs.In(&err, "epemerintahan.PrintFamily(%d)", id)
	f, err := m.family(ctx, m.db, sqlFamily, a, PermView, id, 0)
	if err != nil {
		return nil, err
	}
	if err := opt.allowed(a, f.Ancestors); err != nil {
		return nil, err
	}
	members, err := pg.Many[residentRow](ctx, m.db, sqlFamilyPrint, id)
	if err != nil {
		return nil, err
	}
	d, err := m.sheet(ctx, a, opt, f.KelurahanID, "SALINAN DATA KELUARGA")
	if err != nil {
		return nil, err
	}
	kk, head := f.KK, ""
	if opt.Full {
		if kk, err = m.number(f.KKSealed, sealKK); err != nil {
			return nil, err
		}
	}
	people := naskah.Table{Numbered: true, Head: []string{"Nama", "NIK", "L/P", "Tempat, tanggal lahir", "Agama"}}
	lives := naskah.Table{Numbered: true, Head: []string{"Hubungan", "Status kawin", "Pendidikan", "Pekerjaan", "Warga negara"}}
	parents := naskah.Table{Numbered: true, Head: []string{"Ayah", "Ibu"}, Widths: []float64{1, 1}}
	for _, r := range members {
		if err := m.open(&r); err != nil {
			return nil, err
		}
		nik, _, err := m.printed(r, opt)
		if err != nil {
			return nil, err
		}
		if r.Relation == RelationHead {
			head = r.Name
		}
		sex := map[int]string{Male: "L", Female: "P"}[r.Sex]
		people.Rows = append(people.Rows, []string{r.Name, dash(nik), sex, r.BirthPlace + ", " + indo.Date(r.BirthDate), Religions.Name(r.Religion)})
		lives.Rows = append(lives.Rows, []string{
			Relations.Name(r.Relation), Maritals.Name(r.Marital), Educations.Name(r.Education), Jobs.Name(r.Job), Citizenships.Name(r.Citizenship),
		})
		parents.Rows = append(parents.Rows, []string{dash(r.FatherName), dash(r.MotherName)})
	}
	facts := naskah.Fields{{Label: "Nomor KK", Value: dash(kk)}, {Label: "Kepala keluarga", Value: dash(head)}}
	facts = append(append(facts, f.Home.printed()...), naskah.Field{Label: "Kelurahan", Value: strings.TrimPrefix(f.KelurahanName, "Kelurahan ")})
	d.Blocks = append(d.Blocks, facts)
	if len(members) == 0 {
		d.Blocks = append(d.Blocks, naskah.Paragraph{Text: "Tidak ada anggota yang tinggal dalam keluarga ini."})
	} else {
		d.Blocks = append(d.Blocks, people, lives, parents)
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		for _, r := range members {
			if err := m.read(ctx, tx, a, "print", subject{objectResident, r.ID, f.KelurahanID}, opt.detail()); err != nil {
				return err
			}
		}
		return m.read(ctx, tx, a, "print", subject{objectFamily, id, f.KelurahanID}, opt.detail())
	})
	if err != nil {
		return nil, err
	}
	return naskah.Render(d)
}

// printed gives the numbers of a resident as the option wants them.
func (m *Module) printed(r residentRow, opt PrintOption) (nik, kk string, err error) {
	if !opt.Full {
		return r.NIK, r.KK, nil
	}
	o, err := m.opened(r)
	return o.Full.NIK, o.Full.KK, err
}

// sheet is a print without its content.
func (m *Module) sheet(ctx context.Context, a authz.Actor, opt PrintOption, kelurahanID int64, title string) (d naskah.Document, err error) {
	h, err := pg.One[struct{ City, Kecamatan, Kelurahan, Address, Phone, Postcode, Paper string }](ctx, m.db, sqlLetterhead, kelurahanID)
	if err != nil {
		return d, err
	}
	now := m.now()
	d = naskah.Document{
		Paper: naskah.F4, Title: title, Unnumbered: true, Watermark: "SALINAN", Subject: Notice, Author: "Kelurahan " + h.Kelurahan, Created: now,
		Blocks: []naskah.Block{naskah.Paragraph{Text: Notice + ".", Center: true}},
		Foot:   []string{Notice + ".", "Dicetak " + indo.LongDateTime(now) + " oleh " + a.Name + "."},
	}
	if opt.Full {
		d.Foot = append(d.Foot, "NIK dan nomor KK dicetak lengkap untuk: "+opt.Purpose)
	}
	if h.Paper == "A4" {
		d.Paper = naskah.A4
	}
	d.Head.Emblem, d.Head.EmblemPNG = true, m.emblem
	d.Head.Lines = []string{strings.ToUpper(h.City)}
	if h.Kecamatan != "" {
		d.Head.Lines = append(d.Head.Lines, "KECAMATAN "+strings.ToUpper(h.Kecamatan))
	}
	d.Head.Lines = append(d.Head.Lines, "KELURAHAN "+strings.ToUpper(h.Kelurahan))
	var parts []string
	for _, p := range [][2]string{{"", h.Address}, {"Telp. ", h.Phone}, {"Kode pos ", h.Postcode}} {
		if p[1] != "" {
			parts = append(parts, p[0]+p[1])
		}
	}
	d.Head.Address = strings.Join(parts, " · ")
	return d, nil
}

func (h Home) printed() naskah.Fields {
	return naskah.Fields{{Label: "Alamat", Value: h.Address}, {Label: "RT / RW", Value: h.RT + " / " + h.RW}}
}

// standing says whether a resident lives here, and since when they do not.
func (r Resident) standing() string {
	since := " sejak " + indo.Date(r.StatusOn)
	switch r.Status {
	case Dead:
		return "Meninggal dunia" + since
	case Moved:
		return "Pindah" + since
	case Missing:
		return "Hilang" + since
	}
	return "Hidup"
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
