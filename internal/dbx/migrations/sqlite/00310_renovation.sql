-- +goose Up
CREATE TABLE renovation (
  id                  BLOB NOT NULL CHECK (length(id) = 16),
  area_id             BLOB NOT NULL CHECK (length(area_id) = 16),
  scope_path          TEXT NOT NULL CHECK (length(scope_path) <= 400),
  division            TEXT NOT NULL CHECK (length(division) <= 12),
  parts               TEXT NOT NULL,
  name                TEXT NOT NULL CHECK (length(name) <= 100),
  why                 TEXT NOT NULL CHECK (length(why) <= 4000),
  inspections         TEXT NOT NULL,
  state               TEXT NOT NULL CHECK (length(state) <= 12) CHECK (state IN ('proposed', 'wishes', 'plan', 'consent', 'funded', 'tendered', 'works', 'acceptance', 'warranty', 'closed', 'withdrawn')),
  sponsor_org_id      BLOB CHECK (length(sponsor_org_id) = 16),
  contractor_org_id   BLOB CHECK (length(contractor_org_id) = 16),
  tender_reference    TEXT NOT NULL CHECK (length(tender_reference) <= 100),
  tendered_on         TEXT CHECK (length(tendered_on) = 10),
  contract_fen        INTEGER,
  plan_number         INTEGER NOT NULL,
  budget_fen          INTEGER NOT NULL,
  wishes_round_id     BLOB CHECK (length(wishes_round_id) = 16),
  wishes_document     BLOB CHECK (length(wishes_document) = 32),
  completion_round_id BLOB CHECK (length(completion_round_id) = 16),
  completion_document BLOB CHECK (length(completion_document) = 32),
  year_round_id       BLOB CHECK (length(year_round_id) = 16),
  year_document       BLOB CHECK (length(year_document) = 32),
  accepted_on         TEXT CHECK (length(accepted_on) = 10),
  warranty_until      TEXT CHECK (length(warranty_until) = 10),
  closed_on           TEXT CHECK (length(closed_on) = 10),
  earned_value        INTEGER NOT NULL,
  rule_hash           BLOB NOT NULL CHECK (length(rule_hash) = 32),
  changes             INTEGER NOT NULL,
  created_at          INTEGER NOT NULL,
  changed_at          INTEGER NOT NULL,
  version             INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_renovation_rule_hash FOREIGN KEY (rule_hash) REFERENCES rule_version (hash)
) STRICT;
CREATE INDEX ix_renovation_scope_path_id ON renovation (scope_path, id);
CREATE INDEX ix_renovation_contractor_org_id_id ON renovation (contractor_org_id, id);
CREATE INDEX ix_renovation_area_id_id ON renovation (area_id, id);
-- +goose Down
DROP TABLE renovation;
