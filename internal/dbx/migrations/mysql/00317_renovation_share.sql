-- +goose Up
CREATE TABLE renovation_share (
  subject_id  BINARY(16) NOT NULL,
  round       BIGINT NOT NULL,
  unit_id     BINARY(16) NOT NULL,
  order_no    BIGINT NOT NULL,
  place       VARCHAR(200) NOT NULL,
  area_m2x100 BIGINT NOT NULL,
  fen         BIGINT NOT NULL,
  PRIMARY KEY (subject_id, round, unit_id),
  KEY ix_renovation_share_unit_id_subject_id (unit_id, subject_id),
  KEY ix_renovation_share_subject_id_round_order_no (subject_id, round, order_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_share;
