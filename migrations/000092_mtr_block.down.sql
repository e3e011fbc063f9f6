DROP INDEX mtr_event_appeal_key;
DELETE FROM mtr_transition t WHERE from_status = 'belum_konfirmasi' AND action IN ('reject', 'appeal')
    AND NOT EXISTS (SELECT FROM mtr_event e WHERE (e.from_status, e.action, e.to_status) = (t.from_status, t.action, t.to_status));
ALTER TABLE mtr_contact DROP COLUMN device_hash;
DROP TABLE mtr_block;
