-- Text to values. A number may have a comma, a space (also one that does not break) or an apostrophe between thousands.
CREATE MACRO grouped(x) AS regexp_full_match(trim(x), '[-+]?\d{1,3}([,''’ \x{A0}\x{2009}\x{202F}]\d{3})+(\.\d+)?');
CREATE MACRO as_number(x) AS coalesce(
    try_cast(x AS DOUBLE),
    CASE WHEN grouped(x) THEN try_cast(regexp_replace(x, '[,''’ \x{A0}\x{2009}\x{202F}]', '', 'g') AS DOUBLE) END
);
-- Whole numbers: 12, 12.0, 1,234 and 1.234 (a point before three digits cannot be a fraction of a death).
CREATE MACRO pointed(x) AS contains(x, '.') AND regexp_full_match(trim(x), '[-+]?\d{1,3}(\.\d{3})+');
CREATE MACRO as_integer(x) AS coalesce(
    CASE WHEN NOT contains(x, '.') THEN try_cast(x AS INTEGER) END,
    CASE WHEN pointed(x) THEN try_cast(replace(x, '.', '') AS INTEGER) END,
    CASE WHEN as_number(x) = round(as_number(x)) THEN try_cast(as_number(x) AS INTEGER) END
);
-- ISO 8601, with or without a time.
CREATE MACRO as_date(x) AS CASE
    WHEN substr(x, 5, 1) = '-' THEN coalesce(
        try_cast(substr(x, 1, 10) AS DATE), try_cast(split_part(split_part(trim(x), 'T', 1), ' ', 1) AS DATE)
    )
    WHEN starts_with(x, ' ') THEN try_cast(split_part(split_part(trim(x), 'T', 1), ' ', 1) AS DATE)
END;
CREATE MACRO without_time(x) AS regexp_replace(trim(x), '[T ]\d\d?:\d\d(:\d\d(\.\d+)?)?$', '');
-- An id or code. Programs that hold numbers beside empty cells as fractions write 140 as 140.0.
CREATE MACRO as_code(x) AS CASE
    WHEN ends_with(x, '.0') AND regexp_full_match(trim(x), '\d+\.0') THEN split_part(trim(x), '.', 1)
    ELSE nullif(trim(x), '')
END;
-- Lists such as "724; 726" and "750, 770".
CREATE MACRO as_list(x) AS list_filter([trim(y) FOR y IN regexp_split_to_array(coalesce(x, ''), CASE WHEN contains(x, ';') THEN ';' ELSE ',' END)], lambda y: y <> '');
CREATE MACRO fold(x) AS lower(regexp_replace(strip_accents(trim(x)), '\s+', ' ', 'g'));
CREATE MACRO blank(x) AS coalesce(trim(x), '') = '';
CREATE MACRO degrees_off(lat1, lon1, lat2, lon2) AS sqrt(power(lat1 - lat2, 2) + power(lon1 - lon2, 2));
