package main

import (
	"github.com/spf13/cobra"

	"github.com/redproperty/redproperty/internal/app"
)

func verifyBundleCommand() *cobra.Command {
	var c app.BundleCheck
	cmd := &cobra.Command{
		Use: "bundle FILE", Args: cobra.ExactArgs(1),
		Short: "Check the public bundle of a survey round: signatures, ledger, ballots, draws and score; needs no settings, database or network",
		RunE: func(cmd *cobra.Command, args []string) error {
			c.File, c.Out, c.Progress = args[0], cmd.OutOrStdout(), cmd.ErrOrStderr()
			return app.VerifyBundle(cmd.Context(), c)
		},
	}
	cmd.Flags().StringVar(&c.Key, "key", "", "the ledger's verifier key, from a place other than the bundle")
	return cmd
}

func verifyReceiptCommand() *cobra.Command {
	var c app.BundleCheck
	cmd := &cobra.Command{
		Use: "receipt RECEIPT", Args: cobra.ExactArgs(1),
		Short: "Check that the response of a receipt is counted as promised, and the whole bundle of its round",
		RunE: func(cmd *cobra.Command, args []string) error {
			c.Out, c.Progress = cmd.OutOrStdout(), cmd.ErrOrStderr()
			return app.VerifyReceipt(cmd.Context(), c, args[0])
		},
	}
	cmd.Flags().StringVar(&c.File, "bundle", "", "the bundle of the receipt's round")
	cmd.Flags().StringVar(&c.Server, "server", "", "a server to get the bundle from, as https://rp.example")
	cmd.Flags().StringVar(&c.Key, "key", "", "the ledger's verifier key, from a place other than the bundle")
	cmd.MarkFlagsOneRequired("bundle", "server")
	cmd.MarkFlagsMutuallyExclusive("bundle", "server")
	return cmd
}
