-- +goose Up
CREATE TABLE work_order_statement (
  id           BINARY(16) NOT NULL,
  order_id     BINARY(16) NOT NULL,
  party_org_id BINARY(16) NOT NULL,
  about_person_id BINARY(16) NULL,
  category     VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  case_text    VARCHAR(2000) NOT NULL,
  asked_at     BIGINT NOT NULL,
  asked_by     BINARY(16) NULL,
  asked_org    BINARY(16) NULL,
  asked_role   VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  due_at       BIGINT NOT NULL,
  state        VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  answer       VARCHAR(4000) NULL,
  answered_at  BIGINT NULL,
  answered_by  BINARY(16) NULL,
  open_key     BINARY(16) GENERATED ALWAYS AS (CASE WHEN state = 'asked' THEN order_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_work_order_statement_open_key (open_key),
  KEY ix_work_order_statement_order (order_id, id),
  KEY ix_work_order_statement_party (party_org_id, id),
  CONSTRAINT fk_work_order_statement_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_statement;
