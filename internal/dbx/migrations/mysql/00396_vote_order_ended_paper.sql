-- +goose Up
ALTER TABLE vote_order ADD COLUMN ended_paper VARCHAR(100) NOT NULL DEFAULT '';
-- +goose Down
ALTER TABLE vote_order DROP COLUMN ended_paper;
