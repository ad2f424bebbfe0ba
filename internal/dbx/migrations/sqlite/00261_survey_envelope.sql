-- +goose Up
CREATE TABLE survey_envelope (
  round_id   BLOB NOT NULL CHECK (length(round_id) = 16),
  token_hash BLOB NOT NULL CHECK (length(token_hash) = 32),
  lot_id     BLOB NOT NULL CHECK (length(lot_id) = 16),
  prefix     BLOB NOT NULL CHECK (length(prefix) = 32),
  signature  BLOB NOT NULL CHECK (length(signature) <= 512),
  fate       TEXT NOT NULL CHECK (length(fate) <= 10) CHECK (fate IN ('', 'entered', 'unused', 'spoilt')),
  PRIMARY KEY (round_id, token_hash),
  CONSTRAINT fk_survey_envelope_lot_id FOREIGN KEY (lot_id) REFERENCES survey_lot (id)
) STRICT, WITHOUT ROWID;
-- +goose Down
DROP TABLE survey_envelope;
