-- +goose Up
CREATE TABLE post (
  id                BINARY(16) NOT NULL,
  person_id         BINARY(16) NOT NULL,
  org_id            BINARY(16) NOT NULL,
  role              VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title             VARCHAR(60) NOT NULL,
  basis             VARCHAR(200) NOT NULL,
  from_at           BIGINT NOT NULL,
  until_at          BIGINT NULL,
  to_at             BIGINT NULL,
  ended_reason      VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  successor_id      BINARY(16) NULL,
  appointed_by      BINARY(16) NULL,
  version           BIGINT NOT NULL,
  current_person_id BINARY(16) GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN person_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_post_current_person_id_org_id_role (current_person_id, org_id, role),
  KEY ix_post_person_id_from_at (person_id, from_at),
  KEY ix_post_org_id_to_at_id (org_id, to_at, id),
  KEY ix_post_to_at_until_at (to_at, until_at),
  CONSTRAINT fk_post_person_id FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT fk_post_org_id FOREIGN KEY (org_id) REFERENCES organisation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE post;
