-- +goose Up
CREATE TABLE renovation_entry (
  id            BINARY(16) NOT NULL,
  renovation_id BINARY(16) NOT NULL,
  funding_id    BINARY(16) NOT NULL,
  kind          VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (kind IN ('planned', 'approved', 'received', 'paid', 'returned')),
  fen           BIGINT NOT NULL,
  on_date       CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reference     VARCHAR(100) NOT NULL,
  item_id       BINARY(16) NULL,
  reverses_id   BINARY(16) NULL,
  note          VARCHAR(500) NOT NULL,
  at            BIGINT NOT NULL,
  person_id     BINARY(16) NULL,
  org_id        BINARY(16) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_renovation_entry_funding_id_kind_reference (funding_id, kind, reference),
  UNIQUE KEY uq_renovation_entry_reverses_id (reverses_id),
  KEY ix_renovation_entry_renovation_id_id (renovation_id, id),
  CONSTRAINT fk_renovation_entry_funding_id FOREIGN KEY (funding_id) REFERENCES renovation_funding (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_entry;
