package epemerintahan

import (
	"encoding/base64"
)

// Contexts under which numbers are sealed and hashed.
const (
	sealNIK    = "epemerintahan.nik"
	sealKK     = "epemerintahan.kk"
	sealSearch = "epemerintahan.search"
)

// kept is a number as the database has it; the zero value is none.
type kept struct{ sealed, hash []byte }

func (m *Module) keep(number, context string) kept {
	if number == "" {
		return kept{}
	}
	return kept{m.box.Seal(number, context), m.box.Hash(context, number)}
}

// number opens a sealed number; none is "".
func (m *Module) number(sealed []byte, context string) (string, error) {
	if sealed == nil {
		return "", nil
	}
	return m.box.Open(sealed, context)
}

func (m *Module) masked(sealed []byte, context string) (string, error) {
	n, err := m.number(sealed, context)
	return mask(n), err
}

// numberChange is a changed number as changes keep it.
func numberChange(field string, before, after []byte) FieldChange {
	return FieldChange{field, base64.StdEncoding.EncodeToString(before), base64.StdEncoding.EncodeToString(after)}
}

// show masks the numbers of a change.
func (m *Module) show(c *Change) error {
	for i := range c.Fields {
		f := &c.Fields[i]
		context := map[string]string{fieldNIK: sealNIK, fieldKK: sealKK}[f.Field]
		if context == "" {
			continue
		}
		for _, v := range []*string{&f.Before, &f.After} {
			sealed, err := base64.StdEncoding.DecodeString(*v)
			if err != nil {
				return err
			}
			if len(sealed) == 0 {
				sealed = nil
			}
			if *v, err = m.masked(sealed, context); err != nil {
				return err
			}
		}
	}
	return nil
}

// SealSearch hides the words of a search, so that they can stand in an address:
// browsers and servers remember addresses.
func (m *Module) SealSearch(words string) string {
	if words == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(m.box.Seal(words, sealSearch))
}

// OpenSearch returns the words that SealSearch hid; ok is false for anything else.
func (m *Module) OpenSearch(sealed string) (words string, ok bool) {
	if sealed == "" {
		return "", true
	}
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return "", false
	}
	words, err = m.box.Open(b, sealSearch)
	return words, err == nil
}
