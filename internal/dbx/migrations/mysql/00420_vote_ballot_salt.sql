-- +goose Up
ALTER TABLE vote ADD COLUMN ballot_salt BINARY(32);
-- +goose Down
ALTER TABLE vote DROP COLUMN ballot_salt;
