-- +goose Up
CREATE TABLE work_order_proposal (
  id            BLOB NOT NULL CHECK (length(id) = 16),
  order_id      BLOB NOT NULL CHECK (length(order_id) = 16),
  kind          TEXT NOT NULL CHECK (length(kind) <= 12),
  org_id        BLOB CHECK (length(org_id) = 16),
  person_id     BLOB CHECK (length(person_id) = 16),
  plan          TEXT NOT NULL CHECK (length(plan) <= 1000),
  review_on     TEXT CHECK (length(review_on) = 10),
  minutes       INTEGER,
  proposed_at   INTEGER NOT NULL,
  state         TEXT NOT NULL CHECK (length(state) <= 12),
  decided_at    INTEGER,
  decided_by    BLOB CHECK (length(decided_by) = 16),
  decided_role  TEXT NOT NULL CHECK (length(decided_role) <= 40),
  decision_text TEXT NOT NULL CHECK (length(decision_text) <= 1000),
  pending_key   BLOB GENERATED ALWAYS AS (CASE WHEN state = 'pending' THEN order_id END) STORED,
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_proposal_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE UNIQUE INDEX uq_work_order_proposal_pending_key ON work_order_proposal (pending_key);
CREATE INDEX ix_work_order_proposal_order ON work_order_proposal (order_id, id);
-- +goose Down
DROP TABLE work_order_proposal;
