package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/rules"
)

// opened reads a round that everybody may see: from its opening on.
func (s *Service) openedRound(ctx context.Context, round id.ID) (Round, error) {
	r, err := roundByID(ctx, s.DB, round)
	if err == nil && r.OpenedAt == nil {
		err = fault.New(fault.NotFound, "not_found")
	}
	return r, err
}

// Paper is what a client needs to answer and cast. It is the same for everybody, logged in or not.
func (s *Service) Paper(ctx context.Context, round id.ID) (Paper, error) {
	r, err := s.openedRound(ctx, round)
	if err != nil {
		return Paper{}, err
	}
	f, err := formByID(ctx, s.DB, r.FormID)
	if err != nil {
		return Paper{}, err
	}
	q, err := f.Questionnaire()
	if err != nil {
		return Paper{}, err
	}
	names, err := s.dimensionNames(ctx, r, f.Template, q)
	if err != nil {
		return Paper{}, err
	}
	strata, err := strataOf(ctx, s.DB, round)
	out := Paper{ID: r.ID, Title: r.Title, State: r.State, OpensAt: r.OpensAt, ClosesAt: r.ClosesAt, Questionnaire: q, FormHash: f.Hash,
		Dimensions: names, ReceiptKey: ballotHash(r.ReceiptKey), Keys: []PaperKey{}}
	for _, st := range strata {
		out.Keys = append(out.Keys, PaperKey{st.Code(), st.Name, st.Sampled, st.PublicKey})
	}
	return out, err
}

// dimensionNames are the names of a questionnaire's dimensions in the rules that the round cites; one that they do not
// name is left out. The rules in force are in memory, and read anew only for rounds of others.
func (s *Service) dimensionNames(ctx context.Context, r Round, template string, q questionnaire.Questionnaire) ([]PaperDimension, error) {
	law := s.Rules.Surveys
	if r.RuleHash != s.Rules.Hash(rules.Surveys) {
		var err error
		if law, err = rulesOf(ctx, s.DB, r); err != nil {
			return nil, err
		}
	}
	t, err := law.Template(template)
	if err != nil {
		return nil, err
	}
	named := map[string]rules.Text{}
	for _, d := range t.Dimensions {
		named[d.Code] = d.Text
	}
	for _, a := range t.Apart {
		named[a.Code] = a.Text
	}
	out := []PaperDimension{}
	for _, code := range q.Dimensions() {
		if name, ok := named[code]; ok {
			out = append(out, PaperDimension{code, questionnaire.Text{Zh: name.Zh, En: name.En}})
		}
	}
	return out, nil
}

// Leaves lists what a round has in the ledger beside its responses.
func (s *Service) Leaves(ctx context.Context, round id.ID) ([]Leaf, error) {
	if _, err := s.openedRound(ctx, round); err != nil {
		return nil, err
	}
	return leavesOf(ctx, s.DB, round)
}

// SealedList is the list behind the seal of a day.
func (s *Service) SealedList(ctx context.Context, round id.ID, stratum string, day clock.Date) ([]ballot.Hash, error) {
	r, err := s.openedRound(ctx, round)
	if err != nil {
		return nil, err
	}
	strata, err := strataOf(ctx, s.DB, round)
	if err != nil {
		return nil, err
	}
	last, err := lastSeal(ctx, s.DB, round)
	if err != nil {
		return nil, err
	}
	for _, st := range strata {
		if st.Code() == stratum && day <= last && day >= clock.DateOf(r.OpenedAt.Time()) {
			return commitments(ctx, s.DB, r, st, day)
		}
	}
	return nil, fault.New(fault.NotFound, "not_found")
}

// Counted is a response's leaf.
type Counted struct {
	Entry string `json:"entry" doc:"The canonical text; its SHA-256 is the leaf"`
	Pos   int64  `json:"pos" doc:"Its place in the log of surveys"`
}

// Counted shows where a ballot stands in the ledger once the round is closed; before, nothing tells which were cast.
func (s *Service) Counted(ctx context.Context, round id.ID, token ballot.Hash) (Counted, error) {
	r, err := s.openedRound(ctx, round)
	if err != nil {
		return Counted{}, err
	}
	row, ok, err := responseOf(ctx, s.DB, round, token)
	if err != nil {
		return Counted{}, err
	}
	if !ok || row.First == nil || r.State == Closing {
		return Counted{}, fault.New(fault.NotFound, "not_found")
	}
	st, err := stratumByID(ctx, s.DB, row.StratumID)
	if err != nil {
		return Counted{}, err
	}
	key := ballotHash(st.KeyID)
	body, err := ballot.Encode(row.entry(key))
	if err != nil {
		return Counted{}, err
	}
	places, err := s.placesOf(ctx, []Response{row}, map[id.ID]ballot.Hash{row.StratumID: key})
	if err != nil {
		return Counted{}, err
	}
	return Counted{string(body), places[0]}, nil
}
