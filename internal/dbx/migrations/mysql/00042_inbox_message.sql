-- +goose Up
CREATE TABLE inbox_message (
  id         BINARY(16)  NOT NULL,
  person_id  BINARY(16)  NOT NULL,
  event_id   BINARY(16)  NOT NULL,
  topic      VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject_id BINARY(16)  NOT NULL,
  template   VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  params     MEDIUMTEXT  NOT NULL,
  urgency    SMALLINT    NOT NULL,
  created_at BIGINT      NOT NULL,
  read_at    BIGINT      NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_inbox_message_event_id_person_id (event_id, person_id),
  KEY ix_inbox_message_person_id (person_id, id),
  KEY ix_inbox_message_unread (person_id, read_at, id),
  KEY ix_inbox_message_created (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE inbox_message;
