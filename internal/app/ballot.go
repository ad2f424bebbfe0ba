package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/redproperty/redproperty/internal/ballotclient"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// BallotDraw is what a resident gives to draw a ballot from the command line.
type BallotDraw struct {
	Server, LedgerKey, Login, Password, Round, Unit string

	Interviewer bool // who draws is an interviewer of the round, for a dwelling without a log-in
}

// DrawBallot draws the ballot of a dwelling into an envelope at path, or goes on with the one that is there.
func DrawBallot(ctx context.Context, path string, d BallotDraw, out io.Writer) error {
	envelope, err := ballotclient.Read(path)
	if err == nil {
		d.Server, d.LedgerKey = envelope.Server, envelope.LedgerKey
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	client, err := d.client(ctx, out)
	if err != nil {
		return err
	}
	if envelope == nil {
		if envelope, err = startEnvelope(ctx, path, d, client); err != nil {
			return err
		}
	}
	draw := envelope.Draw
	if d.Interviewer {
		draw = envelope.DrawAssisted
	}
	if err := draw(ctx, client); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Drawn. Who reads %s can vote: keep it on this device.\n", path)
	return err
}

// FindDraw tells whether a ballot was drawn for a dwelling, as the newest sealed list in the ledger has it.
func FindDraw(ctx context.Context, d BallotDraw, out io.Writer) error {
	client, err := d.client(ctx, out)
	if err != nil {
		return err
	}
	round, unit, err := client.Find(ctx, d.Round, d.Unit)
	if err != nil {
		return err
	}
	sealed, err := client.Drawn(ctx, round, unit)
	if err != nil {
		return err
	}
	what := "no ballot had been"
	if sealed.Drawn {
		what = "a ballot had been"
	}
	_, err = fmt.Fprintf(out, "By the end of %s %s drawn for your dwelling. The sealed list is in the ledger.\nIf your household knows otherwise, tell the street office.\n", sealed.Day, what)
	return err
}

// client logs in at the server, whose ledger's key is asked for where none was given.
func (d *BallotDraw) client(ctx context.Context, out io.Writer) (*ballotclient.Client, error) {
	if d.LedgerKey == "" {
		var err error
		if d.LedgerKey, err = ballotclient.LedgerKey(ctx, d.Server); err != nil {
			return nil, err
		}
		fmt.Fprintf(out, "The server names its ledger's key. Compare it with a printed one:\n  %s\n", d.LedgerKey)
	}
	client, err := ballotclient.New(d.Server, d.LedgerKey)
	if err != nil {
		return nil, err
	}
	return client, client.LogIn(ctx, d.Login, d.Password)
}

func startEnvelope(ctx context.Context, path string, d BallotDraw, client *ballotclient.Client) (*ballotclient.Envelope, error) {
	round, unit, err := client.Find(ctx, d.Round, d.Unit)
	if err != nil {
		return nil, err
	}
	return ballotclient.Start(path, d.Server, d.LedgerKey, round, unit)
}

// opened reads an envelope and makes a client that logs nobody in.
func openedEnvelope(path string) (*ballotclient.Envelope, *ballotclient.Client, error) {
	envelope, err := ballotclient.Read(path)
	if err != nil {
		return nil, nil, err
	}
	client, err := ballotclient.New(envelope.Server, envelope.LedgerKey)
	return envelope, client, err
}

// CastBallot casts the ballot of an envelope with the answers in a file, and prints the receipt. Without a file it prints
// what is asked.
func CastBallot(ctx context.Context, path, answersFile string, out io.Writer) error {
	envelope, client, err := openedEnvelope(path)
	if err != nil {
		return err
	}
	if answersFile == "" {
		return printQuestions(ctx, client, envelope.Round, out)
	}
	raw, err := os.ReadFile(answersFile)
	if err != nil {
		return err
	}
	answers, err := questionnaire.ParseAnswers(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", answersFile, err)
	}
	receipt, err := envelope.Cast(ctx, client, answers)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Cast, revision %d. Receipt:\n%s\n", receipt.Revision, receipt)
	return err
}

func printQuestions(ctx context.Context, client *ballotclient.Client, round id.ID, out io.Writer) error {
	paper, err := client.Paper(ctx, round)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s\n\n", paper.Title)
	example := map[string]any{}
	for _, i := range paper.Questionnaire.Items() {
		fmt.Fprintf(out, "%-20s %-9s %s\n", i.Code, i.Kind, i.Prompt.Zh)
		for _, o := range i.Options {
			fmt.Fprintf(out, "%20s %s %s\n", "", o.Code, o.Text.Zh)
		}
		if i.Required && i.ShowIf == nil {
			example[i.Code] = anAnswer(i)
		}
	}
	raw, err := json.Marshal(example)
	if err == nil {
		_, err = fmt.Fprintf(out, "\nAnswers are JSON by code, such as\n%s\n", raw)
	}
	return err
}

// anAnswer is one that the item takes.
func anAnswer(i questionnaire.Item) any {
	switch i.Kind {
	case questionnaire.Single:
		return i.Options[0].Code
	case questionnaire.Multiple:
		return []string{i.Options[0].Code}
	case questionnaire.FreeText:
		return "…"
	}
	return 4
}

// CheckBallot finds the ballot of an envelope in the ledger.
func CheckBallot(ctx context.Context, path string, out io.Writer) error {
	envelope, client, err := openedEnvelope(path)
	if err != nil {
		return err
	}
	if err := envelope.Check(ctx, client); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "Counted as the receipt promises, and in the ledger.")
	return err
}
