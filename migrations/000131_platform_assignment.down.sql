DROP INDEX audit_entry_assignment_idx;
DROP TABLE authz_assignment_scope;
DROP TABLE authz_assignment_member;
DROP TABLE authz_assignment;
