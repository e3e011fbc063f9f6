package mtr

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// A TemplateVariable stands in the words of staff in braces, {nomor}, and is filled for
// each report when the words go out.
type TemplateVariable struct {
	Name, Label string
	of          func(templateFacts) string // "" when the report has none
}

// TemplateVariables are all there are. None tells what is not public of a report.
var TemplateVariables = []TemplateVariable{
	{"nomor", "nomor laporan", func(f templateFacts) string { return f.Number }},
	{"kategori", "kategori laporan", func(f templateFacts) string { return f.CategoryName }},
	{"tempat", "kelurahan dan kecamatan", templateFacts.place},
	{"unit", "unit yang memegang laporan", func(f templateFacts) string { return f.UnitName }},
	{"tanggal_masuk", "tanggal laporan masuk", func(f templateFacts) string { return dateOrNone(f.state.ReceivedAt) }},
	{"tenggat", "tanggal batas langkah berikutnya", templateFacts.due},
	{"tanggal_janji", "tanggal pekerjaan yang dijadwalkan", func(f templateFacts) string { return dateOrNone(f.state.ExpectedAt) }},
	{"hari_ini", "tanggal hari ini", func(f templateFacts) string { return indo.LongDate(f.now) }},
}

// templateFacts is what the variables know of a report.
type templateFacts struct {
	Number, CategoryName, KelurahanName, KecamatanName, UnitName string

	state State
	now   time.Time
}

func (f templateFacts) place() string {
	if f.KelurahanName == "" {
		return ""
	}
	return "Kelurahan " + f.KelurahanName + ", Kecamatan " + f.KecamatanName
}

// due is what the city promised; what the reporter has time for is no promise.
func (f templateFacts) due() string {
	if f.state.DueKind == DueClose || f.state.DueKind == DueConfirm || f.state.PausedAt != nil {
		return ""
	}
	return dateOrNone(f.state.DueAt)
}

func dateOrNone(t *time.Time) string {
	if t == nil {
		return ""
	}
	return indo.LongDate(*t)
}

var variable = regexp.MustCompile(`\{\s*([a-z_]{2,30})\s*\}`)

// fill puts what is known of a report in place of the variables; left are those without a
// value and those that do not exist, as written and each once.
func (f templateFacts) fill(words string) (filled string, left []string) {
	filled = variable.ReplaceAllStringFunc(words, func(token string) string {
		name := variable.FindStringSubmatch(token)[1]
		i := slices.IndexFunc(TemplateVariables, func(v TemplateVariable) bool { return v.Name == name })
		if i >= 0 {
			if value := TemplateVariables[i].of(f); value != "" {
				return value
			}
		}
		if !slices.Contains(left, token) {
			left = append(left, token)
		}
		return token
	})
	return filled, left
}

// unknownVariables are those in words that do not exist, as written.
func unknownVariables(words string) (out []string) {
	for _, found := range variable.FindAllStringSubmatch(words, -1) {
		if !slices.ContainsFunc(TemplateVariables, func(v TemplateVariable) bool { return v.Name == found[1] }) {
			out = append(out, found[0])
		}
	}
	return out
}

const sqlTemplateFacts = `
SELECT r.number, c.name AS category_name, COALESCE(k.short_name, '') AS kelurahan_name, COALESCE(e.short_name, '') AS kecamatan_name,
	COALESCE(u.name, '') AS unit_name
FROM mtr_report r
JOIN mtr_category c ON c.id = r.category_id
LEFT JOIN org_unit k ON k.id = r.kelurahan_id
LEFT JOIN org_unit e ON e.id = r.kecamatan_id
LEFT JOIN org_unit u ON u.id = NULLIF($2::bigint, 0)
WHERE r.id = $1`

func factsOf(ctx context.Context, q pg.Querier, reportID int64, s State, now time.Time) (templateFacts, error) {
	f, err := pg.One[templateFacts](ctx, q, sqlTemplateFacts, reportID, s.UnitID)
	f.state, f.now = s, now
	return f, err
}

// fillWords fills the variables in the words of staff that go out, as things stand after e.
// One that has no value keeps everything back: errs.Invalid.
func fillWords(ctx context.Context, q pg.Querier, c *Case, e *Event) error {
	if e.Audience == ForStaff || !variable.MatchString(e.Reason) {
		return nil
	}
	facts, err := factsOf(ctx, q, c.ID, Apply(c.State, *e), e.At)
	if err != nil {
		return err
	}
	control := ControlReason
	if e.Action == ActSubmitProof || e.Action == ActAgencyAnswer {
		control = ControlAnswer
	}
	filled, left := facts.fill(e.Reason)
	switch {
	case len(left) > 0:
		return errs.Invalid(errs.Field{Name: control, Message: "Ganti " + strings.Join(left, ", ") +
			" dengan kata-kata Anda: laporan ini tidak punya isinya. Belum ada yang dikirim."})
	case utf8.RuneCountInString(filled) > MaxReason:
		return errs.Invalid(errs.Field{Name: control, Message: "Ringkas: sesudah isian diisi, paling banyak " + indo.Int(MaxReason) + " huruf."})
	}
	if e.Change.Answer == e.Reason {
		e.Change.Answer = filled
	}
	e.Reason = filled
	return nil
}
