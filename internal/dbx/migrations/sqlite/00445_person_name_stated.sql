-- +goose Up
ALTER TABLE person ADD COLUMN name_stated INTEGER NOT NULL DEFAULT 0 CHECK (name_stated IN (0, 1));
-- +goose Down
ALTER TABLE person DROP COLUMN name_stated;
