-- +goose Up
CREATE TABLE renovation_item (
  id             BINARY(16) NOT NULL,
  renovation_id  BINARY(16) NOT NULL,
  item_key       VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  code           VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  class          VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title          VARCHAR(100) NOT NULL,
  detail         VARCHAR(2000) NOT NULL,
  parts          MEDIUMTEXT NOT NULL,
  unit           VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  quantity       BIGINT NOT NULL,
  budget_fen     BIGINT NOT NULL,
  decision_item  BIGINT NOT NULL,
  share_num      BIGINT NOT NULL,
  share_den      BIGINT NOT NULL,
  takeover       BIGINT NOT NULL,
  planned_from   CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
  planned_until  CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
  state          VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (state IN ('planned', 'dropped')),
  utility_org_id BINARY(16) NULL,
  done_quantity  BIGINT NOT NULL,
  content_hash   BINARY(32) NOT NULL,
  plan_number    BIGINT NOT NULL,
  accepted_on    CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
  order_no       BIGINT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_renovation_item_done_quantity CHECK (done_quantity >= 0 AND done_quantity <= quantity),
  UNIQUE KEY uq_renovation_item_renovation_id_item_key (renovation_id, item_key),
  KEY ix_renovation_item_utility_org_id (utility_org_id),
  CONSTRAINT fk_renovation_item_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_item;
