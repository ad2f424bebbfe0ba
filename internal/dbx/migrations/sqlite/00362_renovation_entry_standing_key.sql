-- +goose Up
CREATE UNIQUE INDEX uq_renovation_entry_funding_id_kind_standing_reference ON renovation_entry (funding_id, kind, standing_reference);
-- +goose Down
DROP INDEX uq_renovation_entry_funding_id_kind_standing_reference;
