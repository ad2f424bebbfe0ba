-- +goose Up
CREATE TABLE survey_event (
  round_id   BINARY(16) NOT NULL,
  seq        BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  kind       VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_state   VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  person_id  BINARY(16) NULL,
  org_id     BINARY(16) NULL,
  role       VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  post_id    BINARY(16) NULL,
  detail     MEDIUMTEXT NOT NULL,
  PRIMARY KEY (round_id, seq),
  CONSTRAINT fk_survey_event_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_event;
