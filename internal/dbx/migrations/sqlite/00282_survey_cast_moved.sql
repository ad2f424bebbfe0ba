-- +goose Up
INSERT INTO survey_cast (round_id, token_hash, stratum_id, token, prefix, signature, answers, salt, text_hash, commitment, revision, opening, channel, lot, attribute_salt)
  SELECT round_id, token_hash, stratum_id, token, prefix, signature, answers, salt, text_hash, commitment, revision, opening, channel, lot, attribute_salt
  FROM survey_response WHERE pos IS NULL ORDER BY round_id, token_hash;
-- +goose Down
INSERT INTO survey_response (round_id, token_hash, stratum_id, token, prefix, signature, answers, salt, text_hash, commitment, revision, opening, channel, lot, attribute_salt)
  SELECT round_id, token_hash, stratum_id, token, prefix, signature, answers, salt, text_hash, commitment, revision, opening, channel, lot, attribute_salt
  FROM survey_cast ORDER BY round_id, token_hash;
