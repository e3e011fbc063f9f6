package demo_test

import (
	"path/filepath"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/demo"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

var day = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)

func TestTry(t *testing.T) {
	db := pgtest.New(t)
	box, err := crypt.Load(filepath.Join(t.TempDir(), "rahasia"), true)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open("file://" + t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	err = demo.Build(t.Context(), demo.Deps{DB: db.Pool, Box: box, Blobs: blobs, Photos: media.New(media.Options{})}, day, 400)
	t.Log(time.Since(start), err)
	rows, _ := db.Pool.Query(t.Context(), `SELECT status, count(*) FROM mtr_report GROUP BY 1 ORDER BY 2 DESC`)
	for rows.Next() {
		var s string
		var n int
		rows.Scan(&s, &n)
		t.Log(s, n)
	}
	if err != nil {
		t.Fail()
	}
}
