-- +goose Up
CREATE TABLE webhook (
  id            BINARY(16)     NOT NULL,
  org_id        BINARY(16)     NOT NULL,
  kind          VARCHAR(10)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name          VARCHAR(60)    NOT NULL,
  host          VARCHAR(260)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  url_cipher    VARBINARY(2400) NULL,
  secret_cipher VARBINARY(400) NULL,
  topics        VARCHAR(2000)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state         VARCHAR(10)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sent_at       BIGINT         NULL,
  last_error    VARCHAR(300)   NOT NULL,
  created_at    BIGINT         NOT NULL,
  version       BIGINT         NOT NULL,
  PRIMARY KEY (id),
  KEY ix_webhook_org_id (org_id, state)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE webhook;
