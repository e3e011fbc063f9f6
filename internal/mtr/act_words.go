package mtr

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// MaxReason is how long the words of staff may be, in characters.
const MaxReason = 2000

// reading collects what is wrong with the answers of an act.
type reading struct{ wrong []errs.Field }

func (r *reading) fail(control, message string) {
	r.wrong = append(r.wrong, errs.Field{Name: control, Message: message})
}

// words are trimmed and at most limit characters; missing is said when there are
// none, "" = they may be left out.
func (r *reading) words(control, s, missing string, limit int) string {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && missing != "":
		r.fail(control, missing)
	case n > limit:
		r.fail(control, "Ringkas menjadi paling banyak "+indo.Int(limit)+" huruf.")
	}
	return s
}

// line is words on a single line.
func (r *reading) line(control, s, missing string, limit int) string {
	return r.words(control, strings.Join(strings.Fields(s), " "), missing, limit)
}

func (r *reading) err() error { return invalid(r.wrong) }

// say is the use case of an act that carries nothing but words.
func (m *Module) say(ctx context.Context, a authz.Actor, action Action, in ReasonInput, missing string) error {
	return m.act(ctx, staff(a, in.Act), action, func(pgx.Tx, *Case, Moment) (Intent, error) {
		var r reading
		return Intent{Reason: r.words(ControlReason, in.Reason, missing, MaxReason)}, r.err()
	}, nil)
}

// Respond writes a public answer without changing the status.
func (m *Module) Respond(ctx context.Context, a authz.Actor, in ReasonInput) error {
	return m.say(ctx, a, ActRespond, in, "Tulis tanggapan untuk pelapor.")
}

// Note writes a remark among staff.
func (m *Module) Note(ctx context.Context, a authz.Actor, in ReasonInput) error {
	return m.say(ctx, a, ActNote, in, "Tulis catatannya.")
}
