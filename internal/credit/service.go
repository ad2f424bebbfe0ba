package credit

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
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// Companies knows property companies and who works there.
type Companies interface {
	// Company is the fault not_found for anything else.
	Company(ctx context.Context, q dbx.Querier, company id.ID) (Company, error)
	// Staff lists the persons with a post in it at a moment.
	Staff(ctx context.Context, q dbx.Querier, company id.ID, at clock.Instant) ([]id.ID, error)
}

// Surveys knows published survey scores that nothing holds up any more.
type Surveys interface {
	// Settled is what stood at a moment over the service areas in which a company was rated; without points, and nil where
	// there is no score.
	Settled(ctx context.Context, q dbx.Querier, company id.ID, at clock.Instant) (*SurveyPart, error)
}

// Deps is what the service stands on.
type Deps struct {
	DB        *dbx.DB
	Clock     clock.Clock
	Rules     *rules.Set
	Companies Companies
	Surveys   Surveys
}

// Service is the use cases of company credit.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{d} }

func (s *Service) now() clock.Instant { return clock.Now(s.Clock) }

// Taken is how a step was asked for: once, and on the version that the caller saw.
type Taken struct {
	Once    idem.Key
	Version int64
}

// NewItem is a fact to be entered.
type NewItem struct {
	RuleSet    string
	Kind       Kind
	Party      bool
	Serious    bool
	Points     int64
	Reference  string
	Title      string
	Evidence   string
	ValidFrom  clock.Date
	ValidUntil *clock.Date
}

// company reads a company for somebody who may see its record.
func (s *Service) company(ctx context.Context, p authz.Principal, which id.ID) (Company, error) {
	c, err := s.Companies.Company(ctx, s.DB, which)
	if err != nil {
		return c, err
	}
	return c, authz.Require(p, authz.CreditRead, c.object())
}

// keeping reads a company for an act of the office that keeps its record, by a person without a post in it: persons are compared, not
// capacities. The fault credit.involved.
func (s *Service) keeping(ctx context.Context, p authz.Principal, perm authz.Permission, which id.ID) (Company, authz.Actor, error) {
	c, err := s.Companies.Company(ctx, s.DB, which)
	if err != nil {
		return c, authz.Actor{}, err
	}
	actor, err := authz.Act(p, perm, c.object())
	if err != nil {
		return c, actor, err
	}
	staff, err := s.Companies.Staff(ctx, s.DB, which, s.now())
	if err == nil && slices.Contains(staff, actor.Person) {
		err = fault.New(fault.Forbidden, "credit.involved")
	}
	return c, actor, err
}

// ruleSet is a rule set that applies where the company's record is kept; the fault credit.rule_set.
func (s *Service) ruleSet(c Company, code string) (*rules.CreditRuleSet, error) {
	set, err := s.Rules.Credit.Find(code)
	if err != nil || !strings.HasPrefix(c.Division, set.Division) {
		return nil, fault.InvalidField("body.ruleSet", "credit.rule_set")
	}
	return set, nil
}

// Enter puts a fact on a company's record. It counts once another person has decided so; against the company not before it had time to
// reply. Faults: input.invalid (credit.*), credit.reference_taken, credit.involved.
func (s *Service) Enter(ctx context.Context, p authz.Principal, once idem.Key, company id.ID, in NewItem) (Item, error) {
	c, actor, err := s.keeping(ctx, p, authz.CreditEnter, company)
	if err != nil {
		return Item{}, err
	}
	set, err := s.ruleSet(c, in.RuleSet)
	if err != nil {
		return Item{}, err
	}
	now := s.now()
	i := Item{ID: id.New(), CompanyID: c.ID, KeeperPath: c.KeeperPath, RuleSet: set.Code, State: Noticed, NoticedBy: actor.Person, NoticedRole: string(actor.Role), NoticedAt: now, Version: 1}
	if err := s.fill(&i, set, in); err != nil {
		return Item{}, err
	}
	made := i.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := once.Claim(ctx, tx, i.ID)
		if made = got; err != nil || again {
			return err
		}
		err = insertItem(ctx, tx, i)
		if dbx.IsDuplicate(err) {
			return fault.New(fault.Conflict, "credit.reference_taken").At("body.reference", "credit.reference_taken")
		}
		if err != nil {
			return err
		}
		return s.record(ctx, tx, actor, i, "credit.notice")
	})
	if err != nil {
		return Item{}, err
	}
	return itemByID(ctx, s.DB, company, made)
}

// fill checks what is entered and takes it over.
func (s *Service) fill(i *Item, set *rules.CreditRuleSet, in NewItem) error {
	var c fault.Collect
	most := map[Kind]int{Basic: set.BaseMax, Good: set.GoodMax, Bad: set.BaseMax + set.GoodMax}[in.Kind]
	if in.Points < min(1, int64(most)) || in.Points > int64(most) {
		c.Add("body.points", "credit.points", "most", most)
	}
	if in.Party && in.Kind != Good {
		c.Add("body.party", "credit.party")
	}
	if in.Serious && in.Kind != Bad {
		c.Add("body.serious", "credit.serious")
	}
	if in.ValidFrom > clock.DateOf(s.now().Time()) {
		c.Add("body.validFrom", "credit.begins_later")
	}
	if in.ValidUntil != nil && (*in.ValidUntil < in.ValidFrom || in.Serious || in.Kind == Blacklist) {
		c.Add("body.validUntil", "credit.until")
	}
	if err := c.Err(); err != nil {
		return err
	}
	i.Kind, i.Party, i.Serious, i.Points, i.ValidFrom, i.ValidUntil = in.Kind, in.Party, in.Serious, in.Points, in.ValidFrom, in.ValidUntil
	if i.ValidUntil == nil && !in.Serious && (in.Kind == Good || in.Kind == Bad) {
		last := clock.DateOf(in.ValidFrom.Start().AddDate(0, set.ItemMonths, -1))
		i.ValidUntil = &last
	}
	var err error
	if i.Reference, err = text.Line("body.reference", in.Reference, 2, 100); err != nil {
		return err
	}
	if i.Title, err = text.Line("body.title", in.Title, 2, 200); err != nil {
		return err
	}
	if i.Evidence, err = text.Paragraph("body.evidence", in.Evidence, 2, 2000); err != nil {
		return err
	}
	if !i.Kind.against() {
		return nil
	}
	due, err := s.Rules.Calendar.Deadline(calendar.Rule{Count: set.ReplyDays, Unit: calendar.WorkingDays}, clock.DateOf(i.NoticedAt.Time()))
	i.ReplyUntil = &due.Date
	return err
}

// record notes a change with its notice.
func (s *Service) record(ctx context.Context, tx *dbx.Tx, actor authz.Actor, i Item, action string) error {
	at := s.now()
	err := audit.Record(ctx, tx, at, audit.Entry{Actor: actor, Action: action, ObjectKind: "credit_item", ObjectID: i.ID, ScopePath: i.KeeperPath,
		Detail: map[string]any{"company": i.CompanyID, "kind": i.Kind, "state": i.State, "points": i.Points, "ruleSet": i.RuleSet}})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, at, action, i.ID, map[string]any{"company": i.CompanyID})
}

// step moves an item in the version that the caller saw, at a moment of its own.
func (s *Service) step(ctx context.Context, company, which id.ID, t Taken, actor authz.Actor, step Step, do func(i *Item, now clock.Instant) error) (Item, error) {
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, which); err != nil || again {
			return err
		}
		i, err := itemByID(ctx, tx, company, which)
		if err != nil {
			return err
		}
		was := i.State
		switch {
		case i.Version != t.Version:
			return fault.New(fault.Stale, "version.stale")
		case was != from[step]:
			return fault.New(fault.Conflict, "credit.state", "state", string(was))
		}
		now, err := Moment(ctx, tx, company, s.now())
		if err != nil {
			return err
		}
		if err := do(&i, now); err != nil {
			return err
		}
		err = updateItem(ctx, tx, i, was)
		if errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Stale, "version.stale")
		}
		if err != nil {
			return err
		}
		return s.record(ctx, tx, actor, i, "credit."+string(step))
	})
	if err != nil {
		return Item{}, err
	}
	return itemByID(ctx, s.DB, company, which)
}

// Items lists a company's record, newest first, for the company and the street that keeps it.
func (s *Service) Items(ctx context.Context, p authz.Principal, company id.ID, req page.Request) (page.Page[Item], error) {
	if _, err := s.company(ctx, p, company); err != nil {
		return page.Page[Item]{}, err
	}
	before, err := after(req)
	if err != nil {
		return page.Page[Item]{}, err
	}
	list, err := listItems(ctx, s.DB, company, before, req.Size()+1)
	if err != nil {
		return page.Page[Item]{}, err
	}
	return page.Cut(list, req.Size(), func(i Item) []string { return []string{i.ID.String()} }), nil
}

// Item is one of them.
func (s *Service) Item(ctx context.Context, p authz.Principal, company, which id.ID) (Item, error) {
	if _, err := s.company(ctx, p, company); err != nil {
		return Item{}, err
	}
	return itemByID(ctx, s.DB, company, which)
}

// after is the identifier that a page begins behind.
func after(req page.Request) (*id.ID, error) {
	parts, err := page.Decode(req.Cursor, 1)
	if err != nil || parts == nil {
		return nil, err
	}
	last, err := id.Parse(parts[0])
	if err != nil {
		return nil, fault.InvalidField("query.cursor", "page.cursor")
	}
	return &last, nil
}
