-- +goose Up
CREATE TABLE work_order_proposal (
  id            BINARY(16) NOT NULL,
  order_id      BINARY(16) NOT NULL,
  kind          VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  org_id        BINARY(16) NULL,
  person_id     BINARY(16) NULL,
  plan          VARCHAR(1000) NOT NULL,
  review_on     CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
  minutes       BIGINT NULL,
  proposed_at   BIGINT NOT NULL,
  state         VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  decided_at    BIGINT NULL,
  decided_by    BINARY(16) NULL,
  decided_role  VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  decision_text VARCHAR(1000) NOT NULL,
  pending_key   BINARY(16) GENERATED ALWAYS AS (CASE WHEN state = 'pending' THEN order_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_work_order_proposal_pending_key (pending_key),
  KEY ix_work_order_proposal_order (order_id, id),
  CONSTRAINT fk_work_order_proposal_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_proposal;
