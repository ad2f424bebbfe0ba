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
	var month string
	rates := &cobra.Command{
		Use: "rates --month 2026-10", Short: "Compute a published month again from the events and compare it with what was published", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.run(cmd.Context(), func(ctx context.Context, a *app.App) error { return a.VerifyRates(ctx, cmd.OutOrStdout(), month) })
		},
	}
	rates.Flags().StringVar(&month, "month", "", "the month, as 2026-10")
	cobra.CheckErr(rates.MarkFlagRequired("month"))
	cmd.AddCommand(rates, verifyBundleCommand(), verifyReceiptCommand())
	return cmd
}
