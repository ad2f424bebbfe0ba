-- +goose Up
CREATE TABLE renovation_diary (
  id            BINARY(16) NOT NULL,
  renovation_id BINARY(16) NOT NULL,
  on_date       CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  words         VARCHAR(2000) NOT NULL,
  at            BIGINT NOT NULL,
  person_id     BINARY(16) NULL,
  org_id        BINARY(16) NULL,
  PRIMARY KEY (id),
  KEY ix_renovation_diary_renovation_id_on_date_id (renovation_id, on_date, id),
  CONSTRAINT fk_renovation_diary_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_diary;
