ALTER TABLE eoffice_recipient DROP COLUMN group_name;
DROP TABLE eoffice_group_member, eoffice_group;
