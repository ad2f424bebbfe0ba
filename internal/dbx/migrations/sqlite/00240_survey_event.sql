-- +goose Up
CREATE TABLE survey_event (
  round_id   BLOB NOT NULL CHECK (length(round_id) = 16),
  seq        INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  kind       TEXT NOT NULL CHECK (length(kind) <= 30),
  from_state TEXT NOT NULL CHECK (length(from_state) <= 10),
  to_state   TEXT NOT NULL CHECK (length(to_state) <= 10),
  person_id  BLOB CHECK (length(person_id) = 16),
  org_id     BLOB CHECK (length(org_id) = 16),
  role       TEXT NOT NULL CHECK (length(role) <= 20),
  post_id    BLOB CHECK (length(post_id) = 16),
  detail     TEXT NOT NULL,
  PRIMARY KEY (round_id, seq),
  CONSTRAINT fk_survey_event_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
-- +goose Down
DROP TABLE survey_event;
