-- +goose Up
CREATE TABLE household_member (
  id                BINARY(16) NOT NULL,
  household_id      BINARY(16) NOT NULL,
  unit_id           BINARY(16) NOT NULL,
  person_id         BINARY(16) NOT NULL,
  scope_path        VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  relation          VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  helps_member_id   BINARY(16) NULL,
  via               VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  note_sealed       VARBINARY(2000) NULL,
  from_at           BIGINT NOT NULL,
  to_at             BIGINT NULL,
  state             VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ended_reason      VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  contestable_until BIGINT NOT NULL,
  contest_reason    VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  contested_by      BINARY(16) NULL,
  contested_at      BIGINT NULL,
  version           BIGINT NOT NULL,
  current_person_id BINARY(16) GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN person_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_household_member_household_id_current_person_id (household_id, current_person_id),
  KEY ix_household_member_person_id_from_at (person_id, from_at),
  KEY ix_household_member_helps_member_id (helps_member_id),
  KEY ix_household_member_scope_path_state_id (scope_path, state, id),
  CONSTRAINT fk_household_member_helps_member_id FOREIGN KEY (helps_member_id) REFERENCES household_member (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE household_member;
