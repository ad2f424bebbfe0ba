-- +goose Up
CREATE TABLE declared_interest (
  id                BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  person_id         BLOB NOT NULL CHECK (length(person_id) = 16),
  company_id        BLOB NOT NULL CHECK (length(company_id) = 16),
  holder            TEXT NOT NULL CHECK (length(holder) <= 16),
  nature            TEXT NOT NULL CHECK (length(nature) <= 16),
  from_at           INTEGER NOT NULL,
  to_at             INTEGER,
  recorded_by       BLOB CHECK (length(recorded_by) = 16),
  scope_path        TEXT NOT NULL CHECK (length(scope_path) <= 400),
  version           INTEGER NOT NULL,
  current_person_id BLOB GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN person_id END) STORED,
  CONSTRAINT fk_declared_interest_person_id FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT fk_declared_interest_company_id FOREIGN KEY (company_id) REFERENCES organisation (id)
) STRICT;
CREATE UNIQUE INDEX uq_declared_interest_current_person_id_company_id_holder_nature ON declared_interest (current_person_id, company_id, holder, nature);
CREATE INDEX ix_declared_interest_company_id_to_at ON declared_interest (company_id, to_at);
-- +goose Down
DROP TABLE declared_interest;
