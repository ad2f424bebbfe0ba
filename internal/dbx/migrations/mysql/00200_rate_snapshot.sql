-- +goose Up
CREATE TABLE rate_snapshot (
  id             BINARY(16) NOT NULL,
  street_id      BINARY(16) NOT NULL,
  street_path    VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  month          CHAR(7) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  revision       BIGINT NOT NULL CHECK (revision > 0),
  as_of          BIGINT NOT NULL,
  method         BIGINT NOT NULL,
  rule_hash      BINARY(32) NOT NULL,
  event_hash     BINARY(32) NOT NULL,
  order_count    BIGINT NOT NULL,
  event_count    BIGINT NOT NULL,
  reason         VARCHAR(500) NOT NULL,
  published_role VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  published_org  BINARY(16) NOT NULL,
  published_at   BIGINT NOT NULL,
  salt           BINARY(32) NOT NULL,
  entry          BIGINT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_rate_snapshot_street_id_month_revision (street_id, month, revision),
  UNIQUE KEY uq_rate_snapshot_entry (entry),
  KEY ix_rate_snapshot_month (month, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE rate_snapshot;
