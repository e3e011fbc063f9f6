package bench

import (
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// The heap is what the portal itself could have written: its checks hold, the
// row of a report stands where its events lead, and the rare word is as rare
// as promised.
func TestFillIsBelievable(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	const n = 5000
	if err := Fill(t.Context(), db.URLFor(pglocal.Superuser), n); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, sql string
		want      int
	}{
		{"reports", `SELECT count(*) FROM mtr_report`, n},
		{"reports in flight", `SELECT count(*) FROM mtr_report WHERE open AND id <= 2000`, 0},
		{"reports whose last event is not where they stand", `SELECT count(*) FROM mtr_report r WHERE status IS DISTINCT FROM
			(SELECT to_status FROM mtr_event e WHERE e.report_id = r.id AND e.seq = r.seq)`, 0},
		{"events that are no transition", `SELECT count(*) FROM mtr_event e WHERE NOT EXISTS (SELECT FROM mtr_transition t
			WHERE (t.from_status, t.action, t.to_status) = (e.from_status, e.action, e.to_status))`, 0},
		{"public hits of the rare word", `SELECT count(*) FROM mtr_report WHERE words_public AND search @@ websearch_to_tsquery('indonesian', 'kuldesak')`, RareHits},
		{"indexes", `SELECT count(*) FROM pg_indexes WHERE indexname IN ('mtr_report_search_idx', 'mtr_photo_report_idx', 'mtr_report_code_key')`, 3},
	} {
		var got int
		if err := db.Pool.QueryRow(t.Context(), c.sql).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != c.want {
			t.Errorf("%d %s, want %d", got, c.what, c.want)
		}
	}
}
