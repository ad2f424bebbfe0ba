-- +goose Up
ALTER TABLE vote_order
  ADD COLUMN authority VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'street_office' CHECK (authority IN ('street_office', 'housing_department')),
  ADD COLUMN paper VARCHAR(100) NOT NULL DEFAULT '';
-- +goose Down
ALTER TABLE vote_order
  DROP COLUMN paper,
  DROP COLUMN authority;
