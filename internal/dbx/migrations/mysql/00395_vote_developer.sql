-- +goose Up
ALTER TABLE vote
  ADD COLUMN developer_paper BINARY(32),
  ADD COLUMN developer_unit BINARY(16),
  ADD COLUMN developer_at BIGINT;
-- +goose Down
ALTER TABLE vote
  DROP COLUMN developer_at,
  DROP COLUMN developer_unit,
  DROP COLUMN developer_paper;
