-- +goose Up
CREATE TABLE survey_text (
  text_key        BINARY(32) NOT NULL,
  round_id        BINARY(16) NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  item            VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  content         MEDIUMTEXT NOT NULL,
  state           VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reviewed_by     BINARY(16) NULL,
  PRIMARY KEY (round_id, text_key, item)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_text;
