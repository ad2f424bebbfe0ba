-- +goose Up
CREATE TABLE outbox (
  id           BINARY(16)   NOT NULL,
  topic        VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject_id   BINARY(16)   NOT NULL,
  payload      MEDIUMTEXT   NOT NULL,
  state        VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempts     INT          NOT NULL,
  due_at       BIGINT       NOT NULL,
  created_at   BIGINT       NOT NULL,
  last_error   VARCHAR(300) NOT NULL,
  PRIMARY KEY (id),
  KEY ix_outbox_due (state, due_at),
  KEY ix_outbox_subject (subject_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE outbox;
