-- Photos and sealed originals open to the field for a time; opening an original is an event.
INSERT INTO mtr_transition (from_status, action, to_status)
SELECT s, a, s
FROM unnest(ARRAY['diterima', 'perlu_info', 'diteruskan', 'dikerjakan', 'dijadwalkan', 'menunggu_validasi', 'selesai', 'ditutup', 'ditolak',
    'duplikat', 'dirujuk_keluar', 'dibatalkan']) s, unnest(ARRAY['open_original', 'release_original']) a;

ALTER TABLE mtr_report ADD COLUMN photos_until timestamptz, ADD COLUMN originals_until timestamptz;
GRANT SELECT (photos_until, originals_until) ON mtr_report TO portal_readonly;
