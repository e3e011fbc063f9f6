package pglocal

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Has tells whether a database exists.
func (s *Server) Has(ctx context.Context, db string) (yes bool, err error) {
	err = s.administer(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, db).Scan(&yes)
	})
	return yes, err
}

// Create makes an empty database owned by portal_owner, in place of one that is there.
func (s *Server) Create(ctx context.Context, db string) error { return s.create(ctx, db, "") }

// Copy makes a copy of a database that nobody uses, in place of one that is there.
func (s *Server) Copy(ctx context.Context, from, to string) error {
	return s.create(ctx, to, " TEMPLATE "+pgx.Identifier{from}.Sanitize()+" STRATEGY FILE_COPY")
}

func (s *Server) create(ctx context.Context, db, like string) error {
	if err := s.Drop(ctx, db); err != nil {
		return err
	}
	return s.administer(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{db}.Sanitize()+" OWNER portal_owner"+like)
		return err
	})
}

// Drop removes a database and whoever uses it. One that is not there is fine.
func (s *Server) Drop(ctx context.Context, db string) error {
	return s.administer(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{db}.Sanitize()+" WITH (FORCE)")
		return err
	})
}

// Rename gives a database that nobody uses another name: whoever looks for that name
// finds nothing before and the whole after.
func (s *Server) Rename(ctx context.Context, from, to string) error {
	return s.administer(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "ALTER DATABASE "+pgx.Identifier{from}.Sanitize()+" RENAME TO "+pgx.Identifier{to}.Sanitize())
		return err
	})
}

func (s *Server) administer(ctx context.Context, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres", Superuser))
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return do(conn)
}
