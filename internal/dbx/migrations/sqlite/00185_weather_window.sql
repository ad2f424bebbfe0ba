-- +goose Up
CREATE TABLE weather_window (
  id          BLOB NOT NULL CHECK (length(id) = 16),
  area_id     BLOB NOT NULL CHECK (length(area_id) = 16),
  scope_path  TEXT NOT NULL CHECK (length(scope_path) <= 400),
  kind        TEXT NOT NULL CHECK (length(kind) <= 20),
  reason      TEXT NOT NULL CHECK (length(reason) <= 500),
  from_at     INTEGER NOT NULL,
  to_at       INTEGER,
  declared_at INTEGER NOT NULL,
  person_id   BLOB CHECK (length(person_id) = 16),
  org_id      BLOB CHECK (length(org_id) = 16),
  apply_after BLOB CHECK (length(apply_after) = 16),
  version     INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_weather_window_scope ON weather_window (scope_path, from_at);
CREATE INDEX ix_weather_window_apply ON weather_window (apply_after);
-- +goose Down
DROP TABLE weather_window;
