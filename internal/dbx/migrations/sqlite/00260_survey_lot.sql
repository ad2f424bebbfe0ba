-- +goose Up
CREATE TABLE survey_lot (
  id           BLOB NOT NULL CHECK (length(id) = 16),
  round_id     BLOB NOT NULL CHECK (length(round_id) = 16),
  stratum_id   BLOB NOT NULL CHECK (length(stratum_id) = 16),
  no           INTEGER NOT NULL,
  size         INTEGER NOT NULL CHECK (size > 0),
  state        TEXT NOT NULL CHECK (length(state) <= 10) CHECK (state IN ('ordered', 'signed', 'ready')),
  batch_hash   BLOB CHECK (length(batch_hash) = 32),
  list_hash    BLOB CHECK (length(list_hash) = 32),
  taken        INTEGER NOT NULL,
  entered      INTEGER NOT NULL,
  unused       INTEGER NOT NULL,
  spoilt       INTEGER NOT NULL,
  ordered_by   BLOB NOT NULL CHECK (length(ordered_by) = 16),
  ordered_role TEXT NOT NULL CHECK (length(ordered_role) <= 20),
  ordered_at   INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_survey_lot_envelopes CHECK (taken + unused <= size),
  CONSTRAINT ck_survey_lot_returned CHECK (entered + spoilt <= taken),
  CONSTRAINT fk_survey_lot_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id),
  CONSTRAINT fk_survey_lot_stratum_id FOREIGN KEY (stratum_id) REFERENCES survey_stratum (id)
) STRICT;
CREATE UNIQUE INDEX uq_survey_lot_round_id_no ON survey_lot (round_id, no);
CREATE UNIQUE INDEX uq_survey_lot_batch_hash ON survey_lot (batch_hash);
CREATE INDEX ix_survey_lot_round_id_state ON survey_lot (round_id, state);
-- +goose Down
DROP TABLE survey_lot;
