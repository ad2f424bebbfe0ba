package credit

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
)

// RuleSets lists the rule sets that apply where a company's record is kept.
func (s *Service) RuleSets(ctx context.Context, p authz.Principal, company id.ID) ([]rules.CreditRuleSet, error) {
	c, err := s.company(ctx, p, company)
	if err != nil {
		return nil, err
	}
	return s.Rules.Credit.For(c.Division), nil
}

// Credit computes a company's grade as it stands, or as it stood at the end of a past day, by the rules in force then. Faults:
// credit.rule_set, credit.day, credit.no_rules.
func (s *Service) Credit(ctx context.Context, p authz.Principal, company id.ID, ruleSet string, on clock.Date) (Grade, error) {
	if _, err := s.company(ctx, p, company); err != nil {
		return Grade{}, err
	}
	at, err := present(ctx, s.DB, company, s.now())
	if err != nil {
		return Grade{}, err
	}
	switch today := clock.DateOf(at.Time()); {
	case on > today:
		return Grade{}, fault.InvalidField("query.on", "credit.day")
	case on != "" && on < today:
		at = clock.At(on.AddDays(1).Start()) - 1
	}
	return s.gradeAt(ctx, s.DB, company, ruleSet, at)
}

// gradeAt computes a grade at a moment from what was on record then.
func (s *Service) gradeAt(ctx context.Context, q dbx.Querier, company id.ID, ruleSet string, at clock.Instant) (Grade, error) {
	hash, book, err := s.booksAt(ctx, q, at)
	if err != nil {
		return Grade{}, err
	}
	set, err := book.Find(ruleSet)
	if err != nil {
		return Grade{}, fault.InvalidField("query.ruleSet", "credit.rule_set")
	}
	items, err := decidedItems(ctx, q, company, ruleSet, at)
	if err != nil {
		return Grade{}, err
	}
	enrolled, err := enrolledAt(ctx, q, company, ruleSet, at)
	if err != nil {
		return Grade{}, err
	}
	survey, err := s.surveyAt(ctx, q, company, set, at)
	if err != nil {
		return Grade{}, err
	}
	out, err := compute(set, items, enrolled, survey, at)
	out.CompanyID, out.Rules = company, hash
	return out, err
}

// booksAt is the rules of credit grades that were in force at a moment: those loaded last by then.
func (s *Service) booksAt(ctx context.Context, q dbx.Querier, at clock.Instant) (rules.Hash, *rules.CreditBook, error) {
	hash, err := rules.InForce(ctx, q, rules.CreditGrades, at)
	switch {
	case fault.Is(err, "rules.version_unknown"):
		return hash, nil, fault.New(fault.NotFound, "credit.no_rules")
	case err != nil:
		return hash, nil, err
	case hash == s.Rules.Hash(rules.CreditGrades):
		return hash, s.Rules.Credit, nil
	}
	file, err := rules.ByHash(ctx, q, hash)
	if err != nil {
		return hash, nil, err
	}
	book, err := rules.ParseCreditGrades(file)
	return hash, book, err
}

// surveyAt is what survey scores add, where the rule set takes any.
func (s *Service) surveyAt(ctx context.Context, q dbx.Querier, company id.ID, set *rules.CreditRuleSet, at clock.Instant) (*SurveyPart, error) {
	if set.SurveyMax == 0 {
		return nil, nil
	}
	out, err := s.Surveys.Settled(ctx, q, company, at)
	if err != nil || out == nil {
		return nil, err
	}
	return out, out.weigh(set.SurveyMax)
}

// Published is a grade that everybody may see.
type Published struct {
	CompanyID id.ID              `json:"companyId"`
	Company   string             `json:"company"`
	RuleSet   string             `json:"ruleSet"`
	Name      rules.Text         `json:"name" doc:"Of the rule set"`
	Number    int64              `json:"number" doc:"From 1 for each company and rule set"`
	AsOf      clock.Instant      `json:"asOf"`
	Rules     rules.Hash         `json:"rules"`
	Status    rules.CreditStatus `json:"status" enum:"by_score,no_data,blacklisted"`
	Grade     string             `json:"grade,omitempty"`
	Score     *int64             `json:"score,omitempty" doc:"In hundredths; absent without data"`
	Basic     int64              `json:"basic"`
	Good      int64              `json:"good"`
	Party     int64              `json:"party" doc:"Party building, shown apart"`
	Bad       int64              `json:"bad"`
	BadItems  int64              `json:"badItems"`
	Apart     *Apart             `json:"withoutParty,omitempty"`
	Survey    *SurveyPart        `json:"survey,omitempty"`
	Held      int64              `json:"held" doc:"Items under appeal, which did not count"`
}

// GradeView is a published grade for the company and the street, with what it was computed from.
type GradeView struct {
	ID         id.ID `json:"id"`
	Number     int64 `json:"number"`
	Recomputes bool  `json:"recomputes" doc:"Whether computing it again from the record gives the same to the digit"`
	Grade
}

// Publish computes a company's grade and shows it to everybody. Faults: credit.rule_set, credit.published_meanwhile, credit.involved.
func (s *Service) Publish(ctx context.Context, p authz.Principal, once idem.Key, company id.ID, ruleSet string) (GradeView, error) {
	c, actor, err := s.keeping(ctx, p, authz.CreditEnter, company)
	if err != nil {
		return GradeView{}, err
	}
	if _, err := s.ruleSet(c, ruleSet); err != nil {
		return GradeView{}, err
	}
	made := id.New()
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		row := gradeRow{ID: made, CompanyID: company, KeeperPath: c.KeeperPath, RuleSet: ruleSet, PublishedBy: actor.Person, PublishedRole: string(actor.Role)}
		got, again, err := once.Claim(ctx, tx, row.ID)
		if err != nil || again {
			made = got
			return err
		}
		if row.AsOf, err = Moment(ctx, tx, company, s.now()); err != nil {
			return err
		}
		return s.publish(ctx, tx, actor, row)
	})
	if err != nil {
		return GradeView{}, err
	}
	row, err := gradeByID(ctx, s.DB, made)
	if err != nil {
		return GradeView{}, err
	}
	return s.view(ctx, row)
}

func (s *Service) publish(ctx context.Context, tx *dbx.Tx, actor authz.Actor, row gradeRow) error {
	g, err := s.gradeAt(ctx, tx, row.CompanyID, row.RuleSet, row.AsOf)
	if err != nil {
		return err
	}
	body, err := json.Marshal(g)
	if err != nil {
		return err
	}
	if row.Number, err = nextGrade(ctx, tx, row.CompanyID, row.RuleSet); err != nil {
		return err
	}
	row.RuleHash, row.Status, row.Grade, row.Score, row.Content = g.Rules, g.Status, g.Grade, g.Score, string(body)
	err = insertGrade(ctx, tx, row)
	if dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "credit.published_meanwhile")
	}
	if err != nil {
		return err
	}
	err = audit.Record(ctx, tx, row.AsOf, audit.Entry{Actor: actor, Action: "credit.publish", ObjectKind: "credit_grade", ObjectID: row.ID, ScopePath: row.KeeperPath,
		Detail: map[string]any{"company": row.CompanyID, "ruleSet": row.RuleSet, "grade": row.Grade, "score": row.Score, "rules": row.RuleHash}})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, row.AsOf, "credit.published", row.ID, map[string]any{"company": row.CompanyID})
}

// view reads a stored grade and computes it again.
func (s *Service) view(ctx context.Context, row gradeRow) (GradeView, error) {
	out := GradeView{ID: row.ID, Number: row.Number}
	if err := json.Unmarshal([]byte(row.Content), &out.Grade); err != nil {
		return out, err
	}
	again, err := s.gradeAt(ctx, s.DB, row.CompanyID, row.RuleSet, row.AsOf)
	out.Recomputes = reflect.DeepEqual(again, out.Grade)
	return out, err
}

// Grades lists a company's published grades, newest first, each computed again.
func (s *Service) Grades(ctx context.Context, p authz.Principal, company id.ID, req page.Request) (page.Page[GradeView], error) {
	if _, err := s.company(ctx, p, company); err != nil {
		return page.Page[GradeView]{}, err
	}
	before, err := after(req)
	if err != nil {
		return page.Page[GradeView]{}, err
	}
	rows, err := listGrades(ctx, s.DB, company, before, req.Size()+1)
	if err != nil {
		return page.Page[GradeView]{}, err
	}
	cut := page.Cut(rows, req.Size(), func(g gradeRow) []string { return []string{g.ID.String()} })
	out := page.Page[GradeView]{Items: []GradeView{}, Next: cut.Next}
	for _, row := range cut.Items {
		v, err := s.view(ctx, row)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}

// PublicGrades are a company's newest published grades, one for each rule set, for everybody: without evidence, and without what the
// company or the office wrote.
func (s *Service) PublicGrades(ctx context.Context, company id.ID) ([]Published, error) {
	c, err := s.Companies.Company(ctx, s.DB, company)
	if err != nil {
		return nil, err
	}
	rows, err := newestGrades(ctx, s.DB, company)
	out := []Published{}
	for _, row := range rows {
		var g Grade
		if err := json.Unmarshal([]byte(row.Content), &g); err != nil {
			return nil, err
		}
		v := Published{CompanyID: company, Company: c.Name, RuleSet: row.RuleSet, Number: row.Number, AsOf: row.AsOf, Rules: row.RuleHash, Status: g.Status, Grade: g.Grade,
			Score: g.Score, Basic: g.Basic, Good: g.Good, Party: g.Party, Bad: g.Bad, BadItems: g.BadItems, Apart: g.WithoutParty, Survey: g.Survey, Held: int64(len(g.Held))}
		if set, err := s.Rules.Credit.Find(row.RuleSet); err == nil {
			v.Name = set.Text
		}
		out = append(out, v)
	}
	return out, err
}
