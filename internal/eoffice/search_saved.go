package eoffice

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// sealQuery is the context under which searches are sealed: browsers and servers remember
// addresses, and what somebody looks for may name people.
const sealQuery = "eoffice.query"

// SealQuery hides a query so that it can stand in an address.
func (m *Module) SealQuery(q Query) (string, error) {
	b, err := json.Marshal(q)
	return base64.RawURLEncoding.EncodeToString(m.box.Seal(string(b), sealQuery)), err
}

// OpenQuery is what SealQuery hid; anything else is errs.BadRequest.
func (m *Module) OpenQuery(sealed string) (Query, error) {
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err == nil {
		return m.openQuery(b)
	}
	return Query{}, errNoQuery
}

var errNoQuery = errs.New(errs.BadRequest, "Pencarian ini tidak dikenal. Mulai lagi dari halaman pencarian.")

func (m *Module) openQuery(sealed []byte) (q Query, err error) {
	text, err := m.box.Open(sealed, sealQuery)
	if err != nil || json.Unmarshal([]byte(text), &q) != nil {
		return q, errNoQuery
	}
	return q, nil
}

// SavedSearch is a search that somebody keeps.
type SavedSearch struct {
	ID          int64
	Name        string
	QuerySealed []byte
}

// Address is the sealed query for an address.
func (s SavedSearch) Address() string { return base64.RawURLEncoding.EncodeToString(s.QuerySealed) }

// maxSaved is how many searches one account keeps.
const maxSaved = 20

const (
	sqlSavedSearches = `SELECT id, name, query_sealed FROM eoffice_view WHERE account_id = $1 ORDER BY name`
	sqlSaveSearch    = `
INSERT INTO eoffice_view (account_id, name, query_sealed, created_at)
SELECT $1, $2, $3, $4 WHERE (SELECT count(*) FROM eoffice_view WHERE account_id = $1 AND name <> $2) < $5
ON CONFLICT (account_id, name) DO UPDATE SET query_sealed = excluded.query_sealed`
	sqlForgetSearch = `DELETE FROM eoffice_view WHERE id = $1 AND account_id = $2`
)

// ControlViewName is the control of a saved search's name.
const ControlViewName = "nama"

// SavedSearches are those of the actor, by name.
func (m *Module) SavedSearches(ctx context.Context, a authz.Actor) (_ []SavedSearch, err error) {
	defer errs.In(&err, "eoffice.SavedSearches")
	return pg.Many[SavedSearch](ctx, m.db, sqlSavedSearches, a.AccountID)
}

// SaveSearch keeps a query under a name; another one of that name makes room for it.
func (m *Module) SaveSearch(ctx context.Context, a authz.Actor, name string, q Query) (err error) {
	defer errs.In(&err, "eoffice.SaveSearch")
	name = strings.Join(strings.Fields(name), " ")
	if n := utf8.RuneCountInString(name); n < 1 || n > 60 {
		return errs.Invalid(errs.Field{Name: ControlViewName, Message: "Tulis nama dalam 1 sampai 60 huruf."})
	}
	b, err := json.Marshal(q)
	if err != nil {
		return err
	}
	tag, err := m.db.Exec(ctx, sqlSaveSearch, a.AccountID, name, m.box.Seal(string(b), sealQuery), m.now(), maxSaved)
	if err == nil && tag.RowsAffected() == 0 {
		return errs.Invalid(errs.Field{Name: ControlViewName, Message: "Sudah ada 20 pencarian tersimpan. Hapus satu lebih dahulu."})
	}
	return err
}

// ForgetSearch removes one of the actor's saved searches; what is not theirs is left alone.
func (m *Module) ForgetSearch(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "eoffice.ForgetSearch")
	return pg.Exec(ctx, m.db, sqlForgetSearch, id, a.AccountID)
}
