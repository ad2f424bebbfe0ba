-- +goose Up
CREATE TABLE renovation_delay (
  id            BINARY(16) NOT NULL,
  renovation_id BINARY(16) NOT NULL,
  milestone_id  BINARY(16) NOT NULL,
  from_on       CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_on         CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason        VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  words         VARCHAR(1000) NOT NULL,
  at            BIGINT NOT NULL,
  person_id     BINARY(16) NULL,
  org_id        BINARY(16) NULL,
  PRIMARY KEY (id),
  KEY ix_renovation_delay_renovation_id_id (renovation_id, id),
  CONSTRAINT fk_renovation_delay_milestone_id FOREIGN KEY (milestone_id) REFERENCES renovation_milestone (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_delay;
