DROP TABLE eoffice_booking;
