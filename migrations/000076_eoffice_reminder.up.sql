-- Reminders of what lies on a desk: once per thing, kind and day.
CREATE TABLE eoffice_reminder (
    object    text NOT NULL,
    object_id bigint NOT NULL,
    kind      text NOT NULL,
    day       date NOT NULL,
    CONSTRAINT eoffice_reminder_pkey PRIMARY KEY (object, object_id, kind, day),
    CONSTRAINT eoffice_reminder_kind_check CHECK (object IN ('naskah', 'kiriman', 'disposisi') AND kind IN ('besok', 'terlambat', 'konsep'))
);
REVOKE UPDATE, TRUNCATE ON eoffice_reminder FROM portal_app;
REVOKE ALL ON eoffice_reminder FROM portal_readonly;

ALTER TABLE eoffice_city ADD COLUMN remind_late_days integer NOT NULL DEFAULT 5, -- for so long what is late is reminded of every working day
    ADD COLUMN remind_draft_days integer NOT NULL DEFAULT 2; -- a draft that nobody touched for so long is reminded of once
ALTER TABLE eoffice_city ADD CONSTRAINT eoffice_city_remind_check CHECK (remind_late_days BETWEEN 0 AND 60 AND remind_draft_days BETWEEN 1 AND 60);
