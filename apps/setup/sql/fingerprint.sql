-- One value that changes when anything staging.sql makes changes: by it `setup staging` tells "updated" from
-- "unchanged". NULL when the schema is not there.
SELECT CASE WHEN to_regnamespace('staging') IS NOT NULL THEN md5(string_agg(definition, E'\n' ORDER BY definition)) END
  AS fingerprint
FROM (
  SELECT format('schema %s', nspacl) FROM pg_namespace WHERE nspname = 'staging'
  UNION ALL
  SELECT format('role %s %s', rolname, rolcanlogin) FROM pg_roles WHERE rolname LIKE 'staging\_%'
  UNION ALL
  SELECT format('relation %s %s %s %s', relname, relkind, relreplident, relacl)
  FROM pg_class WHERE relnamespace = to_regnamespace('staging')
  UNION ALL
  SELECT format('column %s %s %s %s %s %s', relname, attname, format_type(atttypid, atttypmod), attnotnull,
                pg_get_expr(adbin, adrelid), attacl)
  FROM pg_attribute
  JOIN pg_class ON pg_class.oid = attrelid
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE relnamespace = to_regnamespace('staging') AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT pg_get_indexdef(indexrelid)
  FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
  WHERE relnamespace = to_regnamespace('staging')
  UNION ALL
  SELECT format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE connamespace = to_regnamespace('staging')
  UNION ALL
  SELECT pg_get_triggerdef(pg_trigger.oid)
  FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
  WHERE relnamespace = to_regnamespace('staging') AND NOT tgisinternal
  UNION ALL
  SELECT format('%s %s', pg_get_functiondef(oid), proacl)
  FROM pg_proc WHERE pronamespace = to_regnamespace('staging')
  UNION ALL
  SELECT format('publication %s %s %s', pg_publication, tablename, attnames)
  FROM pg_publication JOIN pg_publication_tables USING (pubname)
  WHERE schemaname = 'staging'
) AS definitions (definition);
