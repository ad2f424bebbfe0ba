-- +goose Up
CREATE TABLE renovation_supervisor (
  id             BINARY(16) NOT NULL,
  renovation_id  BINARY(16) NOT NULL,
  person_id      BINARY(16) NULL,
  state          VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (state IN ('volunteered', 'confirmed', 'ended')),
  volunteered_at BIGINT NOT NULL,
  confirmed_at   BIGINT NULL,
  confirmed_by   BINARY(16) NULL,
  confirmed_org  BINARY(16) NULL,
  ended_at       BIGINT NULL,
  end_reason     VARCHAR(200) NOT NULL,
  current_person BINARY(16) GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN person_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_renovation_supervisor_renovation_id_current_person (renovation_id, current_person),
  KEY ix_renovation_supervisor_person_id (person_id),
  CONSTRAINT fk_renovation_supervisor_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_supervisor;
