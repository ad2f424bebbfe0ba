-- +goose Up
CREATE TABLE renovation_plan (
  renovation_id BINARY(16) NOT NULL,
  number        BIGINT NOT NULL,
  content       MEDIUMTEXT NOT NULL,
  hash          BINARY(32) NOT NULL,
  reason        VARCHAR(1000) NOT NULL,
  budget_fen    BIGINT NOT NULL,
  made_at       BIGINT NOT NULL,
  person_id     BINARY(16) NULL,
  org_id        BINARY(16) NULL,
  PRIMARY KEY (renovation_id, number),
  CONSTRAINT fk_renovation_plan_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_plan;
