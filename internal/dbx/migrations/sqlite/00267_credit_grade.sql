-- +goose Up
CREATE TABLE credit_grade (
  id             BLOB NOT NULL CHECK (length(id) = 16),
  company_id     BLOB NOT NULL CHECK (length(company_id) = 16),
  keeper_path    TEXT NOT NULL CHECK (length(keeper_path) <= 400),
  rule_set       TEXT NOT NULL CHECK (length(rule_set) <= 40),
  number         INTEGER NOT NULL,
  as_of          INTEGER NOT NULL,
  rule_hash      BLOB NOT NULL CHECK (length(rule_hash) = 32),
  status         TEXT NOT NULL CHECK (length(status) <= 20),
  grade          TEXT NOT NULL CHECK (length(grade) <= 40),
  score          INTEGER,
  content        TEXT NOT NULL,
  published_by   BLOB NOT NULL CHECK (length(published_by) = 16),
  published_role TEXT NOT NULL CHECK (length(published_role) <= 20),
  PRIMARY KEY (id),
  CONSTRAINT fk_credit_grade_rule_hash FOREIGN KEY (rule_hash) REFERENCES rule_version (hash)
) STRICT;
CREATE UNIQUE INDEX uq_credit_grade_company_id_rule_set_number ON credit_grade (company_id, rule_set, number);
-- +goose Down
DROP TABLE credit_grade;
