package notify

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

func TestPermittedAddresses(t *testing.T) {
	for addr, want := range map[string]bool{
		"8.8.8.8": true, "121.36.1.1": true, "2409:8c00::1": true, "2606:4700::1111": true,
		"0.0.0.0": false, "0.1.2.3": false, "127.0.0.1": false, "127.255.255.254": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false,
		"172.32.0.1": true, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.100.100.200": false, "100.128.0.1": true,
		"192.0.0.192": false, "198.18.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "240.0.0.1": false,
		"::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:8.8.8.8": true, "::127.0.0.1": false, "fe80::1": false,
		"fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:0:1::": false,
	} {
		require.Equal(t, want, Network{}.permits(netip.MustParseAddr(addr)), addr)
	}
	n := Network{Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}}
	require.True(t, n.permits(netip.MustParseAddr("10.1.2.3")))
	require.True(t, n.permits(netip.MustParseAddr("::ffff:10.1.2.3")))
	require.False(t, n.permits(netip.MustParseAddr("10.2.0.1")))
}

func TestAddressesAWebhookMayHave(t *testing.T) {
	local := Network{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, PlainHTTP: true}
	for raw, want := range map[string]struct{ public, local bool }{
		"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1": {true, true},
		"https://8.8.8.8/x":              {true, true},
		"http://example.cn/x":            {false, false},
		"http://127.0.0.1:8080/x":        {false, true},
		"http://localhost/x":             {false, true},
		"http://8.8.8.8/x":               {false, false},
		"https://127.0.0.1/x":            {false, true},
		"https://[::1]/x":                {false, false},
		"https://169.254.169.254/latest": {false, false},
		"https://[::ffff:10.0.0.1]/x":    {false, false},
		"https://user:pw@example.cn/":    {false, false},
		"https://example.cn/#x":          {false, false},
		"ftp://example.cn/":              {false, false},
		"file:///etc/passwd":             {false, false},
		"gopher://127.0.0.1:6379/_x":     {false, false},
		"https://":                       {false, false},
		"https:example.cn":               {false, false},
		"//example.cn":                   {false, false},
		"":                               {false, false},
		"https://example.cn\r\nX: y/":    {false, false},
	} {
		_, ok := Network{}.checkURL(raw)
		require.Equal(t, want.public, ok, raw)
		_, ok = local.checkURL(raw)
		require.Equal(t, want.local, ok, raw)
	}
}

// A name that leads to a forbidden address passes the check of its text and is refused when it is dialled.
func TestANameThatLeadsInsideIsRefusedWhenDialled(t *testing.T) {
	reached := false
	inside := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer inside.Close()
	u, err := url.Parse(inside.URL)
	require.NoError(t, err)
	for _, host := range []string{"localhost", "0x7f000001", "2130706433", "127.1"} {
		_, err = newEgress(Network{}).post(t.Context(), "https://"+host+":"+u.Port()+"/secret-token", []byte("{}"), nil)
		require.Error(t, err, host)
		require.NotContains(t, err.Error(), "secret-token")
	}
	_, err = newEgress(Network{}).post(t.Context(), "https://localhost:"+u.Port()+"/", []byte("{}"), nil)
	code, final := reason(err)
	require.Equal(t, "address_refused", code)
	require.True(t, final)
	require.False(t, reached)
}

func TestAnAnswerIsReadToItsLimit(t *testing.T) {
	h := newHook(t)
	h.answers(func(w http.ResponseWriter) { _, _ = io.WriteString(w, strings.Repeat("x", answerLimit+1000)) })
	out := newEgress(Network{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, PlainHTTP: true})
	answer, err := out.post(t.Context(), h.URL, []byte("{}"), nil)
	require.NoError(t, err)
	require.Len(t, answer, answerLimit)
	h.Close()
	_, err = out.post(t.Context(), h.URL+"/secret-token", []byte("{}"), nil)
	code, final := reason(err)
	require.Equal(t, "unreachable", code)
	require.False(t, final)
	require.NotContains(t, err.Error(), "secret-token")
}

func TestAWebhookThatIsNoLongerAllowedIsADeadLetterAtOnce(t *testing.T) {
	w, h, org := newWorld(t, dbtest.SQLite(t)), newHook(t), id.New()
	w.told[Handler] = []Recipient{{Org: org}}
	w.addHook(org, WeCom, h.URL, "", "*")
	w.out = newEgress(Network{})
	w.happen("workorder.reported", order())
	w.tellAll()
	require.Empty(t, h.calls())
	require.Equal(t, Dead, w.rows()[0].State)
	require.Equal(t, "address_refused", w.rows()[0].Error)
}

func TestWhatAWebhookMayBe(t *testing.T) {
	w, org := newWorld(t, dbtest.SQLite(t)), id.New()
	good := HookDraft{Kind: Generic, Name: "值班", URL: "https://example.cn/hook", Secret: "0123456789abcdef", Topics: []string{"workorder.*"}}
	for name, c := range map[string]struct {
		change func(*HookDraft)
		field  string
	}{
		"good":                 {func(*HookDraft) {}, ""},
		"no name":              {func(d *HookDraft) { d.Name = " " }, "body.name"},
		"inside":               {func(d *HookDraft) { d.URL = "https://10.0.0.1/" }, "body.url"},
		"short key":            {func(d *HookDraft) { d.Secret = "0123456789abcde" }, "body.secret"},
		"no key":               {func(d *HookDraft) { d.Secret = "" }, "body.secret"},
		"robot without key":    {func(d *HookDraft) { d.Kind, d.Secret = Feishu, "" }, ""},
		"WeCom with a key":     {func(d *HookDraft) { d.Kind = WeCom }, "body.secret"},
		"no topics":            {func(d *HookDraft) { d.Topics = nil }, "body.topics"},
		"unknown topic":        {func(d *HookDraft) { d.Topics = []string{"workorder.eaten"} }, "body.topics"},
		"unknown kind":         {func(d *HookDraft) { d.Topics = []string{"moon.*"} }, "body.topics"},
		"one of them unknown":  {func(d *HookDraft) { d.Topics = []string{"*", "workorder"} }, "body.topics"},
		"a topic and all else": {func(d *HookDraft) { d.Topics = []string{"workorder.escalated", "contract.*"} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := good
			c.change(&d)
			_, err := w.AddWebhook(t.Context(), manager(org), idem.Key{}, org, d)
			if c.field == "" {
				require.NoError(t, err)
				return
			}
			f := fault.Of(err)
			require.Equal(t, fault.Invalid, f.Kind)
			require.Len(t, f.Fields, 1)
			require.Equal(t, c.field, f.Fields[0].Path)
		})
	}
}

func FuzzCheckURL(f *testing.F) {
	for _, s := range []string{"https://example.cn/x?y=1", "http://localhost", "https://[::1%25eth0]/", "https://127.0.0.1:80", "https://0/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, ok := Network{PlainHTTP: true}.checkURL(raw)
		if !ok {
			return
		}
		require.True(t, u.Scheme == "https" || u.Hostname() == "localhost")
		require.Nil(t, u.User)
		if addr, err := netip.ParseAddr(u.Hostname()); err == nil {
			require.True(t, Network{}.permits(addr))
		}
	})
}
