DROP TABLE epemerintahan_change;
DROP TABLE epemerintahan_event;
DROP TABLE epemerintahan_resident;
DROP TABLE epemerintahan_kk;
DROP TABLE epemerintahan_family;
