package epuskesmas

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Board is what the screen of a waiting room shows: numbers, never names.
type Board struct {
	Site  Site
	At    time.Time
	Polis []BoardPoli
	Calls []Call // of the last two minutes, the oldest first

	version string // of the queues of the day
}

// BoardPoli is one poli on the board.
type BoardPoli struct {
	ID     int64
	Name   string
	Now    []Call
	Next   []BoardNext
	Line   Line     // its people; of those who have not come yet, whoever may come by now
	Paused []string // doctors who pause, and why
}

// Call is a number called to a counter.
type Call struct {
	ID      int64 // of the event: a recall has another one
	PoliID  int64
	Poli    string
	Spoken  string
	Code    string
	Counter string
	At      time.Time
	Serving bool
}

// BoardNext is a number that waits; About is when, if somebody has worked it out: never
// before now, and never before a number that is called earlier.
type BoardNext struct {
	Code  string
	About *time.Time
}

// nextShown is how many numbers of a poli the board announces.
const nextShown = 4

// BoardSite is the puskesmas whose screen has the token.
func (m *Module) BoardSite(ctx context.Context, token string) (_ Site, err error) {
	defer errs.In(&err, "epuskesmas.BoardSite")
	s, err := m.boardSite(ctx, token)
	return s.Site, err
}

// boardSite is a puskesmas with the version of its queues today.
type boardSite struct {
	Site
	QueuesVersion string
}

func (m *Module) boardSite(ctx context.Context, token string) (boardSite, error) {
	return byToken(pg.One[boardSite](ctx, m.db, sqlBoardSite, crypt.HashToken(token), m.today()))
}

// Board is what the screen with the token shows now. The screens of a house share it: all of
// them ask at each call.
func (m *Module) Board(ctx context.Context, token string) (b Board, err error) {
	defer errs.In(&err, "epuskesmas.Board")
	s, err := m.boardSite(ctx, token)
	if err != nil {
		return b, err
	}
	return m.boards.at(ctx, s.UnitID, s.QueuesVersion, m.now(), func(ctx context.Context, _ int64) (Board, error) { return m.readBoard(ctx, s) })
}

func (m *Module) readBoard(ctx context.Context, s boardSite) (b Board, err error) {
	b.Site, b.version, b.At = s.Site, s.QueuesVersion, m.now()
	polis, err := pg.Many[Poli](ctx, m.db, sqlBoardPolis, b.Site.UnitID, day(b.At))
	if err != nil {
		return b, err
	}
	index := map[int64]int{}
	for i, p := range polis {
		index[p.ID] = i
		b.Polis = append(b.Polis, BoardPoli{ID: p.ID, Name: p.Name})
	}
	now, err := pg.Many[Call](ctx, m.db, sqlBoardNow, b.Site.UnitID, day(b.At))
	if err != nil {
		return b, err
	}
	for _, c := range now {
		if i, ok := index[c.PoliID]; ok {
			b.Polis[i].Now = append(b.Polis[i].Now, c)
		}
	}
	if err := m.boardNext(ctx, &b, polis, index); err != nil {
		return b, err
	}
	pauses, err := pg.Many[struct {
		PoliID int64
		Words  string
	}](ctx, m.db, sqlBoardPauses, b.Site.UnitID, day(b.At))
	if err != nil {
		return b, err
	}
	for _, p := range pauses {
		if i, ok := index[p.PoliID]; ok {
			b.Polis[i].Paused = append(b.Polis[i].Paused, p.Words)
		}
	}
	b.Calls, err = pg.Many[Call](ctx, m.db, sqlBoardCalls, b.Site.UnitID, day(b.At), b.At.Add(-2*time.Minute))
	return b, err
}

// boardNext adds who is called next, by the rule of calling.
func (m *Module) boardNext(ctx context.Context, b *Board, polis []Poli, index map[int64]int) error {
	list, err := pg.Many[struct {
		PoliID int64
		Status Status
		Class  int // 0 emergency, 1 priority, 2 regular
		InRow  int
		Code   string
		About  *time.Time
	}](ctx, m.db, sqlBoardLine, b.Site.UnitID, day(b.At), b.At.Add(earliest))
	if err != nil {
		return err
	}
	waiting := make([][3][]Ticket, len(polis))
	about := map[string]*time.Time{}
	inRow := make([]int, len(polis))
	for _, t := range list {
		i, ok := index[t.PoliID]
		if !ok {
			continue
		}
		if b.Polis[i].Line.add(t.Status); t.Status != Waiting {
			continue
		}
		waiting[i][t.Class] = append(waiting[i][t.Class], Ticket{Code: t.Code})
		about[t.Code], inRow[i] = t.About, t.InRow
	}
	for i, p := range polis {
		queue := inOrder(p.PriorityRatio, inRow[i], waiting[i])
		for _, t := range queue[:min(len(queue), nextShown)] {
			b.Polis[i].Next = append(b.Polis[i].Next, BoardNext{t.Code, about[t.Code]})
		}
		rising(b.At, b.Polis[i].Next)
	}
	return nil
}

// rising mends the times of numbers in the order of their calls. Each was worked out at
// another moment, so by itself one may have passed or be earlier than the one before.
func rising(now time.Time, next []BoardNext) {
	last := now
	for i, n := range next {
		if n.About == nil {
			continue
		}
		if n.About.After(last) {
			last = *n.About
		}
		at := last
		next[i].About = &at
	}
}

// Screens are the addresses' tokens of a puskesmas; "" where none was made.
type Screens struct{ Board, Kiosk string }

const (
	contextBoard = "epuskesmas.board"
	contextKiosk = "epuskesmas.kiosk"
)

// Screens shows them to who manages the puskesmas.
func (m *Module) Screens(ctx context.Context, a authz.Actor, unitID int64) (s Screens, err error) {
	defer errs.In(&err, "epuskesmas.Screens(%d)", unitID)
	if err := m.may(ctx, m.db, a, unitID, PermManage); err != nil {
		return s, err
	}
	sealed, err := pg.One[struct{ BoardSealed, KioskSealed []byte }](ctx, m.db, sqlScreens, unitID)
	if err != nil {
		return s, err
	}
	for _, x := range []struct {
		sealed  []byte
		context string
		to      *string
	}{{sealed.BoardSealed, contextBoard, &s.Board}, {sealed.KioskSealed, contextKiosk, &s.Kiosk}} {
		if len(x.sealed) > 0 {
			if *x.to, err = m.box.Open(x.sealed, x.context); err != nil {
				return s, err
			}
		}
	}
	return s, nil
}

// RenewBoard gives the board a new address; the old one is void.
func (m *Module) RenewBoard(ctx context.Context, a authz.Actor, unitID int64) (token string, err error) {
	defer errs.In(&err, "epuskesmas.RenewBoard(%d)", unitID)
	return m.renew(ctx, a, unitID, "board.renew", sqlSetBoard, contextBoard)
}

// RenewKiosk gives the kiosk a new address; the old one is void.
func (m *Module) RenewKiosk(ctx context.Context, a authz.Actor, unitID int64) (token string, err error) {
	defer errs.In(&err, "epuskesmas.RenewKiosk(%d)", unitID)
	return m.renew(ctx, a, unitID, "kiosk.renew", sqlSetKiosk, contextKiosk)
}

func (m *Module) renew(ctx context.Context, a authz.Actor, unitID int64, act, sql, sealContext string) (token string, err error) {
	token = crypt.Token()
	err = m.manage(ctx, a, unitID, act, nil, func(tx pgx.Tx, now time.Time) error {
		if err := pg.Changed(tx.Exec(ctx, sql, unitID, m.box.Seal(token, sealContext), crypt.HashToken(token), now)); err != nil {
			return err
		}
		return live.Notify(ctx, tx, LiveSite(unitID)) // whoever still looks at the old address stops
	})
	return token, err
}
