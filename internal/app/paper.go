package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/ballotclient"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// PaperDesk is who works with paper envelopes from the command line, and for which round.
type PaperDesk struct {
	Server, LedgerKey, Login, Password, Round string
}

// open logs in and names the round.
func (d PaperDesk) open(ctx context.Context) (*ballotclient.Client, id.ID, error) {
	round, err := id.Parse(d.Round)
	if err != nil {
		return nil, round, fmt.Errorf("--round: %w", err)
	}
	client, err := d.client(ctx)
	return client, round, err
}

func (d PaperDesk) client(ctx context.Context) (*ballotclient.Client, error) {
	if d.LedgerKey == "" {
		return nil, errors.New("the ledger's verifier key is needed, from a printed copy")
	}
	client, err := ballotclient.New(d.Server, d.LedgerKey)
	if err != nil {
		return nil, err
	}
	return client, client.LogIn(ctx, d.Login, d.Password)
}

// OrderLot orders a lot of paper envelopes into a folder, which is then carried to the machine that prints.
func OrderLot(ctx context.Context, d PaperDesk, dir, stratum string, size int, out io.Writer) error {
	client, round, err := d.open(ctx)
	if err != nil {
		return err
	}
	o, err := client.OrderLot(ctx, dir, round, stratum, size)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Lot %s of %d envelopes for stratum %s is ordered. Carry the folder to the machine that prints, and blind it there.\n", o.Lot, o.Size, o.Stratum)
	return err
}

// BlindLot makes and blinds the ballots of a lot, on the machine that prints.
func BlindLot(dir, ledgerKey string, out io.Writer) error {
	if err := ballotclient.BlindLot(dir, ledgerKey); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "Blinded. Carry %s to a machine with a network, and never %s.\n", ballotclient.BlindedFile, ballotclient.BatchFile)
	return err
}

// SignLot has the blinded ballots of a lot signed.
func SignLot(ctx context.Context, d PaperDesk, dir string, out io.Writer) error {
	client, err := d.client(ctx)
	if err == nil {
		err = client.SignLot(ctx, dir)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Signed. Carry %s to the machine that prints.\n", ballotclient.SignaturesFile)
	return err
}

// FinishLot makes the page to print and the manifest, on the machine that prints.
func FinishLot(dir string, out io.Writer) error {
	n, err := ballotclient.FinishLot(dir)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d sheets, shuffled. Print %s here, seal the sheets, and delete it; carry %s to a machine with a network.\n", n, ballotclient.SheetsFile, ballotclient.ManifestFile)
	return err
}

// RegisterLot registers the finished ballots of a lot.
func RegisterLot(ctx context.Context, d PaperDesk, dir string, out io.Writer) error {
	client, err := d.client(ctx)
	if err == nil {
		err = client.RegisterLot(ctx, dir)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "Registered. The envelopes may be handed out.")
	return err
}

// TakeEnvelope records that a dwelling took an envelope of a lot. The file at pending is there while the server's answer is not known; the same command
// then succeeds as the first one would have.
func TakeEnvelope(ctx context.Context, d PaperDesk, lot, unit, pending string, out io.Writer) error {
	client, round, err := d.open(ctx)
	if err != nil {
		return err
	}
	home, err := id.Parse(unit)
	if err != nil {
		return fmt.Errorf("--unit: %w", err)
	}
	which, err := client.Lot(ctx, round, lot)
	if err != nil {
		return err
	}
	if err := client.TakeEnvelopeOnce(ctx, pending, round, which, home); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "Recorded that the dwelling has drawn. Nothing records which envelope it took.")
	return err
}

// EnterSheet keys in a returned sheet with the answers in a file. The second person's entry prints the receipt.
func EnterSheet(ctx context.Context, d PaperDesk, code, answersFile string, out io.Writer) error {
	client, round, err := d.open(ctx)
	if err != nil {
		return err
	}
	sheet, err := ballot.ParseSheetCode(code)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(answersFile)
	if err != nil {
		return err
	}
	answers, err := questionnaire.ParseAnswers(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", answersFile, err)
	}
	receipt, err := client.EnterSheet(ctx, round, sheet, answers)
	if err != nil {
		return err
	}
	if receipt == nil {
		_, err = fmt.Fprintln(out, "Kept. A second person keys the sheet in without seeing this.")
		return err
	}
	_, err = fmt.Fprintf(out, "Both agree: it counts. Keep this receipt with the sheet:\n%s\n", receipt)
	return err
}

// VoidSheets makes envelopes void that came back unused or spoilt.
func VoidSheets(ctx context.Context, d PaperDesk, lot, fate string, replaced bool, codes []string, out io.Writer) error {
	client, round, err := d.open(ctx)
	if err != nil {
		return err
	}
	sheets := make([]ballot.SheetCode, len(codes))
	for i, code := range codes {
		if sheets[i], err = ballot.ParseSheetCode(code); err != nil {
			return fmt.Errorf("%s: %w", code, err)
		}
	}
	which, err := client.Lot(ctx, round, lot)
	if err != nil {
		return err
	}
	n, err := client.VoidSheets(ctx, round, which, sheets, fate, replaced)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d envelopes are void now. The ledger names them when the round closes.\n", n)
	return err
}

// AppointInterviewer makes a person with a post in an organisation an interviewer of the round.
func AppointInterviewer(ctx context.Context, d PaperDesk, person, org string, out io.Writer) error {
	client, round, err := d.open(ctx)
	if err != nil {
		return err
	}
	who, err := id.Parse(person)
	if err != nil {
		return fmt.Errorf("--person: %w", err)
	}
	where, err := id.Parse(org)
	if err != nil {
		return fmt.Errorf("--org: %w", err)
	}
	i, err := client.AppointInterviewer(ctx, round, who, where)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Interviewer %s of the round.\n", ballot.InterviewerCode(i.Number))
	return err
}

// DismissInterviewer ends an interviewer's work in the round.
func DismissInterviewer(ctx context.Context, d PaperDesk, number int64, out io.Writer) error {
	client, round, err := d.open(ctx)
	if err == nil {
		err = client.DismissInterviewer(ctx, round, number)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "The badge is worth nothing any more; what was cast with it stays.")
	return err
}

// RecordAgreement records that a dwelling without a log-in has agreed to answer with an interviewer, or takes that back.
func RecordAgreement(ctx context.Context, d PaperDesk, unit string, withdraw bool, out io.Writer) error {
	client, round, err := d.open(ctx)
	if err != nil {
		return err
	}
	home, err := id.Parse(unit)
	if err != nil {
		return fmt.Errorf("--unit: %w", err)
	}
	record, done := client.RecordAgreement, "Recorded. The record is gone once the ballot is drawn."
	if withdraw {
		record, done = client.WithdrawAgreement, "Taken back."
	}
	if err := record(ctx, round, home); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, done)
	return err
}

// AssistBallot marks what is cast from an envelope with the number of the interviewer who logs in: its ballot was drawn by a member of the
// household, on the interviewer's device.
func AssistBallot(ctx context.Context, path, login, password string, out io.Writer) error {
	envelope, client, err := openedEnvelope(path)
	if err != nil {
		return err
	}
	if err := client.LogIn(ctx, login, password); err != nil {
		return err
	}
	if err := envelope.Assist(ctx, client); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "What is cast from it is marked as answered with your help.")
	return err
}
