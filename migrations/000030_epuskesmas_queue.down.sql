DROP TABLE epuskesmas_estimate, epuskesmas_event, epuskesmas_ticket, epuskesmas_visit, epuskesmas_patient, epuskesmas_quota_change,
    epuskesmas_duty, epuskesmas_session, epuskesmas_closure, epuskesmas_plan, epuskesmas_doctor, epuskesmas_counter, epuskesmas_poli,
    epuskesmas_site;
