-- +goose Up
CREATE TABLE organisation (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  kind         TEXT NOT NULL CHECK (length(kind) <= 24),
  name         TEXT NOT NULL CHECK (length(name) <= 100),
  credit_code  TEXT CHECK (length(credit_code) = 18),
  area_id      BLOB CHECK (length(area_id) = 16),
  scope_path   TEXT NOT NULL CHECK (length(scope_path) <= 400),
  keeper_path  TEXT NOT NULL CHECK (length(keeper_path) <= 400),
  public_phone TEXT NOT NULL CHECK (length(public_phone) <= 40),
  address      TEXT NOT NULL CHECK (length(address) <= 200),
  state        TEXT NOT NULL CHECK (length(state) <= 10),
  created_at   INTEGER NOT NULL,
  closed_at    INTEGER,
  post_changes INTEGER NOT NULL,
  version      INTEGER NOT NULL,
  sole_area_id BLOB GENERATED ALWAYS AS (CASE WHEN state = 'active' AND kind IN ('street_party', 'street_office', 'community_party', 'residents_committee', 'committee', 'property_committee') THEN area_id END) STORED
) STRICT;
CREATE UNIQUE INDEX uq_organisation_credit_code ON organisation (credit_code);
CREATE UNIQUE INDEX uq_organisation_kind_sole_area_id ON organisation (kind, sole_area_id);
CREATE INDEX ix_organisation_keeper_path_id ON organisation (keeper_path, id);
CREATE INDEX ix_organisation_name_id ON organisation (name, id);
-- +goose Down
DROP TABLE organisation;
