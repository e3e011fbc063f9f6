-- A search looks at the newest reports first: beside what a report is found by the index holds
-- among which four thousand of all it is, so that a page of a frequent word costs the same
-- however many reports there are.
DROP INDEX mtr_report_search_idx, mtr_report_title_trgm_idx;
CREATE INDEX mtr_report_search_idx ON mtr_report USING gin (search, title gin_trgm_ops, (ARRAY[id / 4096])) WITH (fastupdate = off);
ANALYZE mtr_report; -- the expression of the index too

-- Reports (public ones only, unless everything) that hold all the words; when there is none,
-- those with words like them in their title (fuzzy). By the text index only, whatever the planner
-- believes, and bounded: with more hits than most the words are frequent, nothing is returned, and
-- whoever asks walks the newest reports. What is frequent is mostly seen by the newest sixteen
-- thousand already, without gathering all that there are; where all are hardly more than that,
-- they are gathered at once.
DROP FUNCTION mtr_find(text, boolean);
SELECT similarity('', ''); -- loads pg_trgm, which knows the setting below
CREATE FUNCTION mtr_find(words text, everything boolean, most integer, OUT ids bigint[], OUT fuzzy boolean, OUT frequent boolean) LANGUAGE plpgsql STABLE
    SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET jit = off
    SET pg_trgm.word_similarity_threshold = 0.45
AS $$
DECLARE
    each_word text[] := mtr_words(words);
    parts bigint := (SELECT max(id) / 4096 FROM mtr_report);
    newest bigint[] := ARRAY[parts, parts - 1, parts - 2, parts - 3];
    many bigint := CASE WHEN parts >= 16 THEN 16::bigint * most / parts + 1 END; -- so many among the newest are four times most among all
BEGIN
    fuzzy := false;
    ids := '{}';
    frequent := COALESCE((SELECT count(*) >= many FROM (SELECT FROM mtr_report r
        WHERE (everything OR r.words_public) AND r.search @@ websearch_to_tsquery('indonesian', words) AND ARRAY[r.id / 4096] && newest LIMIT many) x), false);
    IF NOT frequent THEN
        ids := ARRAY (SELECT r.id FROM mtr_report r
            WHERE (everything OR r.words_public) AND r.search @@ websearch_to_tsquery('indonesian', words) LIMIT most + 1);
        frequent := cardinality(ids) > most;
    END IF;
    IF NOT frequent AND ids = '{}' AND each_word <> '{}' THEN
        fuzzy := true;
        frequent := COALESCE((SELECT count(*) >= many FROM (SELECT FROM mtr_report r
            WHERE (everything OR r.words_public) AND each_word[1] <% r.title AND mtr_resembles(each_word, r.title) AND ARRAY[r.id / 4096] && newest LIMIT many) x), false);
        IF NOT frequent THEN
            ids := ARRAY (SELECT r.id FROM mtr_report r
                WHERE (everything OR r.words_public) AND each_word[1] <% r.title AND mtr_resembles(each_word, r.title) LIMIT least(most, 2000) + 1);
            frequent := cardinality(ids) > least(most, 2000);
        END IF;
    END IF;
    IF frequent THEN
        ids := '{}';
    END IF;
END $$;
