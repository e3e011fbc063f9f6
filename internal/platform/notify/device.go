package notify

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const deviceContext = "notify.device"

// Device is a browser as its PushManager describes it. Endpoint is a secret: whoever names it
// has it. Key (p256dh) and Auth are in base64url.
type Device struct {
	Endpoint string `json:"endpoint"`
	Key      string `json:"p256dh"`
	Auth     string `json:"auth"`
}

// sealed is what is kept of a device.
func (d Device) sealed(box *crypt.Box) (hash, address []byte, err error) {
	plain, err := json.Marshal(d)
	return endpointHash(box, d.Endpoint), box.Seal(string(plain), deviceContext), err
}

func endpointHash(box *crypt.Box, endpoint string) []byte { return box.Hash(deviceContext, endpoint) }

func openDevice(box *crypt.Box, address []byte) (d Device, err error) {
	plain, err := box.Open(address, deviceContext)
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(plain), &d)
}

const sqlKeepDevice = `
INSERT INTO notify_device AS d (endpoint_hash, address_sealed, account_id, seen_at) VALUES ($1, $2, NULLIF($3::bigint, 0), $4)
ON CONFLICT (endpoint_hash) DO UPDATE SET address_sealed = excluded.address_sealed, account_id = COALESCE(excluded.account_id, d.account_id), seen_at = excluded.seen_at
RETURNING id`

// KeepDevice notes a device, with the account that is signed in there (0: none), and that it
// wants to hear of a topic again, which it had stopped or not. Of the same endpoint there is
// one; [Push.Check] comes before.
func KeepDevice(ctx context.Context, tx pgx.Tx, box *crypt.Box, d Device, accountID int64, topic string, at time.Time) (id int64, stopped bool, err error) {
	defer errs.In(&err, "notify.KeepDevice")
	hash, address, err := d.sealed(box)
	if err != nil {
		return 0, false, err
	}
	if id, err = pg.Scalar[int64](ctx, tx, sqlKeepDevice, hash, address, accountID, at); err != nil {
		return 0, false, err
	}
	stopped, err = rejoin(ctx, tx, DeviceHash(box, id), topic)
	return id, stopped, err
}

// DeviceOf is the id of the device with that endpoint; else errs.NotFound.
func DeviceOf(ctx context.Context, q pg.Querier, box *crypt.Box, endpoint string) (id int64, err error) {
	defer errs.In(&err, "notify.DeviceOf")
	return pg.Scalar[int64](ctx, q, `SELECT id FROM notify_device WHERE endpoint_hash = $1`, endpointHash(box, endpoint))
}

const sqlMoveDevice = `UPDATE notify_device SET endpoint_hash = $2, address_sealed = $3, seen_at = $4 WHERE endpoint_hash = $1`

// MoveDevice gives the device with an old endpoint the address that its browser made in its
// place; an unknown one is errs.NotFound.
func MoveDevice(ctx context.Context, q pg.Querier, box *crypt.Box, old string, d Device, at time.Time) (err error) {
	defer errs.In(&err, "notify.MoveDevice")
	hash, address, err := d.sealed(box)
	if err != nil {
		return err
	}
	err = pg.Changed(q.Exec(ctx, sqlMoveDevice, endpointHash(box, old), hash, address, at))
	if errs.KindOf(err) == errs.Conflict {
		return errs.New(errs.NotFound, "")
	}
	return err
}

// ForgetDevices deletes devices that were not seen since a moment, with all that is addressed to them.
func ForgetDevices(ctx context.Context, q pg.Querier, ids []int64, notSince time.Time) (err error) {
	defer errs.In(&err, "notify.ForgetDevices")
	return pg.Exec(ctx, q, `DELETE FROM notify_device WHERE id = ANY ($1) AND seen_at <= $2`, ids, notSince)
}

// DeviceHash names a device among those who said stop.
func DeviceHash(box *crypt.Box, id int64) []byte {
	return box.Hash("notify.recipient.device", strconv.FormatInt(id, 10))
}
