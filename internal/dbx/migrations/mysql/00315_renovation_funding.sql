-- +goose Up
CREATE TABLE renovation_funding (
  id               BINARY(16) NOT NULL,
  renovation_id    BINARY(16) NOT NULL,
  item_id          BINARY(16) NULL,
  source           VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payer            VARCHAR(100) NOT NULL,
  planned_fen      BIGINT NOT NULL,
  approved_fen     BIGINT NOT NULL,
  received_fen     BIGINT NOT NULL,
  paid_fen         BIGINT NOT NULL,
  returned_fen     BIGINT NOT NULL,
  allocation_round BIGINT NOT NULL,
  allocated_fen    BIGINT NOT NULL,
  created_at       BIGINT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_renovation_funding_balance CHECK (planned_fen >= 0 AND approved_fen >= 0 AND paid_fen >= 0 AND returned_fen >= 0 AND received_fen <= approved_fen AND paid_fen + returned_fen <= received_fen),
  KEY ix_renovation_funding_renovation_id_id (renovation_id, id),
  CONSTRAINT fk_renovation_funding_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_funding;
