DROP INDEX mtr_event_public_idx;
ALTER TABLE mtr_draft DROP COLUMN content_hash;
DROP TABLE mtr_origin;
DROP TABLE mtr_api_use;
DROP TABLE mtr_api_key;
