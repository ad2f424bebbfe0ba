package workorder

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// AskStatement asks the party complained of for its side, on a text of the case from which nobody can be told
// (R6.6). Where the case is about one of its people, that person neither reads the question nor answers it. It is due
// in the working days of workorder.yaml. Faults: workorder.not_conduct, workorder.no_party,
// workorder.case_text_identifies, workorder.about_not_theirs, workorder.statement_open, workorder.own_work.
func (s *Service) AskStatement(ctx context.Context, p authz.Principal, once idem.Key, order id.ID, caseText string, about *id.ID) (CaseStatement, error) {
	o, actor, err := s.overConduct(ctx, p, order)
	if err != nil {
		return CaseStatement{}, err
	}
	if caseText, err = text.Paragraph("body.caseText", caseText, 10, 2000); err != nil {
		return CaseStatement{}, err
	}
	if err := s.checkCaseText(ctx, o, caseText); err != nil {
		return CaseStatement{}, err
	}
	now := s.now()
	if err := s.checkAbout(ctx, *o.PartyOrgID, about, now); err != nil {
		return CaseStatement{}, err
	}
	due, err := s.Rules.Calendar.Deadline(calendar.Rule{Count: s.Rules.WorkOrders.Conduct.StatementWorkingDays, Unit: calendar.WorkingDays}, clock.DateOf(now.Time()))
	if err != nil {
		return CaseStatement{}, err
	}
	c := CaseStatement{ID: id.New(), OrderID: o.ID.Ptr(), PartyOrgID: *o.PartyOrgID, AboutPersonID: about, Category: o.Category, CaseText: caseText, AskedAt: now, DueAt: due.End(), State: "asked"}
	var stored id.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		first, again, err := once.Claim(ctx, tx, c.ID)
		if stored = first; err != nil || again {
			return err
		}
		err = insertStatement(ctx, tx, c, actor.Person.Ptr(), actor.Org.Ptr(), string(actor.Role))
		if dbx.IsDuplicate(err) {
			return fault.New(fault.Conflict, "workorder.statement_open")
		}
		if err != nil {
			return err
		}
		return s.recordStatement(ctx, tx, o, actor, "workorder.ask_statement", "workorder.statement_asked", c, now)
	})
	if err != nil {
		return CaseStatement{}, err
	}
	c, err = statementByID(ctx, s.DB, stored)
	return c.shown(now), err
}

// checkAbout: the case is about somebody who has a post in the party, if about a person at all.
func (s *Service) checkAbout(ctx context.Context, party id.ID, about *id.ID, now clock.Instant) error {
	if about == nil {
		return nil
	}
	theirs, err := s.Orgs.WorksFor(ctx, s.DB, party, *about, now)
	if err == nil && !theirs {
		err = fault.InvalidField("body.aboutPersonId", "workorder.about_not_theirs")
	}
	return err
}

// overConduct loads a conduct case for the community or the street office, none of whose people belong to the party.
func (s *Service) overConduct(ctx context.Context, p authz.Principal, order id.ID) (*Order, authz.Actor, error) {
	o, actor, err := s.byTheArea(ctx, p, order, authz.OrderStatement)
	if err != nil {
		return nil, actor, err
	}
	switch {
	case o.IdentityRule != rules.ConductCase:
		return nil, actor, fault.New(fault.Conflict, "workorder.not_conduct")
	case o.PartyOrgID == nil:
		return nil, actor, fault.New(fault.Conflict, "workorder.no_party")
	case holdsPostIn(p, *o.PartyOrgID):
		return nil, actor, fault.New(fault.Conflict, "workorder.own_work")
	}
	return o, actor, nil
}

// checkCaseText refuses a text in which the party could read who complained: numbers, the reporter's name or
// phone, the order's own number, or the dwelling.
func (s *Service) checkCaseText(ctx context.Context, o *Order, caseText string) error {
	refused := fault.InvalidField("body.caseText", "workorder.case_text_identifies")
	if personal.Redact(caseText) != caseText || strings.Contains(caseText, o.Number) {
		return refused
	}
	known, _, _, err := s.contact(ctx, s.DB, o)
	if err != nil {
		return err
	}
	folded := personal.NormalName(caseText)
	if n := personal.NormalName(known.Name); len([]rune(n)) > 1 && strings.Contains(folded, n) {
		return refused
	}
	if known.Phone != "" && strings.Contains(personal.NormalPhone(caseText), personal.NormalPhone(known.Phone)) {
		return refused
	}
	return nil
}

func (s *Service) recordStatement(ctx context.Context, tx *dbx.Tx, o *Order, actor authz.Actor, action, topic string, c CaseStatement, now clock.Instant) error {
	err := audit.Record(ctx, tx, now, audit.Entry{
		Actor: actor, Action: action, ObjectKind: "work_order", ObjectID: o.ID, ScopePath: o.ScopePath,
		Detail: map[string]any{"statement": c.ID, "party": c.PartyOrgID, "due": c.DueAt},
	})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, now, topic, c.ID, map[string]any{"statement": c.ID, "party": c.PartyOrgID, "due": c.DueAt, "community": o.CommunityID, "street": o.StreetID})
}

// WithdrawStatement takes an open question back.
func (s *Service) WithdrawStatement(ctx context.Context, p authz.Principal, statement id.ID) error {
	c, err := statementByID(ctx, s.DB, statement)
	if err != nil {
		return err
	}
	o, actor, err := s.overConduct(ctx, p, *c.OrderID)
	if err != nil {
		return err
	}
	now := s.now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := endStatement(ctx, tx, c.ID, "withdrawn", nil, now, actor.Person.Ptr()); err != nil {
			return statementOver(err)
		}
		return s.recordStatement(ctx, tx, o, actor, "workorder.withdraw_statement", "workorder.statement_withdrawn", c, now)
	})
}

func statementOver(err error) error {
	if isNoMatch(err) {
		return fault.New(fault.Conflict, "workorder.statement_over")
	}
	return err
}

// AnswerStatement gives the party's side, once. A late answer is taken, and marked.
func (s *Service) AnswerStatement(ctx context.Context, p authz.Principal, once idem.Key, statement id.ID, answer string) (CaseStatement, error) {
	c, err := statementByID(ctx, s.DB, statement)
	if err != nil {
		return CaseStatement{}, err
	}
	actor, err := s.answering(ctx, p, c)
	if err != nil {
		return CaseStatement{}, err
	}
	if answer, err = text.Paragraph("body.answer", answer, 1, 4000); err != nil {
		return CaseStatement{}, err
	}
	o, err := orderByID(ctx, s.DB, *c.OrderID)
	if err != nil {
		return CaseStatement{}, err
	}
	now := s.now()
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, c.ID); err != nil || again {
			return err
		}
		if err := endStatement(ctx, tx, c.ID, "answered", &answer, now, actor.Person.Ptr()); err != nil {
			return statementOver(err)
		}
		return s.recordStatement(ctx, tx, o, actor, "workorder.answer_statement", "workorder.statement_answered", c, now)
	})
	if err != nil {
		return CaseStatement{}, err
	}
	return s.ShowStatement(ctx, p, statement)
}

// ShowStatement shows a question to the party it was put to, without the order it is about.
func (s *Service) ShowStatement(ctx context.Context, p authz.Principal, statement id.ID) (CaseStatement, error) {
	c, err := statementByID(ctx, s.DB, statement)
	if err != nil {
		return CaseStatement{}, err
	}
	if _, err := s.answering(ctx, p, c); err != nil {
		return CaseStatement{}, err
	}
	return c.toParty(s.now()), nil
}

// answering finds the post in which p speaks for the party: one in the party itself, whatever area another post of
// theirs oversees, and never as the person whom the case is about.
func (s *Service) answering(ctx context.Context, p authz.Principal, c CaseStatement) (authz.Actor, error) {
	if c.AboutPersonID != nil && *c.AboutPersonID == p.Person {
		return authz.Actor{}, notFound()
	}
	party, err := s.Orgs.Org(ctx, s.DB, c.PartyOrgID)
	if err != nil {
		return authz.Actor{}, err
	}
	p.Grants = slices.DeleteFunc(slices.Clone(p.Grants), func(g authz.Grant) bool { return g.Org != c.PartyOrgID })
	return authz.Act(p, authz.OrderAnswer, authz.Object{Orgs: []id.ID{c.PartyOrgID}, Path: party.Path})
}

// AskedStatements lists the questions put to the caller's organisations, oldest first.
func (s *Service) AskedStatements(ctx context.Context, p authz.Principal, req page.Request) (page.Page[CaseStatement], error) {
	grants, err := authz.Holds(p, authz.OrderAnswer)
	if err != nil {
		return page.Page[CaseStatement]{}, err
	}
	p.Grants = grants
	orgs := postsOf(p)
	if len(orgs) == 0 {
		return page.Page[CaseStatement]{Items: []CaseStatement{}}, nil
	}
	where := in("party_org_id", len(orgs)) + " AND (about_person_id IS NULL OR about_person_id <> ?)"
	out, err := listStatements(ctx, s.DB, where, append(anys(orgs), p.Person), req)
	now := s.now()
	for i, c := range out.Items {
		out.Items[i] = c.toParty(now)
	}
	return out, err
}

// Statements lists the questions of one case for the community and the street; the reporter sees that there
// are, and when they were answered, not what was written.
func (s *Service) Statements(ctx context.Context, p authz.Principal, order id.ID) ([]CaseStatement, error) {
	o, err := s.visible(ctx, p, order)
	if err != nil {
		return nil, err
	}
	all, err := statementsOf(ctx, s.DB, order)
	now, full := s.now(), lookAt(o, p).area
	for i, c := range all {
		if !full {
			c.Answer, c.AboutPersonID = nil, nil
		}
		all[i] = c.shown(now)
	}
	return all, err
}

// ReportPressure takes the reporter's word that somebody contacted or pressed them about the order. It goes to
// the street office and the street's Party committee, to nobody else; nothing of it is in the order's history.
func (s *Service) ReportPressure(ctx context.Context, p authz.Principal, once idem.Key, order id.ID, kind, words string) error {
	o, err := s.visible(ctx, p, order)
	if err != nil {
		return err
	}
	actor, err := authz.Act(p, authz.OrderMessage, o.tied(reporter))
	if err != nil {
		return forbidden(err, authz.OrderMessage)
	}
	return s.reportPressure(ctx, once, o, actor, kind, words)
}

// PressureByLink is ReportPressure for whoever holds an order's follow token.
func (s *Service) PressureByLink(ctx context.Context, token, kind, words string) error {
	o, err := s.linked(ctx, token)
	if err != nil {
		return err
	}
	return s.reportPressure(ctx, noKey, o, authz.Actor{Role: linkRole}, kind, words)
}

func (s *Service) reportPressure(ctx context.Context, once idem.Key, o *Order, actor authz.Actor, kind, words string) error {
	if !slices.Contains(pressureKinds, kind) {
		return fault.InvalidField("body.kind", "workorder.pressure_kind")
	}
	words, err := text.Paragraph("body.text", words, 0, 2000)
	if err != nil {
		return err
	}
	if s.MessageLimit != nil {
		if err := s.MessageLimit.AllowMessage(ctx, actor.Person, o.ID); err != nil {
			return err
		}
	}
	r := PressureReport{
		ID: id.New(), OrderID: o.ID, Kind: kind, Text: words, At: s.now(), PersonID: actor.Person.Ptr(),
		ScopePath: pathTo(o.ScopePath, o.StreetID), // the street's, so that no auditor of the community meets it
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, r.ID); err != nil || again {
			return err
		}
		if err := insertPressure(ctx, tx, r, o.StreetID); err != nil {
			return err
		}
		err := audit.Record(ctx, tx, r.At, audit.Entry{
			Actor: actor, Action: "workorder.report_pressure", ObjectKind: "pressure_report", ObjectID: r.ID, ScopePath: r.ScopePath, Detail: map[string]any{"kind": kind},
		})
		if err != nil {
			return err
		}
		return outbox.Add(ctx, tx, r.At, "workorder.pressure_reported", r.ID, map[string]any{"report": r.ID, "street": o.StreetID, "kind": kind})
	})
}

// PressureReports lists what reporters of the caller's street said of being pressed, oldest first.
func (s *Service) PressureReports(ctx context.Context, p authz.Principal, state string, req page.Request) (page.Page[PressureReport], error) {
	grants, err := authz.Holds(p, authz.OrderPressure)
	if err != nil {
		return page.Page[PressureReport]{}, err
	}
	where, args := authz.Where(p, grants, authz.Columns{Path: "x.scope_path"})
	out, err := listPressure(ctx, s.DB, where, args, state, req)
	out.Items = slices.DeleteFunc(out.Items, func(r PressureReport) bool { return r.concerns(p) })
	return out, err
}

// ClosePressure notes what the street did about it. Fault: workorder.pressure_closed.
func (s *Service) ClosePressure(ctx context.Context, p authz.Principal, once idem.Key, report id.ID, outcome string) error {
	r, err := pressureByID(ctx, s.DB, report)
	if err != nil {
		return err
	}
	actor, err := authz.Act(p, authz.OrderPressure, authz.Object{Path: r.ScopePath})
	if errors.Is(err, fault.Forbidden) || r.concerns(p) {
		return notFound() // whoever sees the order learns nothing of the report, not even that there is one
	}
	if err != nil {
		return err
	}
	if outcome, err = text.Paragraph("body.outcome", outcome, 1, 1000); err != nil {
		return err
	}
	now := s.now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, r.ID); err != nil || again {
			return err
		}
		if err := closePressure(ctx, tx, r.ID, string(actor.Role), outcome, now, actor.Person.Ptr()); err != nil {
			if isNoMatch(err) {
				return fault.New(fault.Conflict, "workorder.pressure_closed")
			}
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{
			Actor: actor, Action: "workorder.close_pressure", ObjectKind: "pressure_report", ObjectID: r.ID, ScopePath: r.ScopePath, Detail: map[string]any{"kind": r.Kind},
		})
	})
}
