-- +goose Up
CREATE TABLE import_line (
  import_id BINARY(16) NOT NULL,
  seq       BIGINT NOT NULL,
  from_row  BIGINT NOT NULL,
  to_row    BIGINT NOT NULL,
  outcome   VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  why       VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  problems  MEDIUMTEXT NULL,
  PRIMARY KEY (import_id, seq),
  KEY ix_import_line_import_id_outcome_seq (import_id, outcome, seq),
  CONSTRAINT fk_import_line_import_id FOREIGN KEY (import_id) REFERENCES import_run (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE import_line;
