-- +goose Up
DROP INDEX uq_renovation_entry_funding_id_kind_reference ON renovation_entry;
-- +goose Down
CREATE UNIQUE INDEX uq_renovation_entry_funding_id_kind_reference ON renovation_entry (funding_id, kind, reference);
