-- +goose Up
CREATE TABLE fund_request (
  id               BLOB NOT NULL CHECK (length(id) = 16),
  service_area_id  BLOB NOT NULL CHECK (length(service_area_id) = 16),
  scope_path       TEXT NOT NULL CHECK (length(scope_path) <= 400),
  renovation_id    BLOB CHECK (length(renovation_id) = 16),
  parts            TEXT NOT NULL,
  path             TEXT NOT NULL CHECK (length(path) <= 10) CHECK (path IN ('ordinary', 'emergency')),
  danger           TEXT NOT NULL CHECK (length(danger) <= 30),
  title            TEXT NOT NULL CHECK (length(title) <= 100),
  why              TEXT NOT NULL CHECK (length(why) <= 2000),
  firm_org_id      BLOB CHECK (length(firm_org_id) = 16),
  firm_name        TEXT NOT NULL CHECK (length(firm_name) <= 100),
  budget_fen       INTEGER NOT NULL,
  settled_fen      INTEGER,
  state            TEXT NOT NULL CHECK (length(state) <= 12) CHECK (state IN ('requested', 'consented', 'verified', 'done', 'posted', 'drawn', 'withdrawn')),
  content_hash     BLOB NOT NULL CHECK (length(content_hash) = 32),
  done_on          TEXT CHECK (length(done_on) = 10),
  done_words       TEXT NOT NULL CHECK (length(done_words) <= 1000),
  posted_on        TEXT CHECK (length(posted_on) = 10),
  posted_until     TEXT CHECK (length(posted_until) = 10),
  allocation_round INTEGER NOT NULL,
  drawn_on         TEXT CHECK (length(drawn_on) = 10),
  draw_reference   TEXT NOT NULL CHECK (length(draw_reference) <= 100),
  rule_hash        BLOB NOT NULL CHECK (length(rule_hash) = 32),
  requested_person BLOB CHECK (length(requested_person) = 16),
  requested_org    BLOB CHECK (length(requested_org) = 16),
  changes          INTEGER NOT NULL,
  created_at       INTEGER NOT NULL,
  changed_at       INTEGER NOT NULL,
  version          INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_fund_request_rule_hash FOREIGN KEY (rule_hash) REFERENCES rule_version (hash)
) STRICT;
CREATE INDEX ix_fund_request_scope_path_id ON fund_request (scope_path, id);
CREATE INDEX ix_fund_request_firm_org_id_id ON fund_request (firm_org_id, id);
CREATE INDEX ix_fund_request_renovation_id ON fund_request (renovation_id);
-- +goose Down
DROP TABLE fund_request;
