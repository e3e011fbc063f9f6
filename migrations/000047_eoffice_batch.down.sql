ALTER TABLE eoffice_tray DROP COLUMN splitting;
