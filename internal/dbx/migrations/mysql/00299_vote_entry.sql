-- +goose Up
CREATE TABLE vote_entry (
  vote_id    BINARY(16) NOT NULL,
  head_no    BIGINT NOT NULL,
  person_id  BINARY(16) NOT NULL,
  mark       BINARY(32) NOT NULL,
  sealed     VARBINARY(400) NOT NULL,
  scan       BINARY(32) NOT NULL,
  entered_at BIGINT NOT NULL,
  PRIMARY KEY (vote_id, head_no),
  CONSTRAINT fk_vote_entry_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_entry;
