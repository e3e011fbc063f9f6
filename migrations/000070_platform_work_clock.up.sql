-- When a step was done is the server's own word. Whatever time the portal claims, an entry of
-- the work ledger bears the clock of the database; only where the owner of the schema has freed
-- the clock, in the databases of tests and of a story of past days, the claim is kept.
CREATE TABLE work_clock (
    one  boolean NOT NULL DEFAULT true,
    free boolean NOT NULL,
    CONSTRAINT work_clock_pkey PRIMARY KEY (one),
    CONSTRAINT work_clock_one_check CHECK (one)
);
INSERT INTO work_clock (free) VALUES (false);
REVOKE ALL ON work_clock FROM portal_app, portal_readonly;
GRANT SELECT ON work_clock TO portal_app;

-- Names are qualified: a temporary table of the same name would come first.
CREATE FUNCTION portal_work_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.work_clock WHERE free) THEN
    NEW.at := pg_catalog.clock_timestamp();
    NEW.recorded_at := NEW.at;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER work_event_time BEFORE INSERT ON work_event FOR EACH ROW EXECUTE FUNCTION portal_work_time();
