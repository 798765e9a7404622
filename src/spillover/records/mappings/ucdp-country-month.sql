SELECT concat_ws('-', c.iso3, raw.year_month, 'all') AS id,
       c.iso3 AS country,
       c.number AS gw,
       try_cast(raw.year_month || '-01' AS DATE) AS period_start,
       last_day(try_cast(raw.year_month || '-01' AS DATE)) AS period_end,
       'all' AS type,
       as_integer(raw.ucdp_event_count) AS events,
       as_integer(raw.ucdp_fatalities_best) AS deaths_best,
       CAST(NULL AS INTEGER) AS deaths_low,
       as_integer(raw.ucdp_fatalities_high) AS deaths_high,
       CAST([] AS VARCHAR[]) AS dyads,
       CAST([] AS VARCHAR[]) AS dyad_codes,
       raw._row
FROM raw
LEFT JOIN (
    SELECT iso3, arg_max(gw, modern) AS gw, try_cast(arg_max(gw, modern) AS USMALLINT) AS number FROM countries GROUP BY iso3
) AS c ON c.iso3 = raw.country_iso3
