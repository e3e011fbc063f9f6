package mtr

const sqlCountDraftPhotos = `SELECT count(*) FROM mtr_photo WHERE draft_id = $1`

const sqlInsertPhoto = `
INSERT INTO mtr_photo (ref, draft_id, report_id, kind, uploaded_by, width, height, dhash, taken_at, gps_lat, gps_lng, created_at)
VALUES ($1, NULLIF($2::bigint, 0), NULLIF($3::bigint, 0), $4, NULLIF($5::bigint, 0), $6, $7, $8, $9, $10, $11, $12)`

// A draft that was sent meanwhile went without the photo.
const sqlPhotoStored = `
UPDATE mtr_photo p SET stored = true WHERE p.ref = $1
	AND (p.draft_id IS NULL OR EXISTS (SELECT FROM mtr_draft d WHERE d.id = p.draft_id AND d.report_id IS NULL))`

// What is not stored cannot be sent, so a photo claimed like this may go.
const sqlClaimPhoto = `UPDATE mtr_photo SET stored = false WHERE ref = $1 AND event_seq IS NULL`

const sqlForgetPhoto = `DELETE FROM mtr_photo WHERE ref = $1 AND event_seq IS NULL`

const sqlDraftPhoto = `
SELECT p.ref FROM mtr_photo p JOIN mtr_draft d ON d.id = p.draft_id
WHERE p.ref = $1 AND d.token_hash = $2 AND d.expires_at > $3`

// Photos of a report not yet sent, by whom they were uploaded: staff by account, the
// reporter without one.
const sqlPendingPhotos = `
SELECT ref, kind, width, height, hidden_at IS NOT NULL AS hidden, created_at AS at
FROM mtr_photo WHERE report_id = $1 AND kind = $2 AND event_seq IS NULL AND stored
ORDER BY id`

const sqlCountPendingPhotos = `SELECT count(*) FROM mtr_photo WHERE report_id = $1 AND kind = $2 AND event_seq IS NULL`

const sqlPendingPhoto = `SELECT ref FROM mtr_photo WHERE report_id = $1 AND kind = $2 AND ref = $3 AND event_seq IS NULL`

const sqlSendPhotos = `
UPDATE mtr_photo SET event_seq = $3 WHERE report_id = $1 AND kind = $2 AND event_seq IS NULL AND stored`

const sqlHidePhoto = `UPDATE mtr_photo SET hidden_at = $3 WHERE report_id = $1 AND ref = $2 AND event_seq IS NOT NULL AND hidden_at IS NULL`

// What decides who may see a photo, besides the report.
const sqlPhoto = `
SELECT p.ref, p.report_id, p.kind, p.event_seq IS NOT NULL AS sent, p.hidden_at IS NOT NULL AS hidden
FROM mtr_photo p WHERE p.ref = $1 AND p.stored AND p.report_id IS NOT NULL`

// sqlPublicPhoto finds a photo that everybody may see: of a report whose words are
// public, not hidden, and either the reporter's first ones or proof that a validator
// accepted. What an anonymous reporter photographed is never public: where a photo was
// taken from told Jakarta in 2021 who had taken it (spec mtr.md, JAKI).
const sqlPublicPhoto = `
SELECT p.ref FROM mtr_photo p JOIN mtr_report r ON r.id = p.report_id
WHERE p.ref = $1 AND r.words_public AND` + publicPhoto

// publicPhoto is the condition on mtr_photo p of a report r whose words are public.
const publicPhoto = ` p.stored AND p.hidden_at IS NULL AND p.event_seq IS NOT NULL AND (
	p.kind = 'sebelum' AND NOT r.anonymous OR p.kind = 'sesudah' AND (
		SELECT e.action FROM mtr_event e
		WHERE e.report_id = p.report_id AND e.seq > p.event_seq AND e.action IN ('validate', 'reject_proof', 'submit_proof')
		ORDER BY e.seq LIMIT 1) = 'validate')`

const sqlInsertDocument = `
INSERT INTO mtr_document (ref, report_id, uploaded_by, name, size, created_at)
VALUES ($1, $2, NULLIF($3::bigint, 0), $4, $5, $6)`

const sqlDocumentStored = `UPDATE mtr_document SET stored = true WHERE ref = $1`

const sqlClaimDocument = `UPDATE mtr_document SET stored = false WHERE ref = $1 AND event_seq IS NULL`

const sqlForgetDocument = `DELETE FROM mtr_document WHERE ref = $1 AND event_seq IS NULL`

const sqlCountPendingDocuments = `SELECT count(*) FROM mtr_document WHERE report_id = $1 AND event_seq IS NULL`

const sqlSendDocuments = `UPDATE mtr_document SET event_seq = $2 WHERE report_id = $1 AND event_seq IS NULL AND stored`

const sqlDocument = `
SELECT ref, report_id, name, event_seq IS NOT NULL AS sent FROM mtr_document WHERE ref = $1 AND stored`

const sqlDocuments = `
SELECT ref, name, size, created_at AS at, event_seq IS NOT NULL AS sent FROM mtr_document
WHERE report_id = $1 AND stored AND ((event_seq IS NOT NULL) OR $2) ORDER BY id`

const sqlReportIDByKey = `
SELECT report_id FROM mtr_key WHERE token_hash = $1 AND (expires_at IS NULL OR expires_at > $2)`
