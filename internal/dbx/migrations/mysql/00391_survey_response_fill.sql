-- +goose Up
-- Samples so far ask as many dwellings as their margin needs answers.
UPDATE survey_round SET response_percent = 100 WHERE margin_bp IS NOT NULL;
-- +goose Down
UPDATE survey_round SET response_percent = NULL;
