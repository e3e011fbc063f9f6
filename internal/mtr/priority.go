package mtr

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Priority says what goes first in a desk's queue, before any due time.
type Priority int

const (
	PriorityNormal Priority = iota
	PriorityHigh
	PriorityUrgent // somebody may be in danger
)

// Priorities in the order offered.
var Priorities = []Priority{PriorityNormal, PriorityHigh, PriorityUrgent}

// Label is the word people see.
func (p Priority) Label() string {
	switch p {
	case PriorityHigh:
		return "Didahulukan"
	case PriorityUrgent:
		return "Mendesak"
	}
	return "Biasa"
}

// PriorityOf is the rule: an answer or words that speak of danger are urgent, everything
// else is as its category.
func PriorityOf(c Category, title, body string, extra map[string]string) Priority {
	if EmergencyAnswers(c, extra) || LooksUrgent(title+"\n"+body) {
		return PriorityUrgent
	}
	return c.Priority
}

// PriorityInput sets a priority by hand; Reason is among staff.
type PriorityInput struct {
	Act
	Priority Priority
	Reason   string
}

// Prioritize sets the priority by hand; the rules leave it alone from then on.
func (m *Module) Prioritize(ctx context.Context, a authz.Actor, in PriorityInput) error {
	return m.act(ctx, staff(a, in.Act), ActPrioritize, func(_ pgx.Tx, c *Case, _ Moment) (Intent, error) {
		var r reading
		reason := r.words(ControlReason, in.Reason, "Tulis mengapa urutannya diubah.", MaxReason)
		switch {
		case !has(Priorities, in.Priority):
			r.fail(ControlPriority, "Pilih prioritas.")
		case in.Priority == c.Priority:
			r.fail(ControlPriority, "Prioritasnya sudah "+strings.ToLower(c.Priority.Label())+". Pilih yang lain.")
		}
		return Intent{Reason: reason, Change: Change{Priority: &in.Priority}}, r.err()
	}, nil)
}

// MaxHops is how often a report is handed on before the city's own dispatchers decide.
const MaxHops = 3

// cityDecides: a report that went from unit to unit is not sent on by a part of the city.
func cityDecides(c *Case, m Moment) error {
	if c.Hops >= MaxHops && !m.Actor.HasIn(PermDispatch, c.DispatchAncestors[:1]) {
		return errs.New(errs.Forbidden, "Laporan ini sudah tiga kali berpindah unit. Sekarang meja kota yang menentukan tujuannya.")
	}
	return nil
}
