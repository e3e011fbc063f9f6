package mtr

import (
	"fmt"
	"strings"
)

// measures are the conditions on mtr_report r. $1 is the time, $2 and $3 the beginning of
// the period and the first moment after it. What a reporter took back before two days
// were over, unanswered, says nothing about the city.
var measures = map[Measure]string{
	MeasureCame:       within("received_at"),
	MeasureJudged:     judgedReports,
	MeasureAnswered:   judgedReports + " AND r.responded_at IS NOT NULL AND r.responded_at <= r.received_at + interval '48 hours'",
	MeasureUnanswered: judgedReports + " AND (r.responded_at IS NULL OR r.responded_at > r.received_at + interval '48 hours')",
	MeasureForwarded:  within("published_at"),
	MeasureFixed:      within("done_at"),
	MeasurePaused:     within("done_at") + " AND r.paused_secs > 0",
	MeasureFinished:   within("first_done_at"),
	MeasureReopened:   within("first_done_at") + " AND r.reopens > 0",
	MeasureRated:      within("done_at") + " AND r.rating > 0",
	MeasureHappy:      within("done_at") + " AND r.rating >= 4",
	MeasureOpen:       underWay,
	MeasureLate:       underWay + " AND " + isLate,
}

const (
	underWay      = "r.open AND r.status_group IN ('baru', 'proses')"
	judgedReports = "r.received_at >= $2 AND r.received_at < $3 AND r.received_at <= $1::timestamptz - interval '48 hours'" +
		" AND (r.responded_at IS NOT NULL OR r.closed_at IS NULL OR r.closed_at > r.received_at + interval '48 hours')"

	// How long it took, in seconds; pauses apart but in whole.
	dispatchSecs = "extract(epoch FROM r.published_at - r.received_at)::bigint - r.paused_early"
	repairSecs   = "extract(epoch FROM r.done_at - r.published_at)::bigint - (r.paused_secs - r.paused_early)"
	wholeSecs    = "extract(epoch FROM r.done_at - r.received_at)::bigint"
)

func within(column string) string {
	return fmt.Sprintf("r.%s >= $2 AND r.%[1]s < $3", column)
}

// sqlCounted selects what the statistics need of every report that any measure counts.
func sqlCounted(condition string) string {
	var flags, any []string
	for i, m := range Measures {
		flags = append(flags, fmt.Sprintf("CASE WHEN %s THEN %d ELSE 0 END", measures[m], 1<<i))
	}
	for _, m := range []Measure{MeasureOpen, MeasureCame, MeasureForwarded, MeasureFixed, MeasureFinished} {
		any = append(any, "("+measures[m]+")")
	}
	return `SELECT r.category_id, COALESCE(r.unit_id, 0), COALESCE(r.kecamatan_id, 0), COALESCE(r.kelurahan_id, 0), ` +
		strings.Join(flags, " + ") + `, COALESCE(` + dispatchSecs + `, 0), COALESCE(` + repairSecs + `, 0), COALESCE(` +
		wholeSecs + `, 0), r.paused_secs, r.rating, r.received_at, r.done_at
		FROM mtr_report r WHERE ` + condition + ` AND (` + strings.Join(any, " OR ") + `)`
}

const sqlStatisticNames = `
SELECT 'kategori' AS kind, id, name FROM mtr_category
UNION ALL SELECT 'tempat', id, short_name FROM org_unit WHERE id = ANY ($1)
UNION ALL SELECT 'unit', id, CASE WHEN kind IN ('kelurahan', 'kecamatan') THEN name ELSE short_name END
FROM org_unit WHERE id = ANY ($1)`
