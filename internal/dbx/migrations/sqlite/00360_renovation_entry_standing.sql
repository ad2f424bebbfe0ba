-- +goose Up
-- The document number under which an entry stands in the books; none of what is reversed or reverses, so that it can be entered again.
ALTER TABLE renovation_entry ADD COLUMN standing_reference TEXT CHECK (length(standing_reference) <= 100);
-- +goose Down
ALTER TABLE renovation_entry DROP COLUMN standing_reference;
