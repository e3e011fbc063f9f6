DROP TABLE org_geography, org_boundary, org_occupancy, org_position, org_person, org_unit_former_name, org_unit;
DROP FUNCTION org_geography_changed, org_unit_move_children, org_unit_keep_ancestors;
