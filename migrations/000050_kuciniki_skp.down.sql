DROP FUNCTION kuciniki_above(bigint);
DROP TABLE kuciniki_event, kuciniki_version, kuciniki_indicator, kuciniki_rhk, kuciniki_skp, kuciniki_period;
