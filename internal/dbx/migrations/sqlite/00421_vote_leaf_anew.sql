-- +goose Up
UPDATE vote_leaf SET entry = NULL;
-- +goose Down
UPDATE vote_leaf SET entry = NULL;
