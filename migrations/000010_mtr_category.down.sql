DROP TABLE mtr_route;
DROP TABLE mtr_question;
DROP TABLE mtr_category;
