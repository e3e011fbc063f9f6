DROP TRIGGER epuskesmas_ticket_of_kept ON epuskesmas_ticket;
DROP TRIGGER epuskesmas_visit_of_kept ON epuskesmas_visit;
DROP FUNCTION epuskesmas_of_kept();
DROP TABLE epuskesmas_merge;
ALTER TABLE epuskesmas_patient DROP COLUMN merged_into;
