-- +goose Up
ALTER TABLE survey_text DROP COLUMN state;
ALTER TABLE survey_text DROP COLUMN reviewed_by;
-- +goose Down
ALTER TABLE survey_text ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting' CHECK (length(state) <= 10);
ALTER TABLE survey_text ADD COLUMN reviewed_by BLOB CHECK (length(reviewed_by) = 16);
