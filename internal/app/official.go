package app

import (
	"context"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
)

// official verifies the letters between offices on the page on which those of the
// kelurahan are.
func official(m *eoffice.Module) func(ctx context.Context, token string) (letter.Verification, error) {
	return func(ctx context.Context, token string) (letter.Verification, error) {
		o, err := m.Verify(ctx, token)
		if err != nil {
			return letter.Verification{}, err
		}
		k, _ := kind.ByCode(o.KindCode)
		v := letter.Verification{
			Kind: k.Name, Number: o.Number, KelurahanName: o.Office, IssuedOn: o.DatedAt, Mode: letter.Mode(o.Mode), State: letter.StateValid,
			Certified: len(o.Blocks) > 0, Hash: o.Hash,
		}
		for _, b := range o.Blocks {
			v.Signed = append(v.Signed, letter.Signed{Lines: b.Lines, Name: b.Name, Certified: b.Certified})
			v.Certified = v.Certified && b.Certified
		}
		switch {
		case o.Status == eoffice.Revoked:
			v.State = letter.StateVoided
		case o.Unfinished():
			v.State, v.Hash = letter.StateUnfinished, nil
		}
		return v, nil
	}
}
