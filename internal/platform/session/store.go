package session

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// store is what scs reads and writes through. Who owns a session and how long it lasts
// are columns, carried in the request's state, so that they can be listed and revoked
// without opening anybody's data.
type store struct{ m *Manager }

var errNoContext = errors.New("session: store used without a request")

// FindCtx returns the data of a live session and fills the request's state.
func (s *store) FindCtx(ctx context.Context, token string) (_ []byte, found bool, err error) {
	row, ok, err := find(ctx, s.m.pool, hashToken(token))
	if err != nil {
		return nil, false, fmt.Errorf("session: find: %w", err)
	}
	if !ok {
		return nil, false, nil
	}
	st, now := mustState(ctx), s.m.clock.Now()
	if !now.Before(row.IdleUntil) || !now.Before(row.ExpiresAt) {
		// A form sent too late is kept for the person whose session it was.
		st.former = row.AccountID
		return nil, false, nil
	}
	st.id, st.accountID = row.ID, row.AccountID
	st.createdAt, st.seenAt = row.CreatedAt, row.SeenAt
	st.life = Lifetimes{Idle: row.IdleUntil.Sub(row.SeenAt), Absolute: row.ExpiresAt.Sub(row.CreatedAt)}
	return row.Data, true, nil
}

// CommitCtx inserts a new session or updates one that still exists. The expiry scs
// passes is by the machine's clock and only dates the cookie.
func (s *store) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	st, now := mustState(ctx), s.m.clock.Now()
	if st.id != 0 && !st.fresh {
		return save(ctx, s.m.pool, st.id, data)
	}
	if st.life == (Lifetimes{}) {
		st.life = Anonymous
	}
	if st.createdAt.IsZero() {
		st.createdAt, st.seenAt = now, now
	}
	id, err := insert(ctx, s.m.pool, newRow{
		TokenHash: hashToken(token), AccountID: st.accountID, Data: data, Device: st.device,
		CreatedAt: st.createdAt, SeenAt: now, IdleUntil: now.Add(st.life.Idle), ExpiresAt: st.createdAt.Add(st.life.Absolute),
	})
	if err != nil {
		return err
	}
	st.id, st.seenAt, st.fresh = id, now, false
	return nil
}

// DeleteCtx ends the session of token, if there is one.
func (s *store) DeleteCtx(ctx context.Context, token string) error {
	if token == "" {
		return nil
	}
	return remove(ctx, s.m.pool, hashToken(token))
}

// Find, Commit and Delete exist for the interface; scs prefers the ones with a context.
func (s *store) Find(string) ([]byte, bool, error) { return nil, false, errNoContext }

// Commit is never used, see Find.
func (s *store) Commit(string, []byte, time.Time) error { return errNoContext }

// Delete is never used, see Find.
func (s *store) Delete(string) error { return errNoContext }
