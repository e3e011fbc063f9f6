DROP TABLE mtr_redaction;
DELETE FROM mtr_transition WHERE action IN ('anonymize', 'redact', 'redact_photo');
