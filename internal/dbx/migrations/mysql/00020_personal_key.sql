-- +goose Up
CREATE TABLE personal_key (
  id          BINARY(16)     NOT NULL,
  suite       VARCHAR(32)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  wrapped     VARBINARY(255) NOT NULL,
  state       VARCHAR(16)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (state IN ('active', 'retired')),
  created_at  BIGINT         NOT NULL,
  retired_at  BIGINT         NULL,
  active_slot BIGINT         GENERATED ALWAYS AS (CASE WHEN state = 'active' THEN 1 END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_personal_key_active_slot (active_slot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE personal_key;
