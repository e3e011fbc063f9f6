-- Refuses, by its foreign keys, once the city has put people or work there.
DELETE FROM calendar_unit;
DELETE FROM org_position;
DELETE FROM org_unit;
