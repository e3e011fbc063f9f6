DROP TABLE kuciniki_expected, kuciniki_open, kuciniki_day, kuciniki_lag, kuciniki_unit_tally, kuciniki_tally, kuciniki_fold;
