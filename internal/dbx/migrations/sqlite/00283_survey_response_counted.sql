-- +goose Up
DELETE FROM survey_response WHERE pos IS NULL;
-- +goose Down
DELETE FROM survey_cast;
