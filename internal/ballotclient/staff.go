package ballotclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// TakeEnvelope records that a dwelling took an envelope of a lot. slip is random; the same again after a lost answer.
func (c *Client) TakeEnvelope(ctx context.Context, round, lot, unit id.ID, slip ballot.Hash) error {
	return call(ctx, c.named, http.MethodPost, c.lots(round)+"/"+lot.String()+"/taken", map[string]any{"unitId": unit, "slip": slip}, nil)
}

// taking is an envelope whose handing out the server has not confirmed yet.
type taking struct {
	Round id.ID       `json:"round"`
	Lot   id.ID       `json:"lot"`
	Unit  id.ID       `json:"unit"`
	Slip  ballot.Hash `json:"slip"`
}

// TakeEnvelopeOnce is TakeEnvelope with a slip that is kept in a file from before it is sent until the server's answer is known, and no longer: the
// same call after a lost answer, or in another process after a crash, takes no second envelope, and no list of dwellings with paper comes about. While
// the file waits for another dwelling's answer it refuses.
func (c *Client) TakeEnvelopeOnce(ctx context.Context, path string, round, lot, unit id.ID) error {
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	t, err := readJSON[taking](dir, name)
	if errors.Is(err, os.ErrNotExist) {
		t = taking{round, lot, unit, ballot.NewHash()}
		err = writeJSON(dir, name, t)
	}
	if err != nil {
		return err
	}
	if t.Round != round || t.Lot != lot || t.Unit != unit {
		return fmt.Errorf("%s waits for the answer to unit %s: repeat that one first", path, t.Unit)
	}
	err = c.TakeEnvelope(ctx, round, lot, unit, t.Slip)
	var refused *Problem
	if err == nil || (errors.As(err, &refused) && refused.Status < http.StatusInternalServerError) {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// Lot finds a lot of a round by the code that is printed on its sheets.
func (c *Client) Lot(ctx context.Context, round id.ID, code string) (id.ID, error) {
	var list struct {
		Items []struct {
			ID  id.ID  `json:"id"`
			Lot string `json:"lot"`
		} `json:"items"`
	}
	if err := call(ctx, c.named, http.MethodGet, c.lots(round), nil, &list); err != nil {
		return id.Nil, err
	}
	for _, l := range list.Items {
		if l.Lot == code {
			return l.ID, nil
		}
	}
	return id.Nil, errors.New("there is no lot " + code + " that you work with")
}

// EnterSheet keys in a returned sheet. Of its code the server is sent what proves the right to cast it once, and no more. The receipt is nil
// until a second person has keyed in the same; whoever keys it in once more after a lost answer gets the same receipt.
func (c *Client) EnterSheet(ctx context.Context, round id.ID, code ballot.SheetCode, answers questionnaire.Answers) (*ballot.Receipt, error) {
	opening, err := code.Secret(round).Opening(1)
	if err != nil {
		return nil, err
	}
	paper, err := c.Paper(ctx, round)
	if err != nil {
		return nil, err
	}
	salt, textSalt := code.Salts(round)
	in := map[string]any{"opening": opening, "answers": answers, "salt": salt, "textSalt": textSalt, "textKey": ballot.NewHash()}
	var out struct {
		Receipt *ballot.Receipt `json:"receipt"`
	}
	if err := call(ctx, c.named, http.MethodPost, c.base+"/survey-rounds/"+round.String()+"/paper-responses", in, &out); err != nil || out.Receipt == nil {
		return nil, err
	}
	if out.Receipt.Token != code.Secret(round).Token().Hash(round) {
		return nil, errors.New("the receipt is of another sheet")
	}
	return out.Receipt, out.Receipt.Verify(paper.ReceiptKey)
}

// VoidSheets makes envelopes void that came back unused or spoilt, and tells how many became void now.
func (c *Client) VoidSheets(ctx context.Context, round, lot id.ID, codes []ballot.SheetCode, fate string, replaced bool) (int, error) {
	openings := make([]ballot.Hash, len(codes))
	for i, code := range codes {
		var err error
		if openings[i], err = code.Secret(round).Opening(1); err != nil {
			return 0, err
		}
	}
	var out struct {
		Void int `json:"void"`
	}
	in := map[string]any{"openings": openings, "fate": fate, "replaced": replaced}
	err := call(ctx, c.named, http.MethodPost, c.lots(round)+"/"+lot.String()+"/void", in, &out)
	return out.Void, err
}

// Interviewer is somebody who helps households of a round to answer.
type Interviewer struct {
	Number int64 `json:"number"`
	Person id.ID `json:"personId"`
}

func (c *Client) interviewers(round id.ID) string {
	return c.base + "/survey-rounds/" + round.String() + "/interviewers"
}

// AppointInterviewer makes a person with a post in an organisation an interviewer of a round. One who is one already, as after a lost answer, stays
// the same one.
func (c *Client) AppointInterviewer(ctx context.Context, round, person, org id.ID) (i Interviewer, err error) {
	err = call(ctx, c.named, http.MethodPost, c.interviewers(round), map[string]any{"personId": person, "organisationId": org}, &i)
	var refused *Problem
	if !errors.As(err, &refused) || refused.Code != "survey.interviewer_already" {
		return i, err
	}
	var list struct {
		Items []Interviewer `json:"items"`
	}
	if again := call(ctx, c.named, http.MethodGet, c.interviewers(round), nil, &list); again != nil {
		return i, again
	}
	if at := slices.IndexFunc(list.Items, func(i Interviewer) bool { return i.Person == person }); at >= 0 {
		return list.Items[at], nil
	}
	return i, err
}

// DismissInterviewer ends an interviewer's work; twice is as once.
func (c *Client) DismissInterviewer(ctx context.Context, round id.ID, number int64) error {
	return call(ctx, c.named, http.MethodPost, c.interviewers(round)+"/"+strconv.FormatInt(number, 10)+"/dismiss", nil, nil)
}

func (c *Client) agreement(round, unit id.ID) string {
	return c.base + "/survey-rounds/" + round.String() + "/agreements/" + unit.String()
}

// RecordAgreement records that a dwelling has agreed to answer with an interviewer; twice is as once.
func (c *Client) RecordAgreement(ctx context.Context, round, unit id.ID) error {
	return call(ctx, c.named, http.MethodPut, c.agreement(round, unit), nil, nil)
}

// WithdrawAgreement takes back what a dwelling agreed to; twice is as once.
func (c *Client) WithdrawAgreement(ctx context.Context, round, unit id.ID) error {
	return call(ctx, c.named, http.MethodDelete, c.agreement(round, unit), nil, nil)
}

// Badge is the badge of the one who is logged in, an interviewer of the round.
func (c *Client) Badge(ctx context.Context, round id.ID) (string, error) {
	var out struct {
		Badge string `json:"badge"`
	}
	err := call(ctx, c.named, http.MethodGet, c.base+"/survey-rounds/"+round.String()+"/badge", nil, &out)
	return out.Badge, err
}

// DrawAssisted draws, on the device of an interviewer who is logged in, the ballot of the envelope's dwelling, which has no log-in and has agreed.
// What is cast with it is marked with the interviewer's number.
func (e *Envelope) DrawAssisted(ctx context.Context, c *Client) error {
	if e.Ballot != nil {
		return nil
	}
	badge, err := c.Badge(ctx, e.Round)
	if err != nil {
		return err
	}
	at := c.base + "/survey-rounds/" + e.Round.String() + "/agreements"
	if e.Pending == nil {
		stratum, err := c.visit(ctx, at, e.Unit)
		if err != nil {
			return err
		}
		e.Badge = badge
		if _, err := e.blind(ctx, c, stratum); err != nil {
			return err
		}
	}
	pending, err := ballot.ParsePending(e.Pending)
	if err != nil {
		return err
	}
	return e.signed(ctx, c, pending, at+"/"+e.Unit.String()+"/ballot")
}

// visit finds the stratum of a dwelling that waits for an interviewer.
func (c *Client) visit(ctx context.Context, at string, unit id.ID) (string, error) {
	var list struct {
		Items []struct {
			Unit    id.ID  `json:"unitId"`
			Stratum string `json:"stratum"`
		} `json:"items"`
	}
	if err := call(ctx, c.named, http.MethodGet, at, nil, &list); err != nil {
		return "", err
	}
	for _, v := range list.Items {
		if v.Unit == unit {
			return v.Stratum, nil
		}
	}
	return "", errors.New("the community has not recorded that this dwelling agreed")
}

// Assist marks what is cast from an envelope, whose ballot a member of the household has drawn on the interviewer's device, with the interviewer's
// number.
func (e *Envelope) Assist(ctx context.Context, c *Client) (err error) {
	if e.Badge, err = c.Badge(ctx, e.Round); err != nil {
		return err
	}
	return e.save()
}

// signed has a pending ballot signed and keeps what comes of it.
func (e *Envelope) signed(ctx context.Context, c *Client, pending *ballot.Pending, at string) error {
	var out struct {
		BlindSignature []byte `json:"blindSignature"`
	}
	in := map[string]any{"keyId": pending.Key(), "blinded": pending.Blinded()}
	if err := call(ctx, c.named, http.MethodPost, at, in, &out); err != nil {
		return err
	}
	kept, err := pending.Finish(out.BlindSignature)
	if err != nil {
		return err
	}
	e.Ballot, e.Pending = &kept, json.RawMessage(nil)
	return e.save()
}
