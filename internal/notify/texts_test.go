package notify

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/outbox"
)

// used lists the texts that the table of topics names.
func used(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{"digest": true, "webhook_test": true}
	for name, topic := range topics {
		for _, p := range []payload{{}, {"side": "reporter"}, {"side": "handler"}, {"to": []any{"company", "community", "street_office", "street_queue"}}} {
			for _, m := range topic.of(p) {
				require.NotEmpty(t, texts().Templates[m.text].Title.Chinese, "%s: %s", name, m.text)
				require.Contains(t, defaultSMS, m.group, name)
				out[m.text] = true
			}
		}
	}
	return out
}

func TestEveryTextIsCompleteAndUsed(t *testing.T) {
	inUse := used(t)
	allowed := []string{"number", "severity", "level", "kind", "dueOn", "stage", "outcome", "proposal", "role", "state", "count"}
	for name, tpl := range texts().Templates {
		require.True(t, inUse[name], "%s is not used", name)
		for _, s := range []string{tpl.Title.Chinese, tpl.Title.English, tpl.Body.Chinese, tpl.Body.English} {
			require.NotEmpty(t, s, name)
		}
		zh := template{Title: words{Chinese: tpl.Title.Chinese}, Body: words{Chinese: tpl.Body.Chinese}}.names()
		en := template{Title: words{Chinese: tpl.Title.English}, Body: words{Chinese: tpl.Body.English}}.names()
		require.ElementsMatch(t, slices.Compact(slices.Sorted(slices.Values(zh))), slices.Compact(slices.Sorted(slices.Values(en))), name)
		require.Subset(t, allowed, append([]string{"number"}, tpl.names()...), "%s asks for something that is no code", name)
		require.LessOrEqual(t, utf8.RuneCountInString(tpl.Title.Chinese), 30, name)
		require.NotContains(t, tpl.SMS, "{", name)
	}
	for code, w := range texts().Words {
		require.NotEmpty(t, w.Chinese, code)
		require.NotEmpty(t, w.English, code)
	}
}

// named finds topics in the sources of the features: on lines that say so.
var named = regexp.MustCompile(`"([a-z]+\.[a-z_]+)"`)

// A topic that a feature adds and that the table lacks would tell nobody.
func TestTheTableHasEveryTopicOfTheFeatures(t *testing.T) {
	files, err := filepath.Glob("../*/*.go")
	require.NoError(t, err)
	found := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "/notify/") || strings.Contains(name, "/outbox/") {
			continue
		}
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		for line := range strings.Lines(string(source)) {
			stmt, _, _ := strings.Cut(line, "//")
			if strings.Contains(stmt, "outbox.Add(") || strings.Contains(stmt, "topic") {
				for _, m := range named.FindAllStringSubmatch(stmt, -1) {
					require.Contains(t, topics, m[1], "%s: %s", name, strings.TrimSpace(line))
					found[m[1]] = true
				}
			}
		}
	}
	require.Greater(t, len(found), 20, "the search finds what it looks for")
}

func TestRender(t *testing.T) {
	require.Equal(t, "工单 A-1（紧急）", render("工单 {number}（{severity}）", Chinese, params{"number": "A-1", "severity": "urgent"}))
	require.Equal(t, "Order — ({x", render("Order {number} ({x", English, params{"x": "y"}))
	require.Equal(t, "期限为 2026年12月1日", render("期限为 {dueOn}", Chinese, params{"dueOn": "2026-12-01"}))
	require.Equal(t, "due on 1 December 2026", render("due on {dueOn}", English, params{"dueOn": "2026-12-01"}))
	milestone := params{"dueOn": "2026-12-01", "stage": "near"}
	require.Equal(t, "小区改造有一个节点快到期了（预计 2026年12月1日 完成）。", bodyOf("renovation_milestone", Chinese, milestone), "a sentence, not a label")
	require.Equal(t, "A milestone of the renovation is coming up (due on 1 December 2026).", bodyOf("renovation_milestone", English, milestone))
	milestone["stage"] = "late"
	require.Equal(t, "小区改造有一个节点已逾期（预计 2026年12月1日 完成）。", bodyOf("renovation_milestone", Chinese, milestone))
	require.Equal(t, "{severity}", render("{number}", English, params{"number": "{severity}", "severity": "x"}), "a value is not filled again")
}

// Whatever a payload holds, only codes reach a text: never a person's words.
func TestOnlyCodesReachAText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Z]{2}-[0-9]{8}-[0-9]{4}`)).Draw(t, "value")
		raw, err := json.Marshal(map[string]any{"number": value, "severity": []string{value}, "role": map[string]string{"name": value}, "note": value})
		require.NoError(t, err)
		p, err := parse(outbox.Event{Payload: raw})
		require.NoError(t, err)
		got := p.codes([]string{"number", "severity", "role"})
		require.NotContains(t, got, "severity")
		require.NotContains(t, got, "role")
		if n, ok := got["number"]; ok {
			require.Regexp(t, code, n)
			require.False(t, strings.ContainsFunc(n, func(r rune) bool { return r > 127 || r == ' ' }))
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"number":"A-1","to":["company"],"wakes":true,"percent":80}`))
	f.Add([]byte(`null`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := parse(outbox.Event{Payload: raw})
		if err != nil {
			_, final := reason(err)
			require.True(t, final)
			return
		}
		for _, topic := range topics {
			for _, m := range topic.of(p) {
				require.True(t, m.urgency >= Emergency && m.urgency <= Digest)
				_ = bodyOf(m.text, English, p.codes(texts().Templates[m.text].names()))
			}
		}
	})
}
