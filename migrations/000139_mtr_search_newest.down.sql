DROP FUNCTION mtr_find(text, boolean, integer);
DROP INDEX mtr_report_search_idx;
CREATE INDEX mtr_report_search_idx ON mtr_report USING gin (search) WITH (fastupdate = off);
CREATE INDEX mtr_report_title_trgm_idx ON mtr_report USING gin (title gin_trgm_ops) WITH (fastupdate = off);
SELECT similarity('', ''); -- loads pg_trgm, which knows the setting below
CREATE FUNCTION mtr_find(words text, everything boolean, OUT ids bigint[], OUT fuzzy boolean, OUT frequent boolean) LANGUAGE plpgsql STABLE
    SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET jit = off
    SET pg_trgm.word_similarity_threshold = 0.45
AS $$
DECLARE
    each_word text[] := mtr_words(words);
BEGIN
    fuzzy := false;
    ids := ARRAY (SELECT r.id FROM mtr_report r
        WHERE (everything OR r.words_public) AND r.search @@ websearch_to_tsquery('indonesian', words) LIMIT 5001);
    frequent := cardinality(ids) > 5000;
    IF ids = '{}' AND each_word <> '{}' THEN
        fuzzy := true;
        ids := ARRAY (SELECT r.id FROM mtr_report r
            WHERE (everything OR r.words_public) AND each_word[1] <% r.title AND mtr_resembles(each_word, r.title) LIMIT 2001);
        frequent := cardinality(ids) > 2000;
    END IF;
    IF frequent THEN
        ids := '{}';
    END IF;
END $$;
