package epemerintahan

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// Objects of the trail.
const (
	objectResident = "epemerintahan_resident"
	objectFamily   = "epemerintahan_family"
	objectImport   = "epemerintahan_import"
)

// subject is what an act was about.
type subject struct {
	object string
	id     int64
	unit   int64 // kelurahan
}

func (s subject) noun() string {
	switch s.object {
	case objectFamily:
		return "family"
	case objectImport:
		return "import"
	}
	return "resident"
}

// read notes that personal data was looked at.
func (m *Module) read(ctx context.Context, q pg.Querier, a authz.Actor, verb string, s subject, detail map[string]any) error {
	return audit.Write(ctx, q, a, m.now(), audit.Entry{
		Action: "epemerintahan." + s.noun() + "." + verb, Object: s.object, ObjectID: s.id, UnitID: s.unit, Detail: detail,
	})
}

// worked notes a finished step in the trail and in the work ledger.
func (m *Module) worked(ctx context.Context, q pg.Querier, a authz.Actor, verb string, s subject, outcome string, detail map[string]any) error {
	if err := m.read(ctx, q, a, verb, s, detail); err != nil {
		return err
	}
	return workledger.Record(ctx, q, m.now(), workledger.Event{
		Actor: a, Position: a.MainPosition(), UnitID: s.unit, Module: "epemerintahan", Kind: s.noun() + "_" + verb,
		Object: s.object, ObjectID: s.id, Outcome: outcome,
	})
}

// changed keeps a correction, before and after.
func (m *Module) changed(ctx context.Context, q pg.Querier, a authz.Actor, s subject, version int, what, reason string, fields []FieldChange) error {
	resident, family := s.id, int64(0)
	if s.object == objectFamily {
		resident, family = 0, s.id
	}
	if fields == nil {
		fields = []FieldChange{}
	}
	return pg.Exec(ctx, q, sqlInsertChange, resident, family, version, m.now(), a.AccountID, what, reason, fields)
}
