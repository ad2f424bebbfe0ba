package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sms"
)

// post sends a load to its webhook. One that was removed or paused meanwhile is not told.
func (s *Service) post(ctx context.Context, l load) error {
	w, err := webhookByID(ctx, s.DB, l.Recipient)
	if dbx.IsNoRow(err) || (err == nil && w.State != HookActive) {
		return nil
	}
	if err != nil {
		return err
	}
	address, err := s.Secrets.Open(w.ID, w.URLCipher)
	if err != nil {
		return fail("unsealing", err)
	}
	secret, err := s.Secrets.Open(w.ID, w.SecretCipher)
	if err != nil {
		return fail("unsealing", err)
	}
	return s.postTo(ctx, w.Kind, address, secret, l)
}

func (s *Service) postTo(ctx context.Context, kind HookKind, address, secret string, l load) error {
	now := s.now()
	if kind == Generic {
		body, err := genericBody(l.rows[0])
		if err != nil {
			return err
		}
		_, err = s.out.post(ctx, address, body, genericHeader(l.rows[0].ID, body, secret, now))
		return err
	}
	address, body, err := robotRequest(kind, address, secret, noteOf(l), now)
	if err != nil {
		return err
	}
	answer, err := s.out.post(ctx, address, body, nil)
	if err != nil {
		return err
	}
	return robotAnswer(answer)
}

// genericBody is our own form. Its id is the event's: the same in every repetition and for every webhook.
func genericBody(d delivery) ([]byte, error) {
	return json.Marshal(struct {
		ID      id.ID             `json:"id"`
		Topic   string            `json:"topic"`
		At      clock.Instant     `json:"at"`
		Subject id.ID             `json:"subject"`
		Data    map[string]string `json:"data"`
	}{d.Event, d.Topic, d.EventAt, d.Subject, d.Params})
}

func genericHeader(delivery id.ID, body []byte, secret string, now clock.Instant) map[string]string {
	stamp := strconv.FormatInt(now.Time().Unix(), 10)
	return map[string]string{"X-Timestamp": stamp, "X-Delivery-Id": delivery.String(), "X-Signature": sms.Sign(secret, stamp, body)}
}

// note is what a group reads.
type note struct{ title, body string }

// brand heads each message; groups that filter by keyword let it pass.
const brand = "红色物业"

func noteOf(l load) note {
	if l.Channel != ToHookDigest {
		d := l.rows[0]
		return note{titleOf(d.Template, Chinese, d.Params), bodyOf(d.Template, Chinese, d.Params)}
	}
	var lines []string
	for i, d := range l.rows {
		if i == digestLines {
			lines = append(lines, "……")
			break
		}
		lines = append(lines, titleOf(d.Template, Chinese, d.Params))
	}
	return note{fmt.Sprintf("%d 条新消息", len(l.rows)), strings.Join(lines, "\n\n")}
}

// digestLines bounds a robot's digest: the platforms refuse long messages.
const digestLines = 20

// robotRequest makes the address and the body in the form of a platform.
func robotRequest(kind HookKind, address, secret string, n note, now clock.Instant) (string, []byte, error) {
	title := "【" + brand + "】" + n.title
	markdown := "### " + title + "\n\n" + n.body
	var form any
	switch kind {
	case WeCom:
		form = map[string]any{"msgtype": "markdown", "markdown": map[string]string{"content": markdown}}
	case DingTalk:
		form = map[string]any{"msgtype": "markdown", "markdown": map[string]string{"title": title, "text": markdown}}
		if secret != "" {
			signed, err := dingTalkAddress(address, secret, int64(now))
			if err != nil {
				return "", nil, err
			}
			address = signed
		}
	case Feishu:
		message := map[string]any{"msg_type": "text", "content": map[string]string{"text": title + "\n" + n.body}}
		if secret != "" {
			stamp := now.Time().Unix()
			message["timestamp"], message["sign"] = strconv.FormatInt(stamp, 10), feishuSign(secret, stamp)
		}
		form = message
	default:
		return "", nil, stop("kind")
	}
	body, err := json.Marshal(form)
	return address, body, err
}

// dingTalkAddress adds timestamp (ms) and signature to a robot's address.
func dingTalkAddress(address, secret string, ms int64) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", stop("address_refused")
	}
	q := u.Query()
	q.Set("timestamp", strconv.FormatInt(ms, 10))
	q.Set("sign", dingTalkSign(secret, ms))
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// dingTalkSign is base64(HMAC-SHA-256(secret, timestamp "\n" secret)); the query escapes it.
func dingTalkSign(secret string, ms int64) string {
	return mac64([]byte(secret), strconv.FormatInt(ms, 10)+"\n"+secret)
}

// feishuSign is base64(HMAC-SHA-256(timestamp "\n" secret, "")): the text is the key and nothing is signed.
func feishuSign(secret string, seconds int64) string {
	return mac64([]byte(strconv.FormatInt(seconds, 10)+"\n"+secret), "")
}

func mac64(key []byte, message string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(message))
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// robotAnswer reads whether the platform took the message: it answers 200 to refusals too.
func robotAnswer(answer []byte) error {
	var said struct {
		ErrCode    *int64 `json:"errcode"`    // WeCom, DingTalk
		Code       *int64 `json:"code"`       // Feishu
		StatusCode *int64 `json:"StatusCode"` // Feishu, older
	}
	if err := json.Unmarshal(answer, &said); err != nil {
		return fail("answer_unreadable", nil)
	}
	told := false
	for _, c := range []*int64{said.ErrCode, said.Code, said.StatusCode} {
		if c != nil && *c != 0 {
			return fail("robot_"+strconv.FormatInt(*c, 10), nil)
		}
		told = told || c != nil
	}
	if !told {
		return fail("answer_unreadable", nil)
	}
	return nil
}
