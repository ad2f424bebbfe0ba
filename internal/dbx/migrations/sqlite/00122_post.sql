-- +goose Up
CREATE TABLE post (
  id                BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  person_id         BLOB NOT NULL CHECK (length(person_id) = 16),
  org_id            BLOB NOT NULL CHECK (length(org_id) = 16),
  role              TEXT NOT NULL CHECK (length(role) <= 24),
  title             TEXT NOT NULL CHECK (length(title) <= 60),
  basis             TEXT NOT NULL CHECK (length(basis) <= 200),
  from_at           INTEGER NOT NULL,
  until_at          INTEGER,
  to_at             INTEGER,
  ended_reason      TEXT NOT NULL CHECK (length(ended_reason) <= 24),
  successor_id      BLOB CHECK (length(successor_id) = 16),
  appointed_by      BLOB CHECK (length(appointed_by) = 16),
  version           INTEGER NOT NULL,
  current_person_id BLOB GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN person_id END) STORED,
  CONSTRAINT fk_post_person_id FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT fk_post_org_id FOREIGN KEY (org_id) REFERENCES organisation (id)
) STRICT;
CREATE UNIQUE INDEX uq_post_current_person_id_org_id_role ON post (current_person_id, org_id, role);
CREATE INDEX ix_post_person_id_from_at ON post (person_id, from_at);
CREATE INDEX ix_post_org_id_to_at_id ON post (org_id, to_at, id);
CREATE INDEX ix_post_to_at_until_at ON post (to_at, until_at);
-- +goose Down
DROP TABLE post;
