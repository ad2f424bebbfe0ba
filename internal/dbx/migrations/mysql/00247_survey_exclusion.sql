-- +goose Up
CREATE TABLE survey_exclusion (
  id             BINARY(16) NOT NULL,
  round_id       BINARY(16) NOT NULL,
  number         BIGINT NOT NULL,
  audit_id       BINARY(16) NOT NULL,
  attribute      VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (attribute IN ('channel', 'lot', 'stratum')),
  value          VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  excluded       BIGINT NOT NULL,
  reason         VARCHAR(500) NOT NULL,
  reason_salt    BINARY(32) NOT NULL,
  proposed_by    BINARY(16) NOT NULL,
  proposed_role  VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  proposed_at    BIGINT NOT NULL,
  first          BINARY(32) NOT NULL,
  confirmed_by   BINARY(16) NULL,
  confirmed_role VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  confirmed_at   BIGINT NULL,
  second         BINARY(32) NULL,
  from_revision  BIGINT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_survey_exclusion_round_id_number (round_id, number),
  UNIQUE KEY uq_survey_exclusion_audit_id_attribute_value (audit_id, attribute, value),
  CONSTRAINT fk_survey_exclusion_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id),
  CONSTRAINT fk_survey_exclusion_audit_id FOREIGN KEY (audit_id) REFERENCES survey_audit (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_exclusion;
