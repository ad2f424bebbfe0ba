// Command redproperty is RedProperty: the server, its demonstration and its tools, in one binary.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/config"
)

// version is set by the build.
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "redproperty:", err)
		os.Exit(1)
	}
}

// settings are what every command shares.
type settings struct {
	file string
}

func root() *cobra.Command {
	s := &settings{}
	cmd := &cobra.Command{
		Use: "redproperty", Short: "Red Property (红色物业): contracts, work orders, ratings and their audit",
		Version: version, SilenceUsage: true, SilenceErrors: true,
	}
	cmd.PersistentFlags().StringVar(&s.file, "config", os.Getenv("REDPROPERTY_CONFIG"), "settings file; see configs/redproperty.yaml")
	cmd.AddCommand(serveCommand(s), demoCommand(s), migrateCommand(s), importCommand(s), verifyCommand(s), ballotCommand(), voteCommand(), adminCommand(s), openapiCommand(), healthCommand(s))
	return cmd
}

// load reads the settings and makes the log they ask for.
func (s *settings) load() (config.Config, *slog.Logger, error) {
	cfg, err := config.Load(s.file, os.Environ())
	if err != nil {
		return cfg, nil, err
	}
	return cfg, logger(cfg.Log, os.Stderr), nil
}

func logger(l config.Log, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// run opens the program for one task and closes it again.
func (s *settings) run(ctx context.Context, task func(ctx context.Context, a *app.App) error) error {
	cfg, log, err := s.load()
	if err != nil {
		return err
	}
	a, err := app.New(ctx, cfg, log, version)
	if err != nil {
		return err
	}
	return errors.Join(task(ctx, a), a.Close())
}

// garbage is how much a server lets lie, in percent of what it uses, before it collects it. It uses little, some tens of MiB, and a
// request leaves 20 kB: Go's 100 percent would collect after every few thousand. GOMEMLIMIT bounds it where memory is short.
const garbage = 300

func serveCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Serve until told to stop", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if os.Getenv("GOGC") == "" {
				debug.SetGCPercent(garbage)
			}
			return s.run(cmd.Context(), func(ctx context.Context, a *app.App) error {
				if err := a.WarnOfDemonstration(ctx); err != nil {
					return err
				}
				return a.Serve(ctx)
			})
		},
	}
}

func demoCommand(s *settings) *cobra.Command {
	var bare bool
	var ahead time.Duration
	cmd := &cobra.Command{
		Use: "demo", Short: "Serve with a demonstration estate and accounts for every role, whose credentials are printed", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, log, err := s.load()
			if err != nil {
				return err
			}
			a, err := app.NewDemonstration(cmd.Context(), cfg, log, version)
			if err != nil {
				return err
			}
			return errors.Join(demonstrate(cmd, a, bare, ahead), a.Close())
		},
	}
	cmd.Flags().BoolVar(&bare, "bare", false, "without two months of invented past: people and places alone")
	cmd.Flags().DurationVar(&ahead, "ahead", 0, "how far its clock is ahead, as 192h: a round can be watched from its opening to its score; never less than before on the same data")
	return cmd
}

func demonstrate(cmd *cobra.Command, a *app.App, bare bool, ahead time.Duration) error {
	var accounts app.Accounts
	var err error
	if bare {
		accounts, err = a.Demonstrate(cmd.Context())
	} else {
		accounts, err = a.Live(cmd.Context(), cmd.OutOrStdout())
	}
	if err != nil {
		return err
	}
	a.SkipAhead(ahead)
	a.ShowAccounts(accounts)
	if err := accounts.Print(cmd.OutOrStdout()); err != nil {
		return err
	}
	return a.Serve(cmd.Context())
}

func migrateCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "Bring the database's schema up to date", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.run(cmd.Context(), func(_ context.Context, _ *app.App) error {
				_, err := fmt.Fprintln(cmd.OutOrStdout(), "The schema is up to date.")
				return err
			})
		},
	}
}

func openapiCommand() *cobra.Command {
	return &cobra.Command{
		Use: "openapi", Short: "Write the description of the API (OpenAPI 3.1, YAML) to standard output", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return app.WriteOpenAPI(cmd.OutOrStdout()) },
	}
}

func healthCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "healthcheck", Short: "Exit with 0 when the server answers that it is ready", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, _, err := s.load()
			if err != nil {
				return err
			}
			return app.CheckHealth(cmd.Context(), cfg)
		},
	}
}
