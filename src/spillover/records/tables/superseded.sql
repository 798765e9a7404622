-- The same event in two sets of a family: the higher rank, then the newer release counts (arrived.preference, 0 first).
-- An event that a newer release lacks has been withdrawn, if the older set is provisional or both say their releases, and
-- if the newer one has at least half of the older one's events of that country and year: else it is an extract, and its
-- silence says nothing.
CREATE TABLE superseded AS
WITH best AS (
    SELECT family, id, min(preference) AS preference, arg_min(set_id, preference) AS set_id
    FROM arrived GROUP BY family, id HAVING count(*) > 1
),
same AS (
    SELECT a.set_id, a.id, b.set_id AS superseded_by
    FROM arrived AS a JOIN best AS b ON b.family = a.family AND b.id = a.id AND a.preference > b.preference
),
release AS (
    SELECT DISTINCT a.set_id, a.family, a.preference, s.dataset, s.release, s.provisional
    FROM arrived AS a JOIN sets AS s ON s.set_id = a.set_id
),
pairs AS (
    SELECT o.set_id AS old, n.set_id AS new
    FROM release AS o JOIN release AS n ON n.family = o.family AND n.preference < o.preference
    -- files of one release are its parts
    WHERE (o.provisional AND NOT n.provisional) OR (n.dataset = o.dataset AND n.release <> o.release)
),
cells AS (
    SELECT p.old, p.new, a.country, year(a.date_start) AS year, count(*) AS old_events, count(b.id) AS shared
    FROM arrived AS a JOIN pairs AS p ON p.old = a.set_id LEFT JOIN arrived AS b ON b.set_id = p.new AND b.id = a.id
    GROUP BY ALL
),
withdrawn AS (
    SELECT a.set_id, a.id, min(c.new) AS superseded_by
    FROM arrived AS a
    JOIN cells AS c ON c.old = a.set_id AND c.country IS NOT DISTINCT FROM a.country AND c.year = year(a.date_start)
    ANTI JOIN arrived AS b ON b.set_id = c.new AND b.id = a.id
    WHERE c.shared * 2 >= c.old_events
    GROUP BY a.set_id, a.id
)
SELECT * FROM same
UNION ALL
SELECT w.* FROM withdrawn AS w ANTI JOIN same AS s ON s.set_id = w.set_id AND s.id = w.id
