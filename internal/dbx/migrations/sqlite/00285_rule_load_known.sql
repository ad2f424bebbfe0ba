-- +goose Up
INSERT INTO rule_load (name, no, hash, loaded_at)
  SELECT name, ROW_NUMBER() OVER (PARTITION BY name ORDER BY loaded_at, hash), hash, loaded_at FROM rule_version;
-- +goose Down
DELETE FROM rule_load;
