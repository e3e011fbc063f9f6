DROP TABLE kuciniki_sample, kuciniki_draw;
