-- +goose Up
CREATE TABLE survey_recontact (
  round_id     BINARY(16) NOT NULL,
  dwelling_id  BINARY(16) NOT NULL,
  answer       VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (answer IN ('', 'yes', 'no', 'not_reached')),
  entered_by   BINARY(16) NULL,
  entered_role VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  entered_at   BIGINT NULL,
  version      BIGINT NOT NULL,
  PRIMARY KEY (round_id, dwelling_id),
  CONSTRAINT fk_survey_recontact_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_recontact;
