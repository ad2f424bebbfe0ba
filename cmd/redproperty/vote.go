package main

import (
	"github.com/spf13/cobra"

	"github.com/redproperty/redproperty/internal/app"
)

// voteCommand is a teller's device in text, and the verification of a counted vote.
func voteCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "vote", Short: "Be a teller of an owners' vote, and verify a counted one"}
	cmd.AddCommand(tellerCommand(), verifyVoteCommand())
	return cmd
}

func tellerCommand() *cobra.Command {
	var t app.TellerTask
	cmd := &cobra.Command{
		Use: "teller FILE", Args: cobra.ExactArgs(1),
		Short: "Do what a vote waits for its teller to do: take a seat, deal, confirm, send a part, count",
		Long: "FILE holds the teller's secret and never leaves this device. Run the same command again and again: it says what comes next. " +
			"The password is read from REDPROPERTY_PASSWORD or the terminal.",
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if t.Password, err = askPassword(cmd); err != nil {
				return err
			}
			return app.Teller(cmd.Context(), args[0], t, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&t.Server, "server", "http://127.0.0.1:8080", "the server's address")
	cmd.Flags().StringVar(&t.LedgerKey, "key", "", "the ledger's verifier key; the server is asked when it is empty")
	cmd.Flags().StringVar(&t.Login, "login", "", "user name or phone")
	cmd.Flags().StringVar(&t.Vote, "vote", "", "the vote, when the file is begun")
	cmd.Flags().StringVar(&t.Opening, "opening", "", "open one ballot that an authority asked for, instead of counting")
	cmd.Flags().StringVar(&t.Pictures, "pictures", "", "the folder into which the pictures of an opened paper ballot are written")
	must(cmd, "login")
	return cmd
}

func verifyVoteCommand() *cobra.Command {
	var c app.VoteCheck
	cmd := &cobra.Command{
		Use: "verify BUNDLE", Args: cobra.ExactArgs(1),
		Short: "Check the bundle of a counted vote: roll, key, ballots, ledger, tests; with two tellers' files count it again; needs no server",
		RunE: func(cmd *cobra.Command, args []string) error {
			c.File, c.Out = args[0], cmd.OutOrStdout()
			return app.VerifyVote(c)
		},
	}
	cmd.Flags().StringVar(&c.Key, "key", "", "the ledger's verifier key, from a place other than the bundle")
	cmd.Flags().StringArrayVar(&c.Tellers, "teller", nil, "a teller's file; give two to count again")
	cmd.Flags().StringVar(&c.Receipt, "receipt", "", "a receipt to find among the ballots")
	return cmd
}
