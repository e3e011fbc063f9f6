DROP VIEW eoffice_seat;
DROP TABLE eoffice_urgency, eoffice_link, eoffice_file, eoffice_reading, eoffice_reader, eoffice_event, eoffice_disposition, eoffice_recipient,
    eoffice_version, eoffice_letter, eoffice_kka, eoffice_office;
