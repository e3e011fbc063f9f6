DROP TABLE eoffice_agenda, eoffice_watch;
