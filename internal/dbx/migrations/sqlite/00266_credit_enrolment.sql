-- +goose Up
CREATE TABLE credit_enrolment (
  id              BLOB NOT NULL CHECK (length(id) = 16),
  company_id      BLOB NOT NULL CHECK (length(company_id) = 16),
  rule_set        TEXT NOT NULL CHECK (length(rule_set) <= 40),
  from_at         INTEGER NOT NULL,
  from_by         BLOB NOT NULL CHECK (length(from_by) = 16),
  to_at           INTEGER,
  to_by           BLOB CHECK (length(to_by) = 16),
  current_company BLOB GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN company_id END) STORED,
  PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX uq_credit_enrolment_current_company_rule_set ON credit_enrolment (current_company, rule_set);
CREATE INDEX ix_credit_enrolment_company_id_from_at ON credit_enrolment (company_id, from_at);
-- +goose Down
DROP TABLE credit_enrolment;
