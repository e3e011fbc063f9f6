package bench

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// bareRow is a report, or something that happened to it, without any styling.
type bareRow struct {
	Number, Title, Status, Place string
	At                           time.Time
}

// bareList wants its limit appended: a plan for any limit would be slower.
const bareList = `SELECT r.number, r.title, r.status, k.name AS place, r.received_at AS at
FROM mtr_report r JOIN org_unit k ON k.id = r.kelurahan_id
WHERE r.listed ORDER BY r.id DESC LIMIT `

const sqlBareReport = `SELECT r.number, r.title, e.to_status AS status, k.name AS place, e.at
FROM mtr_report r JOIN org_unit k ON k.id = r.kelurahan_id JOIN mtr_event e ON e.report_id = r.id
WHERE r.listed AND r.number = $1 ORDER BY e.seq`

// Bare is what the portal's pages are held against: chi, pgx and templ with
// nothing around them. GET /{n} lists n reports, with ?bytes= also so much markup that
// nobody has to look up, /tanpa only that, without a database, /laporan/{nomor} one report's
// events, /antrean/{session} the number called last in a queue, live. It serves
// until ctx ends.
func Bare(ctx context.Context, addr, databaseURL string) error {
	cfg, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		return err
	}
	cfg.MaxConns = 24 // as many as the portal has
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer pool.Close()
	page := func(w http.ResponseWriter, r *http.Request, sql string, args ...any) {
		var list []bareRow
		var err error
		if sql != "" {
			var rows pgx.Rows
			if rows, err = pool.Query(r.Context(), sql, args...); err == nil {
				list, err = pgx.CollectRows(rows, pgx.RowToStructByName[bareRow])
			}
		}
		if err == nil {
			size, _ := strconv.Atoi(r.URL.Query().Get("bytes")) // without it none
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			err = barePage(list, size/len(bareMarkup)).Render(r.Context(), w)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}
	mux := chi.NewRouter()
	mux.Get("/{n:[0-9]+}", func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(chi.URLParam(r, "n"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		page(w, r, bareList+strconv.Itoa(n))
	})
	mux.Get("/tanpa", func(w http.ResponseWriter, r *http.Request) { page(w, r, "") })
	mux.Get("/laporan/{nomor}", func(w http.ResponseWriter, r *http.Request) {
		page(w, r, sqlBareReport, chi.URLParam(r, "nomor"))
	})
	events := &bareLive{pool: pool, subs: map[string]map[chan string]struct{}{}}
	events.routes(mux)
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	go func() { _ = events.listen(ctx, databaseURL) }() // it ends with the server
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
