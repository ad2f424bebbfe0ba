-- +goose Up
CREATE TABLE renovation_share (
  subject_id  BLOB NOT NULL CHECK (length(subject_id) = 16),
  round       INTEGER NOT NULL,
  unit_id     BLOB NOT NULL CHECK (length(unit_id) = 16),
  order_no    INTEGER NOT NULL,
  place       TEXT NOT NULL CHECK (length(place) <= 200),
  area_m2x100 INTEGER NOT NULL,
  fen         INTEGER NOT NULL,
  PRIMARY KEY (subject_id, round, unit_id)
) STRICT;
CREATE INDEX ix_renovation_share_unit_id_subject_id ON renovation_share (unit_id, subject_id);
CREATE INDEX ix_renovation_share_subject_id_round_order_no ON renovation_share (subject_id, round, order_no);
-- +goose Down
DROP TABLE renovation_share;
