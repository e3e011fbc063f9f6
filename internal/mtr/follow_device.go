package mtr

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// A browser follows by web push, with an account or without. Its endpoint is a secret that
// only it and we know: whoever names it speaks for it.

// PushKey is what a browser subscribes with; "" when web push is off.
func (m *Module) PushKey() string {
	if m.push == nil {
		return ""
	}
	return m.push.PublicKey()
}

const sqlCountDeviceFollows = `SELECT count(*)::int FROM mtr_follow WHERE device_id = $1 AND ended_at IS NULL`

const sqlFollowByDevice = `
INSERT INTO mtr_follow AS f (subject, subject_id, device_id, channel, pace, token_hash, created_at, confirmed_at, digest_at)
VALUES ($1, $2, $3, 'push', $6, $4, $5, $5, $5)
ON CONFLICT (device_id, subject, subject_id) WHERE device_id IS NOT NULL AND ended_at IS NULL 
DO UPDATE SET pace = excluded.pace, digest_at = CASE WHEN f.pace = excluded.pace THEN f.digest_at ELSE excluded.digest_at END`

// FollowByDevice begins to tell a browser; again changes only the pace. A device that
// cannot be reached is errs.Invalid; Email of the input is not looked at.
func (m *Module) FollowByDevice(ctx context.Context, a authz.Actor, in FollowInput, d notify.Device) (err error) {
	defer errs.In(&err, "mtr.FollowByDevice(%s)", in.Subject)
	if err := errors.Join(in.Pace.check(), m.checkDevice(d)); err != nil {
		return err
	}
	if in.ID, err = m.followable(ctx, in); err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		now := m.now()
		id, stopped, err := notify.KeepDevice(ctx, tx, m.box, d, a.AccountID, TopicFollow, now)
		if err != nil {
			return err
		}
		if err := m.beginAnew(ctx, tx, stopped, 0, nil, id, 0); err != nil {
			return err
		}
		if n, err := pg.Scalar[int](ctx, tx, sqlCountDeviceFollows, id); err != nil || n >= maxFollows {
			return errors.Join(err, tooMany(n))
		}
		return pg.Exec(ctx, tx, sqlFollowByDevice, in.Subject, in.ID, id, crypt.HashToken(crypt.Token()), now, in.Pace)
	})
}

func (m *Module) checkDevice(d notify.Device) error {
	if m.push == nil {
		return errs.New(errs.NotFound, "")
	}
	return m.push.Check(d)
}

// What was stopped in a notification is over at once, though the row may say so only later.
const deviceFollowings = sqlFollowing + `WHERE f.device_id = $1 AND f.ended_at IS NULL AND NOT EXISTS (SELECT FROM notify_unsubscribe u
	WHERE u.recipient_hash = $2 AND u.topic = $3 AND (u.object_id = 0 OR u.object = 'mtr_follow' AND u.object_id = f.id)) ORDER BY f.id DESC`

// DeviceFollowings lists what the browser with an endpoint follows, newest first; one that is
// not known follows nothing.
func (m *Module) DeviceFollowings(ctx context.Context, endpoint string) (_ []Following, err error) {
	defer errs.In(&err, "mtr.DeviceFollowings")
	id, err := notify.DeviceOf(ctx, m.db, m.box, endpoint)
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return pg.Many[Following](ctx, m.db, deviceFollowings, id, notify.DeviceHash(m.box, id), TopicFollow)
}

const sqlEndDeviceFollow = `UPDATE mtr_follow SET ended_at = $3 WHERE device_id = $1 AND id = $2 AND ended_at IS NULL`

// UnfollowByDevice stops one of a browser's own followings, or with id 0 all of them, and
// forgets a browser that follows nothing any more. Again changes nothing.
func (m *Module) UnfollowByDevice(ctx context.Context, endpoint string, id int64) (err error) {
	defer errs.In(&err, "mtr.UnfollowByDevice(%d)", id)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		now := m.now()
		device, err := notify.DeviceOf(ctx, tx, m.box, endpoint)
		if errs.KindOf(err) == errs.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		left := 0
		if id != 0 {
			if err := pg.Exec(ctx, tx, sqlEndDeviceFollow, device, id, now); err != nil {
				return err
			}
			if left, err = pg.Scalar[int](ctx, tx, sqlCountDeviceFollows, device); err != nil {
				return err
			}
		}
		if left > 0 {
			return nil
		}
		return notify.ForgetDevices(ctx, tx, []int64{device}, now)
	})
}

// MoveDevice goes on telling a browser whose push service gave it another endpoint; an
// unknown old one is errs.NotFound.
func (m *Module) MoveDevice(ctx context.Context, old string, d notify.Device) (err error) {
	defer errs.In(&err, "mtr.MoveDevice")
	if err := m.checkDevice(d); err != nil {
		return err
	}
	return notify.MoveDevice(ctx, m.db, m.box, old, d, m.now())
}

// Who stopped everything in a notification may take that back for a day.
const sqlIdleDevices = `
SELECT d.id FROM notify_device d WHERE d.seen_at <= $1 AND (NOT EXISTS (SELECT FROM mtr_follow f WHERE f.device_id = d.id AND f.ended_at IS NULL)
	OR EXISTS (SELECT FROM notify_message m JOIN notify_unsubscribe u ON u.recipient_hash = m.recipient_hash AND u.topic = $2 AND u.object_id = 0
		WHERE m.device_id = d.id AND u.created_at <= $1 - interval '1 day'))`

// forgetIdleDevices forgets browsers that follow nothing any more, and those that were told to
// be silent.
func (m *Module) forgetIdleDevices(ctx context.Context) error {
	before := m.now().Add(-sweepGrace)
	ids, err := pg.Scalars[int64](ctx, m.db, sqlIdleDevices, before, TopicFollow)
	if err != nil || len(ids) == 0 {
		return err
	}
	return notify.ForgetDevices(ctx, m.db, ids, before)
}
