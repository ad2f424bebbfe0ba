-- +goose Up
ALTER TABLE vote_order ADD COLUMN ended_paper TEXT NOT NULL DEFAULT '' CHECK (length(ended_paper) <= 100);
-- +goose Down
ALTER TABLE vote_order DROP COLUMN ended_paper;
