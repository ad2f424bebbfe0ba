-- +goose Up
CREATE TABLE survey_remark (
  round_id        BINARY(16) NOT NULL,
  name            BINARY(32) NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  item            VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  content         MEDIUMTEXT NOT NULL,
  state           VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (state IN ('waiting', 'released', 'withheld')),
  shown           MEDIUMTEXT NOT NULL,
  reason          VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reviewed_by     BINARY(16) NULL,
  reviewed_role   VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reviewed_at     BIGINT NULL,
  PRIMARY KEY (round_id, name),
  KEY ix_survey_remark_round_id_service_area_id_item_state (round_id, service_area_id, item, state),
  CONSTRAINT fk_survey_remark_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_remark;
