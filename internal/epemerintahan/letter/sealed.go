package letter

import (
	"context"
	"encoding/json"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Contexts under which letters are sealed and hashed.
const (
	sealSubject  = "epemerintahan.letter.subject"
	sealValues   = "epemerintahan.letter.values"
	sealToken    = "epemerintahan.letter.token"
	sealIdentity = "epemerintahan.identity.nik"
	hashNIK      = "epemerintahan.letter.nik"
	hashCode     = "epemerintahan.identity.code"
)

func (m *Module) seal(v any, context string) ([]byte, error) {
	b, err := json.Marshal(v)
	return m.box.Seal(string(b), context), err
}

func (m *Module) open(sealed []byte, context string, v any) error {
	text, err := m.box.Open(sealed, context)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), v)
}

// nikHash finds the letters of a NIK; nil for none.
func (m *Module) nikHash(nik string) []byte {
	if nik == "" {
		return nil
	}
	return m.box.Hash(hashNIK, nik)
}

// opened is a resident the way letters keep them, numbers in full.
func opened(r epemerintahan.Opened) Person {
	p := PersonOf(r.Resident)
	p.NIK, p.KK = r.Full.NIK, r.Full.KK
	return p
}

// finder opens a resident whom a letter names; errs.NotFound when the asker may not name them.
type finder func(id int64) (epemerintahan.Opened, error)

// forStaff finds residents within the actor's realm; each look is audited.
func (m *Module) forStaff(ctx context.Context, q pg.Querier, a authz.Actor, k Kind) finder {
	return func(id int64) (epemerintahan.Opened, error) {
		return m.residents.Lookup(ctx, q, a, id, "surat "+k.Code)
	}
}

// fill puts what the register knows into the people of the answers who are residents.
// How they are related stays as it was typed.
func fill(v Values, find finder) (Values, error) {
	out := Values{}
	for name, answer := range v {
		people := make([]Person, 0, len(answer.People))
		for _, p := range answer.People {
			if p.ResidentID != 0 {
				r, err := find(p.ResidentID)
				if errs.KindOf(err) == errs.NotFound && err != nil {
					return nil, errs.Invalid(errs.Field{Name: FieldControl(name), Message: "Pilih orang dari daftar yang ada."})
				}
				if err != nil {
					return nil, err
				}
				typed := p.Relation
				if p = opened(r); typed != "" {
					p.Relation = typed
				}
			}
			people = append(people, p)
		}
		answer.People = people
		out[name] = answer
	}
	return out, nil
}

// kindOf is a version of a kind; versions never change, so they are remembered.
func (m *Module) kindOf(ctx context.Context, q pg.Querier, versionID int64) (Kind, error) {
	if k, ok := m.kinds.Load(versionID); ok {
		return k.(Kind), nil
	}
	k, err := kindVersion(ctx, q, versionID)
	if err == nil {
		m.kinds.Store(versionID, k)
	}
	return k, err
}

// mode in which letters of a kind are signed now.
func (k Kind) mode() Mode {
	if k.AlwaysWet || k.Definition.Mode == "" {
		return Wet
	}
	return k.Definition.Mode
}

// camat tells whether the camat signs too, when that was or was not asked for.
func (k Kind) camat(asked bool) bool {
	return k.CamatSigns == CamatAlways || k.CamatSigns == CamatAsked && asked
}

// Needed lists the requirements that hold a letter about the subject up.
func (k Kind) Needed(subject Person) (out []Requirement) {
	for _, r := range k.Requirements {
		if !r.Optional && !(r.Proved && subject.ResidentID != 0) {
			out = append(out, r)
		}
	}
	return out
}
