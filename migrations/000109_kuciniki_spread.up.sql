-- A target may be an amount of the whole time that an SKP holds: a month is held against its
-- share of it. What is agreed already stays as it is.
ALTER TABLE kuciniki_indicator ADD COLUMN spread boolean NOT NULL DEFAULT false;
