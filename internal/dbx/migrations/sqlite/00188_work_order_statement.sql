-- +goose Up
CREATE TABLE work_order_statement (
  id           BLOB NOT NULL CHECK (length(id) = 16),
  order_id     BLOB NOT NULL CHECK (length(order_id) = 16),
  party_org_id BLOB NOT NULL CHECK (length(party_org_id) = 16),
  about_person_id BLOB CHECK (length(about_person_id) = 16),
  category     TEXT NOT NULL CHECK (length(category) <= 60),
  case_text    TEXT NOT NULL CHECK (length(case_text) <= 2000),
  asked_at     INTEGER NOT NULL,
  asked_by     BLOB CHECK (length(asked_by) = 16),
  asked_org    BLOB CHECK (length(asked_org) = 16),
  asked_role   TEXT NOT NULL CHECK (length(asked_role) <= 40),
  due_at       INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (length(state) <= 12),
  answer       TEXT CHECK (length(answer) <= 4000),
  answered_at  INTEGER,
  answered_by  BLOB CHECK (length(answered_by) = 16),
  open_key     BLOB GENERATED ALWAYS AS (CASE WHEN state = 'asked' THEN order_id END) STORED,
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_statement_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE UNIQUE INDEX uq_work_order_statement_open_key ON work_order_statement (open_key);
CREATE INDEX ix_work_order_statement_order ON work_order_statement (order_id, id);
CREATE INDEX ix_work_order_statement_party ON work_order_statement (party_org_id, id);
-- +goose Down
DROP TABLE work_order_statement;
