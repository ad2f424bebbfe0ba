-- +goose Up
CREATE TABLE contract_reminder (
  deadline_id BLOB NOT NULL CHECK (length(deadline_id) = 16) REFERENCES contract_deadline (id),
  stage       TEXT NOT NULL CHECK (length(stage) <= 10),
  due_on      TEXT NOT NULL CHECK (length(due_on) = 10),
  fired_at    INTEGER NOT NULL,
  PRIMARY KEY (deadline_id, stage)
) STRICT;
-- +goose Down
DROP TABLE contract_reminder;
