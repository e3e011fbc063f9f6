ALTER TABLE eoffice_recipient DROP COLUMN screener_id;
ALTER TABLE eoffice_office DROP COLUMN screener_id;
DROP VIEW eoffice_deputy_seat;
DROP TABLE eoffice_deputy;
