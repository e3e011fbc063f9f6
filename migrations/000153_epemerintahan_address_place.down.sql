DROP INDEX epemerintahan_family_rt_idx;
CREATE INDEX epemerintahan_family_rt_idx ON epemerintahan_family (kelurahan_id, rw, rt);
