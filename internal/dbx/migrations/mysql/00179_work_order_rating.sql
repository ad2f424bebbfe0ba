-- +goose Up
CREATE TABLE work_order_rating (
  id           BINARY(16) NOT NULL,
  order_id     BINARY(16) NOT NULL,
  closure_no   BIGINT NOT NULL,
  rater_key    BINARY(16) NOT NULL,
  household_id BINARY(16) NULL,
  person_id    BINARY(16) NULL,
  solved       VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  satisfied    BIGINT NOT NULL,
  channel      VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  recorded_by  BINARY(16) NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_work_order_rating_rater_key (order_id, closure_no, rater_key),
  KEY ix_work_order_rating_at (at),
  CONSTRAINT fk_work_order_rating_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_rating;
