package kuciniki

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// TopicWork is what waits for somebody in Kuciniki.
var TopicWork = notify.RegisterTopic(notify.Topic{
	Code: "kuciniki", Name: "Kinerja", Hint: "SKP, penilaian, umpan balik, dan sanggah yang menunggu Anda.", Staff: true})

const (
	sqlAccountsAt = `
SELECT DISTINCT n.account_id FROM org_occupancy o JOIN org_person n ON n.id = o.person_id
WHERE o.position_id = $1 AND o.kind <> 'plh' AND o.during @> $2::timestamptz AND n.account_id IS NOT NULL`
	sqlPersonnel = `
SELECT DISTINCT COALESCE(g.account_id, n.account_id) FROM authz_grant g
JOIN authz_role_permission x ON x.role_id = g.role_id AND x.permission = 'kuciniki.personnel'
LEFT JOIN org_occupancy o ON o.position_id = g.position_id AND o.during @> $2::timestamptz
LEFT JOIN org_person n ON n.id = o.person_id
WHERE g.unit_id = ANY ((SELECT u.ancestors FROM org_unit u WHERE u.id = $1)::bigint[]) AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to > $2)
	AND num_nonnulls(g.account_id, n.account_id) > 0`
	sqlAccountOf = `SELECT account_id FROM org_person WHERE id = $1 AND account_id IS NOT NULL`
)

// tellPlan queues what the other side hears of a step of an SKP.
func (m *Module) tellPlan(ctx context.Context, tx pgx.Tx, s SKP, action Action, seq int) error {
	key, link := fmt.Sprintf("skp-%d-%d", s.ID, seq), fmt.Sprintf("/meja/kuciniki/skp/%d", s.ID)
	switch action {
	case ActPropose:
		return m.tellPost(ctx, tx, deref(s.RaterID), key, link, "SKP menunggu persetujuan Anda", "Sebuah SKP di bawah Anda diajukan.")
	case ActAgree:
		return m.tellPerson(ctx, tx, s.PersonID, key, link, "SKP Anda disepakati", "")
	case ActReturn:
		return m.tellPerson(ctx, tx, s.PersonID, key, link, "SKP Anda dikembalikan", "Buka portal untuk membaca alasannya.")
	case ActChange:
		return m.tellPerson(ctx, tx, s.PersonID, key, link, "SKP Anda dibuka untuk diubah", "Susun perubahannya lalu ajukan lagi.")
	}
	return nil
}

func (m *Module) tellPost(ctx context.Context, tx pgx.Tx, position int64, key, link, subject, text string) error {
	accounts, err := pg.Scalars[int64](ctx, tx, sqlAccountsAt, position, m.now())
	if err != nil {
		return err
	}
	return m.tell(ctx, tx, accounts, key, link, subject, text)
}

// tellPersonnel tells who keeps the personnel of a unit.
func (m *Module) tellPersonnel(ctx context.Context, tx pgx.Tx, unit int64, key, link, subject, text string) error {
	accounts, err := pg.Scalars[int64](ctx, tx, sqlPersonnel, unit, m.now())
	if err != nil {
		return err
	}
	return m.tell(ctx, tx, accounts, key, link, subject, text)
}

func (m *Module) tellPerson(ctx context.Context, tx pgx.Tx, person int64, key, link, subject, text string) error {
	accounts, err := pg.Scalars[int64](ctx, tx, sqlAccountOf, person)
	if err != nil {
		return err
	}
	return m.tell(ctx, tx, accounts, key, link, subject, text)
}

func (m *Module) tell(ctx context.Context, tx pgx.Tx, accounts []int64, key, link, subject, text string) error {
	for _, account := range accounts {
		err := notify.Queue(ctx, tx, notify.Message{
			Topic: TopicWork, AccountID: account, Subject: subject, Text: text, Link: notify.Link{Label: "Buka Kuciniki", URL: link}, At: m.now(),
			Key: fmt.Sprintf("kuciniki:%s:%d", key, account),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
