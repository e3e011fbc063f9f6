-- The roles that the portal's schema expects, in any cluster. They get no
-- password here: the private server trusts whoever can enter its socket's
-- folder, a shared one sets passwords afterwards (ALTER ROLE … PASSWORD …).
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_owner') THEN
        CREATE ROLE portal_owner LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app') THEN
        CREATE ROLE portal_app LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_readonly') THEN
        CREATE ROLE portal_readonly LOGIN;
        ALTER ROLE portal_readonly SET default_transaction_read_only = on;
    END IF;
END
$$;
