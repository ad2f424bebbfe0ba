-- +goose Up
-- Of a sample: of a hundred dwellings asked, how many are expected to answer.
ALTER TABLE survey_round ADD COLUMN response_percent INTEGER CHECK (response_percent BETWEEN 1 AND 100);
-- +goose Down
ALTER TABLE survey_round DROP COLUMN response_percent;
