-- +goose Up
CREATE TABLE work_order_remark (
  id              BLOB NOT NULL CHECK (length(id) = 16),
  order_id        BLOB NOT NULL CHECK (length(order_id) = 16),
  closure_no      INTEGER NOT NULL,
  rater_key       BLOB NOT NULL CHECK (length(rater_key) = 16),
  handler_org_id  BLOB CHECK (length(handler_org_id) = 16),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16),
  category        TEXT NOT NULL CHECK (length(category) <= 60),
  passed_on       INTEGER NOT NULL CHECK (passed_on IN (0, 1)),
  text            TEXT NOT NULL CHECK (length(text) <= 500),
  at              INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_remark_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE UNIQUE INDEX uq_work_order_remark_rater_key ON work_order_remark (order_id, closure_no, rater_key);
CREATE INDEX ix_work_order_remark_handler ON work_order_remark (handler_org_id, passed_on, id);
-- +goose Down
DROP TABLE work_order_remark;
