-- +goose Up
CREATE TABLE household_application (
  id                BINARY(16) NOT NULL,
  unit_id           BINARY(16) NOT NULL,
  person_id         BINARY(16) NOT NULL,
  relation          VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name_sealed       VARBINARY(600) NULL,
  note_sealed       VARBINARY(4000) NULL,
  scope_path        VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state             VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  applied_at        BIGINT NOT NULL,
  decided_at        BIGINT NULL,
  decided_by        BINARY(16) NULL,
  reason            VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  member_id         BINARY(16) NULL,
  version           BIGINT NOT NULL,
  pending_person_id BINARY(16) GENERATED ALWAYS AS (CASE WHEN state = 'pending' THEN person_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_household_application_unit_id_pending_person_id (unit_id, pending_person_id),
  KEY ix_household_application_person_id_id (person_id, id),
  KEY ix_household_application_scope_path_state_id (scope_path, state, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE household_application;
