-- +goose Up
CREATE INDEX ix_work_order_forgotten_at ON work_order (forgotten_at, id);
-- +goose Down
DROP INDEX ix_work_order_forgotten_at;
