-- +goose Up
UPDATE renovation_entry e LEFT JOIN renovation_entry r ON r.reverses_id = e.id SET e.standing_reference = e.reference WHERE e.reverses_id IS NULL AND r.id IS NULL;
-- +goose Down
UPDATE renovation_entry SET standing_reference = NULL;
