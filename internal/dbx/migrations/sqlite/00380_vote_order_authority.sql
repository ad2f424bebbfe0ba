-- +goose Up
ALTER TABLE vote_order ADD COLUMN authority TEXT NOT NULL DEFAULT 'street_office' CHECK (authority IN ('street_office', 'housing_department'));
ALTER TABLE vote_order ADD COLUMN paper TEXT NOT NULL DEFAULT '' CHECK (length(paper) <= 100);
-- +goose Down
ALTER TABLE vote_order DROP COLUMN paper;
ALTER TABLE vote_order DROP COLUMN authority;
