package letter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Sample makes up a letter of kind k as it would be on a day, for previews: nobody in
// it exists. Answers follow the fields' examples.
func Sample(k Kind, office OfficeSettings, day time.Time) Composition {
	no := k.NumberFor(office, 123, day)
	c := Composition{
		Office: office, Subject: samplePeople[0], Values: k.SampleValues(day), Number: no, Date: day, ValidUntil: k.ValidUntil(day),
		Mode: k.Mode, Watermark: "CONTOH", Created: day,
		Signed: []Signed{{
			Office: Lurah, Name: "Nama Lurah, S.Sos.", Rank: "Penata Tk. I (III/d)", NIP: "198001012005011001", Occupancy: "definitif",
			Lines: SignatureLines(Signer{Office: Lurah, UnitName: office.Kelurahan, Occupancy: "definitif", Head: true}),
		}},
	}
	if k.AlwaysWet {
		c.Mode = Wet
	}
	if k.CamatSigns == CamatAlways {
		c.Signed = append(c.Signed, Signed{
			Office: Camat, Name: "Nama Camat, S.STP., M.Si.", Rank: "Pembina (IV/a)", NIP: "197501012000031001", Occupancy: "definitif",
			Lines: SignatureLines(Signer{Office: Camat, UnitName: office.Kecamatan, Occupancy: "definitif", Head: true}),
		})
	}
	return c
}

// When a camat signs too.
const (
	CamatAlways = "selalu"
	CamatAsked  = "bila diminta"
)

var samplePeople = []Person{
	{Name: "Sitti Contoh Aminah", NIK: "7371134707880901", KK: "7371130101100901", BirthPlace: "MAKASSAR", BirthDate: "1988-07-07", Sex: female,
		Religion: "ISLAM", Job: "PERDAGANGAN", Marital: unmarried, Nation: "WNI", Relation: "KEPALA KELUARGA", Address: "Jl. Contoh Raya No. 12", RW: "003", RT: "001"},
	{Name: "Muhammad Contoh Rahman", NIK: "7371131203850902", KK: "7371130101100902", BirthPlace: "MAROS", BirthDate: "1985-03-12", Sex: male,
		Religion: "ISLAM", Job: "KARYAWAN SWASTA", Marital: "KAWIN", Nation: "WNI", Relation: "ANAK", Address: "Jl. Contoh Dalam No. 4", RW: "003", RT: "002"},
	{Name: "Nurhayati Contoh", NIK: "7371135502900903", KK: "7371130101100903", BirthPlace: "GOWA", BirthDate: "1990-02-15", Sex: female,
		Religion: "ISLAM", Job: "MENGURUS RUMAH TANGGA", Marital: "KAWIN", Nation: "WNI", Relation: "ANAK", Address: "Jl. Contoh Dalam No. 4", RW: "003", RT: "002"},
	{Name: "Baso Contoh", NIK: "7371130109600904", KK: "7371130101100904", BirthPlace: "BONE", BirthDate: "1960-09-01", Sex: male,
		Religion: "ISLAM", Job: "PENSIUNAN", Marital: "KAWIN", Nation: "WNI", Relation: "ORANG TUA", Address: "Jl. Contoh Timur No. 9", RW: "004", RT: "003"},
	{Name: "Halimah Contoh", NIK: "7371134111630905", KK: "7371130101100904", BirthPlace: "BONE", BirthDate: "1963-11-01", Sex: female,
		Religion: "ISLAM", Job: "MENGURUS RUMAH TANGGA", Marital: "KAWIN", Nation: "WNI", Relation: "ORANG TUA", Address: "Jl. Contoh Timur No. 9", RW: "004", RT: "003"},
	{Name: "Andi Contoh Saputra", NIK: "7371132004950906", KK: "7371130101100906", BirthPlace: "MAKASSAR", BirthDate: "1995-04-20", Sex: male,
		Religion: "ISLAM", Job: "WIRASWASTA", Marital: unmarried, Nation: "WNI", Relation: "FAMILI LAIN", Address: "Jl. Contoh Barat No. 21", RW: "001", RT: "004"},
}

// SampleValues are made-up answers, as they are kept after checking.
func (k Kind) SampleValues(day time.Time) Values {
	out := Values{}
	next := 0
	another := func() Person { next++; return samplePeople[1+(next-1)%(len(samplePeople)-1)] }
	for i, f := range k.Fields {
		switch people, many := f.Type.OfPeople(); {
		case many:
			ps := []Person{another(), another()}
			for j := range ps {
				if f.Type == Residents {
					ps[j].KK = samplePeople[0].KK
				}
			}
			out[f.Name] = Value{People: ps}
		case people:
			out[f.Name] = Value{People: []Person{another()}}
		default:
			out[f.Name] = Value{Text: k.sampleText(f, day.AddDate(0, 0, i/4))}
		}
	}
	return out
}

func (k Kind) sampleText(f Field, day time.Time) string {
	ruled := func(names ...string) (Rule, bool) {
		i := slices.IndexFunc(k.Rules, func(r Rule) bool {
			return slices.Contains(names, r.Name) && slices.Contains(r.Args, f.Name)
		})
		if i < 0 {
			return Rule{}, false
		}
		return k.Rules[i], true
	}
	switch f.Type {
	case Date, DateTime:
		day = day.AddDate(0, 0, -14)
		if _, ahead := ruled("tanggal_tidak_lewat", "tanggal_sesudah_hari_ini", "urut"); ahead || f.Type == DateTime {
			day = day.AddDate(0, 0, 35)
		}
		if f.Type == DateTime {
			return day.Format(time.DateOnly) + "T09:00"
		}
		return day.Format(time.DateOnly)
	case Time:
		return "09:30"
	case Number, Money:
		if _, year := ruled("tahun_lampau"); year {
			return "2015"
		}
		if r, ok := ruled("angka_antara"); ok {
			low, _ := strconv.Atoi(r.Args[1])
			high, _ := strconv.Atoi(r.Args[2])
			if f.Type == Number {
				return strconv.Itoa(min(low+(high-low)/2, max(low, 120)))
			}
		}
		if f.Type == Money {
			return "1500000"
		}
		return "3"
	case Select:
		if len(f.Options) > 0 {
			return f.Options[0]
		}
	case Bool:
		return Yes
	case KK:
		return "7371130101100901"
	}
	if _, example, ok := strings.Cut(f.Hint, "Contoh: "); ok {
		example, _, _ = strings.Cut(example, ", ")
		return strings.TrimRight(example, ".")
	}
	return fmt.Sprintf("contoh %s", lowerFirst(strings.TrimRight(f.Label, "?")))
}
