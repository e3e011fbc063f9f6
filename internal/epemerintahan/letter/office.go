package letter

import (
	"context"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// OfficeSettings are how a kelurahan writes.
type OfficeSettings struct {
	KelurahanID int64
	Kelurahan   string // "Kassi-Kassi"
	KecamatanID int64
	Kecamatan   string // "Rappocini"
	Address     string
	Phone       string
	Postcode    string
	Email       string
	// Code stands for the kelurahan in numbers; NumberPattern is that of kinds that have none of their own.
	Code          string
	NumberPattern string
	Paper         string // A4 or F4
	// CounterPrint: the operator may print wet letters at the counter, the lurah signs the paper.
	CounterPrint bool
	// AskRT: online requests go to the RT or RW head first, where their contact is known.
	AskRT   bool
	Version int // 0: nothing was set yet
}

// DefaultPattern of numbers.
const DefaultPattern = "{kka}/{no}/{unit}/{bulan_romawi}/{tahun}"

func (o OfficeSettings) paper() naskah.Paper {
	if o.Paper == "A4" {
		return naskah.A4
	}
	return naskah.F4
}

func (o OfficeSettings) head() naskah.Head {
	var parts []string
	for _, p := range []struct{ label, value string }{{"", o.Address}, {"Telp. ", o.Phone}, {"Kode pos ", o.Postcode}, {"Surel ", o.Email}} {
		if p.value != "" {
			parts = append(parts, p.label+p.value)
		}
	}
	return naskah.Head{
		Lines: []string{
			"PEMERINTAH KOTA " + strings.ToUpper(City), "KECAMATAN " + strings.ToUpper(o.Kecamatan), "KELURAHAN " + strings.ToUpper(o.Kelurahan),
		},
		Address: strings.Join(parts, " · "), Emblem: true,
	}
}

const sqlOffice = `
SELECT u.id AS kelurahan_id, u.short_name AS kelurahan, COALESCE(p.id, 0) AS kecamatan_id, COALESCE(p.short_name, '') AS kecamatan,
	COALESCE(o.address, u.address) AS address, COALESCE(o.phone, u.phone) AS phone, COALESCE(o.postcode, '') AS postcode,
	COALESCE(o.email, '') AS email, COALESCE(o.code, '') AS code, COALESCE(o.number_pattern, '') AS number_pattern,
	COALESCE(o.paper, 'F4') AS paper, COALESCE(o.counter_print, true) AS counter_print, COALESCE(o.ask_rt, false) AS ask_rt,
	COALESCE(o.version, 0) AS version
FROM org_unit u LEFT JOIN org_unit p ON p.id = u.parent_id LEFT JOIN epemerintahan_office o ON o.kelurahan_id = u.id
WHERE u.id = $1 AND u.kind = 'kelurahan'`

// OfficeOf is how a kelurahan writes; what was not set yet is made from its unit.
func (m *Module) OfficeOf(ctx context.Context, kelurahanID int64) (OfficeSettings, error) {
	return officeOf(ctx, m.db, kelurahanID)
}

func officeOf(ctx context.Context, q pg.Querier, kelurahanID int64) (o OfficeSettings, err error) {
	defer errs.In(&err, "letter.OfficeOf(%d)", kelurahanID)
	if o, err = pg.One[OfficeSettings](ctx, q, sqlOffice, kelurahanID); err != nil {
		return o, err
	}
	if o.Code == "" {
		o.Code = abbreviation(o.Kelurahan)
	}
	if o.NumberPattern == "" {
		o.NumberPattern = DefaultPattern
	}
	return o, nil
}

// abbreviation of a kelurahan's name in three letters, for numbers until it sets its
// own: Kassi-Kassi is KSK, Buakana BKN.
func abbreviation(name string) string {
	consonants := func(s string) (out string) {
		for i, r := range strings.ToUpper(s) {
			if r >= 'A' && r <= 'Z' && (i == 0 || !strings.ContainsRune("AIUEO", r)) && (out == "" || out[len(out)-1] != byte(r)) {
				out += string(r)
			}
		}
		return out
	}
	parts := strings.Fields(indo.Fold(name))
	out := ""
	for i, p := range parts {
		take := 1
		switch {
		case len(parts) == 1:
			take = 3
		case len(parts) == 2 && i == 0:
			take = 2
		}
		c := consonants(p)
		out += c[:min(take, len(c))]
	}
	if out == "" {
		return "KEL"
	}
	return out[:min(3, len(out))]
}

// Controls of the office's form.
const (
	ControlAddress  = "alamat"
	ControlPhone    = "telepon"
	ControlPostcode = "kode_pos"
	ControlEmail    = "surel"
	ControlCode     = "kode"
	ControlPattern  = "pola_nomor"
	ControlPaper    = "kertas"
)

const sqlSaveOffice = `
INSERT INTO epemerintahan_office (kelurahan_id, address, phone, postcode, email, code, number_pattern, paper, counter_print, ask_rt, version, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $12)
ON CONFLICT (kelurahan_id) DO UPDATE SET address = $2, phone = $3, postcode = $4, email = $5, code = $6, number_pattern = $7,
	paper = $8, counter_print = $9, ask_rt = $10, version = epemerintahan_office.version + 1, updated_at = $12
WHERE epemerintahan_office.version = $11`

var (
	officeCode = regexp.MustCompile(`^[A-Z0-9.-]{1,20}$`)
	postcode   = regexp.MustCompile(`^\d{5}$`)
)

// SaveOffice changes how a kelurahan writes. Needs PermConfigure there. o.Version is
// what the form was opened with.
func (m *Module) SaveOffice(ctx context.Context, a authz.Actor, o OfficeSettings) (err error) {
	defer errs.In(&err, "letter.SaveOffice(%d)", o.KelurahanID)
	if _, err := m.configurable(ctx, m.db, a, o.KelurahanID); err != nil {
		return err
	}
	if o, err = checkOffice(o); err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		err := pg.Changed(tx.Exec(ctx, sqlSaveOffice, o.KelurahanID, o.Address, o.Phone, o.Postcode, o.Email, o.Code, o.NumberPattern,
			o.Paper, o.CounterPrint, o.AskRT, o.Version, m.now()))
		if errs.KindOf(err) == errs.Conflict {
			return errConfigured
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{
			Action: "epemerintahan.office.save", Object: "org_unit", ObjectID: o.KelurahanID, UnitID: o.KelurahanID,
			Detail: map[string]any{"kode": o.Code, "pola": o.NumberPattern, "kertas": o.Paper, "cetak_loket": o.CounterPrint, "tanya_rt": o.AskRT},
		})
	})
}

func checkOffice(o OfficeSettings) (OfficeSettings, error) {
	var wrong []errs.Field
	fail := func(name, message string) { wrong = append(wrong, errs.Field{Name: name, Message: message}) }
	line := func(s *string, control string, most int) {
		*s = indo.CleanName(*s)
		if utf8.RuneCountInString(*s) > most {
			fail(control, fmt.Sprintf("Ringkas menjadi paling banyak %d huruf.", most))
		}
	}
	line(&o.Address, ControlAddress, 200)
	line(&o.Phone, ControlPhone, 60)
	line(&o.Postcode, ControlPostcode, 10)
	line(&o.Email, ControlEmail, 100)
	o.Code, o.NumberPattern = strings.ToUpper(indo.CleanName(o.Code)), indo.CleanName(o.NumberPattern)
	if o.Postcode != "" && !postcode.MatchString(o.Postcode) {
		fail(ControlPostcode, "Kode pos terdiri dari lima angka.")
	}
	if address, err := mail.ParseAddress(o.Email); o.Email != "" && (err != nil || address.Address != o.Email) {
		fail(ControlEmail, "Tulis alamat email yang benar, contoh: kelurahan@makassarkota.go.id.")
	}
	if !officeCode.MatchString(o.Code) {
		fail(ControlCode, "Kode 1 sampai 20 huruf besar, angka, titik, atau tanda hubung.")
	}
	if problem := numbering.PatternProblem(o.NumberPattern); problem != "" {
		fail(ControlPattern, problem)
	}
	if o.Paper != "A4" && o.Paper != "F4" {
		fail(ControlPaper, "Pilih kertas A4 atau F4.")
	}
	if len(wrong) > 0 {
		return o, errs.Invalid(wrong...)
	}
	return o, nil
}

var (
	errConfigured   = errs.New(errs.Conflict, "Pengaturan ini baru saja diubah orang lain. Isian Anda masih ada di bawah; periksa, lalu simpan sekali lagi bila tetap ingin memakainya.")
	errNotOurOffice = errs.New(errs.NotFound, "Kelurahan ini tidak ada di wilayah Anda.")
)

// configurable is the unit, when the actor may set things up there; 0 is the city.
func (m *Module) configurable(ctx context.Context, q pg.Querier, a authz.Actor, unitID int64) (u org.Unit, err error) {
	if unitID == 0 {
		u, err = org.Root(ctx, q)
	} else {
		u, err = org.UnitByID(ctx, q, unitID)
	}
	switch {
	case err != nil && errs.KindOf(err) != errs.NotFound:
		return u, err
	case err != nil || !a.HasIn(PermConfigure, u.Ancestors) || unitID != 0 && u.Kind != "kelurahan":
		return u, errNotOurOffice
	}
	return u, nil
}

// NumberFor writes the number of a letter of kind k.
func (k Kind) NumberFor(o OfficeSettings, no int64, date time.Time) string {
	pattern := k.NumberPattern
	if pattern == "" {
		pattern = o.NumberPattern
	}
	return numbering.FormatPattern(pattern, numbering.Parts{KKA: k.Classification, Unit: o.Code, No: no, Date: date})
}

// ValidUntil is the last day of a letter issued on day; nil: it has no end.
func (k Kind) ValidUntil(day time.Time) *time.Time {
	if k.ValidDays == 0 {
		return nil
	}
	until := day.AddDate(0, 0, k.ValidDays)
	return &until
}
