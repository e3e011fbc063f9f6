package eoffice

import (
	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// kindOf is the kind of a letter.
func kindOf(c *Case) (kind.Kind, error) {
	k, ok := kind.ByCode(c.KindCode)
	if !ok {
		return k, errs.New(errs.Internal, "no kind "+c.KindCode)
	}
	return k, nil
}

// caseOf completes a case as it was read with what its kind says.
func caseOf(c Case, err error) (Case, error) {
	if err != nil {
		return c, err
	}
	if k, ok := kind.ByCode(c.KindCode); ok {
		c.Strategic = k.Strategic
	}
	return c, nil
}
