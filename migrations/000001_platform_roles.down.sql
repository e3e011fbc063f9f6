DROP FUNCTION portal_unaccent(text);
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM portal_readonly;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE USAGE, SELECT ON SEQUENCES FROM portal_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM portal_app;
REVOKE USAGE ON SCHEMA public FROM portal_app, portal_readonly;
-- The roles stay: other databases of the cluster may use them.
