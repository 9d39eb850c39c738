CREATE TABLE schemas (
    schema_id   TEXT NOT NULL,
    version     TEXT NOT NULL,
    spec        BLOB NOT NULL,
    imported_at TEXT NOT NULL,
    PRIMARY KEY (schema_id, version)
) STRICT;

-- One row for each consumer and environment: the usage that it registered last.
CREATE TABLE consumers (
    schema_id      TEXT NOT NULL,
    consumer_id    TEXT NOT NULL,
    environment    TEXT NOT NULL,
    schema_version TEXT NOT NULL,
    registered_at  TEXT NOT NULL,
    PRIMARY KEY (schema_id, consumer_id, environment)
) STRICT;

CREATE TABLE endpoints (
    schema_id   TEXT NOT NULL,
    consumer_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    method      TEXT NOT NULL,
    path        TEXT NOT NULL,
    used_fields TEXT NOT NULL, -- a JSON array of names
    PRIMARY KEY (schema_id, consumer_id, environment, method, path),
    FOREIGN KEY (schema_id, consumer_id, environment) REFERENCES consumers ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What CVT reported, each finding once: repeating it counts and updates `last_seen`.
CREATE TABLE breaking_changes (
    schema_id   TEXT NOT NULL,
    old_version TEXT NOT NULL,
    new_version TEXT NOT NULL,
    method      TEXT NOT NULL,
    path        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    description TEXT NOT NULL,
    field_path  TEXT NOT NULL,
    detected_by TEXT NOT NULL,
    times       INTEGER NOT NULL,
    first_seen  TEXT NOT NULL,
    last_seen   TEXT NOT NULL,
    PRIMARY KEY (schema_id, old_version, new_version, method, path, kind, description, field_path)
) STRICT;

CREATE TABLE validation_failures (
    schema_id   TEXT NOT NULL,
    method      TEXT NOT NULL,
    path        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    description TEXT NOT NULL,
    field_path  TEXT NOT NULL,
    times       INTEGER NOT NULL,
    first_seen  TEXT NOT NULL,
    last_seen   TEXT NOT NULL,
    PRIMARY KEY (schema_id, method, path, kind, description, field_path)
) STRICT;
CREATE INDEX validation_failures_by_age ON validation_failures (last_seen);
