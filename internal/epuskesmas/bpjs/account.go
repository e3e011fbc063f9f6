package bpjs

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Contexts under which the secrets of table epuskesmas_bpjs are sealed.
const (
	contextConsID    = "epuskesmas_bpjs.cons_id"
	contextSecret    = "epuskesmas_bpjs.secret"
	contextUserKey   = "epuskesmas_bpjs.user_key"
	contextClientID  = "epuskesmas_bpjs.client_id"
	contextClientKey = "epuskesmas_bpjs.client_key"
)

// Account is how a puskesmas and BPJS know each other, with its account at SATUSEHAT.
// What is not set is "". It holds secrets: it is never shown or logged.
type Account struct {
	UnitID   int64
	Inbound  Inbound
	Faskes   string // BPJS' code of the puskesmas
	Outbound Outbound
	Ministry Ministry
	Version  int // of the row; 0: there is none yet
}

// Inbound is what Mobile JKN signs in with.
type Inbound struct {
	User        string
	HasPassword bool
	Enabled     bool
	Version     int // of the catalogue at the bare address: 1 or 2
	FailStatus  int // HTTP status of a refusal: 200 or 201
}

// Outbound is what we sign our requests to BPJS with.
type Outbound struct {
	ConsID, Secret, UserKey string
	Enabled                 bool
}

// Ministry is the account at SATUSEHAT.
type Ministry struct {
	OrganizationID, ClientID, ClientSecret string
	Enabled                                bool
}

type accountRow struct {
	UnitID           int64
	InUser           string
	HasPassword      bool
	InEnabled        bool
	InVersion        int
	InFailStatus     int
	Faskes           string
	ConsIDSealed     []byte `db:"cons_id_sealed"`
	SecretSealed     []byte
	UserKeySealed    []byte
	OutEnabled       bool
	OrganizationID   string
	ClientIDSealed   []byte `db:"client_id_sealed"`
	ClientKeySealed  []byte
	SatusehatEnabled bool
	Version          int
}

const sqlAccount = `
SELECT unit_id, COALESCE(in_user, '') AS in_user, in_hash IS NOT NULL AS has_password, in_enabled, in_version::int, in_fail_status::int,
	faskes, cons_id_sealed, secret_sealed, user_key_sealed, out_enabled, organization_id, client_id_sealed, client_key_sealed,
	satusehat_enabled, version
FROM epuskesmas_bpjs WHERE unit_id = $1`

// LoadAccount reads a puskesmas' account, its secrets opened. Nothing is switched on in
// that of a puskesmas without a row.
func LoadAccount(ctx context.Context, q pg.Querier, box *crypt.Box, unitID int64) (a Account, err error) {
	defer errs.In(&err, "bpjs.LoadAccount(%d)", unitID)
	r, err := pg.One[accountRow](ctx, q, sqlAccount, unitID)
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return Account{UnitID: unitID, Inbound: Inbound{Version: 2, FailStatus: 200}}, nil
		}
		return a, err
	}
	a = Account{
		UnitID: r.UnitID, Faskes: r.Faskes, Version: r.Version,
		Inbound:  Inbound{User: r.InUser, HasPassword: r.HasPassword, Enabled: r.InEnabled, Version: r.InVersion, FailStatus: r.InFailStatus},
		Outbound: Outbound{Enabled: r.OutEnabled},
		Ministry: Ministry{OrganizationID: r.OrganizationID, Enabled: r.SatusehatEnabled},
	}
	for _, s := range []struct {
		sealed  []byte
		context string
		to      *string
	}{
		{r.ConsIDSealed, contextConsID, &a.Outbound.ConsID}, {r.SecretSealed, contextSecret, &a.Outbound.Secret},
		{r.UserKeySealed, contextUserKey, &a.Outbound.UserKey}, {r.ClientIDSealed, contextClientID, &a.Ministry.ClientID},
		{r.ClientKeySealed, contextClientKey, &a.Ministry.ClientSecret},
	} {
		if s.sealed == nil {
			continue
		}
		if *s.to, err = box.Open(s.sealed, s.context); err != nil {
			return Account{}, err
		}
	}
	return a, nil
}

// Secrets are new values of an account; "" leaves what is there.
type Secrets struct {
	ConsID, Secret, UserKey, ClientID, ClientSecret string
}

func seal(box *crypt.Box, value, context string) []byte {
	if value == "" {
		return nil
	}
	return box.Seal(value, context)
}

const sqlMakeAccount = `INSERT INTO epuskesmas_bpjs (unit_id, updated_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`

// $1 unit, $2 user, $3 inbound on, $4 version, $5 status, $6 faskes, $7–$9 cons id, secret and user key,
// $10 outbound on, $11 organization, $12–$13 client id and secret, $14 SATUSEHAT on, $15 row version, $16 now.
const sqlSaveAccount = `
UPDATE epuskesmas_bpjs SET
	in_user = NULLIF($2, ''), in_enabled = $3, in_version = $4, in_fail_status = $5, faskes = $6, cons_id_sealed = COALESCE($7, cons_id_sealed),
	secret_sealed = COALESCE($8, secret_sealed), user_key_sealed = COALESCE($9, user_key_sealed), out_enabled = $10, organization_id = $11,
	client_id_sealed = COALESCE($12, client_id_sealed), client_key_sealed = COALESCE($13, client_key_sealed), satusehat_enabled = $14,
	version = version + 1, updated_at = $16
WHERE unit_id = $1 AND version = greatest($15::int, 1)`

// SaveAccount writes an account as the caller has checked it, in the caller's transaction.
// The secrets in a are not looked at: new ones come in s. Somebody who was faster is
// errs.Conflict.
func SaveAccount(ctx context.Context, q pg.Querier, box *crypt.Box, a Account, s Secrets, now time.Time) (err error) {
	defer errs.In(&err, "bpjs.SaveAccount(%d)", a.UnitID)
	if err := pg.Exec(ctx, q, sqlMakeAccount, a.UnitID, now); err != nil {
		return err
	}
	return pg.Changed(q.Exec(ctx, sqlSaveAccount, a.UnitID, a.Inbound.User, a.Inbound.Enabled, a.Inbound.Version, a.Inbound.FailStatus, a.Faskes,
		seal(box, s.ConsID, contextConsID), seal(box, s.Secret, contextSecret), seal(box, s.UserKey, contextUserKey), a.Outbound.Enabled,
		a.Ministry.OrganizationID, seal(box, s.ClientID, contextClientID), seal(box, s.ClientSecret, contextClientKey), a.Ministry.Enabled,
		a.Version, now))
}
