DROP TABLE epuskesmas_paper;
