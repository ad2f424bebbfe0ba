-- +goose Up
CREATE TABLE survey_audit (
  id            BINARY(16) NOT NULL,
  round_id      BINARY(16) NOT NULL,
  number        BIGINT NOT NULL,
  revision      BIGINT NOT NULL,
  scope_path    VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state         VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (state IN ('open', 'concluded', 'decided', 'signed_off')),
  reason        VARCHAR(500) NOT NULL,
  opened_by     BINARY(16) NULL,
  opened_role   VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  opened_at     BIGINT NOT NULL,
  proposal      VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  finding       VARCHAR(2000) NOT NULL,
  concluded_by  BINARY(16) NULL,
  concluded_at  BIGINT NULL,
  outcome       VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (outcome IN ('', 'uphold', 'revise', 'reject')),
  reasons       VARCHAR(2000) NOT NULL,
  reason_salt   BINARY(32) NULL,
  decided_by    BINARY(16) NULL,
  decided_role  VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  decided_at    BIGINT NULL,
  version       BIGINT NOT NULL,
  open_round_id BINARY(16) GENERATED ALWAYS AS (CASE WHEN state IN ('open', 'concluded') THEN round_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_survey_audit_round_id_number (round_id, number),
  UNIQUE KEY uq_survey_audit_open_round_id (open_round_id),
  KEY ix_survey_audit_round_id_revision (round_id, revision),
  CONSTRAINT fk_survey_audit_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_audit;
