-- +goose Up
UPDATE renovation_entry SET standing_reference = reference WHERE reverses_id IS NULL AND id NOT IN (SELECT reverses_id FROM renovation_entry WHERE reverses_id IS NOT NULL);
-- +goose Down
UPDATE renovation_entry SET standing_reference = NULL;
