-- +goose Up
CREATE TABLE credit_moment (
  company_id BINARY(16) NOT NULL,
  last_at    BIGINT NOT NULL,
  PRIMARY KEY (company_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE credit_moment;
