-- The pairs of actors of the yearly totals, one a row; a year belongs to whom a name meant at its end.
CREATE TABLE dyad_years AS
SELECT t.country, year(t.period_start) AS year, t.type, t.dyad, s.side_a, s.side_b, s.side_a_ids, s.side_b_ids,
       list_concat(s.side_a_ids, s.side_b_ids) AS actor_ids, t.dataset, t.release, t.set_id
FROM (SELECT * EXCLUDE (dyads), unnest(dyads) AS dyad FROM totals) AS t
JOIN dyad_sides AS s
    ON s.country IS NOT DISTINCT FROM t.country AND s.dyad = t.dyad AND t.period_end BETWEEN s.since AND s.until
ORDER BY t.country, year, t.type, t.dyad
