package org

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Move is one line of a mass change of posts: who goes where.
type Move struct {
	Row         int // counted from 1; of a sheet with its header
	StaffNumber string
	Title       string
	Unit        string // code or name; may be empty when the title is the only one
}

// MoveOrder is what the lines of a mass change have in common.
type MoveOrder struct {
	Day         time.Time // midnight in the city at which everybody changes
	BasisNumber string
	BasisDate   *time.Time
}

// MaxMoves is how many lines one mass change may have.
const MaxMoves = 300

var moveColumns = map[string]string{
	"nip": "nip", "nomor pegawai": "nip", "nip nomor pegawai": "nip", "jabatan": "jabatan", "jabatan baru": "jabatan",
	"nama jabatan": "jabatan", "unit": "unit", "kode unit": "unit", "unit kerja": "unit",
}

// ReadMoves reads the lines of a mass change from an XLSX or CSV with the
// columns nip, jabatan and, where titles repeat, unit.
func ReadMoves(file io.Reader) (ms []Move, err error) {
	defer errs.In(&err, "org.ReadMoves")
	s, err := readSheet(file, moveColumns, "nip", "jabatan")
	if err != nil {
		return nil, err
	}
	if len(s.rows) > MaxMoves {
		return nil, badSheet("Paling banyak 300 baris sekali mutasi. Bagi menjadi beberapa berkas, atau pakai impor pegawai.", nil)
	}
	for _, r := range s.rows {
		ms = append(ms, Move{Row: r.line, StaffNumber: staffNumber(s.get(r, "nip")), Title: s.get(r, "jabatan"), Unit: s.get(r, "unit")})
	}
	return ms, nil
}

// MovePosts gives many people new definitive posts at one moment; they may
// swap. The posts they hold end then, what is unfinished stays there. All or
// nothing: with a problem in any line, or apply false, nothing is written. A
// line that is true already changes nothing.
func MovePosts(ctx context.Context, db pg.Beginner, a authz.Actor, at time.Time, o MoveOrder, moves []Move, apply bool) (rep Report, err error) {
	defer errs.In(&err, "org.MovePosts")
	err = pg.InTx(ctx, db, func(tx pgx.Tx) error {
		rep = Report{Rows: len(moves)}
		m := mover{tx: tx, a: a, at: at, order: o, rep: &rep}
		if err := m.run(ctx, moves); err != nil {
			return err
		}
		if !rep.OK() || !apply {
			return errRollBack
		}
		rep.Applied = true
		return audit.Write(ctx, tx, a, at, audit.Entry{Action: "org.occupancy.mass", Object: "org_occupancy",
			Detail: map[string]any{"rows": rep.Rows, "moved": rep.Moved, "day": o.Day.Format(time.DateOnly), "basis": o.BasisNumber}})
	})
	if err != nil && !errors.Is(err, errRollBack) {
		return Report{}, err
	}
	return rep, nil
}

type mover struct {
	tx    pgx.Tx
	a     authz.Actor
	at    time.Time
	order MoveOrder
	rep   *Report
}

type resolvedMove struct {
	Move
	person, position int64
}

func (m mover) run(ctx context.Context, moves []Move) error {
	var todo []resolvedMove
	seen := map[string]int{}
	for _, mv := range moves {
		mv.StaffNumber = staffNumber(mv.StaffNumber)
		if first, twice := seen[mv.StaffNumber]; twice {
			m.rep.fail(mv.Row, "nip", clip(mv.StaffNumber), "sudah ada di baris %d", first)
			continue
		}
		seen[mv.StaffNumber] = mv.Row
		r, err := m.resolve(ctx, mv)
		if err != nil {
			return err
		}
		if r.person == 0 || r.position == 0 {
			continue
		}
		same, err := pg.Scalar[bool](ctx, m.tx, sqlMoveDone, r.person, r.position, m.order.Day)
		if err != nil {
			return err
		}
		if same {
			m.rep.Same++
			continue
		}
		todo = append(todo, r)
	}
	// Everybody stands up before anybody sits down.
	for _, r := range todo {
		posts, err := pg.Scalars[int64](ctx, m.tx, sqlDefinitivePosts, r.person, r.position, m.order.Day, nil)
		if err != nil {
			return err
		}
		if err := pg.Exec(ctx, m.tx, sqlOccupanciesEnd, posts, m.order.Day); err != nil {
			return err
		}
	}
	for _, r := range todo {
		err := pgx.BeginFunc(ctx, m.tx, func(tx pgx.Tx) error {
			_, err := Appoint(ctx, tx, m.a, m.at, Appointment{PositionID: r.position, PersonID: r.person, Kind: Definitive,
				From: m.order.Day, BasisNumber: m.order.BasisNumber, BasisDate: m.order.BasisDate})
			return err
		})
		fields := errs.FieldsOf(err)
		switch {
		case len(fields) > 0 && fields[0].Name == "orang":
			m.rep.fail(r.Row, "nip", clip(r.StaffNumber), "%s", fields[0].Message)
		case len(fields) > 0:
			m.rep.fail(r.Row, "jabatan", clip(r.Title), "%s", fields[0].Message)
		case err != nil:
			return err
		default:
			m.rep.Moved++
		}
	}
	return nil
}

// resolve finds person and position of a line; what it does not find is 0 and
// in the report.
func (m mover) resolve(ctx context.Context, mv Move) (r resolvedMove, err error) {
	r.Move = mv
	r.person, err = pg.Scalar[int64](ctx, m.tx, sqlPersonByNumber, mv.StaffNumber)
	if errs.KindOf(err) == errs.NotFound {
		m.rep.fail(mv.Row, "nip", clip(mv.StaffNumber), "tidak ada pegawai dengan nomor ini")
		err = nil
	}
	if err != nil {
		return r, err
	}
	posts, err := pg.Scalars[int64](ctx, m.tx, sqlPositionsNamed, indo.CleanName(mv.Title), strings.TrimSpace(mv.Unit), m.order.Day)
	switch {
	case err != nil:
	case len(posts) == 0:
		m.rep.fail(mv.Row, "jabatan", clip(mv.Title), "tidak ada jabatan dengan nama ini yang berlaku pada tanggal itu")
	case len(posts) > 1:
		m.rep.fail(mv.Row, "jabatan", clip(mv.Title), "ada di beberapa unit; isi juga unitnya")
	default:
		r.position = posts[0]
	}
	return r, err
}

const sqlPersonByNumber = `SELECT id FROM org_person WHERE staff_number = $1`

const sqlPositionsNamed = `SELECT p.id FROM org_position p JOIN org_unit u ON u.id = p.unit_id
WHERE lower(p.title) = lower($1::text) AND ($2::text = '' OR lower(u.code) = lower($2) OR lower(u.name) = lower($2))
	AND (p.valid_to IS NULL OR p.valid_to > ($3::timestamptz AT TIME ZONE 'Asia/Makassar')::date)
ORDER BY p.id LIMIT 2`

const sqlMoveDone = `SELECT EXISTS (SELECT FROM org_occupancy
WHERE person_id = $1 AND position_id = $2 AND kind = 'definitif' AND during @> $3::timestamptz)`
