-- +goose Up
CREATE TABLE credit_moment (
  company_id BLOB    NOT NULL PRIMARY KEY CHECK (length(company_id) = 16),
  last_at    INTEGER NOT NULL
) STRICT;
-- +goose Down
DROP TABLE credit_moment;
