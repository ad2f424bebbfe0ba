-- +goose Up
CREATE TABLE delivery (
  id         BINARY(16)   NOT NULL,
  event_id   BINARY(16)   NOT NULL,
  channel    VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  recipient  BINARY(16)   NOT NULL,
  topic      VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject_id BINARY(16)   NOT NULL,
  template   VARCHAR(60)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  params     MEDIUMTEXT   NOT NULL,
  urgency    SMALLINT     NOT NULL,
  event_at   BIGINT       NOT NULL,
  state      VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempts   INT          NOT NULL,
  due_at     BIGINT       NOT NULL,
  claim      BINARY(16)   NULL,
  tried_at   BIGINT       NULL,
  last_error VARCHAR(300) NOT NULL,
  created_at BIGINT       NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_delivery_event_id_channel_recipient (event_id, channel, recipient),
  KEY ix_delivery_due (state, due_at),
  KEY ix_delivery_recipient_tried (recipient, tried_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE delivery;
