-- `raw` has the file's columns as text and `_row`; `countries` says which ISO3 a Gleditsch-Ward number has today.
SELECT concat_ws('-', c.iso3, raw.year_cy, kind.type) AS id,
       c.iso3 AS country,
       try_cast(raw.country_id_cy AS USMALLINT) AS gw,
       make_date(try_cast(raw.year_cy AS INTEGER), 1, 1) AS period_start,
       make_date(try_cast(raw.year_cy AS INTEGER), 12, 31) AS period_end,
       kind.type,
       CAST(NULL AS INTEGER) AS events,
       as_integer(kind.best) AS deaths_best,
       as_integer(kind.low) AS deaths_low,
       as_integer(kind.high) AS deaths_high,
       as_list(nullif(kind.names, 'NO_DYAD')) AS dyads,
       as_list(nullif(kind.codes, 'NO_DYAD')) AS dyad_codes,
       raw._row
FROM raw
LEFT JOIN countries AS c ON c.gw = raw.country_id_cy,
LATERAL (VALUES
    ('state-based', sb_total_deaths_best_cy, sb_total_deaths_low_cy, sb_total_deaths_high_cy, sb_dyad_names_cy, sb_dyad_ids_cy),
    ('non-state', ns_total_deaths_best_cy, ns_total_deaths_low_cy, ns_total_deaths_high_cy, ns_dyad_names_cy, ns_dyad_ids_cy),
    ('one-sided', os_total_deaths_best_cy, os_total_deaths_low_cy, os_total_deaths_high_cy, os_dyad_names_cy, os_dyad_ids_cy)
) AS kind (type, best, low, high, names, codes)
