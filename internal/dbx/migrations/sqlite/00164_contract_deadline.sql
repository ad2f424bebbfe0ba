-- +goose Up
CREATE TABLE contract_deadline (
  id                 BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  subject_id         BLOB NOT NULL CHECK (length(subject_id) = 16),
  contract_id        BLOB CHECK (length(contract_id) = 16),
  service_area_id    BLOB NOT NULL CHECK (length(service_area_id) = 16),
  scope_path         TEXT NOT NULL CHECK (length(scope_path) <= 400),
  company_org_id     BLOB CHECK (length(company_org_id) = 16),
  kind               TEXT NOT NULL CHECK (length(kind) <= 30),
  count_of           INTEGER NOT NULL,
  unit               TEXT NOT NULL CHECK (length(unit) <= 20),
  counted_back       INTEGER NOT NULL,
  basis              TEXT NOT NULL CHECK (length(basis) <= 200),
  rule_hash          BLOB NOT NULL CHECK (length(rule_hash) = 32),
  calendar_hash      BLOB NOT NULL CHECK (length(calendar_hash) = 32),
  base_on            TEXT NOT NULL CHECK (length(base_on) = 10),
  due_on             TEXT NOT NULL CHECK (length(due_on) = 10),
  act_by             TEXT NOT NULL CHECK (length(act_by) = 10),
  provisional        INTEGER NOT NULL,
  clause             TEXT CHECK (length(clause) <= 200),
  override_person_id BLOB CHECK (length(override_person_id) = 16),
  state              TEXT NOT NULL CHECK (state IN ('open', 'done', 'missed', 'void')),
  settled_on         TEXT CHECK (length(settled_on) = 10),
  next_stage         TEXT CHECK (length(next_stage) <= 10),
  next_on            TEXT CHECK (length(next_on) = 10),
  created_at         INTEGER NOT NULL,
  version            INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_contract_deadline_subject_id_kind ON contract_deadline (subject_id, kind);
CREATE INDEX ix_contract_deadline_next_on_id ON contract_deadline (next_on, id);
CREATE INDEX ix_contract_deadline_scope_path_due_on ON contract_deadline (scope_path, due_on);
CREATE INDEX ix_contract_deadline_due_on_id ON contract_deadline (due_on, id);
CREATE INDEX ix_contract_deadline_contract_id_due_on ON contract_deadline (contract_id, due_on);
-- +goose Down
DROP TABLE contract_deadline;
