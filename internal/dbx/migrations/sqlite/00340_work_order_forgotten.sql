-- +goose Up
-- When the words and names of an order were cleared, since the time of keeping them was over.
ALTER TABLE work_order ADD COLUMN forgotten_at INTEGER;
-- +goose Down
ALTER TABLE work_order DROP COLUMN forgotten_at;
