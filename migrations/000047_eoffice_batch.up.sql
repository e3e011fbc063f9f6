-- A scan of many letters waits to be split at the sheets between them.
ALTER TABLE eoffice_tray ADD COLUMN splitting boolean NOT NULL DEFAULT false;
