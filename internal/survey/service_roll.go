package survey

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// Preview is the roll of a service area as it would freeze now, for the community to reconcile.
type Preview struct {
	Homes     int    `json:"homes" doc:"Residential units in use that were handed over"`
	OnRoll    int    `json:"onRoll"`
	LeftOut   int    `json:"leftOut" doc:"Their only known adults hold posts in the rated company"`
	Tenants   int    `json:"tenants" doc:"Let: whoever rents answers"`
	Empty     int    `json:"empty" doc:"Standing empty: the owner answers"`
	NoAccount int    `json:"noAccount" doc:"Nobody there has an account yet: paper or an interviewer reaches them"`
	Lines     []Line `json:"lines"`
}

// Line is a dwelling as the community checks it: its place, never a name.
type Line struct {
	UnitID  id.ID   `json:"unitId"`
	Label   string  `json:"label"`
	Elector Elector `json:"elector" enum:"tenant,household,owner"`
	LeftOut string  `json:"leftOut,omitempty"`
	Account bool    `json:"account" doc:"Somebody there has an account"`
}

// PreviewRoll shows the roll of a service area of a draft. Only the community that reconciles it sees it.
func (s *Service) PreviewRoll(ctx context.Context, p authz.Principal, round, serviceArea id.ID) (Preview, error) {
	_, pr, _, err := s.place(ctx, p, round, serviceArea, authz.SurveyRoll)
	if err != nil {
		return Preview{}, err
	}
	homes, roll, known, err := s.enumerate(ctx, s.DB, round, pr)
	if err != nil {
		return Preview{}, err
	}
	out := Preview{Homes: len(homes), Lines: make([]Line, len(roll))}
	for i, d := range roll {
		out.Lines[i] = Line{UnitID: d.UnitID, Label: d.Label, Elector: d.Elector, LeftOut: d.LeftOut, Account: known[i]}
		out.count(d, known[i])
	}
	return out, nil
}

func (v *Preview) count(d Dwelling, known bool) {
	if d.LeftOut != "" {
		v.LeftOut++
		return
	}
	v.OnRoll++
	if !known {
		v.NoAccount++
	}
	switch d.Elector {
	case ByTenant:
		v.Tenants++
	case ByOwner:
		v.Empty++
	}
}

// Reconcile records that the community has compared the roll with who lives there. What is wrong is corrected in the
// register first.
func (s *Service) Reconcile(ctx context.Context, p authz.Principal, round, serviceArea id.ID, t Taken) (Round, error) {
	r, pr, actor, err := s.place(ctx, p, round, serviceArea, authz.SurveyRoll)
	if err != nil {
		return Round{}, err
	}
	if err := s.notRated(ctx, actor.Person, pr); err != nil {
		return Round{}, err
	}
	return s.take(ctx, t, actor, r, StepRoll, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		pr.ReconciledAt, pr.ReconciledBy, pr.ReconciledRole = &m.at, actor.Person.Ptr(), string(actor.Role)
		m.detail["serviceArea"] = serviceArea
		return reconcileProject(ctx, tx, pr)
	})
}

// place finds a service area of a round for a permission that is about that place.
func (s *Service) place(ctx context.Context, p authz.Principal, round, serviceArea id.ID, perm authz.Permission) (Round, Project, authz.Actor, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return r, Project{}, authz.Actor{}, err
	}
	for _, pr := range projects {
		if pr.ServiceAreaID == serviceArea {
			actor, err := authz.Act(p, perm, authz.Object{Path: pr.ScopePath})
			return r, pr, actor, err
		}
	}
	return r, Project{}, authz.Actor{}, fault.New(fault.NotFound, "not_found")
}

// enumerate makes the lines of a service area as the register and the households are now. known tells of each line
// whether somebody there has an account.
func (s *Service) enumerate(ctx context.Context, q dbx.Querier, round id.ID, pr Project) ([]Home, []Dwelling, []bool, error) {
	homes, err := s.Places.Homes(ctx, q, pr.ServiceAreaID)
	if err != nil {
		return nil, nil, nil, err
	}
	residents, err := s.Residents.Present(ctx, q, pr.ScopePath, s.now())
	if err != nil {
		return nil, nil, nil, err
	}
	staff, err := s.staffOf(ctx, q, pr)
	if err != nil {
		return nil, nil, nil, err
	}
	in := map[id.ID][]Resident{}
	for _, r := range residents {
		in[r.Household] = append(in[r.Household], r)
	}
	roll, known := make([]Dwelling, len(homes)), make([]bool, len(homes))
	for i, h := range homes {
		var there []Resident
		if !h.Household.IsZero() {
			there = in[h.Household]
		}
		roll[i], known[i] = dwelling(round, pr.ServiceAreaID, h, there, staff), len(there) > 0
	}
	return homes, roll, known, nil
}

// staffOf are the persons with a post in the rated company now.
func (s *Service) staffOf(ctx context.Context, q dbx.Querier, pr Project) (map[id.ID]bool, error) {
	out := map[id.ID]bool{}
	if pr.CompanyID == nil {
		return out, nil
	}
	persons, err := s.Posts.Staff(ctx, q, *pr.CompanyID, s.now())
	for _, person := range persons {
		out[person] = true
	}
	return out, err
}

// Freeze fixes the roll: from here on a change of the register changes nothing in this round. Faults:
// survey.not_reconciled, survey.too_small, survey.not_pledged, survey.too_late.
func (s *Service) Freeze(ctx context.Context, p authz.Principal, round id.ID, t Taken) (Round, error) {
	r, actor, projects, err := s.own(ctx, p, round)
	if err != nil {
		return Round{}, err
	}
	for _, pr := range projects {
		if pr.ReconciledAt == nil {
			return Round{}, fault.New(fault.Conflict, "survey.not_reconciled", "serviceArea", pr.Name)
		}
	}
	return s.take(ctx, t, actor, r, StepFreeze, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		return s.freeze(ctx, tx, m)
	})
}

func (s *Service) freeze(ctx context.Context, tx *dbx.Tx, m *move) error {
	projects, err := projectsOf(ctx, tx, m.now.ID)
	if err != nil {
		return err
	}
	law, err := rulesOf(ctx, tx, m.now)
	if err != nil {
		return err
	}
	if err := pledged(ctx, tx, m, law, projects); err != nil {
		return err
	}
	if err := longEnough(m, law.MinDays); err != nil {
		return err
	}
	var roll []Dwelling
	var strata []Stratum
	for _, pr := range projects {
		part, groups, err := s.freezeProject(ctx, tx, m.now.ID, pr, law)
		if err != nil {
			return err
		}
		roll, strata = append(roll, part...), append(strata, groups...)
	}
	number(strata)
	if err := errors.Join(insertStrata(ctx, tx, strata), insertRoll(ctx, tx, roll)); err != nil {
		return err
	}
	hash, err := rollHash(m.now.ID, roll, strata)
	if err != nil {
		return err
	}
	m.next.RollHash, m.next.FrozenAt = hash[:], &m.at
	m.detail["roll"], m.detail["dwellings"] = hash, len(roll)
	return nil
}

// longEnough wants the least time between the opening, which waits for the roll and for the secrets of a draw, and the end.
func longEnough(m *move, least int) error {
	opens := max(m.now.OpensAt, m.at)
	if m.next.RevealUntil != nil {
		opens = max(opens, *m.next.RevealUntil)
	}
	if m.now.ClosesAt.Sub(opens) < days(least) {
		return fault.New(fault.Conflict, "survey.too_late", "least", least)
	}
	return nil
}

// freezeProject makes the lines and strata of a service area, with who is rated now.
func (s *Service) freezeProject(ctx context.Context, tx *dbx.Tx, round id.ID, pr Project, law *rules.SurveyRules) ([]Dwelling, []Stratum, error) {
	if err := s.serving(ctx, tx, &pr); err != nil {
		return nil, nil, err
	}
	homes, roll, _, err := s.enumerate(ctx, tx, round, pr)
	if err != nil {
		return nil, nil, err
	}
	rule := law.Strata
	groups := stratify(round, pr, homes, roll, rule.SplitAbove, rule.MinGroup)
	for _, g := range groups {
		pr.Dwellings += g.Dwellings
	}
	pr.LeftOut = int64(len(roll)) - pr.Dwellings
	if pr.Dwellings < rule.MinDwellings {
		return nil, nil, fault.New(fault.Conflict, "survey.too_small", "serviceArea", pr.Name, "dwellings", pr.Dwellings, "least", rule.MinDwellings)
	}
	return roll, groups, freezeProject(ctx, tx, pr)
}

// ballotHash turns a column into a hash.
func ballotHash(b []byte) (h ballot.Hash) {
	copy(h[:], b)
	return h
}
