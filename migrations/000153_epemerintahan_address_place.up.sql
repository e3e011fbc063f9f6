-- A search within a kelurahan looks at the addresses of all its families: in the index alone.
DROP INDEX epemerintahan_family_rt_idx;
CREATE INDEX epemerintahan_family_rt_idx ON epemerintahan_family (kelurahan_id, rw, rt, id) INCLUDE (address_fold);
