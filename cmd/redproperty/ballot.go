package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/redproperty/redproperty/internal/app"
)

// ballotCommand is a household's device in text: it needs no settings, no database, nothing but the server's address.
func ballotCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "ballot", Short: "Draw, cast and check the ballot of a dwelling, as a resident; print and enter paper ones"}
	cmd.AddCommand(drawCommand(), castCommand(), checkCommand(), drawnCommand(), printCommand(), paperCommand(), interviewCommand())
	return cmd
}

func drawCommand() *cobra.Command {
	var d app.BallotDraw
	cmd := &cobra.Command{
		Use: "draw FILE", Short: "Draw the ballot of one's dwelling into a file that never leaves this device", Args: cobra.ExactArgs(1),
		Long: "The password is read from REDPROPERTY_PASSWORD or the terminal. After a lost answer the same command draws the same ballot again.",
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if d.Password, err = askPassword(cmd); err != nil {
				return err
			}
			return app.DrawBallot(cmd.Context(), args[0], d, cmd.OutOrStdout())
		},
	}
	drawFlags(cmd, &d)
	cmd.Flags().BoolVar(&d.Interviewer, "interviewer", false, "on an interviewer's device, for a dwelling without a log-in that has agreed; needs --round and --unit")
	return cmd
}

// drawFlags say which dwelling of which round, and as whom.
func drawFlags(cmd *cobra.Command, d *app.BallotDraw) {
	cmd.Flags().StringVar(&d.Server, "server", "http://127.0.0.1:8080", "the server's address")
	cmd.Flags().StringVar(&d.LedgerKey, "key", "", "the ledger's verifier key, as printed or published elsewhere; the server is asked when it is empty")
	cmd.Flags().StringVar(&d.Login, "login", "", "user name or phone")
	cmd.Flags().StringVar(&d.Round, "round", "", "the round; the newest open one of one's home when empty")
	cmd.Flags().StringVar(&d.Unit, "unit", "", "the unit; one's own when there is one")
	must(cmd, "login")
}

func drawnCommand() *cobra.Command {
	var d app.BallotDraw
	cmd := &cobra.Command{
		Use: "drawn", Short: "Find in the sealed lists of the ledger whether a ballot was drawn for one's dwelling", Args: cobra.NoArgs,
		Long: "The password is read from REDPROPERTY_PASSWORD or the terminal. The draws are sealed at the end of each day: a ballot that nobody of the household drew shows here.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if d.Password, err = askPassword(cmd); err != nil {
				return err
			}
			return app.FindDraw(cmd.Context(), d, cmd.OutOrStdout())
		},
	}
	drawFlags(cmd, &d)
	return cmd
}

// askPassword takes the password of REDPROPERTY_PASSWORD, or asks at the terminal.
func askPassword(cmd *cobra.Command) (string, error) {
	if password := os.Getenv("REDPROPERTY_PASSWORD"); password != "" {
		return password, nil
	}
	return ask(cmd, "Password: ")
}

func ask(cmd *cobra.Command, prompt string) (string, error) {
	fmt.Fprint(cmd.ErrOrStderr(), prompt)
	line, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errors.Join(errors.New("a password is needed"), err)
	}
	return line, nil
}

func castCommand() *cobra.Command {
	var answers string
	cmd := &cobra.Command{
		Use: "cast FILE", Short: "Cast a drawn ballot without a name; again until the round closes, and the last one counts", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.CastBallot(cmd.Context(), args[0], answers, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&answers, "answers", "", "file with the answers as JSON; without it the questions are printed")
	return cmd
}

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use: "check FILE", Short: "After the round is closed: find the ballot in the ledger and compare it with the receipt", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.CheckBallot(cmd.Context(), args[0], cmd.OutOrStdout())
		},
	}
}
