DROP TABLE audit_seal, work_event, audit_entry;
DROP FUNCTION portal_append_only();
