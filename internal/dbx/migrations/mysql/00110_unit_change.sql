-- +goose Up
CREATE TABLE unit_change (
  id               BINARY(16) NOT NULL,
  service_area_id  BINARY(16) NOT NULL,
  kind             VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (kind IN ('correct', 'merge', 'split', 'void')),
  state            VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (state IN ('proposed', 'applied', 'rejected', 'withdrawn')),
  proposal         MEDIUMTEXT NOT NULL,
  reason           VARCHAR(500) NOT NULL,
  sum_before       BIGINT NOT NULL,
  sum_after        BIGINT NOT NULL,
  sum_reason       VARCHAR(500) NULL,
  proposer_account BINARY(16) NULL,
  proposer_person  BINARY(16) NOT NULL,
  proposer_role    VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  proposed_at      BIGINT NOT NULL,
  decider_person   BINARY(16) NULL,
  decider_role     VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
  decided_at       BIGINT NULL,
  decision_note    VARCHAR(500) NULL,
  version          BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_unit_change_service_area_id_state_id (service_area_id, state, id),
  CONSTRAINT fk_unit_change_service_area_id FOREIGN KEY (service_area_id) REFERENCES service_area (id),
  CONSTRAINT ck_unit_change_two_persons CHECK (decider_person <> proposer_person)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE unit_change;
