package survey

import (
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// Interviewer is a natural person without a post in the rated company who helps households to answer on the interviewer's own device.
type Interviewer struct {
	RoundID     id.ID          `db:"round_id" json:"-"`
	No          int64          `db:"no" json:"number" doc:"In the round: what answers given with this person's help are marked with"`
	PersonID    id.ID          `db:"person_id" json:"personId"`
	OrgID       id.ID          `db:"org_id" json:"organisationId" doc:"In which the person held a post when appointed"`
	By          id.ID          `db:"appointed_by" json:"-"`
	Role        string         `db:"appointed_role" json:"-"`
	AppointedAt clock.Instant  `db:"appointed_at" json:"appointedAt"`
	EndedAt     *clock.Instant `db:"ended_at" json:"endedAt,omitempty"`
}

// MostInterviewers is the most that a round has, those whose work has ended included: each number is one person's for good.
const MostInterviewers = 50

// AppointInterviewer makes a person an interviewer of a round that is not closed. The person holds a post in the organisation named, and
// none in a company that is rated. Faults: survey.not_neutral, survey.no_post, survey.interviewers_most, survey.interviewer_already,
// survey.step_impossible.
func (s *Service) AppointInterviewer(ctx context.Context, p authz.Principal, once idem.Key, round, person, org id.ID) (Interviewer, error) {
	r, actor, projects, err := s.own(ctx, p, round)
	if err != nil {
		return Interviewer{}, err
	}
	if !slices.Contains([]State{Draft, Frozen, Open}, r.State) {
		return Interviewer{}, fault.New(fault.Conflict, "survey.step_impossible", "state", string(r.State))
	}
	if err := s.mayInterview(ctx, person, org, projects); err != nil {
		return Interviewer{}, err
	}
	made := Interviewer{RoundID: round, PersonID: person, OrgID: org, By: actor.Person, Role: string(actor.Role)}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, person); err != nil || again {
			return err
		}
		if err := pinRound(ctx, tx, round, r.State); err != nil {
			return changedRound(err)
		}
		before, err := interviewersOf(ctx, tx, round)
		if err != nil {
			return err
		}
		if len(before) >= MostInterviewers {
			return fault.New(fault.Conflict, "survey.interviewers_most", "most", MostInterviewers)
		}
		made.No, made.AppointedAt = int64(len(before))+1, s.now()
		err = insertInterviewer(ctx, tx, made)
		if dbx.IsDuplicate(err) {
			return fault.New(fault.Conflict, "survey.interviewer_already")
		}
		if err != nil {
			return err
		}
		return s.notePaper(ctx, tx, actor, r, "survey.interviewer_appoint", map[string]any{"person": person, "number": made.No})
	})
	if err != nil {
		return Interviewer{}, err
	}
	return s.interviewer(ctx, round, person)
}

func changedRound(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Stale, "version.stale")
	}
	return err
}

// mayInterview wants a person with a post in the organisation and none, in whatever capacity, in a rated company.
func (s *Service) mayInterview(ctx context.Context, person, org id.ID, projects []Project) error {
	staff, err := s.Posts.Staff(ctx, s.DB, org, s.now())
	if err != nil {
		return err
	}
	if !slices.Contains(staff, person) {
		return fault.InvalidField("body.personId", "survey.no_post")
	}
	for _, pr := range projects {
		if err := s.neutralTo(ctx, person, pr); err != nil {
			return err
		}
	}
	return nil
}

// neutralTo is notRated for somebody who helps households.
func (s *Service) neutralTo(ctx context.Context, person id.ID, pr Project) error {
	err := s.notRated(ctx, person, pr)
	if fault.Is(err, "survey.author_rated") {
		err = fault.New(fault.Forbidden, "survey.not_neutral")
	}
	return err
}

// interviewer finds an interviewer of a round by the person; the fault not_found.
func (s *Service) interviewer(ctx context.Context, round, person id.ID) (Interviewer, error) {
	list, err := interviewersOf(ctx, s.DB, round)
	if err != nil {
		return Interviewer{}, err
	}
	at := slices.IndexFunc(list, func(i Interviewer) bool { return i.PersonID == person })
	if at < 0 {
		return Interviewer{}, fault.New(fault.NotFound, "not_found")
	}
	return list[at], nil
}

// Interviewers lists the interviewers of a round for those who hold it.
func (s *Service) Interviewers(ctx context.Context, p authz.Principal, round id.ID) ([]Interviewer, error) {
	if _, _, _, err := s.own(ctx, p, round); err != nil {
		return nil, err
	}
	return interviewersOf(ctx, s.DB, round)
}

// DismissInterviewer ends an interviewer's work in a round: the badge is worth nothing from then on. What was cast with it stays, marked with
// its number. Twice is as once.
func (s *Service) DismissInterviewer(ctx context.Context, p authz.Principal, round id.ID, number int64) error {
	r, actor, _, err := s.own(ctx, p, round)
	if err != nil {
		return err
	}
	list, err := interviewersOf(ctx, s.DB, round)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(i Interviewer) bool { return i.No == number })
	if at < 0 {
		return fault.New(fault.NotFound, "not_found")
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		err := endInterviewer(ctx, tx, round, number, s.now())
		if errors.Is(err, dbx.ErrNoMatch) {
			return nil // it has ended
		}
		if err != nil {
			return err
		}
		return s.notePaper(ctx, tx, actor, r, "survey.interviewer_dismiss", map[string]any{"number": number})
	})
}

// active reads a round for an interviewer at work in it. Fault: survey.not_interviewer.
func (s *Service) active(ctx context.Context, p authz.Principal, round id.ID) (Round, Interviewer, error) {
	r, _, err := s.round(ctx, p, round)
	if err != nil {
		return r, Interviewer{}, err
	}
	if _, err := authz.Holds(p, authz.SurveyInterview); err != nil {
		return r, Interviewer{}, err
	}
	i, err := s.interviewer(ctx, round, p.Person)
	if fault.Is(err, "not_found") || (err == nil && i.EndedAt != nil) {
		err = fault.New(fault.Forbidden, "survey.not_interviewer")
	}
	return r, i, err
}

// OwnBadge is the caller's badge as an interviewer of the round, always the same: the device shows it when it casts for a household, without
// a log-in. Faults: survey.not_interviewer, survey.not_neutral.
func (s *Service) OwnBadge(ctx context.Context, p authz.Principal, round id.ID) (ballot.Badge, error) {
	_, i, err := s.active(ctx, p, round)
	if err != nil {
		return ballot.Badge{}, err
	}
	projects, err := projectsOf(ctx, s.DB, round)
	for _, pr := range projects {
		if err == nil {
			err = s.neutralTo(ctx, i.PersonID, pr)
		}
	}
	return ballot.NewBadge(s.Keys.Receipts(round), round, i.No), err
}

// assisting checks the badge that a ballot is cast with and returns what the response is marked with. The ballot is the household's; who casts
// it is not asked. Fault: survey.badge.
func (s *Service) assisting(ctx context.Context, st Stratum, text string) (lot string, err error) {
	badge, err := ballot.ParseBadge(text)
	if err != nil || !badge.Valid(s.Keys.Receipts(st.RoundID), st.RoundID) {
		return "", fault.InvalidField("body.badge", "survey.badge")
	}
	list, err := interviewersOf(ctx, s.DB, st.RoundID)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(list, func(i Interviewer) bool { return i.No == badge.Number && i.EndedAt == nil })
	if at < 0 {
		return "", fault.InvalidField("body.badge", "survey.badge")
	}
	pr, err := projectOf(ctx, s.DB, st.RoundID, st.ServiceAreaID)
	if err != nil {
		return "", err
	}
	err = s.neutralTo(ctx, list[at].PersonID, pr)
	if fault.Is(err, "survey.not_neutral") {
		err = fault.InvalidField("body.badge", "survey.badge")
	}
	return ballot.InterviewerCode(badge.Number), err
}

// Visit is a dwelling without a log-in that has agreed to answer with an interviewer.
type Visit struct {
	UnitID  id.ID  `db:"unit_id" json:"unitId"`
	Label   string `db:"label" json:"label"`
	Stratum string `db:"-" json:"stratum"`

	StratumID id.ID `db:"stratum_id" json:"-"`
}

// agreeing reads a dwelling, and the project it lies in, for the community that records what it agreed to.
func (s *Service) agreeing(ctx context.Context, p authz.Principal, round, unit id.ID) (Dwelling, Project, authz.Actor, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return Dwelling{}, Project{}, authz.Actor{}, err
	}
	d, err := dwellingOf(ctx, s.DB, round, unit)
	if err != nil {
		return d, Project{}, authz.Actor{}, err
	}
	pr := projects[slices.IndexFunc(projects, func(pr Project) bool { return pr.ServiceAreaID == d.ServiceAreaID })]
	actor, err := authz.Act(p, authz.SurveyRoll, authz.Object{Path: pr.ScopePath})
	if err == nil {
		err = s.notRated(ctx, actor.Person, pr)
	}
	if err == nil && (r.State != Open || s.now() >= r.ClosesAt) {
		err = fault.New(fault.Conflict, "survey.not_open")
	}
	if err == nil && (!d.Sampled || d.StratumID == nil) {
		err = fault.New(fault.Conflict, "survey.not_asked")
	}
	return d, pr, actor, err
}

// RecordAgreement records that a dwelling without a log-in has agreed to answer with an interviewer: by the community, and by another person
// than interviews. Where somebody has an account the household draws its ballot itself, on whosever device. The record is gone once the ballot
// is drawn, so that nothing tells which dwellings answered in this way. Twice is as once. Faults: survey.not_open, survey.not_asked,
// survey.has_account, survey.same_person.
func (s *Service) RecordAgreement(ctx context.Context, p authz.Principal, round, unit id.ID) error {
	d, pr, actor, err := s.agreeing(ctx, p, round, unit)
	if err != nil {
		return err
	}
	if _, err := s.interviewer(ctx, round, actor.Person); !fault.Is(err, "not_found") {
		return fault.Or(err, fault.New(fault.Forbidden, "survey.same_person"))
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if has, err := s.Residents.HasAccount(ctx, tx, pr.ScopePath, unit, s.now()); err != nil || has {
			return fault.Or(err, fault.New(fault.Conflict, "survey.has_account"))
		}
		err := insertAgreement(ctx, tx, d, actor.Person)
		if err == nil {
			err = stillOpen(ctx, tx, round, s.now())
		}
		if dbx.IsDuplicate(err) {
			return nil
		}
		return err
	})
}

// WithdrawAgreement takes back what a dwelling agreed to. Twice is as once.
func (s *Service) WithdrawAgreement(ctx context.Context, p authz.Principal, round, unit id.ID) error {
	d, _, _, err := s.agreeing(ctx, p, round, unit)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		err := deleteAgreement(ctx, tx, d.ID)
		if errors.Is(err, dbx.ErrNoMatch) {
			return nil
		}
		return err
	})
}

// Interviews tells whether the caller is an interviewer at work in the round.
func (s *Service) Interviews(ctx context.Context, p authz.Principal, round id.ID) (bool, error) {
	if _, err := authz.Holds(p, authz.SurveyInterview); errors.Is(err, fault.Forbidden) {
		return false, nil
	}
	_, _, err := s.active(ctx, p, round)
	if fault.Is(err, "survey.not_interviewer") {
		return false, nil
	}
	return err == nil, err
}

// Visits lists the dwellings that wait for an interviewer, for the interviewers of the round.
func (s *Service) Visits(ctx context.Context, p authz.Principal, round id.ID) ([]Visit, error) {
	if _, _, err := s.active(ctx, p, round); err != nil {
		return nil, err
	}
	code, err := stratumCodes(ctx, s.DB, round)
	if err != nil {
		return nil, err
	}
	list, err := visitsOf(ctx, s.DB, round)
	for i := range list {
		list[i].Stratum = code[list[i].StratumID]
	}
	return list, err
}

// DrawAssisted draws the ballot of a dwelling without a log-in that has agreed, on an interviewer's device. It is a draw like any other, and not
// to be told from one. The same blinded token again gets the same signature. Faults: survey.not_interviewer, survey.not_neutral,
// survey.no_agreement, survey.same_person, those of DrawBallot.
func (s *Service) DrawAssisted(ctx context.Context, p authz.Principal, round, unit id.ID, key ballot.Hash, blinded []byte) ([]byte, error) {
	r, i, err := s.active(ctx, p, round)
	if err != nil {
		return nil, err
	}
	d, err := dwellingOf(ctx, s.DB, round, unit)
	if err != nil {
		return nil, err
	}
	if err := s.Limits.Draw(ctx, round, d.ID, p.Account); err != nil {
		return nil, err
	}
	st, err := s.mayAssist(ctx, r, d, i, key)
	if err != nil {
		return nil, err
	}
	mine := newDraw(d, st, blinded, clock.DateOf(s.now().Time()))
	if err := s.visiting(ctx, mine, i.PersonID); err != nil {
		return nil, err
	}
	signature, err := s.sign(ctx, st, blinded)
	if err != nil {
		return nil, err
	}
	return signature, s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		again, err := s.writeDraw(ctx, tx, mine)
		if err != nil || again {
			return err
		}
		s.residue.Store(true)
		err = useAgreement(ctx, tx, d.ID, i.PersonID)
		if errors.Is(err, dbx.ErrNoMatch) { // withdrawn in between, or recorded anew by the interviewer
			err = noAgreement()
		}
		return err
	})
}

// visiting wants a dwelling that has agreed and has not drawn, or this very drawing once more. Of a dwelling that has not agreed it says nothing
// else: whether it has drawn would tell an interviewer who asks again and again the minute in which it did.
// Who recorded the agreement does not draw on it, though appointed only afterwards.
func (s *Service) visiting(ctx context.Context, mine Draw, interviewer id.ID) error {
	before, drawn, err := drawOf(ctx, s.DB, mine.Dwelling)
	if err != nil || (drawn && before.Blinded == mine.Blinded) {
		return err
	}
	by, agreed, err := agreedTo(ctx, s.DB, mine.Dwelling)
	switch {
	case err != nil:
		return err
	case !agreed:
		return noAgreement()
	case by == interviewer:
		return fault.New(fault.Forbidden, "survey.same_person")
	case drawn:
		return drawnAlready(nil)
	}
	return nil
}

func noAgreement() error { return fault.New(fault.Forbidden, "survey.no_agreement") }

// mayAssist checks everything that can be said before the ballot is signed.
func (s *Service) mayAssist(ctx context.Context, r Round, d Dwelling, i Interviewer, key ballot.Hash) (Stratum, error) {
	if r.State != Open || s.now() >= r.ClosesAt {
		return Stratum{}, fault.New(fault.Conflict, "survey.not_open")
	}
	if !d.Sampled || d.StratumID == nil {
		return Stratum{}, fault.New(fault.Conflict, "survey.not_asked")
	}
	pr, err := projectOf(ctx, s.DB, r.ID, d.ServiceAreaID)
	if err != nil {
		return Stratum{}, err
	}
	if err := s.neutralTo(ctx, i.PersonID, pr); err != nil {
		return Stratum{}, err
	}
	st, err := stratumByID(ctx, s.DB, *d.StratumID)
	if err == nil && ballotHash(st.KeyID) != key {
		err = fault.InvalidField("body.keyId", "survey.key")
	}
	return st, err
}
