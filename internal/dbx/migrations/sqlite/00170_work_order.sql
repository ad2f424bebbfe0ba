-- +goose Up
CREATE TABLE work_order (
  id                 BLOB NOT NULL CHECK (length(id) = 16),
  number             TEXT NOT NULL CHECK (length(number) <= 40),
  service_area_id    BLOB NOT NULL CHECK (length(service_area_id) = 16),
  estate_id          BLOB NOT NULL CHECK (length(estate_id) = 16),
  community_id       BLOB CHECK (length(community_id) = 16),
  street_id          BLOB NOT NULL CHECK (length(street_id) = 16),
  scope_path         TEXT NOT NULL CHECK (length(scope_path) <= 400),
  unit_id            BLOB CHECK (length(unit_id) = 16),
  public_area_id     BLOB CHECK (length(public_area_id) = 16),
  place_text         TEXT NOT NULL CHECK (length(place_text) <= 200),
  place_coarse       TEXT NOT NULL CHECK (length(place_coarse) <= 200),
  household_id       BLOB CHECK (length(household_id) = 16),
  reporter_person_id BLOB CHECK (length(reporter_person_id) = 16),
  reporter_kind      TEXT NOT NULL CHECK (length(reporter_kind) <= 12),
  contact_opt_out    INTEGER NOT NULL CHECK (contact_opt_out IN (0, 1)),
  title              TEXT NOT NULL CHECK (length(title) <= 120),
  description        TEXT NOT NULL CHECK (length(description) <= 4000),
  category           TEXT NOT NULL CHECK (length(category) <= 60),
  identity_rule      TEXT NOT NULL CHECK (length(identity_rule) <= 20),
  party_org_id       BLOB CHECK (length(party_org_id) = 16),
  source             TEXT NOT NULL CHECK (length(source) <= 12),
  external_number    TEXT CHECK (length(external_number) <= 60),
  external_due_at    INTEGER,
  repeat_of          BLOB CHECK (length(repeat_of) = 16),
  rule_hash          BLOB NOT NULL CHECK (length(rule_hash) = 32),
  category_hash      BLOB NOT NULL CHECK (length(category_hash) = 32),
  reported_at        INTEGER NOT NULL,
  severity           TEXT NOT NULL CHECK (length(severity) <= 20),
  state              TEXT NOT NULL CHECK (length(state) <= 20),
  prior_state        TEXT NOT NULL CHECK (length(prior_state) <= 20),
  waiting            TEXT NOT NULL CHECK (length(waiting) <= 12),
  handler_org_id     BLOB CHECK (length(handler_org_id) = 16),
  handled_via        TEXT NOT NULL CHECK (length(handled_via) <= 12),
  handed_at          INTEGER NOT NULL,
  assignee_person_id BLOB CHECK (length(assignee_person_id) = 16),
  subcontractor      TEXT NOT NULL CHECK (length(subcontractor) <= 100),
  closing            TEXT NOT NULL CHECK (length(closing) <= 20),
  sla_source         TEXT NOT NULL CHECK (length(sla_source) <= 12),
  sla_mode           TEXT NOT NULL CHECK (length(sla_mode) <= 12),
  sla_contract_id    BLOB CHECK (length(sla_contract_id) = 16),
  accept_min         INTEGER NOT NULL,
  arrive_min         INTEGER NOT NULL,
  control_min        INTEGER NOT NULL,
  fix_min            INTEGER NOT NULL,
  extension_min      INTEGER NOT NULL,
  extended           INTEGER NOT NULL CHECK (extended IN (0, 1)),
  clock_round        INTEGER NOT NULL,
  clock_start        INTEGER,
  paused_at          INTEGER,
  accept_due_at      INTEGER,
  arrive_due_at      INTEGER,
  control_due_at     INTEGER,
  fix_due_at         INTEGER,
  due_at             INTEGER,
  due_stage          TEXT NOT NULL CHECK (length(due_stage) <= 12),
  due_provisional    INTEGER NOT NULL CHECK (due_provisional IN (0, 1)),
  accepted_at        INTEGER,
  dispatched_at      INTEGER,
  arrived_at         INTEGER,
  controlled_at      INTEGER,
  resolved_at        INTEGER,
  verified_at        INTEGER,
  closed_at          INTEGER,
  closed_as          TEXT NOT NULL CHECK (length(closed_as) <= 12),
  closure_no         INTEGER NOT NULL,
  reopen_count       INTEGER NOT NULL,
  objection_count    INTEGER NOT NULL,
  pending            TEXT NOT NULL CHECK (length(pending) <= 12),
  review_on          TEXT CHECK (length(review_on) = 10),
  decline_reason     TEXT NOT NULL CHECK (length(decline_reason) <= 40),
  decline_channel    TEXT NOT NULL CHECK (length(decline_channel) <= 40),
  duplicate_of       BLOB CHECK (length(duplicate_of) = 16),
  followers          INTEGER NOT NULL,
  answer_at          INTEGER,
  reminded           INTEGER NOT NULL CHECK (reminded IN (0, 1)),
  watch_at           INTEGER,
  version            INTEGER NOT NULL,
  updated_at         INTEGER NOT NULL,
  ticking            INTEGER GENERATED ALWAYS AS (CASE WHEN due_at IS NULL THEN 0 ELSE 1 END) STORED,
  PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX uq_work_order_number ON work_order (number);
CREATE INDEX ix_work_order_street ON work_order (street_id, id);
CREATE INDEX ix_work_order_street_waiting ON work_order (street_id, waiting, id);
CREATE INDEX ix_work_order_street_due ON work_order (street_id, ticking, due_at, id);
CREATE INDEX ix_work_order_community ON work_order (community_id, id);
CREATE INDEX ix_work_order_community_waiting ON work_order (community_id, waiting, id);
CREATE INDEX ix_work_order_community_due ON work_order (community_id, ticking, due_at, id);
CREATE INDEX ix_work_order_handler ON work_order (handler_org_id, id);
CREATE INDEX ix_work_order_handler_waiting ON work_order (handler_org_id, waiting, id);
CREATE INDEX ix_work_order_handler_due ON work_order (handler_org_id, ticking, due_at, id);
CREATE INDEX ix_work_order_estate ON work_order (estate_id, id);
CREATE INDEX ix_work_order_assignee ON work_order (assignee_person_id, waiting, id);
CREATE INDEX ix_work_order_household ON work_order (household_id, id);
CREATE INDEX ix_work_order_reporter ON work_order (reporter_person_id, id);
CREATE INDEX ix_work_order_unit ON work_order (unit_id, id);
CREATE INDEX ix_work_order_public_area ON work_order (public_area_id, id);
CREATE INDEX ix_work_order_area_month ON work_order (service_area_id, reported_at);
CREATE INDEX ix_work_order_external ON work_order (external_number);
CREATE INDEX ix_work_order_answer ON work_order (answer_at);
CREATE INDEX ix_work_order_watch ON work_order (watch_at);
CREATE INDEX ix_work_order_closed ON work_order (community_id, closed_at);
-- +goose Down
DROP TABLE work_order;
