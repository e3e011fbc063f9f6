package letter

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// City writes the letters.
const City = "Makassar"

// Composition is everything that a letter says.
type Composition struct {
	Office     OfficeSettings
	Subject    Person
	Values     Values // cleaned, people filled in
	Number     string // "": not numbered yet
	Date       time.Time
	ValidUntil *time.Time
	// Signed are the officials, in the order in which they sign: the lurah, then the camat.
	Signed    []Signed
	QRText    string // "": none
	Mode      Mode
	Watermark string
	Created   time.Time
}

// Compose writes a letter: a pure function of what it is given. It fails only for a
// wording that does not fit its kind's fields, see [CheckDefinition].
func Compose(k Kind, in Composition) (doc naskah.Document, err error) {
	defer errs.In(&err, "letter.Compose(%s)", k.Code)
	b, err := parseBody(k.Definition)
	if err != nil {
		return doc, err
	}
	title, blocks, err := b.fill(k.data(in), signerLines(in))
	if err != nil {
		return doc, err
	}
	if title == "" {
		title = strings.ToUpper(printedTitle(k.Title))
	}
	doc = naskah.Document{
		Paper: in.Office.paper(), Head: in.Office.head(),
		Title: title, Number: in.Number, Blocks: blocks, Parties: k.parties(in),
		Place: City, Date: in.Date, Signatures: k.signatures(in),
		Foot: foot(in), Watermark: in.Watermark,
		Subject: k.Title, Author: "Kelurahan " + in.Office.Kelurahan, Created: in.Created,
	}
	if in.QRText != "" {
		doc.QR = naskah.QR{Text: in.QRText, Caption: "Pindai untuk memeriksa\nkeaslian surat ini"}
	}
	return doc, nil
}

// printedTitle is a kind's title without what stands in brackets for its readers' sake.
func printedTitle(title string) string {
	title, _, _ = strings.Cut(title, " (")
	return title
}

// data is what the wording may name.
func (k Kind) data(in Composition) map[string]any {
	today := in.Date.In(indo.WITA).Format(time.DateOnly)
	if in.Date.IsZero() {
		today = ""
	}
	out := map[string]any{
		SubjectName: personOf(in.Subject, today), "kelurahan": in.Office.Kelurahan, "kecamatan": in.Office.Kecamatan, "kota": City,
		"nomor": in.Number, "tanggal": dateText(today), "berlaku_sampai": dateText(""), "berlaku_hari": countText(""),
	}
	if in.ValidUntil != nil {
		out["berlaku_sampai"] = dateText(in.ValidUntil.In(indo.WITA).Format(time.DateOnly))
		out["berlaku_hari"] = countText(strconv.Itoa(k.ValidDays))
	}
	for _, f := range k.Fields {
		v := in.Values[f.Name]
		people := make([]person, len(v.People))
		for i, p := range v.People {
			people[i] = personOf(p, today)
		}
		switch _, many := f.Type.OfPeople(); f.Type {
		case OneResident, ResidentOrPerson, Residents, Persons:
			out[f.Name] = people
			if !many {
				out[f.Name] = person(nil)
				if len(people) > 0 {
					out[f.Name] = people[0]
				}
			}
		case Date:
			out[f.Name] = dateText(v.Text)
		case DateTime:
			out[f.Name] = momentText(v.Text)
		case Time:
			out[f.Name] = clockText(v.Text)
		case Number:
			out[f.Name] = countText(v.Text)
			if k.isYear(f) {
				out[f.Name] = yearText(v.Text)
			}
		case Money:
			out[f.Name] = moneyText(v.Text)
		default:
			out[f.Name] = v.Text
		}
	}
	return out
}

// isYear tells whether a number is a year, which has no dots.
func (k Kind) isYear(f Field) bool {
	return slices.ContainsFunc(k.Rules, func(r Rule) bool { return r.Name == "tahun_lampau" && slices.Contains(r.Args, f.Name) })
}

// signerLines say who writes: the first official.
func signerLines(in Composition) naskah.Fields {
	if len(in.Signed) == 0 {
		return naskah.Fields{{Label: "Jabatan", Value: "Lurah " + in.Office.Kelurahan}}
	}
	s := in.Signed[0]
	return naskah.Fields{
		{Label: "Nama", Value: s.Name}, {Label: "NIP", Value: indo.FormatNIP(s.NIP)},
		{Label: "Pangkat/golongan", Value: s.Rank}, {Label: "Jabatan", Value: s.office()},
	}
}

// parties are those who sign on paper before the officials.
func (k Kind) parties(in Composition) (out []naskah.Party) {
	for _, name := range k.PartiesSign {
		role, people := k.subjectRole(), []Person{in.Subject}
		if name != SubjectName {
			i := slices.IndexFunc(k.Fields, func(f Field) bool { return f.Name == name })
			if i < 0 {
				continue
			}
			role, people = k.Fields[i].Label, in.Values[name].People
			if _, many := k.Fields[i].Type.OfPeople(); many {
				role = strings.TrimPrefix(role, "Semua ")
				role = sentence(strings.ToUpper(role))
			}
		}
		for i, p := range people {
			out = append(out, naskah.Party{
				Role: role, Name: p.Name, Note: partyNote(k, name, p), Stamp: i == 0 && slices.Contains(k.StampOn, name),
			})
		}
	}
	return out
}

func (k Kind) subjectRole() string {
	if k.Subject == "" {
		return "Pemohon"
	}
	return printedTitle(k.Subject)
}

// partyNote tells heirs apart; everybody else is known by their role.
func partyNote(k Kind, name string, p Person) string {
	if i := slices.IndexFunc(k.Fields, func(f Field) bool { return f.Name == name }); i >= 0 {
		if _, many := k.Fields[i].Type.OfPeople(); many {
			return sentence(p.Relation)
		}
	}
	return ""
}

// signatures are the officials' blocks: the lurah to the right; a camat, who confirms,
// to their left.
func (k Kind) signatures(in Composition) (out []naskah.Signature) {
	for _, s := range slices.Backward(in.Signed) {
		sig := naskah.Signature{Lines: s.Lines, Name: s.Name, Rank: s.Rank, NIP: indo.FormatNIP(s.NIP)}
		if s.Office == Camat || len(k.PartiesSign) > 0 {
			sig.Caption = "Mengetahui:"
		}
		if in.Mode == Electronic {
			sig.Electronic, sig.Note = true, electronicNote(s)
		}
		out = append(out, sig)
	}
	return out
}

func electronicNote(s Signed) string {
	if s.Certified {
		return "Ditandatangani secara elektronik dengan sertifikat BSrE"
	}
	return "Ditandatangani secara elektronik\ntidak tersertifikasi BSrE"
}

// foot tells whoever holds the letter how far to trust it.
func foot(in Composition) (out []string) {
	if in.Mode == Electronic && len(in.Signed) > 0 {
		if slices.ContainsFunc(in.Signed, func(s Signed) bool { return !s.Certified }) {
			out = append(out, "Surat ini ditandatangani secara elektronik oleh sistem Pemerintah Kota Makassar dan tidak tersertifikasi BSrE.")
		} else {
			out = append(out, "Dokumen ini ditandatangani secara elektronik dengan sertifikat elektronik yang diterbitkan oleh Balai Besar Sertifikasi Elektronik (BSrE), BSSN.")
		}
	}
	if in.QRText != "" {
		out = append(out, "Keaslian surat dapat diperiksa dengan memindai kode QR atau di "+in.QRText)
	}
	return out
}

// office is a signer's post in a sentence: "Plt. Lurah Kassi-Kassi".
func (s Signed) office() string {
	lines := make([]string, len(s.Lines))
	for i, line := range s.Lines {
		for j, w := range strings.Fields(strings.TrimSuffix(line, ",")) {
			if j > 0 {
				lines[i] += " "
			}
			if strings.HasSuffix(w, ".") {
				lines[i] += w // a.n., Plt.
			} else {
				lines[i] += words(w)
			}
		}
	}
	return strings.Join(lines, ", ")
}
