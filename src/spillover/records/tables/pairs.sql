-- Pairs of events of two families that can be the same, with a score and its parts.
-- An aggregate of weeks, or a point that means "somewhere in", is never one event of another house.
WITH sharp AS (
    SELECT * FROM events
    WHERE superseded_by IS NULL AND coalesce(where_prec, 1) <= 3 AND coalesce(date_prec, 1) <= 2 AND lat IS NOT NULL
),
near AS (
    SELECT a.id AS id_a, b.id AS id_b,
           1 - 0.25 * least(abs(date_diff('day', a.date_start, b.date_start)), 4) AS time,
           2 * 6371 * asin(sqrt(power(sin(radians(b.lat - a.lat) / 2), 2)
               + cos(radians(a.lat)) * cos(radians(b.lat)) * power(sin(radians(b.lon - a.lon) / 2), 2))) AS km,
           CASE WHEN list_has_any(a.actor_ids, b.actor_ids) THEN 1.0
                WHEN len(a.actor_ids) = 0 OR len(b.actor_ids) = 0 THEN 0.5 ELSE 0.0 END AS actors,
           (1.0 + least(a.deaths_best, b.deaths_best)) / (1.0 + greatest(a.deaths_best, b.deaths_best)) AS deaths
    FROM sharp AS a JOIN sharp AS b
      ON a.family = $one AND b.family = $two AND a.country = b.country
     AND b.date_start BETWEEN a.date_start - 3 AND a.date_start + 3
     AND abs(a.lat - b.lat) < 0.5 AND abs(a.lon - b.lon) < 1.0
)
SELECT id_a, id_b, $w_time * time + $w_place * place + $w_actors * actors + $w_deaths * coalesce(deaths, 0.5) AS score,
       time, place, actors, coalesce(deaths, 0.5) AS deaths
FROM (SELECT *, greatest(0, 1 - km / 50) AS place FROM near)
WHERE score >= $threshold
ORDER BY score DESC, id_a, id_b
