-- +goose Up
CREATE TABLE renovation_finding (
  id            BLOB NOT NULL CHECK (length(id) = 16),
  renovation_id BLOB NOT NULL CHECK (length(renovation_id) = 16),
  item_id       BLOB CHECK (length(item_id) = 16),
  kind          TEXT NOT NULL CHECK (length(kind) <= 10) CHECK (kind IN ('safety', 'quality', 'defect')),
  title         TEXT NOT NULL CHECK (length(title) <= 100),
  words         TEXT NOT NULL CHECK (length(words) <= 2000),
  order_id      BLOB NOT NULL CHECK (length(order_id) = 16),
  order_number  TEXT NOT NULL CHECK (length(order_number) <= 40),
  at            INTEGER NOT NULL,
  person_id     BLOB CHECK (length(person_id) = 16),
  org_id        BLOB CHECK (length(org_id) = 16),
  PRIMARY KEY (id),
  CONSTRAINT fk_renovation_finding_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) STRICT;
CREATE UNIQUE INDEX uq_renovation_finding_order_id ON renovation_finding (order_id);
CREATE INDEX ix_renovation_finding_renovation_id_id ON renovation_finding (renovation_id, id);
-- +goose Down
DROP TABLE renovation_finding;
