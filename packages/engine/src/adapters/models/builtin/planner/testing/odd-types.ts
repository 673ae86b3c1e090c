/** For tests: parcels, in tables whose columns are of as many types as each database has, with names that say something else than their types. */

export const postgresParcels = [
  "CREATE TYPE mood AS ENUM ('happy', 'upset')",
  'CREATE DOMAIN label AS text',
  `CREATE TABLE parcels (id uuid PRIMARY KEY, code char(8), mood mood, name label, weight real, price money, total numeric, span interval, spot point, tags text[],
    extra jsonb, doc json, opens_at time, sent_at timestamptz, sent_on date, is_sent boolean, due boolean, address inet, raw bytea, days int4range, started_on text, published_year smallint, bits bit(3), duration integer[])`,
  `INSERT INTO parcels VALUES ('6f1c2d3e-0000-4000-8000-000000000001', 'P-1', 'happy', 'Lamp', 1.5, 12.5, 20, '2 days', '(1,2)', '{a}', '{"a":1}', '[1]', '10:00', '2025-03-01 23:30:00+00',
    '2025-03-01', true, false, '10.0.0.1', '\\x01', '[1,5)', '2025-03-01', 2024, '101', '{1}')`,
  "INSERT INTO parcels (id, mood, name) VALUES ('6f1c2d3e-0000-4000-8000-000000000002', 'upset', 'Desk')",
  'CREATE TABLE stops (id bigserial PRIMARY KEY, parcel_id text, city varchar(20), reached_at timestamp(3) with time zone, cost double precision, moved_at bigint)',
  "INSERT INTO stops (parcel_id, city, reached_at, cost, moved_at) VALUES ('6f1c2d3e-0000-4000-8000-000000000001', 'Lyon', '2025-03-02 01:00:00+02', 3.25, 1740000000000000000), (NULL, NULL, NULL, NULL, -9)",
];

export const mariadbParcels = [
  `CREATE TABLE parcels (id bigint unsigned PRIMARY KEY, code char(8) CHARACTER SET latin1, mood enum('happy', 'upset'), name varchar(20) COLLATE utf8mb4_unicode_ci, weight float, total decimal(12,2),
    spot point, tags set('a', 'b'), extra json, opens_at time, sent_at timestamp NULL, sent_on date, is_sent bit(1), due boolean, raw blob, started_on text, published_year year, duration mediumint)`,
  `INSERT INTO parcels VALUES (1, 'P-1', 'happy', 'Lamp', 1.5, 20, POINT(1, 2), 'a', '{"a":1}', '10:00', '2025-03-01 23:30:00', '2025-03-01', b'1', FALSE, x'01', '2025-03-01', 2024, 3)`,
  "INSERT INTO parcels (id, mood, name) VALUES (2, 'upset', 'Desk')",
  'CREATE TABLE stops (id int PRIMARY KEY, parcel_id varchar(20), city varchar(20) CHARACTER SET latin1, reached_at datetime(3), cost double, moved_at bigint)',
  "INSERT INTO stops VALUES (1, '1', 'Lyon', '2025-03-01 23:00:00', 3.25, 1740000000000000000), (2, NULL, NULL, NULL, NULL, -9)",
];

export const duckdbParcels = [
  "CREATE TYPE mood AS ENUM ('happy', 'upset')",
  `CREATE TABLE parcels (id UUID PRIMARY KEY, code VARCHAR, mood mood, name VARCHAR, weight FLOAT, total DECIMAL(18, 3), span INTERVAL, spot STRUCT(x INTEGER, y INTEGER), tags VARCHAR[],
    extra MAP(VARCHAR, INTEGER), opens_at TIME, sent_at TIMESTAMPTZ, sent_on DATE, is_sent BOOLEAN, due BOOLEAN, raw BLOB, started_on VARCHAR, published_year USMALLINT, bits BIT, duration HUGEINT, quantity UBIGINT)`,
  `INSERT INTO parcels VALUES ('6f1c2d3e-0000-4000-8000-000000000001', 'P-1', 'happy', 'Lamp', 1.5, 20, INTERVAL 2 DAYS, {'x': 1, 'y': 2}, ['a'], MAP {'a': 1}, '10:00', '2025-03-01 23:30:00+00',
    '2025-03-01', true, false, '\\x01'::BLOB, '2025-03-01', 2024, '101', 3, 4)`,
  "INSERT INTO parcels (id, mood, name) VALUES ('6f1c2d3e-0000-4000-8000-000000000002', 'upset', 'Desk')",
  'CREATE TABLE stops (id INTEGER PRIMARY KEY, parcel_id VARCHAR, city VARCHAR, reached_at TIMESTAMP_MS, cost DOUBLE, moved_at BIGINT)',
  "INSERT INTO stops VALUES (1, '6f1c2d3e-0000-4000-8000-000000000001', 'Lyon', '2025-03-01 23:00:00', 3.25, 1740000000000000000), (2, NULL, NULL, NULL, NULL, -9)",
];
