-- +goose Up
CREATE TABLE survey_text (
  text_key        BLOB NOT NULL CHECK (length(text_key) = 32),
  round_id        BLOB NOT NULL CHECK (length(round_id) = 16),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16),
  item            TEXT NOT NULL CHECK (length(item) <= 40),
  content         TEXT NOT NULL,
  state           TEXT NOT NULL CHECK (length(state) <= 10),
  reviewed_by     BLOB CHECK (length(reviewed_by) = 16),
  PRIMARY KEY (round_id, text_key, item)
) STRICT, WITHOUT ROWID;
-- +goose Down
DROP TABLE survey_text;
