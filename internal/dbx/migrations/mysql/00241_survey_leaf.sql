-- +goose Up
CREATE TABLE survey_leaf (
  id       BINARY(16) NOT NULL,
  round_id BINARY(16) NOT NULL,
  no       BIGINT NOT NULL,
  kind     VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  body     MEDIUMTEXT NOT NULL,
  leaf     BINARY(32) NOT NULL,
  made_at  BIGINT NOT NULL,
  entry    BIGINT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_survey_leaf_round_id_no (round_id, no),
  UNIQUE KEY uq_survey_leaf_entry (entry),
  CONSTRAINT fk_survey_leaf_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_leaf;
