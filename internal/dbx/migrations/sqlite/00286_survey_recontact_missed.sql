-- +goose Up
ALTER TABLE survey_recontact ADD COLUMN missed_at INTEGER;
-- +goose Down
ALTER TABLE survey_recontact DROP COLUMN missed_at;
