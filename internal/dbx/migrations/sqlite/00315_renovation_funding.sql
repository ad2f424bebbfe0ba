-- +goose Up
CREATE TABLE renovation_funding (
  id               BLOB NOT NULL CHECK (length(id) = 16),
  renovation_id    BLOB NOT NULL CHECK (length(renovation_id) = 16),
  item_id          BLOB CHECK (length(item_id) = 16),
  source           TEXT NOT NULL CHECK (length(source) <= 20),
  payer            TEXT NOT NULL CHECK (length(payer) <= 100),
  planned_fen      INTEGER NOT NULL,
  approved_fen     INTEGER NOT NULL,
  received_fen     INTEGER NOT NULL,
  paid_fen         INTEGER NOT NULL,
  returned_fen     INTEGER NOT NULL,
  allocation_round INTEGER NOT NULL,
  allocated_fen    INTEGER NOT NULL,
  created_at       INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_renovation_funding_balance CHECK (planned_fen >= 0 AND approved_fen >= 0 AND paid_fen >= 0 AND returned_fen >= 0 AND received_fen <= approved_fen AND paid_fen + returned_fen <= received_fen),
  CONSTRAINT fk_renovation_funding_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) STRICT;
CREATE INDEX ix_renovation_funding_renovation_id_id ON renovation_funding (renovation_id, id);
-- +goose Down
DROP TABLE renovation_funding;
