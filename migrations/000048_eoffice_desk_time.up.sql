-- How long letters lie on the desks of a unit.
CREATE INDEX eoffice_event_desk_idx ON eoffice_event (position_id, at) WHERE position_id IS NOT NULL;
