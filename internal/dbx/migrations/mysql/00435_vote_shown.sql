-- +goose Up
ALTER TABLE vote ADD COLUMN shown VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin;
-- +goose Down
ALTER TABLE vote DROP COLUMN shown;
