-- +goose Up
CREATE TABLE cross_appointment (
  id                BINARY(16) NOT NULL,
  person_id         BINARY(16) NOT NULL,
  home_org_id       BINARY(16) NOT NULL,
  host_org_id       BINARY(16) NOT NULL,
  post_kind         VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  consent_id        BINARY(16) NULL,
  conflict          VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scope_path        VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_at           BIGINT NOT NULL,
  to_at             BIGINT NULL,
  ended_reason      VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  recorded_by       BINARY(16) NULL,
  version           BIGINT NOT NULL,
  current_person_id BINARY(16) GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN person_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_cross_appointment_current_person_id_host_org_id_post_kind (current_person_id, host_org_id, post_kind),
  KEY ix_cross_appointment_scope_path_id (scope_path, id),
  KEY ix_cross_appointment_person_id_from_at (person_id, from_at),
  CONSTRAINT fk_cross_appointment_person_id FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT fk_cross_appointment_home_org_id FOREIGN KEY (home_org_id) REFERENCES organisation (id),
  CONSTRAINT fk_cross_appointment_host_org_id FOREIGN KEY (host_org_id) REFERENCES organisation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE cross_appointment;
