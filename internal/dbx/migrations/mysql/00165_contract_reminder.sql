-- +goose Up
CREATE TABLE contract_reminder (
  deadline_id BINARY(16) NOT NULL,
  stage       VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  due_on      CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  fired_at    BIGINT NOT NULL,
  PRIMARY KEY (deadline_id, stage),
  CONSTRAINT fk_contract_reminder_deadline_id FOREIGN KEY (deadline_id) REFERENCES contract_deadline (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE contract_reminder;
