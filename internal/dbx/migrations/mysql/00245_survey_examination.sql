-- +goose Up
CREATE TABLE survey_examination (
  round_id   BINARY(16) NOT NULL,
  revision   BIGINT NOT NULL,
  recomputed SMALLINT NOT NULL,
  raised     BIGINT NOT NULL,
  flags      MEDIUMTEXT NOT NULL,
  method     VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  rule_hash  BINARY(32) NOT NULL,
  seed       BINARY(32) NOT NULL,
  made_at    BIGINT NOT NULL,
  PRIMARY KEY (round_id, revision),
  CONSTRAINT fk_survey_examination_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_examination;
