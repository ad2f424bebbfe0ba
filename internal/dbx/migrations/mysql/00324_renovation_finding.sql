-- +goose Up
CREATE TABLE renovation_finding (
  id            BINARY(16) NOT NULL,
  renovation_id BINARY(16) NOT NULL,
  item_id       BINARY(16) NULL,
  kind          VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (kind IN ('safety', 'quality', 'defect')),
  title         VARCHAR(100) NOT NULL,
  words         VARCHAR(2000) NOT NULL,
  order_id      BINARY(16) NOT NULL,
  order_number  VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  at            BIGINT NOT NULL,
  person_id     BINARY(16) NULL,
  org_id        BINARY(16) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_renovation_finding_order_id (order_id),
  KEY ix_renovation_finding_renovation_id_id (renovation_id, id),
  CONSTRAINT fk_renovation_finding_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_finding;
