-- +goose Up
CREATE TABLE survey_remark (
  round_id        BLOB NOT NULL CHECK (length(round_id) = 16),
  name            BLOB NOT NULL CHECK (length(name) = 32),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16),
  item            TEXT NOT NULL CHECK (length(item) <= 40),
  content         TEXT NOT NULL,
  state           TEXT NOT NULL CHECK (length(state) <= 10) CHECK (state IN ('waiting', 'released', 'withheld')),
  shown           TEXT NOT NULL,
  reason          TEXT NOT NULL CHECK (length(reason) <= 20),
  reviewed_by     BLOB CHECK (length(reviewed_by) = 16),
  reviewed_role   TEXT NOT NULL CHECK (length(reviewed_role) <= 20),
  reviewed_at     INTEGER,
  PRIMARY KEY (round_id, name),
  CONSTRAINT fk_survey_remark_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_survey_remark_round_id_service_area_id_item_state ON survey_remark (round_id, service_area_id, item, state);
-- +goose Down
DROP TABLE survey_remark;
