package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/config"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
)

func (a *App) secure() bool { return strings.HasPrefix(a.Config.HTTP.PublicURL, "https://") }

// jobs lists the background work; each runs on one replica at a time.
func (a *App) jobs() {
	sealer := &audit.Sealer{DB: a.DB, Ledger: a.Ledger}
	pusher := &ledger.Pusher{DB: a.DB, Ledger: a.Ledger, Clock: a.Clock, Targets: a.targets()}
	a.background = []job.Job{
		{Name: "audit-seal", Every: 2 * time.Second, Do: sealer.Do},
		{Name: "checkpoint-push", Every: 10 * time.Second, Do: pusher.Do},
		{Name: "sweep", Every: time.Hour, Do: a.sweep},
		{Name: "posts-due", Every: time.Minute, Do: a.endPosts},
		a.Contracts.ReminderJob(),
		a.Renovation.WarningJob(),
	}
	a.background = slices.Concat(a.background, a.Privacy.Jobs(), a.Orders.Jobs(), a.Notices.Jobs(), a.Reports.Jobs(), a.Surveys.Jobs(), a.Votes.Jobs(), a.Imports.Jobs())
}

func (a *App) targets() []ledger.Target {
	var out []ledger.Target
	for _, f := range a.Config.Ledger.Files {
		out = append(out, ledger.File(f))
	}
	for _, u := range a.Config.Ledger.Webhooks {
		out = append(out, ledger.Webhook{URL: u, Secret: a.Config.Webhook.Secret, Client: outgoing()})
	}
	return out
}

// sweep forgets what has served its purpose.
func (a *App) sweep(ctx context.Context, _ job.Lease) (bool, error) {
	_, err := idem.Sweep(ctx, a.DB, clock.Now(a.Clock))
	return false, errors.Join(err, a.Accounts.Sweep(ctx), a.Platform.Sweep(ctx), a.Members.Sweep(ctx), a.Areas.Sweep(ctx))
}

// endPosts ends the posts whose term is over and the cross-appointments without consent.
func (a *App) endPosts(ctx context.Context, _ job.Lease) (bool, error) {
	const batch = 100
	n, err := a.Orgs.EndDue(ctx, batch)
	return n == batch, err
}

// WarnOfDemonstration says in the log that the database is a demonstration's, whose accounts have printed passwords.
func (a *App) WarnOfDemonstration(ctx context.Context) error {
	begun, err := a.begun(ctx)
	if begun {
		a.Log.Warn("this database is a demonstration's: everything in it is invented, and its passwords were printed")
	}
	return err
}

// Serve listens and runs the background jobs until ctx ends, then stops gracefully.
func (a *App) Serve(ctx context.Context) error {
	var lc net.ListenConfig
	public, err := lc.Listen(ctx, "tcp", a.Config.HTTP.Listen)
	if err != nil {
		return fmt.Errorf("http.listen: %w", err)
	}
	a.Log.Info("serving", "address", public.Addr().String(), "version", a.version)
	parts := []func(context.Context) error{
		func(ctx context.Context) error { return a.API.Serve(ctx, public) },
		func(ctx context.Context) error { a.Runner.Run(ctx, a.background...); return nil },
		a.Accounts.SendCodes,
		a.refreshing,
	}
	if a.Config.Metrics.Listen != "" {
		private, err := lc.Listen(ctx, "tcp", a.Config.Metrics.Listen)
		if err != nil {
			return errors.Join(fmt.Errorf("metrics.listen: %w", err), public.Close())
		}
		metrics := promhttp.HandlerFor(a.Metrics, promhttp.HandlerOpts{})
		mux := http.NewServeMux()
		mux.Handle("/metrics", metrics)
		parts = append(parts, func(ctx context.Context) error { return httpapi.ServeHandler(ctx, private, mux) })
	}
	return together(ctx, parts...)
}

// together runs parts side by side; the first error ends all, and all have returned when it does.
func together(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan error, len(parts))
	for _, part := range parts {
		go func() { results <- part(ctx) }()
	}
	var err error
	for range parts {
		if e := <-results; e != nil {
			err = errors.Join(err, e)
			cancel()
		}
	}
	return err
}

// refreshing takes over what other processes changed: overrides of limits, and keys.
func (a *App) refreshing(ctx context.Context) error {
	tick := time.NewTicker(30 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := errors.Join(a.Overrides.Refresh(ctx), a.Vault.Refresh(ctx)); err != nil && ctx.Err() == nil {
				a.Log.Warn("refresh", "err", err)
			}
		}
	}
}

// WriteOpenAPI writes the API's description. It builds the whole program over an empty database of its
// own, so that the description is of what would be served.
func WriteOpenAPI(w io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "redproperty-openapi-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cfg, err := config.Load("", []string{"REDPROPERTY_DATABASE__URL=sqlite:" + dir + "/db", "REDPROPERTY_BLOB__DIR=" + dir + "/blobs", "REDPROPERTY_KEYS__FILE=" + dir + "/keys/k"})
	if err != nil {
		return err
	}
	a, err := New(context.Background(), cfg, slog.New(slog.DiscardHandler), "1")
	if err != nil {
		return err
	}
	body, err := a.API.OpenAPI().YAML()
	if err == nil {
		_, err = w.Write(body)
	}
	return errors.Join(err, a.Close())
}

// CheckHealth asks the running server whether it is ready.
func CheckHealth(ctx context.Context, cfg config.Config) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, port, err := net.SplitHostPort(cfg.HTTP.Listen)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort("127.0.0.1", port)+"/readyz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("not ready: %s", resp.Status)
	}
	return errors.Join(err, resp.Body.Close())
}
