DROP TABLE eoffice_city;
