package audit

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// trail is one chained table. The canonical text of an entry is made by
// PostgreSQL from all its columns, so that verification needs no knowledge of
// Go's types and any change of any column breaks the chain.
type trail struct {
	name     string
	unsealed string // canonical text of entries without a seal, oldest first, from so many ids before the last that has one
	sealed   string // all seals after a position with the entries' canonical text
}

// workMore keeps the canonical text of entries that were sealed before these columns came.
const workMore = ` || CASE WHEN num_nonnulls(e.thread_id, e.holder_id, e.next_due_at) = 0 THEN '[]' ELSE jsonb_build_array(e.thread_id, e.holder_id, extract(epoch FROM e.next_due_at)) END ||
	CASE WHEN e.holder_unit_id IS NULL THEN '[]' ELSE jsonb_build_array(e.holder_unit_id) END`

const (
	sqlUnsealedAudit = `
SELECT e.id, jsonb_build_array(e.id, extract(epoch FROM e.at), e.account_id, e.actor, e.action, e.object, e.object_id, e.unit_id, e.request_id, e.detail)::text AS body
FROM audit_entry e
WHERE e.id > $1::bigint - $2::bigint AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.trail = 'audit' AND s.entry_id = e.id)
ORDER BY e.id LIMIT 2000`
	sqlSealedAudit = `
SELECT s.position, s.entry_id, s.mac, coalesce(jsonb_build_array(e.id, extract(epoch FROM e.at), e.account_id, e.actor, e.action, e.object, e.object_id, e.unit_id, e.request_id, e.detail)::text, '') AS body
FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id
WHERE s.trail = 'audit' AND s.position > $1 ORDER BY s.position LIMIT 2000`
	sqlUnsealedWork = `
SELECT e.id, (jsonb_build_array(e.id, extract(epoch FROM e.at), e.module, e.kind, e.object, e.object_id, e.outcome, e.person_id, e.position_id, e.occupancy_id, e.unit_id, extract(epoch FROM e.started_at), extract(epoch FROM e.due_at), e.working_minutes, e.strata, extract(epoch FROM e.recorded_at))` + workMore + `)::text AS body
FROM work_event e
WHERE e.id > $1::bigint - $2::bigint AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.trail = 'work' AND s.entry_id = e.id)
ORDER BY e.id LIMIT 2000`
	sqlSealedWork = `
SELECT s.position, s.entry_id, s.mac, coalesce((jsonb_build_array(e.id, extract(epoch FROM e.at), e.module, e.kind, e.object, e.object_id, e.outcome, e.person_id, e.position_id, e.occupancy_id, e.unit_id, extract(epoch FROM e.started_at), extract(epoch FROM e.due_at), e.working_minutes, e.strata, extract(epoch FROM e.recorded_at))` + workMore + `)::text, '') AS body
FROM audit_seal s LEFT JOIN work_event e ON e.id = s.entry_id
WHERE s.trail = 'work' AND s.position > $1 ORDER BY s.position LIMIT 2000`

	sqlLock = `SELECT pg_try_advisory_xact_lock(hashtext('audit.seal.' || $1::text))`
	sqlHead = `
SELECT position, mac, (SELECT max(entry_id) FROM audit_seal m WHERE m.trail = $1) AS max_entry
FROM audit_seal WHERE trail = $1 ORDER BY position DESC LIMIT 1`
	sqlSeal           = `INSERT INTO audit_seal (trail, position, entry_id, mac) SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bytea[])`
	sqlOverdueAudit   = `SELECT count(*) FROM audit_entry e WHERE e.at < now() - interval '1 minute' AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.trail = 'audit' AND s.entry_id = e.id)`
	sqlOverdueWork    = `SELECT count(*) FROM work_event e WHERE e.recorded_at < now() - interval '1 minute' AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.trail = 'work' AND s.entry_id = e.id)`
	sqlSealAtPosition = `SELECT mac FROM audit_seal WHERE trail = $1 AND position = $2`
)

var trails = []trail{
	{"audit", sqlUnsealedAudit, sqlSealedAudit},
	{"work", sqlUnsealedWork, sqlSealedWork},
}

// Head is the end of a chain: whoever keeps it elsewhere can later show that
// nothing before it was changed or cut off.
type Head struct {
	Trail    string `json:"trail"`
	Position int64  `json:"position"`
	MAC      string `json:"mac"`
}

// Sealer chains committed entries. Any number may run; an advisory lock lets
// one work at a time.
type Sealer struct {
	Pool *pgxpool.Pool
	Box  *crypt.Box
}

// How many ids before the last sealed one are looked at: by most polls, and by every tenth.
const (
	shallow   = 1000
	deep      = 100_000
	deepEvery = 10
)

// Run seals every two seconds until ctx ends. What committed long after it took its id is
// found within twenty.
func (s *Sealer) Run(ctx context.Context) {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for n := 0; ; n++ {
		back := shallow
		if n%deepEvery == 0 {
			back = deep
		}
		if err := s.seal(ctx, back); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "seal trail", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Seal chains everything that is committed and not yet chained.
//
// An entry's id is taken before its transaction commits, so a lower id may
// appear later; the look-back of 100,000 ids finds it.
func (s *Sealer) Seal(ctx context.Context) error { return s.seal(ctx, deep) }

// SealNew is Seal with a look-back of 1,000 ids, which costs the same however much is sealed.
func (s *Sealer) SealNew(ctx context.Context) error { return s.seal(ctx, shallow) }

func (s *Sealer) seal(ctx context.Context, back int) (err error) {
	defer errs.In(&err, "audit.Seal")
	for _, t := range trails {
		for {
			n, err := s.sealSome(ctx, t, back)
			if err != nil {
				return err
			}
			if n < 2000 {
				break
			}
		}
	}
	return nil
}

type head struct {
	Position int64
	MAC      []byte `db:"mac"`
	MaxEntry int64
}

func (s *Sealer) sealSome(ctx context.Context, t trail, back int) (n int, err error) {
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		mine, err := pg.Scalar[bool](ctx, tx, sqlLock, t.name)
		if err != nil || !mine {
			return err
		}
		h, err := pg.One[head](ctx, tx, sqlHead, t.name)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		type row struct {
			ID   int64
			Body string
		}
		rows, err := pg.Many[row](ctx, tx, t.unsealed, h.MaxEntry, back)
		if err != nil || len(rows) == 0 {
			return err
		}
		n = len(rows)
		positions, ids, macs := make([]int64, n), make([]int64, n), make([][]byte, n)
		mac := h.MAC
		for i, r := range rows {
			positions[i], ids[i] = h.Position+int64(i)+1, r.ID
			mac = chain(s.Box, t.name, positions[i], mac, r.Body)
			macs[i] = mac
		}
		return pg.Exec(ctx, tx, sqlSeal, t.name, positions, ids, macs)
	})
	return n, err
}

func chain(box *crypt.Box, trail string, position int64, previous []byte, body string) []byte {
	data := binary.BigEndian.AppendUint64(nil, uint64(position))
	data = append(data, byte(len(previous)))
	data = append(data, previous...)
	return box.MAC("trail/"+trail, append(data, body...))
}

// Heads returns where both chains end now.
func Heads(ctx context.Context, q pg.Querier) (heads []Head, err error) {
	for _, t := range trails {
		h, err := pg.One[head](ctx, q, sqlHead, t.name)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return nil, err
		}
		heads = append(heads, Head{Trail: t.name, Position: h.Position, MAC: hex.EncodeToString(h.MAC)})
	}
	return heads, nil
}

// Broken names the first entry at which a chain does not hold.
type Broken struct {
	Trail    string
	Position int64
	EntryID  int64
	Reason   string
}

func (b *Broken) Error() string {
	return fmt.Sprintf("trail %s is broken at position %d (entry %d): %s", b.Trail, b.Position, b.EntryID, b.Reason)
}

// Verify recomputes both chains from their beginning and returns their heads.
// It fails with *Broken at the first entry that was changed, removed or
// inserted, when entries have stayed unsealed for over a minute, or when a
// chain ends before a head in exported.
func Verify(ctx context.Context, q pg.Querier, box *crypt.Box, exported []Head) (heads []Head, err error) {
	for _, t := range trails {
		h, err := verify(ctx, q, box, t)
		if err != nil {
			return nil, err
		}
		heads = append(heads, h)
	}
	for _, h := range exported {
		mac, err := pg.Scalar[[]byte](ctx, q, sqlSealAtPosition, h.Trail, h.Position)
		if h.Position == 0 {
			continue
		}
		if errs.KindOf(err) == errs.NotFound && err != nil {
			return nil, &Broken{Trail: h.Trail, Position: h.Position, Reason: "the chain ends before the exported head"}
		}
		if err != nil {
			return nil, err
		}
		if hex.EncodeToString(mac) != h.MAC {
			return nil, &Broken{Trail: h.Trail, Position: h.Position, Reason: "differs from the exported head"}
		}
	}
	for name, sql := range map[string]string{"audit": sqlOverdueAudit, "work": sqlOverdueWork} {
		n, err := pg.Scalar[int64](ctx, q, sql)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			return nil, &Broken{Trail: name, Reason: fmt.Sprintf("%d entries unsealed for over a minute", n)}
		}
	}
	return heads, nil
}

func verify(ctx context.Context, q pg.Querier, box *crypt.Box, t trail) (Head, error) {
	type row struct {
		Position, EntryID int64
		MAC               []byte `db:"mac"`
		Body              string
	}
	var position int64
	var mac []byte
	for {
		rows, err := pg.Many[row](ctx, q, t.sealed, position)
		if err != nil {
			return Head{}, err
		}
		for _, r := range rows {
			position++
			broken := &Broken{Trail: t.name, Position: position, EntryID: r.EntryID}
			switch {
			case r.Position != position:
				broken.Reason = "a seal is missing"
				return Head{}, broken
			case r.Body == "":
				broken.Reason = "the entry was removed"
				return Head{}, broken
			}
			mac = chain(box, t.name, position, mac, r.Body)
			if !bytes.Equal(mac, r.MAC) {
				broken.Reason = "the entry was changed"
				return Head{}, broken
			}
		}
		if len(rows) < 2000 {
			return Head{Trail: t.name, Position: position, MAC: hex.EncodeToString(mac)}, nil
		}
	}
}
