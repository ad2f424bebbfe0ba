-- +goose Up
CREATE TABLE notification_preference (
  person_id  BINARY(16)  NOT NULL,
  sms        VARCHAR(600) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  digest     VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  quiet_from SMALLINT    NOT NULL,
  quiet_to   SMALLINT    NOT NULL,
  version    BIGINT      NOT NULL,
  PRIMARY KEY (person_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE notification_preference;
