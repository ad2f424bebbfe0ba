-- +goose Up
CREATE TABLE work_order_objection (
  id             BINARY(16) NOT NULL,
  order_id       BINARY(16) NOT NULL,
  org_id         BINARY(16) NULL,
  person_id      BINARY(16) NULL,
  clause         VARCHAR(200) NOT NULL,
  reason         VARCHAR(1000) NOT NULL,
  raised_at      BIGINT NOT NULL,
  due_at         BIGINT NOT NULL,
  state          VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  decided_at     BIGINT NULL,
  decided_by     BINARY(16) NULL,
  decided_role   VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  decision_text  VARCHAR(1000) NOT NULL,
  new_handler_id BINARY(16) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_work_order_objection_order_id (order_id),
  CONSTRAINT fk_work_order_objection_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_objection;
