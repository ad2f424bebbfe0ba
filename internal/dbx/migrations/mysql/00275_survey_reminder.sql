-- +goose Up
CREATE TABLE survey_reminder (
  round_id        BINARY(16) NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  due_on          CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  made_at         BIGINT NOT NULL,
  PRIMARY KEY (round_id, service_area_id, due_on),
  CONSTRAINT fk_survey_reminder_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_reminder;
