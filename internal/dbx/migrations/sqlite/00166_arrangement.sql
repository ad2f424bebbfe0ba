-- +goose Up
CREATE TABLE arrangement (
  id                BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  service_area_id   BLOB NOT NULL CHECK (length(service_area_id) = 16),
  scope_path        TEXT NOT NULL CHECK (length(scope_path) <= 400),
  kind              TEXT NOT NULL CHECK (kind IN ('contract', 'continuation', 'custody', 'emergency', 'self_managed', 'none')),
  handler_org_id    BLOB CHECK (length(handler_org_id) = 16),
  owners_rep_org_id BLOB CHECK (length(owners_rep_org_id) = 16),
  contract_id       BLOB CHECK (length(contract_id) = 16) REFERENCES contract (id),
  basis             TEXT NOT NULL CHECK (length(basis) <= 300),
  from_at           INTEGER NOT NULL,
  to_at             INTEGER,
  until_on          TEXT CHECK (length(until_on) = 10),
  person_id         BLOB CHECK (length(person_id) = 16),
  org_id            BLOB CHECK (length(org_id) = 16),
  current_area      BLOB GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN service_area_id END) STORED
) STRICT;
CREATE UNIQUE INDEX uq_arrangement_current_area ON arrangement (current_area);
CREATE INDEX ix_arrangement_service_area_id_id ON arrangement (service_area_id, id);
CREATE INDEX ix_arrangement_handler_org_id_to_at ON arrangement (handler_org_id, to_at);
CREATE INDEX ix_arrangement_scope_path_to_at ON arrangement (scope_path, to_at);
-- +goose Down
DROP TABLE arrangement;
