package epemerintahan

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// dayOf is the date of t without its hour, as the database gives dates.
func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func (m *Module) today() time.Time { return dayOf(m.now().In(clock.Makassar)) }

// check collects the problems of one member, or of the family itself.
type check struct {
	member   int
	problems []Problem
}

func (c *check) fail(control, format string, args ...any) {
	c.problems = append(c.problems, Problem{c.member, control, fmt.Sprintf(format, args...), false})
}

func (c *check) found(control string, fs []Finding) {
	for _, f := range fs {
		c.problems = append(c.problems, Problem{c.member, control, f.Message, !f.Refused})
	}
}

// line tidies a text of one line and holds it to a length; missing is said when it is
// empty, "" = it may be.
func (c *check) line(control, s, missing string, limit int) string {
	s = indo.CleanName(s)
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && missing != "":
		c.fail(control, "%s", missing)
	case n > limit:
		c.fail(control, "Terlalu panjang: %d huruf. Paling banyak %d huruf.", n, limit)
	}
	return s
}

func (c *check) code(control string, list Codes, id int, missing string) {
	if list.Name(id) == "" {
		c.fail(control, "%s", missing)
	}
}

// earliest birth that a living memory has.
var earliest = time.Date(1880, 1, 1, 0, 0, 0, 0, time.UTC)

// person tidies and checks what is written about somebody, in the order of the form.
func (c *check) person(p *Person, today time.Time) {
	c.code(ControlRelation, Relations, p.Relation, "Pilih hubungan dalam keluarga.")
	p.Name = c.line(ControlName, p.Name, "Tulis nama lengkapnya.", MaxName)
	if p.Name != "" && indo.FoldPerson(p.Name) == "" {
		c.fail(ControlName, "Nama harus memuat huruf.")
	}
	c.code(ControlSex, Sexes, p.Sex, "Pilih jenis kelamin.")
	p.BirthPlace = c.line(ControlBirthPlace, p.BirthPlace, "Tulis tempat lahirnya.", MaxName)
	p.BirthDate = dayOf(p.BirthDate)
	switch {
	case p.BirthDate.Before(earliest):
		c.fail(ControlBirthDate, "Isi tanggal lahir yang benar, tahun 1880 atau sesudahnya.")
	case p.BirthDate.After(today):
		c.fail(ControlBirthDate, "Tanggal lahir belum terjadi.")
	}
	c.code(ControlReligion, Religions, p.Religion, "Pilih agama.")
	c.code(ControlMarital, Maritals, p.Marital, "Pilih status perkawinan.")
	c.code(ControlEducation, Educations, p.Education, "Pilih pendidikan.")
	c.code(ControlJob, Jobs, p.Job, "Pilih pekerjaan.")
	c.code(ControlCitizenship, Citizenships, p.Citizenship, "Pilih kewarganegaraan.")
	c.code(ControlPermanence, Permanences, p.Permanence, "Pilih status penduduk.")
	p.FatherName = c.line(ControlFather, p.FatherName, "", MaxName)
	p.MotherName = c.line(ControlMother, p.MotherName, "", MaxName)
	p.BirthDeed = c.line(ControlBirthDeed, p.BirthDeed, "", MaxDeed)
	p.MarriageDeed = c.line(ControlMarriageDeed, p.MarriageDeed, "", MaxDeed)
	p.DivorceDeed = c.line(ControlDivorceDeed, p.DivorceDeed, "", MaxDeed)
}

// nik checks a number against its owner and why there may be none.
func (c *check) nik(number *string, status *NIKStatus, p Person) {
	if *status == "" {
		*status = NIKPresent
	}
	switch *status {
	case NIKPresent:
		if CleanNumber(*number) == "" {
			c.fail(ControlNIK, "Isi NIK, atau pilih mengapa NIK belum ada.")
			return
		}
		var found []Finding
		*number, found = CheckNIK(*number, p.BirthDate, p.Sex)
		c.found(ControlNIK, found)
	case NIKNone, NIKUnknown, NIKPending:
		if CleanNumber(*number) != "" {
			c.fail(ControlNIK, "Kosongkan NIK, atau pilih bahwa NIK ada.")
		}
		*number = ""
	default:
		c.fail(ControlNIKStatus, "Pilih apakah NIK ada.")
	}
}

// kk checks the number of a card, "" = none.
func (c *check) kk(number *string) {
	if *number = CleanNumber(*number); *number == "" {
		return
	}
	_, found := CheckKK(*number)
	c.found(ControlKK, found)
}

// home tidies and checks an address.
func (c *check) home(rw, rt, address *string) {
	*address = c.line(ControlAddress, *address, "Tulis alamatnya: jalan, lorong, blok, nomor.", MaxAddress)
	for _, area := range []struct {
		control string
		v       *string
	}{{ControlRT, rt}, {ControlRW, rw}} {
		n, ok := ParseArea(*area.v)
		if !ok {
			c.fail(area.control, "Isi nomor %s, 1 sampai 999.", strings.ToUpper(area.control))
		}
		*area.v = n
	}
}

// entry fills and checks how a record begins.
func (c *check) entry(r *NewResident, today time.Time) {
	if r.Entry == "" {
		r.Entry = Registered
	}
	switch {
	case !slices.Contains(Entries, r.Entry):
		c.fail(ControlEntry, "Pilih bagaimana orang ini mulai tercatat.")
	case r.Entry == Born:
		r.EntryOn = r.BirthDate
	case r.EntryOn.IsZero():
		r.EntryOn = today
	}
	r.EntryOn = dayOf(r.EntryOn)
	c.day(r.EntryOn, today)
	if r.EntryOn.Before(r.BirthDate) {
		c.fail(ControlDate, "Tanggal ini sebelum orangnya lahir.")
	}
	c.detail(&r.Detail)
}

func (c *check) day(on, today time.Time) {
	switch {
	case on.Before(earliest):
		c.fail(ControlDate, "Isi tanggal kejadian.")
	case on.After(today):
		c.fail(ControlDate, "Tanggal ini belum terjadi.")
	}
}

func (c *check) detail(d *Detail) {
	for _, f := range []struct {
		control string
		v       *string
	}{{ControlPlace, &d.Place}, {ControlDestination, &d.Destination}, {ControlOrigin, &d.Origin}, {ControlLetter, &d.Letter}} {
		*f.v = c.line(f.control, *f.v, "", MaxDetail)
	}
	*d = Detail{Place: d.Place, Destination: d.Destination, Origin: d.Origin, Letter: d.Letter}
}

func (c *check) reason(s *string, missing string) {
	*s = c.line(ControlReason, *s, missing, MaxReason)
}

// err is what a form hears of the problems: nil when there is none, or nothing but
// doubts that somebody with the right to has explained.
func (c *check) err(override bool, reason string) error {
	wrong, doubts := make([]errs.Field, 0, len(c.problems)+1), false
	for _, p := range c.problems {
		if p.Doubt {
			if override && reason != "" {
				continue
			}
			doubts = true
		}
		wrong = append(wrong, errs.Field{Name: p.Control, Message: p.Message})
	}
	switch {
	case len(wrong) == 0:
		return nil
	case doubts && override:
		wrong = append(wrong, errs.Field{Name: ControlReason, Message: "Bila nomornya memang begitu di KTP atau KK, tulis alasannya untuk meloloskan."})
	case doubts:
		wrong = append(wrong, errs.Field{Message: "Periksa lagi KTP dan KK. Bila memang begitu tertulis, sekretaris atau lurah dapat meloloskannya dengan alasan."})
	}
	return errs.Invalid(wrong...)
}

const (
	wordsNIKTaken  = "NIK ini sudah tercatat atas nama orang lain di register kota ini."
	wordsNIKMoved  = "NIK ini milik orang yang tercatat pindah. Catat sebagai pindah datang, supaya riwayatnya ikut."
	wordsKKTaken   = "Nomor KK ini sudah dipakai keluarga lain di kelurahan ini."
	wordsTwoHeads  = "Keluarga ini sudah punya kepala keluarga. Pilih hubungan lain, atau ganti kepala keluarganya dulu."
	wordsNoHead    = "Keluarga harus punya satu kepala keluarga."
	wordsThere     = "Orang dengan nama dan tanggal lahir ini sudah tercatat di keluarga ini."
	wordsSomeHeads = "Keluarga hanya boleh punya satu kepala keluarga."
)

// taken puts the constraints that people run into in words.
func taken(err error) error {
	switch {
	case pg.Violates(err, "epemerintahan_resident_nik_key"):
		return errs.Invalid(errs.Field{Name: ControlNIK, Message: wordsNIKTaken})
	case pg.Violates(err, "epemerintahan_family_kk_key"):
		return errs.Invalid(errs.Field{Name: ControlKK, Message: wordsKKTaken})
	case pg.Violates(err, "epemerintahan_resident_head_key"):
		return errs.Invalid(errs.Field{Name: ControlRelation, Message: wordsTwoHeads})
	}
	return err
}
