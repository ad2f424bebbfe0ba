-- +goose Up
ALTER TABLE survey_recontact ADD COLUMN missed_at BIGINT NULL;
-- +goose Down
ALTER TABLE survey_recontact DROP COLUMN missed_at;
