-- Every row of every set, with who the sides are and what stands in its place. `events` first holds them all.
CREATE TABLE events AS
SELECT /* columns */, e.set_id, e.family, d.code AS admin1_code,
       coalesce(a.actors, []) AS actor_a_ids, coalesce(b.actors, []) AS actor_b_ids,
       list_concat(coalesce(a.actors, []), coalesce(b.actors, [])) AS actor_ids,
       s.superseded_by, CAST(NULL AS VARCHAR) AS duplicate_of
FROM arrived AS e
LEFT JOIN sides AS a
    ON a.family = e.family AND a.name = e.actor_a AND a.code IS NOT DISTINCT FROM e.actor_a_code
    AND a.country IS NOT DISTINCT FROM e.country AND e.date_start BETWEEN a.since AND a.until
LEFT JOIN sides AS b
    ON b.family = e.family AND b.name = e.actor_b AND b.code IS NOT DISTINCT FROM e.actor_b_code
    AND b.country IS NOT DISTINCT FROM e.country AND e.date_start BETWEEN b.since AND b.until
LEFT JOIN divisions AS d ON d.country = e.country AND d.name = e.admin1
LEFT JOIN superseded AS s ON s.set_id = e.set_id AND s.id = e.id
ORDER BY e.country, e.date_start, e.preference, e.id
