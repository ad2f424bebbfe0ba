-- +goose Up
ALTER TABLE vote ADD COLUMN shown TEXT CHECK (length(shown) <= 20);
-- +goose Down
ALTER TABLE vote DROP COLUMN shown;
