package config_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/config"
)

func TestDefaultsAreComplete(t *testing.T) {
	c, err := config.Load("", nil)
	require.NoError(t, err)
	require.Equal(t, "sqlite:data/redproperty.db", c.Database.URL)
	require.Equal(t, 12*time.Hour, c.Login.Idle)
}

func TestFileThenEnvironmentThenSecretFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "c.yaml")
	secret := filepath.Join(dir, "url")
	require.NoError(t, os.WriteFile(file, []byte("http:\n  listen: 0.0.0.0:81\nlogin:\n  idle: 30m\n"), 0o600))
	require.NoError(t, os.WriteFile(secret, []byte("mysql://u:p@db:3306/rp\n"), 0o600))
	c, err := config.Load(file, []string{"REDPROPERTY_HTTP__LISTEN=127.0.0.1:82", "REDPROPERTY_DATABASE__URL_FILE=" + secret, "REDPROPERTY_TEST_MYSQL=x", "HOME=/"})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:82", c.HTTP.Listen)
	require.Equal(t, 30*time.Minute, c.Login.Idle)
	require.Equal(t, "mysql://u:p@db:3306/rp", c.Database.URL)
}

func TestTheAddressOfUsersIsTheListenersWhereNoneIsGiven(t *testing.T) {
	for listen, want := range map[string]string{"127.0.0.1:9000": "http://127.0.0.1:9000", "localhost:81": "http://localhost:81", ":82": "http://127.0.0.1:82", "0.0.0.0:83": "http://127.0.0.1:83", "[::1]:84": "http://[::1]:84"} {
		c, err := config.Load("", []string{"REDPROPERTY_HTTP__LISTEN=" + listen})
		require.NoError(t, err)
		require.Equal(t, want, c.HTTP.PublicURL)
	}
	c, err := config.Load("", []string{"REDPROPERTY_HTTP__LISTEN=:82", "REDPROPERTY_HTTP__PUBLIC_URL=https://wuye.example.org"})
	require.NoError(t, err)
	require.Equal(t, "https://wuye.example.org", c.HTTP.PublicURL)
}

func TestListsFromTheEnvironment(t *testing.T) {
	c, err := config.Load("", []string{"REDPROPERTY_LEDGER__FILES=/a,/b"})
	require.NoError(t, err)
	require.Equal(t, []string{"/a", "/b"}, c.Ledger.Files)
}

func TestNetworksThatWebhooksMayLeadTo(t *testing.T) {
	c, err := config.Load("", nil)
	require.NoError(t, err)
	require.Empty(t, c.Webhook.Allow)
	require.False(t, c.Webhook.PlainHTTP)
	file := filepath.Join(t.TempDir(), "c.yaml")
	require.NoError(t, os.WriteFile(file, []byte("webhook:\n  allow: [10.20.0.0/16, 127.0.0.0/8]\n  plain_http: true\n"), 0o600))
	for _, from := range []struct {
		file    string
		environ []string
	}{{file, nil}, {"", []string{"REDPROPERTY_WEBHOOK__ALLOW=10.20.0.0/16,127.0.0.0/8", "REDPROPERTY_WEBHOOK__PLAIN_HTTP=true"}}} {
		c, err = config.Load(from.file, from.environ)
		require.NoError(t, err)
		require.Equal(t, []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("127.0.0.0/8")}, c.Webhook.Allow)
		require.True(t, c.Webhook.PlainHTTP)
	}
}

func TestWrongSettingsAreNamed(t *testing.T) {
	for _, c := range []struct{ env, want string }{
		{"REDPROPERTY_HTTP__LISTNE=1", "listne"},
		{"REDPROPERTY_HTTP__LISTEN=nowhere", "http.listen: want host:port"},
		{"REDPROPERTY_DATABASE__URL=postgres://x", "database.url: want sqlite:PATH"},
		{"REDPROPERTY_SMS__MODE=pigeon", "sms.mode: want log or webhook"},
		{"REDPROPERTY_SMS__MODE=webhook", "sms.url"},
		{"REDPROPERTY_LOGIN__IDLE=never", "idle"},
		{"REDPROPERTY_WEBHOOK__ALLOW=10.0.0.0/8,intranet", "webhook.allow"},
		{"REDPROPERTY_WEBHOOK__ALLOW=10.0.0.0/33", "webhook.allow"},
		{"REDPROPERTY_WEBHOOK__ALLOW=::ffff:10.0.0.0/104", "webhook.allow: want networks"},
		{"REDPROPERTY_WEBHOOK__PLAIN_HTTP=true", "webhook.plain_http: want webhook.allow with 127"},
		{"REDPROPERTY_DATABASE__URL_FILE=/does/not/exist", "database.url_file"},
	} {
		_, err := config.Load("", []string{c.env})
		require.ErrorContains(t, err, c.want)
	}
	_, err := config.Load("/does/not/exist.yaml", nil)
	require.ErrorContains(t, err, "exist.yaml")
}
