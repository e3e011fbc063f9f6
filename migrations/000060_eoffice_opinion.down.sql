DELETE FROM eoffice_event WHERE object = 'pendapat';
ALTER TABLE eoffice_event DROP CONSTRAINT eoffice_event_object_check;
ALTER TABLE eoffice_event ADD CONSTRAINT eoffice_event_object_check CHECK (object IN ('naskah', 'kiriman', 'disposisi'));
DROP TABLE eoffice_opinion;
