DROP TABLE portal_erasure_part;
DROP TABLE portal_erasure;
