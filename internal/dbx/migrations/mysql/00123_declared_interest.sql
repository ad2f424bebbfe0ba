-- +goose Up
CREATE TABLE declared_interest (
  id                BINARY(16) NOT NULL,
  person_id         BINARY(16) NOT NULL,
  company_id        BINARY(16) NOT NULL,
  holder            VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  nature            VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_at           BIGINT NOT NULL,
  to_at             BIGINT NULL,
  recorded_by       BINARY(16) NULL,
  scope_path        VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version           BIGINT NOT NULL,
  current_person_id BINARY(16) GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN person_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_declared_interest_current_person_id_company_id_holder_nature (current_person_id, company_id, holder, nature),
  KEY ix_declared_interest_company_id_to_at (company_id, to_at),
  CONSTRAINT fk_declared_interest_person_id FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT fk_declared_interest_company_id FOREIGN KEY (company_id) REFERENCES organisation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE declared_interest;
