-- +goose Up
CREATE TABLE renovation_milestone (
  id            BINARY(16) NOT NULL,
  renovation_id BINARY(16) NOT NULL,
  item_id       BINARY(16) NULL,
  title         VARCHAR(100) NOT NULL,
  planned_on    CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  forecast_on   CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  actual_on     CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
  warned        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  warn_on       CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at    BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_renovation_milestone_renovation_id_title (renovation_id, title),
  KEY ix_renovation_milestone_warn_on_id (warn_on, id),
  CONSTRAINT fk_renovation_milestone_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_milestone;
