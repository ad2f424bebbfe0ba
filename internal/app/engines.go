// Package app is the composition root: it opens the engines, makes the features, hands each the parts of
// the others it asked for, and serves. It is the only package that imports everything.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/redis/go-redis/v9"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/config"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/ratelimit"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/sms"
)

// Engines are what the features stand on: the database, keys, rules, ledger, limits, attachments, texts.
type Engines struct {
	Config    config.Config
	Log       *slog.Logger
	Clock     clock.Clock
	DB        *dbx.DB
	Rules     *rules.Set
	Vault     *personal.Vault
	Ledger    *ledger.Ledger
	Limiter   *ratelimit.Limiter
	Limits    *ratelimit.Builder
	Defaults  ratelimit.Defaults
	Overrides *ratelimit.Overrides
	Blobs     blob.Store
	SMS       *sms.Port
	Metrics   *prometheus.Registry

	closers []func() error
}

// Open opens the engines. It migrates the database, and refuses one that is newer than the program,
// whose keys are missing, or whose ledger is behind a checkpoint kept elsewhere.
func Open(ctx context.Context, cfg config.Config, log *slog.Logger, c clock.Clock) (*Engines, error) {
	e := &Engines{Config: cfg, Log: log, Clock: c, Metrics: prometheus.NewRegistry()}
	e.Metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, step := range []func(context.Context) error{e.openDatabase, e.openRules, e.openVault, e.openLedger, e.openLimits, e.openBlobs, e.openSMS} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, e.Close())
		}
	}
	return e, nil
}

// Close closes what was opened, the last first.
func (e *Engines) Close() (err error) {
	for i := len(e.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, e.closers[i]())
	}
	e.closers = nil
	return err
}

func (e *Engines) openDatabase(ctx context.Context) (err error) {
	d := e.Config.Database
	if e.DB, err = dbx.Open(ctx, dbx.Config{URL: d.URL, MaxOpen: d.MaxOpen, SlowQuery: d.SlowQuery, Log: e.Log}); err != nil {
		return fmt.Errorf("database.url: %w", err)
	}
	e.closers = append(e.closers, e.DB.Close)
	return e.DB.Migrate(ctx)
}

func (e *Engines) openRules(ctx context.Context) (err error) {
	if e.Rules, err = rules.Load(configs.Files); err != nil {
		return err
	}
	if _, err := e.Rules.Localities.Find(e.Config.Locality); err != nil {
		return fmt.Errorf("configuration: locality: %q is no profile of configs/rules/locality.yaml", e.Config.Locality)
	}
	return rules.Keep(ctx, e.DB, e.Rules, clock.Now(e.Clock))
}

func (e *Engines) openVault(ctx context.Context) (err error) {
	e.Vault, err = personal.OpenVault(ctx, personal.VaultConfig{DB: e.DB, Keys: personal.KeyFile{Path: e.Config.Keys.File}, Clock: e.Clock})
	return err
}

func (e *Engines) openLedger(ctx context.Context) error {
	l := e.Config.Ledger
	key, err := ledger.EnsureKey(ctx, e.DB, filepath.Join(filepath.Dir(e.Config.Keys.File), "ledger.key"), l.Origin)
	if err != nil {
		return err
	}
	if e.Ledger, err = ledger.New(l.Origin, key, e.Clock); err != nil {
		return err
	}
	return e.Ledger.CheckFiles(ctx, e.DB, l.Files)
}

func (e *Engines) openLimits(ctx context.Context) error {
	var err error
	if e.Defaults, err = ratelimit.ParseDefaults(configs.RateLimits); err != nil {
		return fmt.Errorf("configs/ratelimits.yaml: %w", err)
	}
	metrics := ratelimit.NewMetrics()
	e.Metrics.MustRegister(metrics)
	e.Overrides = ratelimit.NewOverrides(ratelimit.OverridesConfig{Source: ratelimit.NewStore(e.DB), Clock: e.Clock, Log: e.Log, Metrics: metrics})
	if err := e.Overrides.Refresh(ctx); err != nil {
		return err
	}
	if e.Limits, err = ratelimit.NewBuilder(ratelimit.BuilderConfig{Defaults: e.Defaults, Overrides: e.Overrides, Key: e.Vault.Derive("rate limit keys")}); err != nil {
		return err
	}
	cfg := ratelimit.LimiterConfig{Memory: ratelimit.NewMemory(ratelimit.MemoryConfig{Clock: e.Clock, Metrics: metrics}), Clock: e.Clock, Metrics: metrics}
	if cfg.Shared, err = e.openRedis(metrics); err != nil {
		return err
	}
	e.Limiter, err = ratelimit.NewLimiter(cfg)
	return err
}

// openRedis returns the shared source of limits, nil when no Redis is configured. That it does not answer
// now is no error: the limits are kept by the process meanwhile.
func (e *Engines) openRedis(metrics *ratelimit.Metrics) (ratelimit.Source, error) {
	if e.Config.Redis.URL == "" {
		return nil, nil
	}
	options, err := redisOptions(e.Config.Redis.URL)
	if err != nil {
		return nil, err
	}
	redis.SetLogger(redisLog{e.Log})
	client := ratelimit.NewRedisClient(options)
	e.closers = append(e.closers, client.Close)
	return ratelimit.NewRedis(ratelimit.RedisConfig{Client: client, Clock: e.Clock, Metrics: metrics})
}

func redisOptions(raw string) (redis.UniversalOptions, error) {
	var o redis.UniversalOptions
	if list, ok := strings.CutPrefix(raw, "redis-cluster://"); ok {
		o.Addrs, o.IsClusterMode = strings.Split(list, ","), true
		return o, nil
	}
	one, err := redis.ParseURL(raw)
	if err != nil {
		return o, errors.New("configuration: redis.url: want redis://[user:password@]host:port/db")
	}
	o.Addrs, o.DB, o.Username, o.Password, o.TLSConfig = []string{one.Addr}, one.DB, one.Username, one.Password, one.TLSConfig
	return o, nil
}

// redisLog passes go-redis's own messages on at a level that an outage does not flood the log with.
type redisLog struct{ log *slog.Logger }

// Printf logs one of its messages.
func (l redisLog) Printf(_ context.Context, format string, v ...any) {
	l.log.Debug("redis", "message", fmt.Sprintf(format, v...))
}

func (e *Engines) openBlobs(ctx context.Context) error {
	if s := e.Config.Blob.S3; s.Endpoint != "" {
		store, err := blob.OpenS3(ctx, blob.S3Config{Endpoint: s.Endpoint, TLS: s.TLS, Region: s.Region, Bucket: s.Bucket, AccessKey: s.AccessKey, SecretKey: s.SecretKey})
		e.Blobs = store
		return err
	}
	local, err := blob.OpenLocal(e.Config.Blob.Dir, e.Clock)
	if err != nil {
		return err
	}
	e.Blobs = local
	e.closers = append(e.closers, local.Close)
	return nil
}

func (e *Engines) openSMS(context.Context) error {
	s := e.Config.SMS
	e.SMS = &sms.Port{DB: e.DB, Clock: e.Clock, Sender: sms.Log{Log: e.Log}, CapFen: s.MonthlyCapFen, PriceFen: s.PricePerPartFen}
	if s.Mode == "log" {
		return nil
	}
	w := &sms.Webhook{URL: s.URL, Secret: s.Secret, Templates: s.Templates, Client: outgoing(), Clock: e.Clock}
	e.SMS.Sender = w
	return w.Check()
}

// outgoing is the client for calls to configured addresses: no redirects, bounded time.
func outgoing() *http.Client {
	return &http.Client{Timeout: 15 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
