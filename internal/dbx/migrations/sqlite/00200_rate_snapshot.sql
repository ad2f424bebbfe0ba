-- +goose Up
CREATE TABLE rate_snapshot (
  id             BLOB NOT NULL CHECK (length(id) = 16),
  street_id      BLOB NOT NULL CHECK (length(street_id) = 16),
  street_path    TEXT NOT NULL CHECK (length(street_path) <= 400),
  month          TEXT NOT NULL CHECK (length(month) = 7),
  revision       INTEGER NOT NULL CHECK (revision > 0),
  as_of          INTEGER NOT NULL,
  method         INTEGER NOT NULL,
  rule_hash      BLOB NOT NULL CHECK (length(rule_hash) = 32),
  event_hash     BLOB NOT NULL CHECK (length(event_hash) = 32),
  order_count    INTEGER NOT NULL,
  event_count    INTEGER NOT NULL,
  reason         TEXT NOT NULL CHECK (length(reason) <= 500),
  published_role TEXT NOT NULL CHECK (length(published_role) <= 40),
  published_org  BLOB NOT NULL CHECK (length(published_org) = 16),
  published_at   INTEGER NOT NULL,
  salt           BLOB NOT NULL CHECK (length(salt) = 32),
  entry          INTEGER,
  PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX uq_rate_snapshot_street_id_month_revision ON rate_snapshot (street_id, month, revision);
CREATE UNIQUE INDEX uq_rate_snapshot_entry ON rate_snapshot (entry);
CREATE INDEX ix_rate_snapshot_month ON rate_snapshot (month, id);
-- +goose Down
DROP TABLE rate_snapshot;
