-- Files that report what came of an order.
ALTER TABLE eoffice_file ADD COLUMN disposition_id bigint,
    ADD CONSTRAINT eoffice_file_disposition_id_fkey FOREIGN KEY (disposition_id) REFERENCES eoffice_disposition (id),
    ADD CONSTRAINT eoffice_file_report_check CHECK ((purpose = 'laporan') = (disposition_id IS NOT NULL));
