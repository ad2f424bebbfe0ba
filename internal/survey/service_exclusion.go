package survey

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// NewExclusion is what an auditor proposes to leave out.
type NewExclusion struct {
	By     string
	Value  string
	Reason string
}

// Exclude proposes to leave out the responses with an attribute. Another natural person confirms it, and it takes effect when the audit is
// decided. Faults: survey.exclusion_empty, survey.exclusion_small, survey.excluded_already, survey.audit_state.
func (s *Service) Exclude(ctx context.Context, p authz.Principal, round, which id.ID, t Taken, in NewExclusion) (Audit, error) {
	r, actor, err := s.auditing(ctx, p, round, authz.SurveyAudit)
	if err != nil {
		return Audit{}, err
	}
	reason, err := text.Paragraph("body.reason", in.Reason, 10, 500)
	if err != nil {
		return Audit{}, err
	}
	list, err := s.effective(ctx, r, which)
	if err != nil {
		return Audit{}, err
	}
	e := Exclusion{ID: id.New(), RoundID: round, AuditID: which, By: in.By, Value: in.Value, Reason: reason, ReasonSalt: ballot.NewHash(),
		ProposedBy: actor.Person, ProposedRole: string(actor.Role), First: ballot.NewHash()}
	counts, err := s.leftOut(ctx, r, append(list, e))
	if err != nil {
		return Audit{}, err
	}
	e.Count = counts[len(list)]
	return s.auditChange(ctx, t, r, which, func(ctx context.Context, tx *dbx.Tx, a Audit) error {
		no, err := nextExclusion(ctx, tx, round)
		if err != nil {
			return err
		}
		e := e
		e.Number, e.ProposedAt = no, s.now()
		err = insertExclusion(ctx, tx, e)
		if dbx.IsDuplicate(err) {
			return fault.New(fault.Conflict, "survey.excluded_already")
		}
		if err != nil {
			return err
		}
		return s.noteAudit(ctx, tx, a, actor, "survey.exclude", map[string]any{"by": e.By, "value": e.Value, "count": e.Count})
	})
}

// effective lists the exclusions that count if an audit is decided now: those of earlier revisions, and its own that are confirmed.
func (s *Service) effective(ctx context.Context, r Round, which id.ID) ([]Exclusion, error) {
	list, err := exclusionsOf(ctx, s.DB, r.ID)
	return slices.DeleteFunc(list, func(e Exclusion) bool { return e.FromRevision == nil && (e.AuditID != which || e.ConfirmedAt == nil) }), err
}

// leftOut counts what each of several exclusions leaves out beside those before it. In every stratum each leaves out none or the rule's k, and
// leaves none or k: no two revisions differ by so few that they tell who.
func (s *Service) leftOut(ctx context.Context, r Round, list []Exclusion) ([]int64, error) {
	law, err := rulesOf(ctx, s.DB, r)
	if err != nil {
		return nil, err
	}
	code, err := stratumCodes(ctx, s.DB, r.ID)
	if err != nil {
		return nil, err
	}
	cells := map[id.ID][]int64{} // by stratum: what each leaves out, and last what is left
	err = eachResponse(ctx, s.DB, r.ID, func(row Response) error {
		if cells[row.StratumID] == nil {
			cells[row.StratumID] = make([]int64, len(list)+1)
		}
		at := slices.IndexFunc(list, func(e Exclusion) bool { return e.covers(row, code[row.StratumID]) })
		if at < 0 {
			at = len(list)
		}
		cells[row.StratumID][at]++
		return nil
	})
	out := make([]int64, len(list))
	for _, c := range cells {
		touched := c[len(list)] > 0 && slices.Max(append(slices.Clone(c[:len(list)]), 0)) > 0
		for i, n := range c {
			if n > 0 && n < int64(law.Publication.K) && (i < len(list) || touched) {
				return nil, fault.New(fault.Conflict, "survey.exclusion_small", "least", law.Publication.K)
			}
			if i < len(list) {
				out[i] += n
			}
		}
	}
	if err == nil && slices.Contains(out, 0) {
		err = fault.New(fault.Conflict, "survey.exclusion_empty")
	}
	return out, err
}

// ExclusionGroup is what an exclusion may name: the responses that have an attribute in common.
type ExclusionGroup struct {
	By    string `json:"by" enum:"channel,lot,stratum"`
	Value string `json:"value"`
	Count int64  `json:"count"`
}

// groups lists what an exclusion may name, by attribute and value: of each stratum it has none or the rule's k and leaves
// none or k, so that no group tells who.
func (s *Service) groups(ctx context.Context, r Round) ([]ExclusionGroup, error) {
	law, err := rulesOf(ctx, s.DB, r)
	if err != nil {
		return nil, err
	}
	code, err := stratumCodes(ctx, s.DB, r.ID)
	if err != nil {
		return nil, err
	}
	counted, err := responseGroups(ctx, s.DB, r.ID)
	total := map[id.ID]int64{}
	cells := map[ExclusionGroup]map[id.ID]int64{} // of each group, without its count, by stratum
	for _, c := range counted {
		total[c.Stratum] += c.Count
		for _, g := range []ExclusionGroup{{By: "channel", Value: c.Channel}, {By: "lot", Value: c.Lot}, {By: "stratum", Value: code[c.Stratum]}} {
			if cells[g] == nil {
				cells[g] = map[id.ID]int64{}
			}
			cells[g][c.Stratum] += c.Count
		}
	}
	least, out := int64(law.Publication.K), []ExclusionGroup{}
	for g, by := range cells {
		few := false
		for stratum, n := range by {
			left := total[stratum] - n
			g.Count += n
			few = few || n < least || left > 0 && left < least
		}
		if g.Value != "" && !few {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b ExclusionGroup) int { return cmp.Or(cmp.Compare(a.By, b.By), cmp.Compare(a.Value, b.Value)) })
	return out, err
}

// stratumCodes are the codes of a round's strata, by which leaves name them.
func stratumCodes(ctx context.Context, q dbx.Querier, round id.ID) (map[id.ID]string, error) {
	strata, err := strataOf(ctx, q, round)
	out := make(map[id.ID]string, len(strata))
	for _, st := range strata {
		out[st.ID] = st.Code()
	}
	return out, err
}

// auditChange changes what belongs to an open audit in the version that the caller saw.
func (s *Service) auditChange(ctx context.Context, t Taken, r Round, which id.ID, do func(context.Context, *dbx.Tx, Audit) error) (Audit, error) {
	err := s.inRound(ctx, r, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, which); err != nil || again {
			return err
		}
		a, err := auditByID(ctx, tx, r.ID, which)
		if err != nil {
			return err
		}
		if a.State != AuditOpen {
			return fault.New(fault.Conflict, "survey.audit_state", "state", string(a.State))
		}
		a.Version = t.Version
		err = touchAudit(ctx, tx, a)
		if errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Stale, "version.stale")
		}
		if err != nil {
			return err
		}
		return do(ctx, tx, a)
	})
	if err != nil {
		return Audit{}, err
	}
	return auditByID(ctx, s.DB, r.ID, which)
}

// ConfirmExclusion is the second natural person's agreement. Faults: survey.same_person, survey.confirmed_already, survey.audit_state.
func (s *Service) ConfirmExclusion(ctx context.Context, p authz.Principal, round, which id.ID, number int64, t Taken) (Audit, error) {
	r, actor, err := s.auditing(ctx, p, round, authz.SurveyDecide)
	if err != nil {
		return Audit{}, err
	}
	list, err := exclusionsOf(ctx, s.DB, round)
	if err != nil {
		return Audit{}, err
	}
	at := slices.IndexFunc(list, func(e Exclusion) bool { return e.AuditID == which && e.Number == number })
	if at < 0 {
		return Audit{}, fault.New(fault.NotFound, "not_found")
	}
	e := list[at]
	if e.ProposedBy == actor.Person {
		return Audit{}, fault.New(fault.Forbidden, "survey.same_person")
	}
	salt := ballot.NewHash()
	return s.auditChange(ctx, t, r, which, func(ctx context.Context, tx *dbx.Tx, a Audit) error {
		e, now := e, s.now()
		e.ConfirmedBy, e.ConfirmedRole, e.ConfirmedAt, e.Second = actor.Person.Ptr(), string(actor.Role), &now, &salt
		err := confirmExclusion(ctx, tx, e)
		if errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Conflict, "survey.confirmed_already")
		}
		if err != nil {
			return err
		}
		return s.noteAudit(ctx, tx, a, actor, "survey.exclude_confirm", map[string]any{"number": e.Number})
	})
}

// enforce makes the confirmed exclusions of an audit part of the revision that it decides, each with a leaf of its own.
func (s *Service) enforce(ctx context.Context, tx *dbx.Tx, a Audit, list []Exclusion, counts []int64, revision int64) error {
	day := clock.DateOf(s.now().Time())
	for i, e := range list {
		if e.AuditID != a.ID {
			continue
		}
		if err := enforceExclusion(ctx, tx, e.ID, counts[i], revision); err != nil {
			return err
		}
		leaf := ballot.Exclusion{Round: a.RoundID, Number: int(e.Number), By: e.By, Value: e.Value, Count: int(counts[i]), Reason: ballot.TextHash(e.ReasonSalt, e.Reason),
			First: ballot.TextHash(e.First, e.ProposedBy.String()), Second: ballot.TextHash(*e.Second, e.ConfirmedBy.String()), Day: day}
		if err := addLeaf(ctx, tx, a.RoundID, s.now(), leaf); err != nil {
			return err
		}
	}
	return nil
}
