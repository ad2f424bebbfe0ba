-- +goose Up
CREATE TABLE survey_cast (
  round_id       BINARY(16) NOT NULL,
  token_hash     BINARY(32) NOT NULL,
  stratum_id     BINARY(16) NOT NULL,
  token          BINARY(32) NOT NULL,
  prefix         BINARY(32) NOT NULL,
  signature      VARBINARY(512) NOT NULL,
  answers        MEDIUMTEXT NOT NULL,
  salt           BINARY(32) NOT NULL,
  text_hash      BINARY(32) NOT NULL,
  commitment     BINARY(32) NOT NULL,
  revision       BIGINT NOT NULL,
  channel        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lot            VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attribute_salt BINARY(32) NOT NULL,
  opening        BINARY(32) NOT NULL,
  PRIMARY KEY (round_id, token_hash),
  CONSTRAINT fk_survey_cast_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_cast;
