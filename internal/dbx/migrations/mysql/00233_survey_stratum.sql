-- +goose Up
CREATE TABLE survey_stratum (
  id              BINARY(16) NOT NULL,
  round_id        BINARY(16) NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  no              BIGINT NOT NULL,
  name            VARCHAR(200) NOT NULL,
  dwellings       BIGINT NOT NULL,
  sampled         BIGINT NOT NULL,
  key_id          BINARY(32) NULL,
  public_key      VARBINARY(1000) NULL,
  key_sealed      VARBINARY(4000) NULL,
  destroyed_at    BIGINT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_survey_stratum_round_id_no (round_id, no),
  UNIQUE KEY uq_survey_stratum_key_id (key_id),
  CONSTRAINT fk_survey_stratum_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_stratum;
