-- +goose Up
CREATE TABLE organisation (
  id           BINARY(16) NOT NULL,
  kind         VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name         VARCHAR(100) NOT NULL,
  credit_code  CHAR(18) CHARACTER SET ascii COLLATE ascii_bin NULL,
  area_id      BINARY(16) NULL,
  scope_path   VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  keeper_path  VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  public_phone VARCHAR(40) NOT NULL,
  address      VARCHAR(200) NOT NULL,
  state        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at   BIGINT NOT NULL,
  closed_at    BIGINT NULL,
  post_changes BIGINT NOT NULL,
  version      BIGINT NOT NULL,
  sole_area_id BINARY(16) GENERATED ALWAYS AS (CASE WHEN state = 'active' AND kind IN ('street_party', 'street_office', 'community_party', 'residents_committee', 'committee', 'property_committee') THEN area_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_organisation_credit_code (credit_code),
  UNIQUE KEY uq_organisation_kind_sole_area_id (kind, sole_area_id),
  KEY ix_organisation_keeper_path_id (keeper_path, id),
  KEY ix_organisation_name_id (name, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE organisation;
