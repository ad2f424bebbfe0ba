package survey

import (
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// NewObjection is what a party says against the score of a service area.
type NewObjection struct {
	ServiceAreaID id.ID
	UnitID        id.ID // zero for an organisation; otherwise the dwelling in whose name households begin to gather
	Content       string
}

// rulesOf reads the survey rules that a round cites.
func rulesOf(ctx context.Context, q dbx.Querier, r Round) (*rules.SurveyRules, error) {
	file, err := rules.ByHash(ctx, q, r.RuleHash)
	if err != nil {
		return nil, err
	}
	return rules.ParseSurveys(file)
}

// objectUntil is when the time for objections to the newest score ends. It runs from the publication of that score, so that
// everybody has it whole; before, it is nil and objections are possible.
func objectUntil(ctx context.Context, q dbx.Querier, r Round, rule *rules.SurveyRules) (*clock.Instant, error) {
	if !r.State.Public() {
		return nil, nil
	}
	from := *r.PublishedAt
	if r.State == Revised {
		row, err := scoreOf(ctx, q, r.ID, id.Nil, r.Revision-1)
		if err != nil {
			return nil, err
		}
		from = row.MadeAt
	}
	until := wholeDays(from, rule.Objection.FileDays)
	return &until, nil
}

// objectionsUntil is objectUntil by the rules that the round cites.
func (s *Service) objectionsUntil(ctx context.Context, r Round) (*clock.Instant, error) {
	if !r.State.Public() {
		return nil, nil
	}
	rule, err := rulesOf(ctx, s.DB, r)
	if err != nil {
		return nil, err
	}
	return objectUntil(ctx, s.DB, r, rule)
}

// contested is a scored round's service area that somebody objects about.
type contested struct {
	round   Round
	project Project
	rules   *rules.SurveyRules
	until   *clock.Instant
}

// contest reads what an objection needs. Faults: survey.step_impossible before the score, survey.objection_late.
func (s *Service) contest(ctx context.Context, p authz.Principal, round, serviceArea id.ID) (contested, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return contested{}, err
	}
	at := slices.IndexFunc(projects, func(pr Project) bool { return pr.ServiceAreaID == serviceArea })
	switch {
	case at < 0:
		return contested{}, fault.New(fault.NotFound, "not_found")
	case !r.State.Over():
		return contested{}, fault.New(fault.Conflict, "survey.step_impossible", "state", string(r.State))
	}
	c := contested{round: r, project: projects[at]}
	if c.rules, err = rulesOf(ctx, s.DB, r); err != nil {
		return c, err
	}
	if c.until, err = objectUntil(ctx, s.DB, r, c.rules); err == nil && c.until != nil && s.now() >= *c.until {
		err = fault.New(fault.Conflict, "survey.objection_late", "days", c.rules.Objection.FileDays)
	}
	return c, err
}

// Object files an objection in the name of the rated company or of the owners' side, or begins one that households join. A party
// has one objection to each revision of a score. Faults: survey.step_impossible, survey.objection_late, survey.objected_already,
// survey.not_party; of households those of voice.
func (s *Service) Object(ctx context.Context, p authz.Principal, once idem.Key, round id.ID, in NewObjection) (Objection, error) {
	c, err := s.contest(ctx, p, round, in.ServiceAreaID)
	if err != nil {
		return Objection{}, err
	}
	o := Objection{ID: id.New(), RoundID: round, ServiceAreaID: in.ServiceAreaID, ScopePath: c.project.ScopePath, Revision: c.round.Revision - 1,
		State: Gathering, Version: 1}
	var home Dwelling
	var actor authz.Actor
	if in.UnitID.IsZero() {
		if actor, err = authz.Act(p, authz.SurveyObject, c.round.object(c.project)); err != nil {
			return Objection{}, err
		}
		by, ok := c.project.side(actor.Org)
		if !ok {
			return Objection{}, fault.New(fault.Forbidden, "survey.not_party")
		}
		o.By, o.PartyID = by, actor.Org
	} else {
		if home, actor, err = s.voice(ctx, p, c, in.UnitID); err != nil {
			return Objection{}, err
		}
		o.By = ByHouseholds
	}
	if o.Content, err = text.Paragraph("body.content", in.Content, 10, 2000); err != nil {
		return Objection{}, err
	}
	o.BegunBy, o.BegunRole = actor.Person, string(actor.Role)
	return s.begin(ctx, once, c, o, home, actor)
}

func (s *Service) begin(ctx context.Context, once idem.Key, c contested, o Objection, home Dwelling, actor authz.Actor) (Objection, error) {
	made := o.ID
	err := s.inRound(ctx, c.round, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := once.Claim(ctx, tx, o.ID)
		if made = got; err != nil || again {
			return err
		}
		o := o
		o.BegunAt = s.now()
		err = insertObjection(ctx, tx, o)
		if dbx.IsDuplicate(err) {
			return fault.New(fault.Conflict, "survey.objected_already")
		}
		if err != nil {
			return err
		}
		if err := s.noteObjection(ctx, tx, o, actor, "survey.object"); err != nil {
			return err
		}
		if o.By == ByHouseholds {
			return s.addHome(ctx, tx, c, o, home, actor)
		}
		return s.fileNow(ctx, tx, c, o)
	})
	if err != nil {
		return Objection{}, err
	}
	return objectionByID(ctx, s.DB, c.round.ID, made)
}

// inRound runs body while the round keeps the revision that was read.
func (s *Service) inRound(ctx context.Context, r Round, body dbx.Body) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := holdScored(ctx, tx, r); errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Stale, "version.stale")
		} else if err != nil {
			return err
		}
		return body(ctx, tx)
	})
}

// voice finds the dwelling that speaks in an objection: one on the roll, by somebody who answers for it and holds no post in the
// rated company. Faults: survey.not_asked, survey.not_elector, survey.staff.
func (s *Service) voice(ctx context.Context, p authz.Principal, c contested, unit id.ID) (Dwelling, authz.Actor, error) {
	_, d, grants, err := s.elector(ctx, p, c.round.ID, unit)
	if err != nil {
		return d, authz.Actor{}, err
	}
	actor, err := authz.Act(p, authz.SurveyObject, authz.Object{Household: grants[0].Household})
	if err != nil {
		return d, actor, err
	}
	if d.ServiceAreaID != c.project.ServiceAreaID || d.StratumID == nil {
		return d, actor, fault.New(fault.Forbidden, "survey.not_asked")
	}
	if !d.answers(grants) {
		return d, actor, fault.New(fault.Forbidden, "survey.not_elector")
	}
	err = s.notRated(ctx, p.Person, c.project)
	if fault.Is(err, "survey.author_rated") {
		err = fault.New(fault.Forbidden, "survey.staff")
	}
	return d, actor, err
}

// Join adds one's dwelling to the households' objection. When enough have joined it is filed. Faults: survey.joined_already,
// survey.objection_state; those of voice; survey.objection_late.
func (s *Service) Join(ctx context.Context, p authz.Principal, once idem.Key, round, objection, unit id.ID) (Objection, error) {
	o, err := objectionByID(ctx, s.DB, round, objection)
	if err != nil {
		return o, err
	}
	c, err := s.contest(ctx, p, round, o.ServiceAreaID)
	if err != nil {
		return Objection{}, err
	}
	home, actor, err := s.voice(ctx, p, c, unit)
	if err != nil {
		return Objection{}, err
	}
	if o.By != ByHouseholds {
		return Objection{}, fault.New(fault.NotFound, "not_found")
	}
	err = s.inRound(ctx, c.round, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, o.ID); err != nil || again {
			return err
		}
		now, err := objectionByID(ctx, tx, round, objection)
		if err != nil {
			return err
		}
		return s.addHome(ctx, tx, c, now, home, actor)
	})
	if err != nil {
		return Objection{}, err
	}
	return objectionByID(ctx, s.DB, round, objection)
}

// addHome counts a dwelling, and files the objection when there are enough. Who joined is in no record that others read.
func (s *Service) addHome(ctx context.Context, tx *dbx.Tx, c contested, o Objection, home Dwelling, actor authz.Actor) error {
	if o.State != Gathering || o.Revision != c.round.Revision-1 {
		return fault.New(fault.Conflict, "survey.objection_state", "state", string(o.State))
	}
	err := insertHome(ctx, tx, o.ID, home.ID, actor.Person, s.now())
	if dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "survey.joined_already")
	}
	if err = errors.Join(err, joinObjection(ctx, tx, o.ID)); err != nil {
		return err
	}
	if o.Joined+1 < c.rules.Objection.Households {
		return nil
	}
	return s.fileNow(ctx, tx, c, o)
}

// Leave takes one's dwelling out of the households' objection while they are gathering. With the last of them the objection is gone,
// so that other households may begin theirs. Who left is in no record. Faults: survey.not_joined, survey.objection_state; those of
// voice.
func (s *Service) Leave(ctx context.Context, p authz.Principal, once idem.Key, round, objection, unit id.ID) error {
	o, err := objectionByID(ctx, s.DB, round, objection)
	if err != nil {
		return err
	}
	c, err := s.contest(ctx, p, round, o.ServiceAreaID)
	if err != nil {
		return err
	}
	home, actor, err := s.voice(ctx, p, c, unit)
	if err != nil {
		return err
	}
	if o.By != ByHouseholds {
		return fault.New(fault.NotFound, "not_found")
	}
	return s.inRound(ctx, c.round, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, o.ID); err != nil || again {
			return err
		}
		now, err := objectionByID(ctx, tx, round, objection)
		if err != nil {
			return err
		}
		return s.dropHome(ctx, tx, now, home, actor)
	})
}

// dropHome counts a dwelling less. The round is held, so that what was read of the objection holds until the end.
func (s *Service) dropHome(ctx context.Context, tx *dbx.Tx, o Objection, home Dwelling, actor authz.Actor) error {
	if o.State != Gathering {
		return fault.New(fault.Conflict, "survey.objection_state", "state", string(o.State))
	}
	err := deleteHome(ctx, tx, o.ID, home.ID)
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Conflict, "survey.not_joined")
	}
	if err = errors.Join(err, leaveObjection(ctx, tx, o.ID)); err != nil || o.Joined > 1 {
		return err
	}
	if err := deleteObjection(ctx, tx, o.ID); err != nil {
		return err
	}
	return s.noteObjection(ctx, tx, o, actor, "survey.objection_dropped")
}

// fileNow numbers an objection and makes it public: settlement waits for it from here on.
func (s *Service) fileNow(ctx context.Context, tx *dbx.Tx, c contested, o Objection) error {
	number, err := nextObjection(ctx, tx, o.RoundID)
	if err != nil {
		return err
	}
	at, err := s.moment(ctx, tx, o.RoundID)
	if err != nil {
		return err
	}
	until := wholeDays(at, c.rules.Objection.DecideDays)
	o.State, o.Number, o.FiledAt, o.DecideUntil = Filed, number, &at, &until
	if err := fileObjection(ctx, tx, o); err != nil {
		return err
	}
	if err := addLeaf(ctx, tx, o.RoundID, at, o.leaf(at)); err != nil {
		return err
	}
	return outbox.Add(ctx, tx, at, objectionTopics[Filed], o.RoundID, map[string]any{"round": o.RoundID, "serviceArea": o.ServiceAreaID, "objection": o.ID})
}

// noteObjection records an act; of a household its role alone.
func (s *Service) noteObjection(ctx context.Context, tx *dbx.Tx, o Objection, actor authz.Actor, action string) error {
	if actor.Org.IsZero() {
		actor = authz.Actor{Role: actor.Role, Request: actor.Request}
	}
	return audit.Record(ctx, tx, s.now(), audit.Entry{Actor: actor, Action: action, ObjectKind: "survey_objection", ObjectID: o.ID, ScopePath: o.ScopePath,
		Detail: map[string]any{"round": o.RoundID, "by": o.By, "state": o.State}})
}
