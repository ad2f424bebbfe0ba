-- +goose Up
CREATE TABLE renovation_progress (
  id            BINARY(16) NOT NULL,
  renovation_id BINARY(16) NOT NULL,
  item_id       BINARY(16) NOT NULL,
  measured_on   CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  quantity      BIGINT NOT NULL,
  note          VARCHAR(1000) NOT NULL,
  at            BIGINT NOT NULL,
  person_id     BINARY(16) NULL,
  org_id        BINARY(16) NULL,
  PRIMARY KEY (id),
  KEY ix_renovation_progress_item_id_id (item_id, id),
  KEY ix_renovation_progress_renovation_id_id (renovation_id, id),
  CONSTRAINT fk_renovation_progress_item_id FOREIGN KEY (item_id) REFERENCES renovation_item (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_progress;
