ALTER TABLE eoffice_city DROP COLUMN remind_late_days, DROP COLUMN remind_draft_days;
DROP TABLE eoffice_reminder;
