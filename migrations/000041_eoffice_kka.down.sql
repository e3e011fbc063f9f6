DELETE FROM eoffice_kka;
