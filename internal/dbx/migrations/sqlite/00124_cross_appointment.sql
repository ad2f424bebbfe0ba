-- +goose Up
CREATE TABLE cross_appointment (
  id                BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  person_id         BLOB NOT NULL CHECK (length(person_id) = 16),
  home_org_id       BLOB NOT NULL CHECK (length(home_org_id) = 16),
  host_org_id       BLOB NOT NULL CHECK (length(host_org_id) = 16),
  post_kind         TEXT NOT NULL CHECK (length(post_kind) <= 24),
  consent_id        BLOB CHECK (length(consent_id) = 16),
  conflict          TEXT NOT NULL CHECK (length(conflict) <= 40),
  scope_path        TEXT NOT NULL CHECK (length(scope_path) <= 400),
  from_at           INTEGER NOT NULL,
  to_at             INTEGER,
  ended_reason      TEXT NOT NULL CHECK (length(ended_reason) <= 24),
  recorded_by       BLOB CHECK (length(recorded_by) = 16),
  version           INTEGER NOT NULL,
  current_person_id BLOB GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN person_id END) STORED,
  CONSTRAINT fk_cross_appointment_person_id FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT fk_cross_appointment_home_org_id FOREIGN KEY (home_org_id) REFERENCES organisation (id),
  CONSTRAINT fk_cross_appointment_host_org_id FOREIGN KEY (host_org_id) REFERENCES organisation (id)
) STRICT;
CREATE UNIQUE INDEX uq_cross_appointment_current_person_id_host_org_id_post_kind ON cross_appointment (current_person_id, host_org_id, post_kind);
CREATE INDEX ix_cross_appointment_scope_path_id ON cross_appointment (scope_path, id);
CREATE INDEX ix_cross_appointment_person_id_from_at ON cross_appointment (person_id, from_at);
-- +goose Down
DROP TABLE cross_appointment;
