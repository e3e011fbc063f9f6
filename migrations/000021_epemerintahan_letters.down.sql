DROP TABLE epemerintahan_neighbour_ask, epemerintahan_neighbour, epemerintahan_letter_scan, epemerintahan_letter_event,
    epemerintahan_letter_reading, epemerintahan_letter, epemerintahan_identity_code, epemerintahan_identity,
    epemerintahan_kind_version, epemerintahan_kind, epemerintahan_office;
DROP FUNCTION epemerintahan_letter_keep;
