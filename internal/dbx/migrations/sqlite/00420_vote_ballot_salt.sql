-- +goose Up
ALTER TABLE vote ADD COLUMN ballot_salt BLOB CHECK (length(ballot_salt) = 32);
-- +goose Down
ALTER TABLE vote DROP COLUMN ballot_salt;
