package mtr

// The report that another one repeats, kept from changing while that is decided.
const sqlCaseByNumberForShare = sqlCaseByNumber + ` FOR SHARE OF r`

// Reports that became duplicates of this one, or of one of those.
const sqlFollowers = `
WITH RECURSIVE f AS (
	SELECT r.id, r.number FROM mtr_report r WHERE r.parent_id = $1 AND r.status = 'duplikat'
	UNION
	SELECT r.id, r.number FROM mtr_report r JOIN f ON r.parent_id = f.id WHERE r.status = 'duplikat'
) SELECT id, number FROM f ORDER BY id`

const sqlWithdrawPhoto = `
UPDATE mtr_photo SET stored = false WHERE report_id = $1 AND kind = $2 AND ref = $3 AND event_seq IS NULL AND stored`

const sqlWithdrawDocument = `
UPDATE mtr_document SET stored = false WHERE report_id = $1 AND ref = $2 AND event_seq IS NULL AND stored`

const sqlCountStoredDocuments = `SELECT count(*) FROM mtr_document WHERE report_id = $1 AND event_seq IS NULL AND stored`

const sqlIdentity = `
SELECT k.name_sealed, k.email_sealed, k.email_verified_at IS NOT NULL AS email_verified, k.phone_sealed,
	k.phone_verified_at IS NOT NULL AS phone_verified, r.behalf, k.behalf_name_sealed, COALESCE(a.name, '') AS account_name,
	COALESCE(i.neighbourhood, '') AS neighbourhood
FROM mtr_report r
JOIN mtr_contact k ON k.report_id = r.id
LEFT JOIN authn_account a ON a.id = r.account_id
LEFT JOIN mtr_origin i ON i.report_id = r.id
WHERE r.id = $1`
