-- +goose Up
CREATE TABLE credit_enrolment (
  id              BINARY(16) NOT NULL,
  company_id      BINARY(16) NOT NULL,
  rule_set        VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_at         BIGINT NOT NULL,
  from_by         BINARY(16) NOT NULL,
  to_at           BIGINT NULL,
  to_by           BINARY(16) NULL,
  current_company BINARY(16) GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN company_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_credit_enrolment_current_company_rule_set (current_company, rule_set),
  KEY ix_credit_enrolment_company_id_from_at (company_id, from_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE credit_enrolment;
