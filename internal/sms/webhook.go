package sms

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
)

// Webhook posts messages to a gateway. The body is JSON {id, phone, template, params}; the header
// X-Signature is the hex HMAC-SHA-256 of "X-Timestamp" + "." + body under the shared secret.
type Webhook struct {
	URL       string
	Secret    string
	Templates map[string]string // kind to the gateway's template id
	Client    *http.Client
	Clock     clock.Clock
}

// Check tells which kind lacks a template, so that a forgotten one stops the start and not a message.
func (w *Webhook) Check() error {
	for _, k := range []Kind{LoginCode, OrderUpdate, OrderConfirm, Notice} {
		if w.Templates[string(k)] == "" {
			return fmt.Errorf("configuration: sms.templates.%s: want the gateway's template id", k)
		}
	}
	return nil
}

// Send posts the message; any answer but 2xx is an error. The gateway's text is not passed on.
func (w *Webhook) Send(ctx context.Context, m Message) error {
	body, err := json.Marshal(map[string]any{"id": m.ID, "phone": m.Phone, "template": w.Templates[string(m.Kind)], "params": m.Params})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	stamp := strconv.FormatInt(w.Clock.Now().Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Timestamp", stamp)
	r.Header.Set("X-Signature", Sign(w.Secret, stamp, body))
	resp, err := w.Client.Do(r)
	if err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("gateway answered %d", resp.StatusCode)
	}
	return nil
}

// Sign is the signature of a body sent at stamp (Unix seconds).
func Sign(secret, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
