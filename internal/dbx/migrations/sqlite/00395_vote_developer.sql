-- +goose Up
ALTER TABLE vote ADD COLUMN developer_paper BLOB CHECK (length(developer_paper) = 32);
ALTER TABLE vote ADD COLUMN developer_unit BLOB CHECK (length(developer_unit) = 16);
ALTER TABLE vote ADD COLUMN developer_at INTEGER;
-- +goose Down
ALTER TABLE vote DROP COLUMN developer_at;
ALTER TABLE vote DROP COLUMN developer_unit;
ALTER TABLE vote DROP COLUMN developer_paper;
