DROP TABLE epuskesmas_reckoned, epuskesmas_estimate, epuskesmas_event, epuskesmas_ticket, epuskesmas_visit, epuskesmas_patient, epuskesmas_quota_change,
    epuskesmas_duty, epuskesmas_session, epuskesmas_closure, epuskesmas_plan, epuskesmas_doctor, epuskesmas_counter, epuskesmas_poli,
    epuskesmas_site;
DELETE FROM authn_code WHERE purpose = 'guest';
ALTER TABLE authn_code DROP CONSTRAINT authn_code_purpose_check;
ALTER TABLE authn_code ADD CONSTRAINT authn_code_purpose_check CHECK (purpose IN ('signup', 'reset', 'contact', 'activation'));
