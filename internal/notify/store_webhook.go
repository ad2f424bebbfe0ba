package notify

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const webhookColumns = `id, org_id, kind, name, host, url_cipher, secret_cipher, topics, state, sent_at, last_error, created_at, version`

func insertWebhook(ctx context.Context, tx *dbx.Tx, w Webhook) error {
	_, err := tx.Exec(ctx, `INSERT INTO webhook (`+webhookColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`, w.ID, w.Org, string(w.Kind), w.Name, w.Host,
		w.URLCipher, w.SecretCipher, w.Topics.text(), string(w.State), nil, "", w.CreatedAt, w.Version)
	return err
}

// webhookByID finds a webhook that was not removed.
func webhookByID(ctx context.Context, q dbx.Querier, which id.ID) (w Webhook, err error) {
	err = q.Get(ctx, &w, `SELECT `+webhookColumns+` FROM webhook WHERE id = ? AND state <> 'removed'`, which)
	return w, err
}

func webhooksOf(ctx context.Context, q dbx.Querier, org id.ID) (list []Webhook, err error) {
	err = q.Select(ctx, &list, `SELECT `+webhookColumns+` FROM webhook WHERE org_id = ? AND state <> 'removed' ORDER BY id`, org)
	return list, err
}

func activeWebhooks(ctx context.Context, q dbx.Querier, orgs []id.ID) (list []Webhook, err error) {
	if len(orgs) == 0 {
		return nil, nil
	}
	query, args, err := dbx.In(`SELECT `+webhookColumns+` FROM webhook WHERE org_id IN (?) AND state = 'active' ORDER BY id`, orgs)
	if err != nil {
		return nil, err
	}
	err = q.Select(ctx, &list, query, args...)
	return list, err
}

// updateWebhook writes what replaces version w.Version.
func updateWebhook(ctx context.Context, tx *dbx.Tx, w Webhook) error {
	return tx.ExecOne(ctx, `UPDATE webhook SET name = ?, host = ?, url_cipher = ?, secret_cipher = ?, topics = ?, state = ?, version = version + 1
		WHERE id = ? AND version = ? AND state <> 'removed'`, w.Name, w.Host, w.URLCipher, w.SecretCipher, w.Topics.text(), string(w.State), w.ID, w.Version)
}

// removeWebhook leaves the row, which the audit names, without address and secret.
func removeWebhook(ctx context.Context, tx *dbx.Tx, which id.ID, version int64) error {
	return tx.ExecOne(ctx, `UPDATE webhook SET state = 'removed', url_cipher = NULL, secret_cipher = NULL, version = version + 1
		WHERE id = ? AND version = ? AND state <> 'removed'`, which, version)
}

// noteWebhook keeps how the last sending went, for who manages the webhook.
func noteWebhook(ctx context.Context, tx *dbx.Tx, which id.ID, sent *clock.Instant, why string) error {
	_, err := tx.Exec(ctx, `UPDATE webhook SET sent_at = COALESCE(?, sent_at), last_error = ? WHERE id = ?`, sent, why, which)
	return err
}
