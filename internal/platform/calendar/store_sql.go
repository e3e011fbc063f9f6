package calendar

const sqlScheduleOfUnit = `SELECT s.id AS schedule_id, s.keeps_holidays
FROM calendar_schedule s
LEFT JOIN (
	SELECT c.schedule_id, array_length(a.ancestors, 1) AS depth
	FROM org_unit leaf
	JOIN org_unit a ON a.id = ANY (leaf.ancestors)
	JOIN calendar_unit c ON c.unit_id = a.id
	WHERE leaf.id = $1
) own ON own.schedule_id = s.id
WHERE own.schedule_id IS NOT NULL OR s.is_default
ORDER BY own.depth DESC NULLS LAST LIMIT 1`

// All of a calendar in one answer, since most pages of a desk need one.
const sqlCalendarOfUnit = `WITH own AS (` + sqlScheduleOfUnit + `)
	SELECT (SELECT json_agg(h ORDER BY h.season, h.weekday, h.opens) FROM calendar_hours h WHERE h.schedule_id = own.schedule_id) AS hours,
		r.seasons_from, r.seasons_until, d.days_off, d.day_names
	FROM own, (SELECT array_agg(first_day ORDER BY first_day DESC) AS seasons_from, array_agg(last_day ORDER BY first_day DESC) AS seasons_until FROM calendar_ramadan) r,
	LATERAL (SELECT array_agg(day ORDER BY day) AS days_off, array_agg(name ORDER BY day) AS day_names FROM calendar_holiday WHERE own.keeps_holidays) d`

const sqlSchedules = `SELECT id, name, note, is_default, keeps_holidays FROM calendar_schedule ORDER BY is_default DESC, name`

const sqlHours = `SELECT schedule_id, season, weekday, opens, closes FROM calendar_hours
WHERE schedule_id = $1 ORDER BY season, weekday, opens`

const sqlHolidays = `SELECT day, name, kind FROM calendar_holiday
WHERE extract(year FROM day) = $1::int ORDER BY day`

const sqlSeasons = `SELECT first_day, last_day FROM calendar_ramadan ORDER BY first_day DESC`
