-- +goose Up
CREATE TABLE survey_lot (
  id           BINARY(16) NOT NULL,
  round_id     BINARY(16) NOT NULL,
  stratum_id   BINARY(16) NOT NULL,
  no           BIGINT NOT NULL,
  size         BIGINT NOT NULL,
  state        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  batch_hash   BINARY(32) NULL,
  list_hash    BINARY(32) NULL,
  taken        BIGINT NOT NULL,
  entered      BIGINT NOT NULL,
  unused       BIGINT NOT NULL,
  spoilt       BIGINT NOT NULL,
  ordered_by   BINARY(16) NOT NULL,
  ordered_role VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ordered_at   BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_survey_lot_round_id_no (round_id, no),
  UNIQUE KEY uq_survey_lot_batch_hash (batch_hash),
  KEY ix_survey_lot_round_id_state (round_id, state),
  CONSTRAINT ck_survey_lot_size CHECK (size > 0),
  CONSTRAINT ck_survey_lot_state CHECK (state IN ('ordered', 'signed', 'ready')),
  CONSTRAINT ck_survey_lot_envelopes CHECK (taken + unused <= size),
  CONSTRAINT ck_survey_lot_returned CHECK (entered + spoilt <= taken),
  CONSTRAINT fk_survey_lot_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id),
  CONSTRAINT fk_survey_lot_stratum_id FOREIGN KEY (stratum_id) REFERENCES survey_stratum (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_lot;
