-- +goose Up
CREATE TABLE survey_round (
  id            BINARY(16) NOT NULL,
  form_id       BINARY(16) NOT NULL,
  author_org_id BINARY(16) NOT NULL,
  author_role   VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scope_path    VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title         VARCHAR(100) NOT NULL,
  state         VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  method        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  margin_bp     BIGINT NULL,
  opens_at      BIGINT NOT NULL,
  closes_at     BIGINT NOT NULL,
  rule_hash     BINARY(32) NOT NULL,
  receipt_key   BINARY(32) NULL,
  roll_hash     BINARY(32) NULL,
  frozen_at     BIGINT NULL,
  reveal_until  BIGINT NULL,
  seed          BINARY(32) NULL,
  opened_at     BIGINT NULL,
  closed_at     BIGINT NULL,
  scored_at     BIGINT NULL,
  published_at  BIGINT NULL,
  revision      BIGINT NOT NULL,
  created_at    BIGINT NOT NULL,
  changed_at    BIGINT NOT NULL,
  version       BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_survey_round_scope_path_id (scope_path, id),
  KEY ix_survey_round_state_closes_at (state, closes_at),
  CONSTRAINT fk_survey_round_form_id FOREIGN KEY (form_id) REFERENCES survey_form (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_round;
