DROP TABLE kuciniki_whole;
-- The sums are made again from the ledger.
DELETE FROM kuciniki_tally;
DELETE FROM kuciniki_unit_tally;
DELETE FROM kuciniki_lag;
DELETE FROM kuciniki_day;
DELETE FROM kuciniki_open;
UPDATE kuciniki_fold SET position = 0;
