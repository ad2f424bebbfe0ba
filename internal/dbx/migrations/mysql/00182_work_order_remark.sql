-- +goose Up
CREATE TABLE work_order_remark (
  id              BINARY(16) NOT NULL,
  order_id        BINARY(16) NOT NULL,
  closure_no      BIGINT NOT NULL,
  rater_key       BINARY(16) NOT NULL,
  handler_org_id  BINARY(16) NULL,
  service_area_id BINARY(16) NOT NULL,
  category        VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  passed_on       SMALLINT NOT NULL,
  text            VARCHAR(500) NOT NULL,
  at              BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_work_order_remark_rater_key (order_id, closure_no, rater_key),
  KEY ix_work_order_remark_handler (handler_org_id, passed_on, id),
  CONSTRAINT fk_work_order_remark_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_remark;
