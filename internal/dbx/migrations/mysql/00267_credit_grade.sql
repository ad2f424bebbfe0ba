-- +goose Up
CREATE TABLE credit_grade (
  id             BINARY(16) NOT NULL,
  company_id     BINARY(16) NOT NULL,
  keeper_path    VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  rule_set       VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number         BIGINT NOT NULL,
  as_of          BIGINT NOT NULL,
  rule_hash      BINARY(32) NOT NULL,
  status         VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  grade          VARCHAR(40) NOT NULL,
  score          BIGINT NULL,
  content        MEDIUMTEXT NOT NULL,
  published_by   BINARY(16) NOT NULL,
  published_role VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_credit_grade_company_id_rule_set_number (company_id, rule_set, number),
  CONSTRAINT fk_credit_grade_rule_hash FOREIGN KEY (rule_hash) REFERENCES rule_version (hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE credit_grade;
