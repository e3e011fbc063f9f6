DROP TABLE mtr_replay;
