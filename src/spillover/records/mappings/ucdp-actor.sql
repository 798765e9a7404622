WITH known AS (SELECT ActorId AS code, any_value(NameData) AS name FROM raw GROUP BY ActorId),
places AS (
    SELECT p._row, list_distinct(list(c.iso3 ORDER BY c.iso3)) AS countries
    FROM (SELECT _row, unnest(as_list(GWNOLoc)) AS gw FROM raw) AS p JOIN countries AS c ON c.gw = p.gw
    GROUP BY p._row
),
names AS (
    SELECT _row, 'named' AS relation, unnest([NameOrig, NameOrigFull, NameOrigFullEng]) AS other FROM raw
    UNION ALL
    SELECT _row, 'renamed', unnest([NewName, NewNameFullMotherTongue, NewNameFullEng]) FROM raw WHERE NameChange = '1'
),
partners AS (
    SELECT _row, 'splinter_of' AS relation, unnest(as_list(ActorIdPrev)) AS code FROM raw WHERE Splinter = '1'
    UNION ALL
    SELECT _row, 'split_for_a_time_from', unnest(as_list(ActorIdSplitTemp)) FROM raw WHERE SplitTemp = '1'
    UNION ALL
    SELECT _row, 'allied_with', unnest(as_list(ActorIdAlliance)) FROM raw WHERE Alliance = '1'
    UNION ALL
    SELECT _row, 'joined', unnest(as_list(ActorIdGroup)) FROM raw WHERE JoinGroup = '1'
),
ties AS (
    SELECT _row, relation, CAST(NULL AS VARCHAR) AS code, other FROM names WHERE other NOT IN ('', 'n/a')
    UNION ALL
    SELECT p._row, p.relation, p.code, known.name FROM partners AS p LEFT JOIN known USING (code)
    UNION ALL
    SELECT _row, 'named', NULL, NameData FROM raw
)
SELECT raw.ActorId AS actor_code,
       raw.NameData AS actor,
       ties.relation,
       ties.code AS other_code,
       ties.other,
       coalesce(places.countries, CAST([] AS VARCHAR[])) AS countries,
       raw._row
FROM ties JOIN raw USING (_row) LEFT JOIN places USING (_row)
WHERE raw.ActorId <> ''
ORDER BY raw._row, ties.relation, ties.other, ties.code
