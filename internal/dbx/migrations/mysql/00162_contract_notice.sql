-- +goose Up
CREATE TABLE contract_notice (
  id           BINARY(16) NOT NULL,
  contract_id  BINARY(16) NOT NULL,
  kind         VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (kind IN ('owners_dismissal', 'provider_non_renewal', 'indefinite_end')),
  side         VARCHAR(7) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (side IN ('company', 'owners')),
  given_on     CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  document     BINARY(32) NOT NULL,
  earliest_end CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  late         SMALLINT NOT NULL,
  count_of     BIGINT NOT NULL,
  unit         VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  basis        VARCHAR(200) NOT NULL,
  clause       VARCHAR(200) NULL,
  rule_hash    BINARY(32) NOT NULL,
  recorded_at  BIGINT NOT NULL,
  person_id    BINARY(16) NULL,
  org_id       BINARY(16) NULL,
  PRIMARY KEY (id),
  KEY ix_contract_notice_contract_id_id (contract_id, id),
  CONSTRAINT fk_contract_notice_contract_id FOREIGN KEY (contract_id) REFERENCES contract (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE contract_notice;
