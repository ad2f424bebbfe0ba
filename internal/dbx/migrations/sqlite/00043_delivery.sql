-- +goose Up
CREATE TABLE delivery (
  id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  event_id   BLOB    NOT NULL CHECK (length(event_id) = 16),
  channel    TEXT    NOT NULL CHECK (length(channel) <= 20),
  recipient  BLOB    NOT NULL CHECK (length(recipient) = 16),
  topic      TEXT    NOT NULL CHECK (length(topic) <= 80),
  subject_id BLOB    NOT NULL CHECK (length(subject_id) = 16),
  template   TEXT    NOT NULL CHECK (length(template) <= 60),
  params     TEXT    NOT NULL,
  urgency    INTEGER NOT NULL,
  event_at   INTEGER NOT NULL,
  state      TEXT    NOT NULL CHECK (length(state) <= 10),
  attempts   INTEGER NOT NULL,
  due_at     INTEGER NOT NULL,
  claim      BLOB    CHECK (length(claim) = 16),
  tried_at   INTEGER,
  last_error TEXT    NOT NULL CHECK (length(last_error) <= 300),
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_delivery_event_id_channel_recipient ON delivery (event_id, channel, recipient);
CREATE INDEX ix_delivery_due ON delivery (state, due_at);
CREATE INDEX ix_delivery_recipient_tried ON delivery (recipient, tried_at);
-- +goose Down
DROP TABLE delivery;
