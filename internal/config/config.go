// Package config reads the settings of the program: typed, strict, checked before anything starts. The
// order is: built-in defaults, the YAML file, REDPROPERTY_* environment variables (REDPROPERTY_HTTP__LISTEN
// is http.listen). A secret may be given by file: database.url_file, REDPROPERTY_DATABASE__URL_FILE.
package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"

	"github.com/redproperty/redproperty/configs"
)

// Config is every setting. Its values are passed on; nothing reads it from a global.
type Config struct {
	HTTP     HTTP     `koanf:"http"`
	Metrics  Metrics  `koanf:"metrics"`
	Database Database `koanf:"database"`
	Redis    Redis    `koanf:"redis"`
	Blob     Blob     `koanf:"blob"`
	Keys     Keys     `koanf:"keys"`
	Ledger   Ledger   `koanf:"ledger"`
	SMS      SMS      `koanf:"sms"`
	Webhook  Webhook  `koanf:"webhook"`
	Login    Login    `koanf:"login"`
	Log      Log      `koanf:"log"`
	Platform Platform `koanf:"platform"`
	Demo     Demo     `koanf:"demonstration"`
	Locality string   `koanf:"locality"` // a profile of configs/rules/locality.yaml
}

// HTTP is the public listener.
type HTTP struct {
	Listen         string   `koanf:"listen"`          // host:port
	PublicURL      string   `koanf:"public_url"`      // as users reach it, of the listener where none is given; https makes cookies Secure
	TrustedProxies []string `koanf:"trusted_proxies"` // addresses or networks whose X-Forwarded-For counts
	Pages          string   `koanf:"pages"`           // a folder with built pages that are served instead of the program's own; empty for those
}

// Metrics is the listener for Prometheus; empty for none. It must not be public.
type Metrics struct {
	Listen string `koanf:"listen"`
}

// Database is where everything is kept.
type Database struct {
	URL       string        `koanf:"url"` // sqlite:PATH or mysql://user:password@host:port/name
	MaxOpen   int           `koanf:"max_open"`
	SlowQuery time.Duration `koanf:"slow_query"`
}

// Redis is optional: limits shared between processes. Nothing in it is irreplaceable.
type Redis struct {
	URL string `koanf:"url"` // redis://[:password@]host:port/db or redis-cluster://host:port,host:port
}

// Blob is where attachments are kept: a folder, or a bucket that speaks S3.
type Blob struct {
	Dir string `koanf:"dir"`
	S3  S3     `koanf:"s3"`
}

// S3 is a bucket; empty Endpoint for none.
type S3 struct {
	Endpoint  string `koanf:"endpoint"`
	Bucket    string `koanf:"bucket"`
	Region    string `koanf:"region"`
	AccessKey string `koanf:"access_key"`
	SecretKey string `koanf:"secret_key"`
	TLS       bool   `koanf:"tls"`
}

// Keys are the secrets that protect personal data and sign the ledger. They live outside the database
// and outside its backups.
type Keys struct {
	File string `koanf:"file"` // made on first start of the embedded default
}

// Ledger is the transparency log: its name in checkpoints and where they are pushed.
type Ledger struct {
	Origin   string   `koanf:"origin"`   // such as street.example.gov.cn/redproperty
	Files    []string `koanf:"files"`    // files that checkpoints are appended to
	Webhooks []string `koanf:"webhooks"` // https addresses that checkpoints are posted to
}

// SMS is how text messages leave: "log" writes them to the log (for trying out), "webhook" posts them,
// signed, to a gateway.
type SMS struct {
	Mode            string            `koanf:"mode"`
	URL             string            `koanf:"url"`
	Secret          string            `koanf:"secret"`
	Templates       map[string]string `koanf:"templates"`       // kind of message to the gateway's template id
	MonthlyCapFen   int64             `koanf:"monthly_cap_fen"` // no message is sent beyond this cost in a month
	PricePerPartFen int64             `koanf:"price_per_part_fen"`
}

// Webhook is how other systems are told. Whoever manages an organisation's webhooks enters addresses, so that none
// may lead to what only this machine reaches, unless it is allowed here.
type Webhook struct {
	Secret    string         `koanf:"secret"`     // signs the checkpoints that are posted
	Allow     []netip.Prefix `koanf:"allow"`      // private networks that webhooks may lead to all the same
	PlainHTTP bool           `koanf:"plain_http"` // http to this machine itself; everything else is https
}

// Login is how long sessions last.
type Login struct {
	Idle     time.Duration `koanf:"idle"`
	Absolute time.Duration `koanf:"absolute"`
}

// Log is how the program tells what it does.
type Log struct {
	Level  string `koanf:"level"`  // debug, info, warn or error
	Format string `koanf:"format"` // text or json
}

// Platform is what its users are told about whoever runs it.
type Platform struct {
	Operator     string `koanf:"operator"`
	Contact      string `koanf:"contact"`       // telephone or address, also for who cannot log in
	FilingNumber string `koanf:"filing_number"` // 备案号, at the foot of pages
}

// Demo is about the demonstration alone.
type Demo struct {
	ShowAccounts bool `koanf:"show_accounts"` // on the log-in page also where others than this machine reach it
}

// Local tells whether only this machine reaches the program, as far as the settings can tell: the listener and the address that users are
// given are both of the loopback interface, and no proxy stands before it.
func (h HTTP) Local() bool {
	host, _, err := net.SplitHostPort(h.Listen)
	return err == nil && len(h.TrustedProxies) == 0 && loopback(host) && loopback(hostOf(h.PublicURL))
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && addr.IsLoopback())
}

// Load reads the settings; path may be empty. environ is the environment as os.Environ gives it.
func Load(path string, environ []string) (Config, error) {
	k := koanf.New(".")
	if err := k.Load(rawbytes.Provider(configs.Defaults), yaml.Parser()); err != nil {
		return Config{}, fmt.Errorf("built-in defaults: %w", err)
	}
	if path != "" {
		if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
			return Config{}, fmt.Errorf("configuration %s: %w", path, err)
		}
	}
	if err := k.Load(environment(environ), nil); err != nil {
		return Config{}, fmt.Errorf("environment: %w", err)
	}
	if err := secretsFromFiles(k); err != nil {
		return Config{}, err
	}
	return decode(k)
}

const prefix = "REDPROPERTY_"

// environment maps REDPROPERTY_A__B to a.b; the variables of the test services are not settings.
func environment(environ []string) koanf.Provider {
	return env.Provider(".", env.Opt{
		Prefix: prefix, EnvironFunc: func() []string { return environ },
		TransformFunc: func(key, value string) (string, any) {
			key = strings.TrimPrefix(key, prefix)
			if strings.HasPrefix(key, "TEST_") || key == "CONFIG" || key == "DATA" {
				return "", nil
			}
			return strings.ReplaceAll(strings.ToLower(key), "__", "."), value
		},
	})
}

// secretsFromFiles replaces each X_file setting by X with the file's content.
func secretsFromFiles(k *koanf.Koanf) error {
	for _, key := range k.Keys() {
		name, ok := strings.CutSuffix(key, "_file")
		if !ok {
			continue
		}
		body, err := os.ReadFile(k.String(key))
		if err != nil {
			return fmt.Errorf("setting %s: %w", key, err)
		}
		k.Delete(key)
		if err := k.Set(name, strings.TrimSpace(string(body))); err != nil {
			return fmt.Errorf("setting %s: %w", key, err)
		}
	}
	return nil
}

func decode(k *koanf.Koanf) (Config, error) {
	var c Config
	dc := &mapstructure.DecoderConfig{
		Result: &c, TagName: "koanf", ErrorUnused: true, WeaklyTypedInput: true,
		DecodeHook: mapstructure.ComposeDecodeHookFunc(mapstructure.StringToTimeDurationHookFunc(), mapstructure.StringToWeakSliceHookFunc(","), mapstructure.TextUnmarshallerHookFunc()),
	}
	if err := k.UnmarshalWithConf("", &c, koanf.UnmarshalConf{Tag: "koanf", DecoderConfig: dc}); err != nil {
		return c, fmt.Errorf("configuration: %w\nSee configs/redproperty.yaml for the settings and their meaning", err)
	}
	if c.HTTP.PublicURL == "" {
		c.HTTP.PublicURL = c.HTTP.own()
	}
	return c, c.check()
}

// own is the listener's address as this machine reaches it; empty where the listener is no address.
func (h HTTP) own() string {
	host, port, err := net.SplitHostPort(h.Listen)
	if err != nil {
		return ""
	}
	if addr, err := netip.ParseAddr(host); host == "" || (err == nil && addr.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// check says which setting is wrong and what was expected.
func (c Config) check() error {
	for _, s := range []struct {
		name string
		ok   bool
		want string
	}{
		{"http.listen", hostPort(c.HTTP.Listen), "host:port, such as 127.0.0.1:8080"},
		{"http.public_url", c.HTTP.PublicURL == "" || httpURL(c.HTTP.PublicURL), "http:// or https:// and a host"},
		{"metrics.listen", c.Metrics.Listen == "" || hostPort(c.Metrics.Listen), "host:port, or empty for none"},
		{"database.url", strings.HasPrefix(c.Database.URL, "sqlite:") || strings.HasPrefix(c.Database.URL, "mysql://"), "sqlite:PATH or mysql://user:password@host:port/name"},
		{"database.max_open", c.Database.MaxOpen >= 2 && c.Database.MaxOpen <= 1000, "2 to 1000"},
		{"redis.url", c.Redis.URL == "" || strings.HasPrefix(c.Redis.URL, "redis://") || strings.HasPrefix(c.Redis.URL, "rediss://") || strings.HasPrefix(c.Redis.URL, "redis-cluster://"), "redis://host:port/db or redis-cluster://host:port,host:port"},
		{"blob.dir", c.Blob.Dir != "" || c.Blob.S3.Endpoint != "", "a folder (or settings below blob.s3)"},
		{"keys.file", c.Keys.File != "", "a file outside the database folder's backups"},
		{"ledger.origin", c.Ledger.Origin != "" && !strings.ContainsAny(c.Ledger.Origin, " +\n"), "a name without spaces, such as street.example.gov.cn/redproperty"},
		{"sms.mode", c.SMS.Mode == "log" || c.SMS.Mode == "webhook", "log or webhook"},
		{"sms.url", c.SMS.Mode != "webhook" || httpURL(c.SMS.URL), "the gateway's address, with sms.mode webhook"},
		{"sms.secret", c.SMS.Mode != "webhook" || len(c.SMS.Secret) >= 16, "at least 16 characters, with sms.mode webhook"},
		{"sms.monthly_cap_fen", c.SMS.MonthlyCapFen >= 0, "0 or more"},
		{"webhook.allow", !slices.ContainsFunc(c.Webhook.Allow, func(p netip.Prefix) bool { return !p.IsValid() || p.Addr().Is4In6() }), "networks such as 10.20.0.0/16 or fd00::/8"},
		{"webhook.plain_http", !c.Webhook.PlainHTTP || slices.ContainsFunc(c.Webhook.Allow, func(p netip.Prefix) bool { return p.Addr().IsLoopback() }), "webhook.allow with 127.0.0.0/8 or ::1/128, since it is for this machine alone"},
		{"login.idle", c.Login.Idle >= time.Minute && c.Login.Idle <= c.Login.Absolute, "at least 1m and at most login.absolute"},
		{"log.level", c.Log.Level == "debug" || c.Log.Level == "info" || c.Log.Level == "warn" || c.Log.Level == "error", "debug, info, warn or error"},
		{"log.format", c.Log.Format == "text" || c.Log.Format == "json", "text or json"},
	} {
		if !s.ok {
			return fmt.Errorf("configuration: %s: want %s", s.name, s.want)
		}
	}
	return nil
}

func hostPort(s string) bool {
	_, port, err := net.SplitHostPort(s)
	return err == nil && port != ""
}

func httpURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
