DROP TABLE mtr_follow;
