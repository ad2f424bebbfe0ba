-- +goose Up
CREATE TABLE survey_pledge (
  round_id     BINARY(16) NOT NULL,
  org_id       BINARY(16) NOT NULL,
  commitment   BINARY(32) NOT NULL,
  value        BINARY(32) NULL,
  person_id    BINARY(16) NOT NULL,
  role         VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  committed_at BIGINT NOT NULL,
  revealed_at  BIGINT NULL,
  PRIMARY KEY (round_id, org_id),
  CONSTRAINT fk_survey_pledge_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_pledge;
