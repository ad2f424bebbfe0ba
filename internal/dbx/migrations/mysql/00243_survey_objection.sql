-- +goose Up
CREATE TABLE survey_objection (
  id              BINARY(16) NOT NULL,
  round_id        BINARY(16) NOT NULL,
  number          BIGINT NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  scope_path      VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  revision        BIGINT NOT NULL,
  by_kind         VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (by_kind IN ('company', 'committee', 'households')),
  party_id        BINARY(16) NOT NULL,
  state           VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (state IN ('gathering', 'filed', 'upheld', 'dismissed', 'withdrawn')),
  content         VARCHAR(2000) NOT NULL,
  joined          BIGINT NOT NULL,
  begun_by        BINARY(16) NOT NULL,
  begun_role      VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  begun_at        BIGINT NOT NULL,
  filed_at        BIGINT NULL,
  decide_until    BIGINT NULL,
  decided_at      BIGINT NULL,
  decided_by      BINARY(16) NULL,
  decided_role    VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reasons         VARCHAR(2000) NOT NULL,
  version         BIGINT NOT NULL,
  filed_number    BIGINT GENERATED ALWAYS AS (CASE WHEN number > 0 THEN number END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_survey_objection_round_id_service_area_id_revision_party_id (round_id, service_area_id, revision, party_id),
  UNIQUE KEY uq_survey_objection_round_id_filed_number (round_id, filed_number),
  KEY ix_survey_objection_scope_path_id (scope_path, id),
  KEY ix_survey_objection_state_decide_until (state, decide_until),
  CONSTRAINT fk_survey_objection_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_objection;
