-- +goose Up
CREATE TABLE renovation_check (
  id            BINARY(16) NOT NULL,
  renovation_id BINARY(16) NOT NULL,
  item_id       BINARY(16) NOT NULL,
  code          VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  result        VARCHAR(14) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (result IN ('pass', 'fail', 'not_applicable')),
  note          VARCHAR(500) NOT NULL,
  finding_id    BINARY(16) NULL,
  at            BIGINT NOT NULL,
  person_id     BINARY(16) NULL,
  org_id        BINARY(16) NULL,
  replaced_at   BIGINT NULL,
  current_item  BINARY(16) GENERATED ALWAYS AS (CASE WHEN replaced_at IS NULL THEN item_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_renovation_check_current_item_code (current_item, code),
  KEY ix_renovation_check_renovation_id_id (renovation_id, id),
  CONSTRAINT fk_renovation_check_item_id FOREIGN KEY (item_id) REFERENCES renovation_item (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_check;
