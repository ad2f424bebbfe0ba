-- +goose Up
CREATE TABLE unit_event (
  unit_id      BINARY(16) NOT NULL,
  version      BIGINT NOT NULL,
  kind         VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  at           BIGINT NOT NULL,
  actor_person BINARY(16) NULL,
  actor_role   VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  change_id    BINARY(16) NULL,
  before_state MEDIUMTEXT NOT NULL,
  PRIMARY KEY (unit_id, version),
  CONSTRAINT fk_unit_event_unit_id FOREIGN KEY (unit_id) REFERENCES unit (id),
  CONSTRAINT fk_unit_event_change_id FOREIGN KEY (change_id) REFERENCES unit_change (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE unit_event;
