-- The columns that counts need, in numbers; the rows of each actor; what the numbers of countries and sets stand for.
CREATE OR REPLACE TEMP TABLE tally_of AS
SELECT row_number() OVER () - 1 AS n, date_start, date_end, country, deaths_low, deaths_best, deaths_high, type, provisional,
       status, set_id, actor_ids
FROM {table};
CREATE OR REPLACE TEMP TABLE tally_countries AS SELECT DISTINCT coalesce(country, '') AS name FROM tally_of ORDER BY name;
CREATE OR REPLACE TEMP TABLE tally_sets AS SELECT DISTINCT set_id AS name FROM tally_of ORDER BY name;
SELECT date_diff('day', DATE '1970-01-01', date_start)::INTEGER AS first,
       date_diff('day', DATE '1970-01-01', date_end)::INTEGER AS last,
       year(date_start)::INTEGER AS year,
       (year(date_start) * 12 + month(date_start) - 1)::INTEGER AS month,
       coalesce({low}, 0) AS low, coalesce({best}, 0) AS best, coalesce({high}, 0) AS high,
       coalesce(type IN ('state-based', 'non-state'), false) AS fight,
       coalesce(provisional, false) AS provisional,
       status IS NOT NULL AS remarked,
       (SELECT c.rowid FROM tally_countries AS c WHERE c.name = coalesce(t.country, ''))::INTEGER AS country,
       (SELECT s.rowid FROM tally_sets AS s WHERE s.name = t.set_id)::INTEGER AS set
FROM tally_of AS t ORDER BY n;
SELECT id, list(n ORDER BY n) AS rows FROM (SELECT n, unnest(list_distinct(actor_ids)) AS id FROM tally_of) GROUP BY id;
SELECT name FROM tally_countries ORDER BY rowid;
SELECT name FROM tally_sets ORDER BY rowid
