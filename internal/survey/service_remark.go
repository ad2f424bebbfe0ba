package survey

import (
	"context"
	"errors"
	"fmt"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

// mixBatch is how many ballots' texts are mixed in one transaction.
const mixBatch = 500

// MixTexts takes the texts of counted rounds from under the keys of their ballots and gives each a random name of its own: no order, no
// key that a client knows and nothing that two texts of one ballot have in common is left. Phone and identity numbers are masked on the way.
func (s *Service) MixTexts(ctx context.Context, l job.Lease) (bool, error) {
	rounds, err := unmixed(ctx, s.DB, roundsPage)
	for _, round := range rounds {
		err = errors.Join(err, s.mix(ctx, l, round))
	}
	return len(rounds) == roundsPage && err == nil, err
}

func (s *Service) mix(ctx context.Context, l job.Lease, round id.ID) error {
	for done := false; !done; {
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) (err error) {
			if err := l.Check(ctx, tx); err != nil {
				return err
			}
			var list []Remark
			if list, done, err = takeTexts(ctx, tx, round, mixBatch); err != nil || len(list) == 0 {
				return err
			}
			for i := range list {
				list[i].Name, list[i].State, list[i].Content = ballot.NewHash(), RemarkWaiting, personal.Redact(list[i].Content)
			}
			return insertRemarks(ctx, tx, list)
		})
		if err != nil {
			return err
		}
		s.residue.Store(true)
	}
	return nil
}

// reviewer reads a counted round for who reviews remarks in it, with the service areas that are the reviewer's: places of the own area
// whose company the person has no post in.
func (s *Service) reviewer(ctx context.Context, p authz.Principal, round id.ID) (Round, authz.Actor, []id.ID, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return r, authz.Actor{}, nil, err
	}
	var actor authz.Actor
	var areas []id.ID
	var refused error
	for _, pr := range projects {
		who, err := authz.Act(p, authz.SurveyReview, r.object(pr))
		if err == nil {
			err = s.notRated(ctx, who.Person, pr)
		}
		if err != nil {
			if refused == nil || fault.Is(refused, "not_found") { // what is seen and not allowed says more
				refused = err
			}
			continue
		}
		actor, areas = who, append(areas, pr.ServiceAreaID)
	}
	switch {
	case len(areas) == 0:
		return r, actor, nil, refused
	case r.State != Closed && !r.State.Over():
		return r, actor, nil, fault.New(fault.Conflict, "survey.step_impossible", "state", string(r.State))
	}
	return r, actor, areas, nil
}

// Remarks lists the answers in words of a counted round for their reviewer, those in one state, in the order of their random names. Where
// fewer than the rule's least were given to a question in a service area, nobody reads any.
func (s *Service) Remarks(ctx context.Context, p authz.Principal, round id.ID, state RemarkState, req page.Request) (page.Page[Remark], error) {
	r, _, areas, err := s.reviewer(ctx, p, round)
	if err != nil {
		return page.Page[Remark]{}, err
	}
	law, err := rulesOf(ctx, s.DB, r)
	if err != nil {
		return page.Page[Remark]{}, err
	}
	after, err := afterName(req)
	if err != nil {
		return page.Page[Remark]{}, err
	}
	list, err := remarksIn(ctx, s.DB, round, areas, state, int64(law.Publication.K), after, req.Size()+1)
	if err != nil {
		return page.Page[Remark]{}, err
	}
	return page.Cut(list, req.Size(), func(m Remark) []string { return []string{m.Name.String()} }), nil
}

// afterName is the random name that a page begins after.
func afterName(req page.Request) (name ballot.Hash, err error) {
	parts, err := page.Decode(req.Cursor, 1)
	if err == nil && parts != nil && name.UnmarshalText([]byte(parts[0])) != nil {
		err = fault.InvalidField("query.cursor", "page.cursor")
	}
	return name, err
}

// ReviewRemarks releases and withholds remarks, all of a page or none. What is withheld can be released by another natural person; what is
// released can be withheld again. Faults: those of Remark.decide; not_found for one that the reviewer does not see.
func (s *Service) ReviewRemarks(ctx context.Context, p authz.Principal, once idem.Key, round id.ID, list []RemarkDecision) ([]Remark, error) {
	r, actor, areas, err := s.reviewer(ctx, p, round)
	if err != nil {
		return nil, err
	}
	law, err := rulesOf(ctx, s.DB, r)
	if err != nil {
		return nil, err
	}
	names := make([]ballot.Hash, len(list))
	for i, d := range list {
		names[i] = d.Name
	}
	read := func(q dbx.Querier) (map[ballot.Hash]Remark, error) {
		return remarksNamed(ctx, q, round, areas, int64(law.Publication.K), names)
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, round); err != nil || again {
			return err
		}
		before, err := read(tx)
		if err != nil {
			return err
		}
		return s.review(ctx, tx, r, actor, list, before)
	})
	if err != nil {
		return nil, err
	}
	now, err := read(s.DB)
	out := []Remark{}
	for _, name := range names {
		out = append(out, now[name])
	}
	return out, err
}

func (s *Service) review(ctx context.Context, tx *dbx.Tx, r Round, actor authz.Actor, list []RemarkDecision, before map[ballot.Hash]Remark) error {
	at, count := s.now(), map[RemarkState]int{}
	for i, d := range list {
		field := fmt.Sprintf("body.decisions[%d]", i)
		m, ok := before[d.Name]
		if !ok {
			return fault.New(fault.NotFound, "not_found")
		}
		m, err := m.decide(d, field, actor.Person)
		if err != nil {
			return err
		}
		m.ReviewedBy, m.ReviewedRole, m.ReviewedAt = actor.Person.Ptr(), string(actor.Role), &at
		err = reviewRemark(ctx, tx, m, d.From)
		if errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Stale, "version.stale")
		}
		if err != nil {
			return err
		}
		before[d.Name] = m // a second decision about it finds it as it is now
		count[m.State]++
	}
	return audit.Record(ctx, tx, at, audit.Entry{Actor: actor, Action: "survey.remarks_review", ObjectKind: "survey_round", ObjectID: r.ID, ScopePath: r.ScopePath,
		Detail: map[string]any{"released": count[RemarkReleased], "withheld": count[RemarkWithheld]}})
}

// PublicRemarks lists the released remarks of a published round, where at least as many were released to a question in a service area as
// the rule wants; of one service area, or of all for the zero id.
func (s *Service) PublicRemarks(ctx context.Context, round, area id.ID, req page.Request) (page.Page[PublicRemark], error) {
	none := page.Page[PublicRemark]{}
	r, law, err := s.publicTexts(ctx, round)
	if err != nil {
		return none, err
	}
	after, err := afterName(req)
	if err != nil {
		return none, err
	}
	list, err := releasedRemarks(ctx, s.DB, r.ID, area, law, after, req.Size()+1)
	if err != nil {
		return none, err
	}
	return page.Cut(list, req.Size(), func(m PublicRemark) []string { return []string{m.Name.String()} }), nil
}

// RemarkGroups counts the remarks of a published round: how many were given, and how many of them were released and withheld.
func (s *Service) RemarkGroups(ctx context.Context, round id.ID) ([]RemarkGroup, error) {
	r, least, err := s.publicTexts(ctx, round)
	if err != nil {
		return nil, err
	}
	return remarkGroups(ctx, s.DB, r.ID, least)
}

// publicTexts reads a published round and the least group of remarks that is shown.
func (s *Service) publicTexts(ctx context.Context, round id.ID) (Round, int64, error) {
	r, err := roundByID(ctx, s.DB, round)
	if err == nil && !r.State.Public() {
		err = fault.New(fault.NotFound, "survey.no_score")
	}
	if err != nil {
		return r, 0, err
	}
	law, err := rulesOf(ctx, s.DB, r)
	if err != nil {
		return r, 0, err
	}
	return r, int64(law.Publication.K), nil
}
