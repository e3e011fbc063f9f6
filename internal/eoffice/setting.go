package eoffice

import (
	"context"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// Controls of the settings.
const (
	ControlCode      = "kode"
	ControlPaper     = "kertas"
	ControlAutoSend  = "kirim_otomatis"
	ControlAnswer    = "hari_jawab"
	ControlName      = "nama"
	ControlActive    = "aktif"
	ControlInactive  = "inaktif"
	ControlFate      = "nasib"
	ControlInUse     = "dipakai"
	ControlInherits  = "ikut_induk"
	ControlSheet     = "berkas"
	ControlTrial     = "coba"
	ControlLateDays  = "ingatkan_terlambat"
	ControlDraftDays = "ingatkan_konsep"
	controlStep      = "langkah_"
	controlDispatch  = "kirim_"
	controlAction    = "tindak_"
	controlAllTheDay = "terus_"
)

// SetUnit is a unit whose habits somebody may set.
type SetUnit struct {
	ID   int64
	Name string
}

const sqlSetUnits = `
SELECT id, name FROM org_unit WHERE ancestors && $1 AND valid_to IS NULL AND kind NOT IN ('rw', 'rt') ORDER BY array_length(ancestors, 1), name, id`

// SetUnits are the units whose habits the actor may set.
func (m *Module) SetUnits(ctx context.Context, a authz.Actor) (_ []SetUnit, err error) {
	defer errs.In(&err, "eoffice.SetUnits")
	return pg.Many[SetUnit](ctx, m.db, sqlSetUnits, listOf(a.Units(PermConfigure)))
}

// SetsCity tells whether the actor sets what holds for the whole city: the classification
// and how fast letters go.
func (m *Module) SetsCity(ctx context.Context, a authz.Actor) (_ bool, err error) {
	defer errs.In(&err, "eoffice.SetsCity")
	return org.HoldsRoot(ctx, m.db, listOf(a.Units(PermConfigure)))
}

// setting runs what changes a setting of the city for who may, and notes it.
func (m *Module) setting(ctx context.Context, a authz.Actor, action string, detail map[string]any, do func(pgx.Tx) error) error {
	ok, err := m.SetsCity(ctx, a)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.NotFound, "Pengaturan ini milik kota.")
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := do(tx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: action, Object: "eoffice_setting", UnitID: a.MainPosition().UnitID, Detail: detail})
	})
}

const sqlSaveOffice = `
INSERT INTO eoffice_office AS o (unit_id, code, paper, auto_send, answer_days, version, updated_at, screener_id) SELECT $1, $3, $4, $5, $6, 1, $7, NULLIF($8::bigint, 0) WHERE $2::integer = 0
ON CONFLICT (unit_id) DO NOTHING`

const sqlChangeOffice = `
UPDATE eoffice_office SET code = $3, paper = $4, auto_send = $5, answer_days = $6, version = version + 1, updated_at = $7, screener_id = NULLIF($8::bigint, 0) WHERE unit_id = $1 AND version = $2`

var officeCode = regexp.MustCompile(`^[A-Za-z0-9.-]{1,20}$`)

// SaveOffice sets how a unit writes; o.Version is the one that was shown, and another
// save in between is errs.Conflict. A code counts for the numbers of letters from now on.
func (m *Module) SaveOffice(ctx context.Context, a authz.Actor, o Office) (err error) {
	defer errs.In(&err, "eoffice.SaveOffice(%d)", o.UnitID)
	var wrong []errs.Field
	if !officeCode.MatchString(o.Code) {
		wrong = append(wrong, errs.Field{Name: ControlCode, Message: "Tulis kode 1 sampai 20 huruf, angka, titik, atau tanda hubung."})
	}
	if o.Paper != "A4" && o.Paper != "F4" {
		wrong = append(wrong, errs.Field{Name: ControlPaper, Message: "Pilih F4 atau A4."})
	}
	if o.AnswerDays < 1 || o.AnswerDays > 30 {
		wrong = append(wrong, errs.Field{Name: ControlAnswer, Message: "Isi 1 sampai 30 hari kerja."})
	}
	more, err := m.mayScreen(ctx, o)
	if err != nil {
		return err
	}
	if wrong = append(wrong, more...); len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		u, err := org.UnitByID(ctx, tx, o.UnitID)
		if err != nil {
			return err
		}
		if !a.HasIn(PermConfigure, u.Ancestors) {
			return errs.New(errs.NotFound, "Unit ini bukan yang Anda atur.")
		}
		sql := sqlChangeOffice
		if o.Version == 0 {
			sql = sqlSaveOffice
		}
		err = pg.Changed(tx.Exec(ctx, sql, o.UnitID, o.Version, o.Code, o.Paper, o.AutoSend, o.AnswerDays, m.now(), o.ScreenerID))
		if errs.KindOf(err) == errs.Conflict {
			return errs.New(errs.Conflict, "Pengaturan ini baru saja diubah orang lain. Muat ulang halaman untuk melihatnya.")
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "eoffice.office", Object: "org_unit", ObjectID: o.UnitID, UnitID: o.UnitID,
			Detail: map[string]any{"kode": o.Code, "kertas": o.Paper, "otomatis": o.AutoSend, "hari": o.AnswerDays, "penyaring": o.ScreenerID}})
	})
}

// Class is a classification code with how long its records are kept.
type Class struct {
	Code          string
	Name          string
	ActiveYears   int
	InactiveYears int
	Fate          string // of the records then: [Fates]
	InUse         bool
	Inherits      bool   // years and fate are those of Rule, a code above
	Rule          string // the code whose years and fate hold: its own, or one above
}

// Fates are what becomes of records whose time is over.
var Fates = []string{"musnah", "dinilai_kembali", "permanen"}

// FateLabel names a fate.
func FateLabel(fate string) string {
	return map[string]string{"musnah": "Dimusnahkan", "dinilai_kembali": "Dinilai kembali", "permanen": "Permanen"}[fate]
}

const sqlClasses = `
SELECT k.code, k.name, r.active_years, r.inactive_years, r.fate, k.in_use, k.active_years IS NULL AS inherits, r.rule
FROM eoffice_kka k CROSS JOIN LATERAL eoffice_retention(k.code) r
WHERE $1::text = '' OR k.code LIKE $1 || '%' OR lower(k.name) LIKE '%' || $1 || '%' ORDER BY k.code LIMIT 10000`

// Classes lists the classification, those that are not in use too, by a beginning of the
// code or a part of the name.
func (m *Module) Classes(ctx context.Context, text string) (_ []Class, err error) {
	defer errs.In(&err, "eoffice.Classes")
	return pg.Many[Class](ctx, m.db, sqlClasses, strings.ToLower(strings.TrimSpace(likeless.Replace(tidyText(text)))))
}

const (
	sqlSaveClass = `
INSERT INTO eoffice_kka (code, name, active_years, inactive_years, fate, in_use) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, active_years = excluded.active_years, inactive_years = excluded.inactive_years, fate = excluded.fate,
	in_use = excluded.in_use`

	// A code for which nothing says how long its records are kept.
	sqlWithoutRetention = `
SELECT COALESCE(min(k.code), '') FROM eoffice_kka k WHERE NOT EXISTS (SELECT FROM eoffice_retention(k.code))`
)

var classCode = regexp.MustCompile(`^[0-9]{3}(\.[0-9]{1,3}){0,6}$`)

// check says what is wrong with a code, each at its control.
func (c Class) check() (wrong []errs.Field) {
	say := func(control, message string) { wrong = append(wrong, errs.Field{Name: control, Message: message}) }
	if !classCode.MatchString(c.Code) {
		say(ControlCode, "Tulis kode seperti 600.1.2: tiga angka, lalu bagian-bagiannya dipisah titik.")
	}
	if n := utf8.RuneCountInString(c.Name); n < 1 || n > 200 {
		say(ControlName, "Tulis nama dalam 1 sampai 200 huruf.")
	}
	if c.Inherits {
		return wrong
	}
	if c.ActiveYears < 0 || c.ActiveYears > 100 {
		say(ControlActive, "Isi 0 sampai 100 tahun.")
	}
	if c.InactiveYears < 0 || c.InactiveYears > 100 {
		say(ControlInactive, "Isi 0 sampai 100 tahun.")
	}
	if FateLabel(c.Fate) == "" {
		say(ControlFate, "Pilih musnah, dinilai_kembali, atau permanen.")
	}
	return wrong
}

// SaveClass adds a code or changes it. Letters that have it keep it.
func (m *Module) SaveClass(ctx context.Context, a authz.Actor, c Class) (err error) {
	defer errs.In(&err, "eoffice.SaveClass")
	c.Name = strings.Join(strings.Fields(c.Name), " ")
	if wrong := c.check(); len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return m.setting(ctx, a, "eoffice.class", map[string]any{"kode": c.Code, "dipakai": c.InUse}, func(tx pgx.Tx) error {
		return saveClasses(ctx, tx, ControlActive, c)
	})
}

// saveClasses adds or changes codes; afterwards each of all codes must have its retention,
// or one above it. What is wrong is said at a control.
func saveClasses(ctx context.Context, tx pgx.Tx, control string, all ...Class) error {
	for _, c := range all {
		args := []any{c.Code, c.Name, &c.ActiveYears, &c.InactiveYears, &c.Fate, c.InUse}
		if c.Inherits {
			args = []any{c.Code, c.Name, nil, nil, nil, c.InUse}
		}
		if err := pg.Exec(ctx, tx, sqlSaveClass, args...); err != nil {
			return err
		}
	}
	without, err := pg.Scalar[string](ctx, tx, sqlWithoutRetention)
	if err == nil && without != "" {
		err = errs.Invalid(errs.Field{Name: control, Message: "Kode " + without + " tidak mempunyai masa simpan, dan tidak ada kode di atasnya yang mempunyainya."})
	}
	return err
}

// maxClasses is how many codes one file brings at most.
const maxClasses = 10_000

// Imported is what a list of codes brought, or would bring.
type Imported struct{ Added, Changed, Same int }

// errTried ends the transaction of a trial.
var errTried = errors.New("tried")

// ImportClasses adds and changes the codes of a spreadsheet with the columns code, name,
// years active, years inactive and fate, a header above them; all of it or nothing. The last
// three are empty where those of the code above hold. A trial says what it would bring and
// keeps nothing. What is wrong is errs.Unprocessable with the line.
func (m *Module) ImportClasses(ctx context.Context, a authz.Actor, file media.Upload, size int64, trial bool) (out Imported, err error) {
	defer errs.In(&err, "eoffice.ImportClasses")
	all, err := readClasses(file, size)
	if err != nil {
		return out, err
	}
	known, err := m.Classes(ctx, "")
	if err != nil {
		return out, err
	}
	before := map[string]Class{}
	for _, c := range known {
		before[c.Code] = c
	}
	for _, c := range all {
		switch old, ok := before[c.Code]; {
		case !ok:
			out.Added++
		case old.Name != c.Name || !old.InUse || old.Inherits != c.Inherits ||
			!c.Inherits && (old.ActiveYears != c.ActiveYears || old.InactiveYears != c.InactiveYears || old.Fate != c.Fate):
			out.Changed++
		default:
			out.Same++
		}
	}
	err = m.setting(ctx, a, "eoffice.class_import", map[string]any{"banyak": len(all)}, func(tx pgx.Tx) error {
		if err := saveClasses(ctx, tx, ControlSheet, all...); err != nil || !trial {
			return err
		}
		return errTried
	})
	if errors.Is(err, errTried) {
		err = nil
	}
	return out, err
}

// readClasses reads the codes of a spreadsheet.
func readClasses(file media.Upload, size int64) (all []Class, err error) {
	r, err := sheet.Open(file, size)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	for first := true; ; first = false {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if first {
			continue
		}
		c := Class{Code: row.Cell(0).Text, Name: strings.Join(strings.Fields(row.Cell(1).Text), " "), Fate: strings.ReplaceAll(strings.ToLower(row.Cell(4).Text), " ", "_"), InUse: true}
		active, inactive := strings.TrimSpace(row.Cell(2).Text), strings.TrimSpace(row.Cell(3).Text)
		c.Inherits = active == "" && inactive == "" && c.Fate == ""
		var bad [2]error
		if !c.Inherits {
			c.ActiveYears, bad[0] = strconv.Atoi(active)
			c.InactiveYears, bad[1] = strconv.Atoi(inactive)
		}
		wrong := c.check()
		if len(wrong) == 0 && (bad[0] != nil || bad[1] != nil) {
			wrong = []errs.Field{{Message: "Tahun aktif dan inaktif ditulis dengan angka."}}
		}
		if len(wrong) > 0 {
			return nil, errs.Invalid(errs.Field{Name: ControlSheet, Message: "Baris " + strconv.Itoa(row.Line) + ": " + wrong[0].Message})
		}
		if all = append(all, c); len(all) > maxClasses {
			return nil, errs.Invalid(errs.Field{Name: ControlSheet, Message: "Paling banyak 10.000 kode dalam satu berkas."})
		}
	}
	if len(all) == 0 {
		return nil, errs.Invalid(errs.Field{Name: ControlSheet, Message: "Berkas ini tidak memuat kode. Baris pertama adalah judul kolom."})
	}
	return all, nil
}

const (
	sqlPaces    = `SELECT code, step_minutes, dispatch_minutes, action_minutes, around_the_clock FROM eoffice_urgency ORDER BY action_minutes DESC, code`
	sqlSavePace = `UPDATE eoffice_urgency SET step_minutes = $2, dispatch_minutes = $3, action_minutes = $4, around_the_clock = $5 WHERE code = $1`
)

// Paces lists how fast letters of each urgency go, the slowest first.
func (m *Module) Paces(ctx context.Context) (_ []Pace, err error) {
	defer errs.In(&err, "eoffice.Paces")
	return pg.Many[Pace](ctx, m.db, sqlPaces)
}

// longestPace is thirty days of the clock.
const longestPace = 30 * 24 * 60

// PaceControls are the controls of an urgency: step, dispatch, action, around the clock.
func PaceControls(u Urgency) [4]string {
	return [4]string{controlStep + string(u), controlDispatch + string(u), controlAction + string(u), controlAllTheDay + string(u)}
}

// SavePaces sets how fast letters go. What has its time already keeps it.
func (m *Module) SavePaces(ctx context.Context, a authz.Actor, all []Pace) (err error) {
	defer errs.In(&err, "eoffice.SavePaces")
	var wrong []errs.Field
	for _, p := range all {
		for i, minutes := range []int{p.StepMinutes, p.DispatchMinutes, p.ActionMinutes} {
			if minutes < 1 || minutes > longestPace {
				wrong = append(wrong, errs.Field{Name: PaceControls(p.Code)[i], Message: "Isi 1 sampai 43.200 menit."})
			}
		}
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return m.setting(ctx, a, "eoffice.pace", nil, func(tx pgx.Tx) error {
		for _, p := range all {
			if err := pg.Exec(ctx, tx, sqlSavePace, p.Code, p.StepMinutes, p.DispatchMinutes, p.ActionMinutes, p.AroundTheClock); err != nil {
				return err
			}
		}
		return nil
	})
}
