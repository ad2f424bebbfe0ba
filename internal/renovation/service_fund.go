package renovation

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// fundMove is a step of a request being taken.
type fundMove struct {
	step      FundStep
	now, next FundRequest
	actor     authz.Actor
	at        clock.Instant
	today     clock.Date
	detail    map[string]any
	said      map[string]string
	topic     string // outbox topic beside the records; empty for none
	tells     map[string]any
}

type fundEffect func(ctx context.Context, tx *dbx.Tx, m *fundMove) error

// fundReach is a request with what permissions need to know of it.
func (s *Service) fundReach(ctx context.Context, which id.ID) (FundRequest, authz.Object, error) {
	r, err := requestByID(ctx, s.DB, which)
	if err != nil {
		return r, authz.Object{}, err
	}
	handlers, err := s.handlers(ctx, s.DB, r.ScopePath)
	return r, r.object(handlers), err
}

// fundTake is take for requests: permission, then in one transaction the key, the row, the state, the effect, and the records.
func (s *Service) fundTake(ctx context.Context, p authz.Principal, which id.ID, perm authz.Permission, step FundStep, how Taken, do fundEffect) (FundRequest, error) {
	_, obj, err := s.fundReach(ctx, which)
	if err != nil {
		return FundRequest{}, err
	}
	actor, err := authz.Act(p, perm, obj)
	if err != nil {
		return FundRequest{}, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := how.Once.Claim(ctx, tx, which); err != nil || again {
			return err
		}
		if err := holdRequest(ctx, tx, which); err != nil {
			return err
		}
		r, err := requestByID(ctx, tx, which)
		if err != nil {
			return err
		}
		if how.Version != nil && *how.Version != r.Version {
			return fault.New(fault.Stale, "version.stale")
		}
		if err := r.allow(step); err != nil {
			return err
		}
		m := &fundMove{step: step, now: r, next: r, actor: actor, at: s.now(), today: s.today(), detail: map[string]any{}, said: map[string]string{}}
		if err := do(ctx, tx, m); err != nil {
			return err
		}
		m.next.Version, m.next.ChangedAt = r.Version+1, m.at
		if err := updateRequest(ctx, tx, m.next, r); err != nil {
			return raced(err)
		}
		return s.fundRecords(ctx, tx, m)
	})
	if err != nil {
		return FundRequest{}, err
	}
	return requestByID(ctx, s.DB, which)
}

func (s *Service) fundRecords(ctx context.Context, tx *dbx.Tx, m *fundMove) error {
	full := maps.Clone(m.detail)
	for key, said := range m.said {
		full[key] = said
	}
	body, err := json.Marshal(full)
	if err != nil {
		return fmt.Errorf("fund event: %w", err)
	}
	err = insertEvent(ctx, tx, m.next.ID, Event{ID: id.New(), At: m.at, Kind: string(m.step), From: State(m.now.State), To: State(m.next.State),
		Person: m.actor.Person.Ptr(), Org: m.actor.Org.Ptr(), Role: string(m.actor.Role), Post: m.actor.Post.Ptr(), Text: string(body)})
	if err != nil {
		return err
	}
	err = audit.Record(ctx, tx, m.at, audit.Entry{Actor: m.actor, Action: "fund." + string(m.step), ObjectKind: "fund_request", ObjectID: m.next.ID, ScopePath: m.next.ScopePath, Detail: m.detail})
	if err != nil || m.topic == "" {
		return err
	}
	payload := map[string]any{"request": m.next.ID, "serviceArea": m.next.ServiceAreaID}
	maps.Copy(payload, m.tells)
	return outbox.Add(ctx, tx, m.at, m.topic, m.next.ID, payload)
}

// FundContent is what is asked for.
type FundContent struct {
	Title     string `json:"title" minLength:"2" maxLength:"100"`
	Why       string `json:"why" minLength:"5" maxLength:"2000" doc:"What is broken, and what is to be done; residents read it, so no personal data"`
	Danger    string `json:"danger,omitempty" maxLength:"30" doc:"Of an emergency: a code of the rules"`
	Parts     []Part `json:"parts" doc:"The buildings or entrances whose owners bear it; empty for the whole service area"`
	FirmID    *id.ID `json:"firmId,omitempty" doc:"Who repairs, where it is an organisation of the platform"`
	FirmName  string `json:"firmName,omitempty" maxLength:"100" doc:"Who repairs, where it is not"`
	BudgetFen int64  `json:"budgetFen" minimum:"1" maximum:"1000000000000"`
}

// NewFundRequest is a request to be made.
type NewFundRequest struct {
	ServiceAreaID id.ID    `json:"serviceAreaId"`
	RenovationID  *id.ID   `json:"renovationId,omitempty" doc:"The renovation that it is part of"`
	Path          FundPath `json:"path" enum:"ordinary,emergency"`
	FundContent
}

// with checks what is asked for and takes it over.
func (s *Service) fundContent(ctx context.Context, q dbx.Querier, place Place, r FundRequest, in FundContent) (FundRequest, error) {
	var err error
	if r.Title, err = text.Line("body.title", in.Title, 2, 100); err != nil {
		return r, err
	}
	if r.Why, err = text.Paragraph("body.why", in.Why, 5, 2000); err != nil {
		return r, err
	}
	if r.Parts, err = place.cleanParts("body.parts", in.Parts); err != nil {
		return r, err
	}
	if (r.Path == Emergency) != (in.Danger != "") || in.Danger != "" && !s.Rules.Renovation.HasDanger(in.Danger) {
		return r, fault.InvalidField("body.danger", "fund.danger")
	}
	if in.BudgetFen < 1 || in.BudgetFen > maxFen {
		return r, fault.InvalidField("body.budgetFen", "renovation.amount")
	}
	r.Danger, r.BudgetFen, r.FirmID = in.Danger, in.BudgetFen, in.FirmID
	if in.FirmID != nil {
		firm, err := s.Orgs.Org(ctx, q, *in.FirmID)
		wrong := fault.InvalidField("body.firmId", "fund.firm")
		if err != nil {
			return r, fault.MissingAs(err, wrong)
		}
		if !firm.Active || firm.Kind != "company" && firm.Kind != "contractor" && firm.Kind != "utility" {
			return r, wrong
		}
		r.FirmName = firm.Name
	} else if r.FirmName, err = text.Line("body.firmName", in.FirmName, 2, 100); err != nil {
		return r, err
	}
	r.ContentHash = r.hash()
	return r, nil
}

// RequestFund asks for maintenance money, by who looks after the place or stands for the owners, or by an office. Faults: input.invalid
// with fund.danger, fund.firm, fund.renovation, renovation.part and those of the texts.
func (s *Service) RequestFund(ctx context.Context, p authz.Principal, once idem.Key, in NewFundRequest) (FundRequest, error) {
	place, err := s.Places.Place(ctx, s.DB, in.ServiceAreaID)
	if err != nil {
		return FundRequest{}, err
	}
	handlers, err := s.handlers(ctx, s.DB, place.Path)
	if err != nil {
		return FundRequest{}, err
	}
	actor, err := authz.Act(p, authz.FundRequest, authz.Object{Path: place.Path, Orgs: handlers, Open: true})
	if err != nil {
		return FundRequest{}, err
	}
	if len(place.ServiceAreas) != 1 || place.ServiceAreas[0] != in.ServiceAreaID {
		return FundRequest{}, fault.InvalidField("body.serviceAreaId", "fund.service_area")
	}
	if in.RenovationID != nil {
		wrong := fault.InvalidField("body.renovationId", "fund.renovation")
		pr, err := projectByID(ctx, s.DB, *in.RenovationID)
		if err != nil {
			return FundRequest{}, fault.MissingAs(err, wrong)
		}
		if !slices.Contains(placesAbove([]string{place.Path}), any(pr.ScopePath)) {
			return FundRequest{}, wrong
		}
	}
	at := s.now()
	r := FundRequest{ID: id.New(), ServiceAreaID: in.ServiceAreaID, ScopePath: place.Path, ProjectID: in.RenovationID, Path: in.Path, State: FundRequested,
		RuleHash: s.Rules.Hash(rules.Renovation), RequestedBy: actor.Person.Ptr(), RequestedOrgID: actor.Org.Ptr(), CreatedAt: at, ChangedAt: at, Version: 1}
	if r, err = s.fundContent(ctx, s.DB, place, r, in.FundContent); err != nil {
		return r, err
	}
	made := r.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := once.Claim(ctx, tx, r.ID)
		if made = got; err != nil || again {
			return err
		}
		if err := insertRequest(ctx, tx, r); err != nil {
			return err
		}
		m := &fundMove{step: FundStepRequest, next: r, actor: actor, at: at, detail: map[string]any{"path": r.Path, "budgetFen": r.BudgetFen}, topic: "fund.requested"}
		return s.fundRecords(ctx, tx, m)
	})
	if err != nil {
		return FundRequest{}, err
	}
	return requestByID(ctx, s.DB, made)
}

// ReviseFund changes what is asked for. Decision, verification and settlement are of another request then and must come again; only a
// higher budget by which the overrun rule is not passed leaves a decision in force.
func (s *Service) ReviseFund(ctx context.Context, p authz.Principal, which id.ID, how Taken, in FundContent) (FundRequest, error) {
	return s.fundTake(ctx, p, which, authz.FundRequest, FundStepRevise, how, func(ctx context.Context, tx *dbx.Tx, m *fundMove) error {
		place, err := s.Places.Place(ctx, tx, m.now.ServiceAreaID)
		if err != nil {
			return err
		}
		if m.next, err = s.fundContent(ctx, tx, place, m.now, in); err != nil {
			return err
		}
		m.detail["budgetFen"] = m.next.BudgetFen
		m.next.State, m.next.SettledFen, m.next.DoneOn, m.next.DoneWords = FundRequested, nil, nil, ""
		if m.now.Path == Emergency {
			return voidSignatures(ctx, tx, which, m.at)
		}
		g, ok, err := givenTo(ctx, tx, which)
		if err != nil || !ok {
			return err
		}
		if g.stands(m.next.ContentHash, m.next.BudgetFen, s.fundOverrun(place)) {
			m.next.State = FundConsented
			return nil
		}
		return endGiven(ctx, tx, which, m.at)
	})
}

func (s *Service) fundOverrun(place Place) rules.Overrun {
	return s.Rules.Renovation.Locality(place.Division).Overrun
}

// DecideFund records the owners' decision on an ordinary request (Civil Code 278 item 5), by the owners' side or the community. Faults as of
// RecordConsent.
func (s *Service) DecideFund(ctx context.Context, p authz.Principal, which id.ID, how Taken, in Evidence) (FundRequest, error) {
	return s.fundTake(ctx, p, which, authz.FundConsent, FundStepDecide, how, func(ctx context.Context, tx *dbx.Tx, m *fundMove) error {
		if err := s.ownersFirst(ctx, tx, m.actor, m.now.ScopePath); err != nil {
			return err
		}
		var g Given
		of := matter{which, m.now.ServiceAreaID, which, m.now.Parts, Ask{Item: 5}, func(at clock.Instant) error {
			changed, err := revisedAfter(ctx, tx, which, at)
			if err == nil && changed {
				err = otherDecision()
			}
			return err
		}}
		if err := s.proof(ctx, tx, of, in, &g); err != nil {
			return err
		}
		g.SubjectID, g.SubjectHash, g.BudgetFen, g.RecordedAt, g.PersonID, g.OrgID = which, m.now.ContentHash, m.now.BudgetFen, m.at, m.actor.Person.Ptr(), m.actor.Org.Ptr()
		m.detail["heldOn"], m.detail["tally"], m.detail["decision"] = g.HeldOn, g.Tally, g.DecisionID
		m.next.State = FundConsented
		return putGiven(ctx, tx, g)
	})
}

// Settlement is what the work cost in the end.
type Settlement struct {
	SettledFen int64      `json:"settledFen" minimum:"1" maximum:"1000000000000"`
	DoneOn     clock.Date `json:"doneOn"`
	Words      string     `json:"words" minLength:"2" maxLength:"1000" doc:"What was done and who accepted it; residents read it"`
}

// SettleFund accounts for the work. Settlement and acceptance are documents of the request: fund.papers (Conflict). A cost beyond the
// overrun rule is refused: fund.overrun; the request is revised then, and decided on or verified again. What is posted can be put right
// after an objection; it is posted anew then, for all its days.
func (s *Service) SettleFund(ctx context.Context, p authz.Principal, which id.ID, how Taken, in Settlement) (FundRequest, error) {
	return s.fundTake(ctx, p, which, authz.FundRequest, FundStepSettle, how, func(ctx context.Context, tx *dbx.Tx, m *fundMove) error {
		words, err := text.Paragraph("body.words", in.Words, 2, 1000)
		if err != nil {
			return err
		}
		if !realDay(in.DoneOn) || in.DoneOn > m.today {
			return fault.InvalidField("body.doneOn", "renovation.future")
		}
		if in.SettledFen < 1 || in.SettledFen > maxFen {
			return fault.InvalidField("body.settledFen", "renovation.amount")
		}
		place, err := s.Places.Place(ctx, tx, m.now.ServiceAreaID)
		if err != nil {
			return err
		}
		budget := m.now.BudgetFen
		if g, ok, err := givenTo(ctx, tx, which); err != nil {
			return err
		} else if ok {
			budget = g.BudgetFen
		}
		if o := s.fundOverrun(place); o.Exceeded(budget, in.SettledFen) {
			return fault.New(fault.Conflict, "fund.overrun", "budgetFen", budget, "percent", o.Percent, "fen", o.Fen)
		}
		papers, err := documents(ctx, tx, which)
		if err != nil {
			return err
		}
		if len(papers) == 0 {
			return fault.New(fault.Conflict, "fund.papers")
		}
		m.detail["settledFen"], m.detail["doneOn"] = in.SettledFen, in.DoneOn
		m.next.State, m.next.SettledFen, m.next.DoneOn, m.next.DoneWords = FundDone, &in.SettledFen, &in.DoneOn, words
		m.next.PostedOn, m.next.PostedUntil = nil, nil
		return nil
	})
}

// PostFund divides the cost by exclusive area among the units concerned and posts it with the settlement for the days that the place
// asks for, five at least. Faults (Conflict): renovation.nobody_bears, renovation.area_unknown.
func (s *Service) PostFund(ctx context.Context, p authz.Principal, which id.ID, how Taken) (FundRequest, error) {
	return s.fundTake(ctx, p, which, authz.FundRequest, FundStepPost, how, func(ctx context.Context, tx *dbx.Tx, m *fundMove) error {
		place, err := s.Places.Place(ctx, tx, m.now.ServiceAreaID)
		if err != nil {
			return err
		}
		units, err := s.Places.Units(ctx, tx, m.now.ScopePath)
		if err != nil {
			return err
		}
		made, err := divide(*m.now.SettledFen, units, m.now.Parts)
		if err != nil {
			return err
		}
		days := s.Rules.Renovation.Locality(place.Division).PostingDays
		due, err := s.Rules.Calendar.Deadline(calendar.Rule{Count: days, Unit: calendar.CalendarDays}, m.today)
		if err != nil {
			return err
		}
		m.next.State, m.next.PostedOn, m.next.PostedUntil, m.next.Round = FundPosted, &m.today, &due.Date, m.now.Round+1
		m.detail["until"], m.detail["units"] = due.Date, len(made)
		m.topic, m.tells = "fund.posted", map[string]any{"dueOn": due.Date}
		return insertShares(ctx, tx, which, m.next.Round, made)
	})
}

// ObjectToFund is an objection of somebody who lives there to what is posted; it is answered before the money is drawn.
func (s *Service) ObjectToFund(ctx context.Context, p authz.Principal, which id.ID, how Taken, words string) (FundRequest, error) {
	return s.fundTake(ctx, p, which, authz.FundObject, FundStepObject, how, func(ctx context.Context, tx *dbx.Tx, m *fundMove) error {
		r, err := newRemark(ctx, tx, which, p.Person, words, m.at)
		if err != nil {
			return err
		}
		m.detail["remark"], m.topic = r.ID, "fund.objected"
		return insertRemark(ctx, tx, which, r)
	})
}

// AnswerFund answers an objection, once.
func (s *Service) AnswerFund(ctx context.Context, p authz.Principal, which, remark id.ID, how Taken, answer string) (FundRequest, error) {
	return s.fundTake(ctx, p, which, authz.FundRequest, FundStepAnswer, how, func(ctx context.Context, tx *dbx.Tx, m *fundMove) error {
		answer, err := text.Paragraph("body.answer", answer, 2, 1000)
		if err != nil {
			return err
		}
		m.detail["remark"] = remark
		author, err := remarkAuthor(ctx, tx, remark)
		if err != nil {
			return err
		}
		if author != nil {
			m.topic, m.tells = "fund.answered", map[string]any{"person": *author}
		}
		return answerRemark(ctx, tx, which, Remark{ID: remark, Answer: answer, AnsweredAt: &m.at, AnsweredOrg: m.actor.Org.Ptr()}, m.actor.Person.Ptr())
	})
}

// newRemark checks what somebody says. The fault renovation.remarks_open (Conflict) where too much of theirs waits for an answer.
func newRemark(ctx context.Context, q dbx.Querier, subject, person id.ID, words string, at clock.Instant) (Remark, error) {
	r := Remark{ID: id.New(), PersonID: person.Ptr(), At: at}
	var err error
	if r.Words, err = text.Paragraph("body.words", words, 2, 1000); err != nil {
		return r, err
	}
	open, err := openRemarks(ctx, q, subject, r.PersonID)
	if err == nil && open >= mostOpenRemarks {
		err = fault.New(fault.Conflict, "renovation.remarks_open", "most", mostOpenRemarks)
	}
	return r, err
}

// DrawFund records, by the street office, that the money was drawn, after the posting and when every objection is answered. Faults
// (Conflict): fund.posting with its last day, fund.objections_open with how many; (Invalid) fund.draw_day.
func (s *Service) DrawFund(ctx context.Context, p authz.Principal, which id.ID, how Taken, on clock.Date, reference string) (FundRequest, error) {
	return s.fundTake(ctx, p, which, authz.FundDraw, FundStepDraw, how, func(ctx context.Context, tx *dbx.Tx, m *fundMove) error {
		reference, err := text.Line("body.reference", reference, 1, 100)
		if err != nil {
			return err
		}
		if err := s.drawable(ctx, tx, m.now); err != nil {
			return err
		}
		if !realDay(on) || on > m.today || on <= *m.now.PostedUntil {
			return fault.InvalidField("body.on", "fund.draw_day", "date", string(*m.now.PostedUntil))
		}
		m.next.State, m.next.DrawnOn, m.next.DrawReference = FundDrawn, &on, reference
		m.detail["on"], m.detail["fen"] = on, *m.now.SettledFen
		return nil
	})
}

// WithdrawFund ends a request before the money is drawn.
func (s *Service) WithdrawFund(ctx context.Context, p authz.Principal, which id.ID, how Taken, reason string) (FundRequest, error) {
	return s.fundTake(ctx, p, which, authz.FundRequest, FundStepWithdraw, how, func(_ context.Context, _ *dbx.Tx, m *fundMove) error {
		reason, err := text.Paragraph("body.reason", reason, 2, 1000)
		if err != nil {
			return err
		}
		m.said["reason"], m.next.State = reason, FundWithdrawn
		return nil
	})
}
