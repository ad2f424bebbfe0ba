-- +goose Up
CREATE TABLE weather_window (
  id          BINARY(16) NOT NULL,
  area_id     BINARY(16) NOT NULL,
  scope_path  VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind        VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason      VARCHAR(500) NOT NULL,
  from_at     BIGINT NOT NULL,
  to_at       BIGINT NULL,
  declared_at BIGINT NOT NULL,
  person_id   BINARY(16) NULL,
  org_id      BINARY(16) NULL,
  apply_after BINARY(16) NULL,
  version     BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_weather_window_scope (scope_path, from_at),
  KEY ix_weather_window_apply (apply_after)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE weather_window;
