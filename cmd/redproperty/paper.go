package main

import (
	"github.com/spf13/cobra"

	"github.com/redproperty/redproperty/internal/app"
)

// desk gives a command the flags of somebody who works with paper, and logs in with the password of REDPROPERTY_PASSWORD or the terminal.
func desk(cmd *cobra.Command, d *app.PaperDesk, do func(cmd *cobra.Command, args []string) error) *cobra.Command {
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var err error
		if d.Password, err = askPassword(cmd); err != nil {
			return err
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
	var lot, unit, pending string
	cmd := &cobra.Command{Use: "take", Short: "Record that a dwelling took an envelope, never which; again after a lost answer", Args: cobra.NoArgs}
	cmd.Flags().StringVar(&pending, "pending", "envelope-taken.json", "file that is there while the server's answer is not known")
	cmd.Flags().StringVar(&lot, "lot", "", "the lot's code, as printed on its sheets")
	cmd.Flags().StringVar(&unit, "unit", "", "the dwelling's unit")
	must(cmd, "lot", "unit")
	return ofRound(desk(cmd, &d, func(cmd *cobra.Command, _ []string) error {
		return app.TakeEnvelope(cmd.Context(), d, lot, unit, pending, cmd.OutOrStdout())
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

// interviewCommand is the work of those who appoint interviewers and of the community that knows who has agreed to a visit.
func interviewCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "interview", Short: "Appoint interviewers, record which dwellings agree, mark a ballot as answered with help",
		Long: "An interviewer draws for a dwelling without a log-in with \"ballot draw --interviewer\".",
	}
	cmd.AddCommand(appointCommand(), dismissCommand(), agreeCommand(), assistCommand())
	return cmd
}

func appointCommand() *cobra.Command {
	var d app.PaperDesk
	var person, org string
	cmd := &cobra.Command{Use: "appoint", Short: "Make a person an interviewer of a round; again after a lost answer", Args: cobra.NoArgs}
	cmd.Flags().StringVar(&person, "person", "", "the person, without a post in the rated company")
	cmd.Flags().StringVar(&org, "org", "", "the organisation in which the person holds a post")
	must(cmd, "person", "org")
	return ofRound(desk(cmd, &d, func(cmd *cobra.Command, _ []string) error {
		return app.AppointInterviewer(cmd.Context(), d, person, org, cmd.OutOrStdout())
	}), &d)
}

func dismissCommand() *cobra.Command {
	var d app.PaperDesk
	var number int64
	cmd := &cobra.Command{Use: "dismiss", Short: "End an interviewer's work", Args: cobra.NoArgs}
	cmd.Flags().Int64Var(&number, "number", 0, "the interviewer's number in the round")
	must(cmd, "number")
	return ofRound(desk(cmd, &d, func(cmd *cobra.Command, _ []string) error {
		return app.DismissInterviewer(cmd.Context(), d, number, cmd.OutOrStdout())
	}), &d)
}

func agreeCommand() *cobra.Command {
	var d app.PaperDesk
	var unit string
	var withdraw bool
	cmd := &cobra.Command{Use: "agree", Short: "Record that a dwelling without a log-in has agreed to an interview", Args: cobra.NoArgs}
	cmd.Flags().StringVar(&unit, "unit", "", "the dwelling's unit")
	cmd.Flags().BoolVar(&withdraw, "withdraw", false, "take it back")
	must(cmd, "unit")
	return ofRound(desk(cmd, &d, func(cmd *cobra.Command, _ []string) error {
		return app.RecordAgreement(cmd.Context(), d, unit, withdraw, cmd.OutOrStdout())
	}), &d)
}

func assistCommand() *cobra.Command {
	var login string
	cmd := &cobra.Command{
		Use: "assist FILE", Short: "As an interviewer: mark what is cast from a drawn ballot as answered with one's help", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			password, err := askPassword(cmd)
			if err != nil {
				return err
			}
			return app.AssistBallot(cmd.Context(), args[0], login, password, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&login, "login", "", "the interviewer's user name or phone")
	must(cmd, "login")
	return cmd
}
