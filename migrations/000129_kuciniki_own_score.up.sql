-- What a post by itself scored in a year, beside the score of all posts of who moved: the next
-- post is reckoned from it, so that no post counts twice.
ALTER TABLE kuciniki_judgement ADD COLUMN own_score double precision;
