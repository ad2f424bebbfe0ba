-- +goose Up
ALTER TABLE work_order ADD COLUMN forgotten_at BIGINT NULL;
-- +goose Down
ALTER TABLE work_order DROP COLUMN forgotten_at;
