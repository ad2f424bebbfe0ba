-- +goose Up
CREATE TABLE renovation_item (
  id             BLOB NOT NULL CHECK (length(id) = 16),
  renovation_id  BLOB NOT NULL CHECK (length(renovation_id) = 16),
  item_key       TEXT NOT NULL CHECK (length(item_key) <= 40),
  code           TEXT NOT NULL CHECK (length(code) <= 40),
  class          TEXT NOT NULL CHECK (length(class) <= 20),
  title          TEXT NOT NULL CHECK (length(title) <= 100),
  detail         TEXT NOT NULL CHECK (length(detail) <= 2000),
  parts          TEXT NOT NULL,
  unit           TEXT NOT NULL CHECK (length(unit) <= 10),
  quantity       INTEGER NOT NULL,
  budget_fen     INTEGER NOT NULL,
  decision_item  INTEGER NOT NULL,
  share_num      INTEGER NOT NULL,
  share_den      INTEGER NOT NULL,
  takeover       INTEGER NOT NULL,
  planned_from   TEXT CHECK (length(planned_from) = 10),
  planned_until  TEXT CHECK (length(planned_until) = 10),
  state          TEXT NOT NULL CHECK (length(state) <= 10) CHECK (state IN ('planned', 'dropped')),
  utility_org_id BLOB CHECK (length(utility_org_id) = 16),
  done_quantity  INTEGER NOT NULL,
  content_hash   BLOB NOT NULL CHECK (length(content_hash) = 32),
  plan_number    INTEGER NOT NULL,
  accepted_on    TEXT CHECK (length(accepted_on) = 10),
  order_no       INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_renovation_item_done_quantity CHECK (done_quantity >= 0 AND done_quantity <= quantity),
  CONSTRAINT fk_renovation_item_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) STRICT;
CREATE UNIQUE INDEX uq_renovation_item_renovation_id_item_key ON renovation_item (renovation_id, item_key);
CREATE INDEX ix_renovation_item_utility_org_id ON renovation_item (utility_org_id);
-- +goose Down
DROP TABLE renovation_item;
