DROP INDEX epemerintahan_resident_book_idx;
DROP INDEX epemerintahan_event_recorded_idx;
DROP INDEX epemerintahan_resident_living_idx;
DROP TABLE epemerintahan_counted;
DROP TABLE epemerintahan_count;
DROP TABLE epemerintahan_import_row;
DROP TABLE epemerintahan_import_family;
DROP TABLE epemerintahan_import;
