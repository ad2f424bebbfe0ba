-- +goose Up
CREATE TABLE survey_reminder (
  round_id        BLOB NOT NULL CHECK (length(round_id) = 16),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16),
  due_on          TEXT NOT NULL CHECK (length(due_on) = 10),
  made_at         INTEGER NOT NULL,
  PRIMARY KEY (round_id, service_area_id, due_on),
  CONSTRAINT fk_survey_reminder_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
-- +goose Down
DROP TABLE survey_reminder;
