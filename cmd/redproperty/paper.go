package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/redproperty/redproperty/internal/app"
)

// desk gives a command the flags of somebody who works with paper, and logs in with the password of REDPROPERTY_PASSWORD or the terminal.
func desk(cmd *cobra.Command, d *app.PaperDesk, do func(cmd *cobra.Command, args []string) error) *cobra.Command {
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if d.Password = os.Getenv("REDPROPERTY_PASSWORD"); d.Password == "" {
			line, err := ask(cmd, "Password: ")
			if err != nil {
				return err
			}
			d.Password = line
		}
		return do(cmd, args)
	}
	cmd.Flags().StringVar(&d.Server, "server", "http://127.0.0.1:8080", "the server's address")
	cmd.Flags().StringVar(&d.LedgerKey, "key", "", "the ledger's verifier key, from a printed copy")
	cmd.Flags().StringVar(&d.Login, "login", "", "user name or phone")
	must(cmd, "login", "key")
	return cmd
}

func ofRound(cmd *cobra.Command, d *app.PaperDesk) *cobra.Command {
	cmd.Flags().StringVar(&d.Round, "round", "", "the round")
	must(cmd, "round")
	return cmd
}

// printCommand makes paper ballots in a folder that is carried between a machine with a network and one without.
func printCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "print", Short: "Print a lot of paper envelopes: order, blind, sign, finish, register",
		Long: "Order, sign and register run on a machine with a network; blind and finish on one without, which alone has the codes of the sheets.",
	}
	cmd.AddCommand(orderCommand(), blindCommand(), signCommand(), finishCommand(), registerCommand())
	return cmd
}

func orderCommand() *cobra.Command {
	var d app.PaperDesk
	var stratum string
	var size int
	cmd := &cobra.Command{Use: "order DIR", Short: "Order a lot for a stratum, into an empty folder", Args: cobra.ExactArgs(1)}
	cmd.Flags().StringVar(&stratum, "stratum", "s0001", "the stratum's code")
	cmd.Flags().IntVar(&size, "size", 0, "envelopes, 500 at most")
	must(cmd, "size")
	return ofRound(desk(cmd, &d, func(cmd *cobra.Command, args []string) error {
		return app.OrderLot(cmd.Context(), d, args[0], stratum, size, cmd.OutOrStdout())
	}), &d)
}

func blindCommand() *cobra.Command {
	var key string
	cmd := &cobra.Command{
		Use: "blind DIR", Short: "Make and blind the ballots, without a network", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return app.BlindLot(args[0], key, cmd.OutOrStdout()) },
	}
	cmd.Flags().StringVar(&key, "key", "", "the ledger's verifier key, from a printed copy")
	must(cmd, "key")
	return cmd
}

func signCommand() *cobra.Command {
	var d app.PaperDesk
	cmd := &cobra.Command{Use: "sign DIR", Short: "Have the blinded ballots signed; again after a lost answer", Args: cobra.ExactArgs(1)}
	return desk(cmd, &d, func(cmd *cobra.Command, args []string) error {
		return app.SignLot(cmd.Context(), d, args[0], cmd.OutOrStdout())
	})
}

func finishCommand() *cobra.Command {
	return &cobra.Command{
		Use: "finish DIR", Short: "Make the sheets, shuffled, and the page to print, without a network", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return app.FinishLot(args[0], cmd.OutOrStdout()) },
	}
}

func registerCommand() *cobra.Command {
	var d app.PaperDesk
	cmd := &cobra.Command{Use: "register DIR", Short: "Register the finished ballots, without their codes", Args: cobra.ExactArgs(1)}
	return desk(cmd, &d, func(cmd *cobra.Command, args []string) error {
		return app.RegisterLot(cmd.Context(), d, args[0], cmd.OutOrStdout())
	})
}

// paperCommand is the desk that hands envelopes out and enters what comes back.
func paperCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "paper", Short: "Hand out paper envelopes, enter and void what comes back"}
	cmd.AddCommand(takeCommand(), enterCommand(), voidCommand())
	return cmd
}

func takeCommand() *cobra.Command {
	var d app.PaperDesk
	var lot, unit string
	cmd := &cobra.Command{Use: "take", Short: "Record that a dwelling took an envelope, never which", Args: cobra.NoArgs}
	cmd.Flags().StringVar(&lot, "lot", "", "the lot's code, as printed on its sheets")
	cmd.Flags().StringVar(&unit, "unit", "", "the dwelling's unit")
	must(cmd, "lot", "unit")
	return ofRound(desk(cmd, &d, func(cmd *cobra.Command, _ []string) error {
		return app.TakeEnvelope(cmd.Context(), d, lot, unit, cmd.OutOrStdout())
	}), &d)
}

func enterCommand() *cobra.Command {
	var d app.PaperDesk
	var answers string
	cmd := &cobra.Command{Use: "enter CODE", Short: "Key in a returned sheet; two persons do, and it counts when they agree", Args: cobra.ExactArgs(1)}
	cmd.Flags().StringVar(&answers, "answers", "", "file with the answers as JSON")
	must(cmd, "answers")
	return ofRound(desk(cmd, &d, func(cmd *cobra.Command, args []string) error {
		return app.EnterSheet(cmd.Context(), d, args[0], answers, cmd.OutOrStdout())
	}), &d)
}

func voidCommand() *cobra.Command {
	var d app.PaperDesk
	var lot, fate string
	var replaced bool
	cmd := &cobra.Command{Use: "void CODE...", Short: "Make envelopes void that came back unused or spoilt", Args: cobra.RangeArgs(1, 200)}
	cmd.Flags().StringVar(&lot, "lot", "", "the lot's code")
	cmd.Flags().StringVar(&fate, "as", "unused", "unused or spoilt")
	cmd.Flags().BoolVar(&replaced, "replaced", false, "of spoilt ones: as many others were handed out instead")
	must(cmd, "lot")
	return ofRound(desk(cmd, &d, func(cmd *cobra.Command, args []string) error {
		return app.VoidSheets(cmd.Context(), d, lot, fate, replaced, args, cmd.OutOrStdout())
	}), &d)
}
