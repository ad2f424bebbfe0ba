-- +goose Up
CREATE TABLE renovation_delay (
  id            BLOB NOT NULL CHECK (length(id) = 16),
  renovation_id BLOB NOT NULL CHECK (length(renovation_id) = 16),
  milestone_id  BLOB NOT NULL CHECK (length(milestone_id) = 16),
  from_on       TEXT NOT NULL CHECK (length(from_on) = 10),
  to_on         TEXT NOT NULL CHECK (length(to_on) = 10),
  reason        TEXT NOT NULL CHECK (length(reason) <= 20),
  words         TEXT NOT NULL CHECK (length(words) <= 1000),
  at            INTEGER NOT NULL,
  person_id     BLOB CHECK (length(person_id) = 16),
  org_id        BLOB CHECK (length(org_id) = 16),
  PRIMARY KEY (id),
  CONSTRAINT fk_renovation_delay_milestone_id FOREIGN KEY (milestone_id) REFERENCES renovation_milestone (id)
) STRICT;
CREATE INDEX ix_renovation_delay_renovation_id_id ON renovation_delay (renovation_id, id);
-- +goose Down
DROP TABLE renovation_delay;
