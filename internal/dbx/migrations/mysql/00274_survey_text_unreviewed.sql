-- +goose Up
ALTER TABLE survey_text DROP COLUMN state, DROP COLUMN reviewed_by;
-- +goose Down
ALTER TABLE survey_text ADD COLUMN state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'waiting', ADD COLUMN reviewed_by BINARY(16) NULL;
