package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/redproperty/redproperty/internal/app"
)

func verifyCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{Use: "verify", Short: "Check that nothing was altered, dropped or added unseen"}
	cmd.AddCommand(&cobra.Command{
		Use: "audit [CHECKPOINT-FILE]...", Short: "Check the trail of changes against the ledger and its signed checkpoints, and against checkpoints kept elsewhere",
		RunE: func(cmd *cobra.Command, files []string) error {
			return s.run(cmd.Context(), func(ctx context.Context, a *app.App) error { return a.VerifyAudit(ctx, cmd.OutOrStdout(), files) })
		},
	})
	return cmd
}
