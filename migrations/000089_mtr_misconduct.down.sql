DROP TABLE mtr_misconduct_file;
DROP TABLE mtr_misconduct_entry;
DROP TABLE mtr_misconduct;
