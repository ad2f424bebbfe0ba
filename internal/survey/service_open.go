package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
)

// Pledge records a party's commitment for the draw of a sample: that of score.Commit to 32 random bytes, which it keeps to
// itself until the roll is frozen. The street, the owners' side and the company each put one in, so that nobody can choose who is
// drawn. Who ended the last draw by keeping its secret has no part in this one. Faults: survey.no_draw, survey.pledged_already,
// survey.withheld_before.
func (s *Service) Pledge(ctx context.Context, p authz.Principal, round id.ID, t Taken, commitment ballot.Hash) (Round, error) {
	r, actor, err := s.party(ctx, p, round)
	if err != nil {
		return Round{}, err
	}
	if barred, err := withheldBefore(ctx, s.DB, actor.Org, round); err != nil || barred {
		return Round{}, fault.Or(err, fault.New(fault.Conflict, "survey.withheld_before"))
	}
	return s.take(ctx, t, actor, r, StepPledge, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		m.detail["commitment"] = commitment
		err := insertPledge(ctx, tx, Pledge{RoundID: round, OrgID: actor.Org, Commitment: commitment, PersonID: actor.Person, Role: string(actor.Role), CommittedAt: m.at})
		if dbx.IsDuplicate(err) {
			return fault.New(fault.Conflict, "survey.pledged_already")
		}
		return err
	})
}

// Reveal shows what a party had committed to. Faults: survey.not_pledged_by, survey.revealed_other.
func (s *Service) Reveal(ctx context.Context, p authz.Principal, round id.ID, t Taken, value ballot.Hash) (Round, error) {
	r, actor, err := s.party(ctx, p, round)
	if err != nil {
		return Round{}, err
	}
	pledges, err := pledgesOf(ctx, s.DB, round)
	if err != nil {
		return Round{}, err
	}
	at := slices.IndexFunc(pledges, func(x Pledge) bool { return x.OrgID == actor.Org })
	if at < 0 {
		return Round{}, fault.New(fault.Conflict, "survey.not_pledged_by")
	}
	if score.Commit(round.String(), actor.Org.String(), value[:]) != pledges[at].Commitment {
		return Round{}, fault.InvalidField("body.value", "survey.revealed_other")
	}
	return s.take(ctx, t, actor, r, StepReveal, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		m.detail["value"] = value
		mine := pledges[at]
		mine.Value, mine.RevealedAt = &value, &m.at
		err := revealPledge(ctx, tx, mine)
		if errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Conflict, "survey.revealed_already")
		}
		return err
	})
}

// party reads a sample round for one of the parties to its draw.
func (s *Service) party(ctx context.Context, p authz.Principal, round id.ID) (Round, authz.Actor, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return r, authz.Actor{}, err
	}
	var actor authz.Actor
	for _, pr := range projects {
		if actor, err = authz.Act(p, authz.SurveyPledge, r.object(pr)); err == nil {
			break
		}
	}
	if err == nil && r.Method != Sample {
		err = fault.New(fault.Conflict, "survey.no_draw")
	}
	return r, actor, err
}

// Pledges lists what the parties have put in for the draw.
func (s *Service) Pledges(ctx context.Context, p authz.Principal, round id.ID) ([]Pledge, error) {
	if _, _, err := s.round(ctx, p, round); err != nil {
		return nil, err
	}
	return pledgesOf(ctx, s.DB, round)
}

// pledged wants the street's pledge and that of everybody else concerned. Who has not pledged within the rule's days is
// passed over, as long as two parties did; who withheld a secret before is not waited for.
func pledged(ctx context.Context, tx *dbx.Tx, m *move, law *rules.SurveyRules, projects []Project) error {
	if m.now.Method != Sample {
		return nil
	}
	list, err := pledgesOf(ctx, tx, m.now.ID)
	if err != nil {
		return err
	}
	barred := map[id.ID]bool{}
	for _, pr := range projects {
		for _, org := range []*id.ID{pr.CompanyID, pr.OwnersID} {
			if org == nil {
				continue
			}
			if barred[*org], err = withheldBefore(ctx, tx, *org, m.now.ID); err != nil {
				return err
			}
		}
	}
	by := func(org *id.ID) bool {
		return org == nil || barred[*org] || slices.ContainsFunc(list, func(p Pledge) bool { return p.OrgID == *org })
	}
	ok := slices.ContainsFunc(list, func(p Pledge) bool { return p.Role == string(authz.RoleStreetOffice) })
	for _, pr := range projects {
		ok = ok && by(pr.CompanyID) && by(pr.OwnersID)
	}
	for _, kept := range barred {
		ok = ok && (!kept || len(list) >= 2)
	}
	waited := m.at.Sub(m.now.CreatedAt) >= days(law.Sampling.PledgeDays)
	if !ok && (!waited || len(list) < 2) {
		return fault.New(fault.Conflict, "survey.not_pledged", "days", law.Sampling.PledgeDays)
	}
	until := m.at.Add(days(law.Sampling.RevealDays))
	m.next.RevealUntil = &until
	return nil
}

// OpenDue opens the frozen rounds whose day has come. A sample waits until every pledge is revealed. A party that does not
// reveal in time ends the round: going on without its secret would let the last to reveal choose between two samples.
func (s *Service) OpenDue(ctx context.Context, l job.Lease) (bool, error) {
	return false, s.each(ctx, Frozen, "opens_at", s.now(), func(r Round) error {
		pledges, err := pledgesOf(ctx, s.DB, r.ID)
		if err != nil {
			return err
		}
		missing := hidden(pledges)
		switch {
		case len(missing) == 0 && s.now() < r.ClosesAt:
			return s.open(ctx, l, r, pledges)
		case len(missing) == 0 || s.now() > *r.RevealUntil:
			return s.automatic(ctx, l, r, StepCancel, func(_ context.Context, _ *dbx.Tx, m *move) error {
				m.detail["notRevealed"] = orgsOf(missing)
				return nil
			})
		}
		return nil
	})
}

// hidden are the pledges that are not shown yet.
func hidden(pledges []Pledge) []Pledge {
	return slices.DeleteFunc(slices.Clone(pledges), func(p Pledge) bool { return p.Value != nil })
}

func orgsOf(list []Pledge) []id.ID {
	out := []id.ID{}
	for _, p := range list {
		out = append(out, p.OrgID)
	}
	return out
}

// open draws the sample and makes the keys: these outside of the transaction, which may be run again.
func (s *Service) open(ctx context.Context, l job.Lease, r Round, pledges []Pledge) error {
	strata, err := strataOf(ctx, s.DB, r.ID)
	if err != nil {
		return err
	}
	if err := s.makeKeys(strata); err != nil {
		return err
	}
	form, err := formByID(ctx, s.DB, r.FormID)
	if err != nil {
		return err
	}
	return s.automatic(ctx, l, r, StepOpen, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		key := ballot.ReceiptKeyFrom(s.Keys.Receipts(r.ID)).Public()
		m.next.ReceiptKey, m.next.OpenedAt = key[:], &m.at
		if err := s.drawSample(ctx, tx, m, strata, pledges); err != nil {
			return err
		}
		for _, st := range strata {
			if err := equip(ctx, tx, st); err != nil {
				return err
			}
		}
		return addLeaf(ctx, tx, m.next.ID, m.at, opened(m.next, form, strata, pledges))
	})
}

// makeKeys gives each stratum a signing key, sealed for its row.
func (s *Service) makeKeys(strata []Stratum) error {
	for i := range strata {
		key, err := s.NewKey(ballot.DefaultBits)
		if err != nil {
			return err
		}
		der, err := key.DER()
		if err != nil {
			return err
		}
		name := key.Public().ID()
		strata[i].KeyID, strata[i].PublicKey = name[:], key.Public().SPKI()
		strata[i].KeySealed, err = s.Keys.Seal(strata[i].ID, der)
		clear(der)
		key.Destroy()
		if err != nil {
			return err
		}
	}
	return nil
}

// drawSample marks the dwellings that are asked: all of them in a census. In a sample each service area gets as many as its
// margin needs at the response that is expected, its strata in proportion.
func (s *Service) drawSample(ctx context.Context, tx *dbx.Tx, m *move, strata []Stratum, pledges []Pledge) error {
	if m.now.Method == Sample {
		seed, err := seedOf(m.now, pledges)
		if err != nil {
			return err
		}
		m.next.Seed = seed[:]
	}
	size, err := sizes(m.now, strata)
	if err != nil {
		return err
	}
	per := map[id.ID]int64{}
	for i := range strata {
		strata[i].Sampled = size[i]
		per[strata[i].ServiceAreaID] += size[i]
		if err := mark(ctx, tx, m.next, strata[i]); err != nil {
			return err
		}
	}
	projects, err := projectsOf(ctx, tx, m.now.ID)
	for _, pr := range projects {
		pr.Sampled = per[pr.ServiceAreaID]
		err = errors.Join(err, sampleProject(ctx, tx, pr))
	}
	return err
}

// seedOf is the seed of the draw: of every party's secret, in the order of the organisations' ids, and of the frozen roll.
func seedOf(r Round, pledges []Pledge) (score.Hash, error) {
	openings := make([]score.Opening, len(pledges))
	for i, p := range pledges {
		openings[i] = score.Opening{Party: p.OrgID.String(), Commitment: p.Commitment, Secret: p.Value[:]}
	}
	return score.Seed(r.ID.String(), ballotHash(r.RollHash), openings)
}

// sizes is how many dwellings of each stratum are asked.
func sizes(r Round, strata []Stratum) ([]int64, error) {
	out, areas := make([]int64, len(strata)), map[id.ID][]int{}
	for i, st := range strata {
		out[i] = st.Dwellings
		areas[st.ServiceAreaID] = append(areas[st.ServiceAreaID], i)
	}
	if r.Method == Census {
		return out, nil
	}
	for _, at := range areas {
		var dwellings []int64
		for _, i := range at {
			dwellings = append(dwellings, strata[i].Dwellings)
		}
		size, err := score.Draws(dwellings, *r.Margin, *r.Response)
		if err != nil {
			return nil, err
		}
		for k, n := range size {
			out[at[k]] = n
		}
	}
	return out, nil
}

// mark writes which dwellings of a stratum are asked. The draw is over the published lines of the roll, so that anybody can
// draw again.
func mark(ctx context.Context, tx *dbx.Tx, r Round, st Stratum) error {
	roll, err := rollOf(ctx, tx, r.ID, st.ID)
	if err != nil {
		return err
	}
	keys, ids := make([]string, len(roll)), make([]id.ID, 0, len(roll))
	no := map[id.ID]int64{st.ID: st.No}
	for i, d := range roll {
		keys[i] = d.line(no).String()
	}
	chosen, err := score.Sample(ballotHash(r.Seed), keys, int(st.Sampled))
	if err != nil {
		return err
	}
	for _, i := range chosen {
		ids = append(ids, roll[i].ID)
	}
	return markSampled(ctx, tx, ids)
}

// addLeaf puts an entry into the queue of the log of surveys.
func addLeaf(ctx context.Context, tx *dbx.Tx, round id.ID, at clock.Instant, e ballot.Entry) error {
	return addLeaves(ctx, tx, round, at, []ballot.Entry{e})
}

// addLeaves puts entries into the queue of the log of surveys, one behind the other.
func addLeaves(ctx context.Context, tx *dbx.Tx, round id.ID, at clock.Instant, list []ballot.Entry) error {
	no, err := nextLeaf(ctx, tx, round)
	if err != nil {
		return err
	}
	leaves := make([]Leaf, len(list))
	for i, e := range list {
		body, err := ballot.Encode(e)
		if err != nil {
			return err
		}
		leaves[i] = Leaf{ID: id.New(), RoundID: round, No: no + int64(i), Kind: ballot.KindOf(e), Body: string(body), Hash: ballot.Leaf(body), MadeAt: at}
	}
	return insertLeaves(ctx, tx, leaves)
}

// opened is the leaf that opens a round: from it on nothing of what it names can change.
func opened(r Round, form Form, strata []Stratum, pledges []Pledge) ballot.RoundOpened {
	e := ballot.RoundOpened{Round: r.ID, Questionnaire: form.Hash, Rules: ballot.Hash(r.RuleHash), Roll: ballotHash(r.RollHash),
		OpensOn: clock.DateOf(r.OpensAt.Time()), ClosesOn: clock.DateOf(r.ClosesAt.Time()), ReceiptKey: ballotHash(r.ReceiptKey)}
	for _, st := range strata {
		e.Keys = append(e.Keys, ballot.StratumKey{Stratum: st.Code(), Key: ballotHash(st.KeyID), Dwellings: int(st.Sampled)})
		e.Dwellings += int(st.Sampled)
	}
	for _, p := range pledges {
		e.Pledges = append(e.Pledges, *p.Value)
	}
	return e
}

// Code names the stratum in leaves and in the bundle.
func (s Stratum) Code() string { return fmt.Sprintf("s%04d", s.No) }
