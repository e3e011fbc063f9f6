-- What e-Office sets for the whole city.
CREATE TABLE eoffice_city (
    one         boolean NOT NULL DEFAULT true, -- there is one row
    panel_least integer NOT NULL DEFAULT 3,    -- desks on a panel that judges what is destroyed or handed over
    CONSTRAINT eoffice_city_pkey PRIMARY KEY (one),
    CONSTRAINT eoffice_city_one_check CHECK (one),
    CONSTRAINT eoffice_city_panel_check CHECK (panel_least BETWEEN 1 AND 15)
);
INSERT INTO eoffice_city DEFAULT VALUES;
REVOKE INSERT, DELETE, TRUNCATE ON eoffice_city FROM portal_app;
REVOKE ALL ON eoffice_city FROM portal_readonly;
