package credit

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
)

const (
	tag   = "Company credit"
	items = "/organisations/{organisationId}/credit-items"
)

// CompanyPath names a property company in the path.
type CompanyPath struct {
	ID id.ID `path:"organisationId" doc:"Property company"`
}

// ItemPath names an item in the path.
type ItemPath struct {
	CompanyPath
	ItemID id.ID `path:"creditItemId" doc:"Item of the company's record"`
}

// RuleSetView is an authority's way to grade companies.
type RuleSetView struct {
	Code       string     `json:"code"`
	Name       rules.Text `json:"name"`
	Source     string     `json:"source"`
	BasicMax   int        `json:"basicMax" doc:"In hundredths, as all points"`
	GoodMax    int        `json:"goodMax"`
	PartyMax   int        `json:"partyMax" doc:"What Party building adds at most; shown apart"`
	SurveyMax  int        `json:"surveyMax" doc:"What a survey score of 100 adds; 0 where none is taken"`
	ItemMonths int        `json:"itemMonths" doc:"How long an item counts where its fact says nothing"`
	ReplyDays  int        `json:"replyDays" doc:"Working days"`
	AppealDays int        `json:"appealDays" doc:"Calendar days"`
	Bands      []BandView `json:"bands" doc:"The best first; half-open"`
}

// BandView is a grade's half-open band.
type BandView struct {
	Grade           string `json:"grade"`
	From            *int   `json:"from,omitempty" doc:"In hundredths; included"`
	Below           *int   `json:"below,omitempty" doc:"In hundredths; not included"`
	WithoutBadItems string `json:"withoutBadItems,omitempty" doc:"The grade instead where no bad item counts"`
}

func viewSets(list []rules.CreditRuleSet) []RuleSetView {
	out := make([]RuleSetView, len(list))
	for i, s := range list {
		out[i] = RuleSetView{Code: s.Code, Name: s.Text, Source: s.Source, BasicMax: s.BaseMax, GoodMax: s.GoodMax, PartyMax: s.PartyMax, SurveyMax: s.SurveyMax,
			ItemMonths: s.ItemMonths, ReplyDays: s.ReplyDays, AppealDays: s.AppealDays, Bands: []BandView{}}
		for _, b := range s.Bands {
			out[i].Bands = append(out[i].Bands, BandView{b.Grade, b.From, b.Below, b.WithoutBadItems})
		}
	}
	return out
}

type enterInput struct {
	CompanyPath
	Body struct {
		RuleSet    string      `json:"ruleSet" minLength:"1" maxLength:"40"`
		Kind       Kind        `json:"kind" enum:"basic,good,bad,blacklist"`
		Party      bool        `json:"party,omitempty" doc:"A good item of Party building"`
		Serious    bool        `json:"serious,omitempty" doc:"A bad item that counts until it is rectified"`
		Points     int64       `json:"points" minimum:"0" maximum:"100000" doc:"In hundredths; 0 for the blacklist"`
		Reference  string      `json:"reference" minLength:"2" maxLength:"100" doc:"Number of the document; each is entered once"`
		Title      string      `json:"title" minLength:"2" maxLength:"200"`
		Evidence   string      `json:"evidence" minLength:"2" maxLength:"2000" doc:"What shows the fact, and where it is kept; no personal data"`
		ValidFrom  clock.Date  `json:"validFrom"`
		ValidUntil *clock.Date `json:"validUntil,omitempty" doc:"Where the fact says how long it lasts; the rule's time when absent"`
	}
}

// StepInput is a step of an item in the version that the caller saw.
type StepInput struct {
	ItemPath
	httpapi.IfMatch
}

type replyInput struct {
	StepInput
	Body struct {
		Reply string `json:"reply" minLength:"2" maxLength:"2000"`
	}
}

type appealInput struct {
	StepInput
	Body struct {
		Appeal string `json:"appeal" minLength:"5" maxLength:"2000"`
	}
}

type decideInput struct {
	StepInput
	Body struct {
		Accept  bool   `json:"accept" doc:"The item is entered; of an appeal: it is right and the item falls"`
		Reasons string `json:"reasons" minLength:"5" maxLength:"2000" doc:"The company reads them"`
	}
}

type endInput struct {
	StepInput
	Body struct {
		On     clock.Date `json:"on" doc:"First day on which it counts no more"`
		Reason string     `json:"reason" minLength:"5" maxLength:"500"`
	}
}

type enrolInput struct {
	CompanyPath
	Body struct {
		RuleSet  string `json:"ruleSet" minLength:"1" maxLength:"40"`
		Enrolled bool   `json:"enrolled"`
	}
}

type creditInput struct {
	CompanyPath
	RuleSet string     `query:"ruleSet" required:"true" minLength:"1" maxLength:"40"`
	On      clock.Date `query:"on" doc:"A past day, at whose end the grade is computed by what was known and in force then; now when absent"`
}

type publishInput struct {
	CompanyPath
	Body struct {
		RuleSet string `json:"ruleSet" minLength:"1" maxLength:"40"`
	}
}

type pageInput struct {
	CompanyPath
	httpapi.PageInput
}

func view(i Item, err error) (*httpapi.Versioned[Item], error) {
	return httpapi.AnswerVersion(i, i.Version, err)
}

// Register adds the operations of company credit.
func Register(api *httpapi.API, s *Service) {
	s.registerItems(api)
	s.registerSteps(api)
	s.registerGrades(api)
}

func (s *Service) registerItems(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listCreditItems", Method: http.MethodGet, Path: items, Tag: tag, Permission: authz.CreditRead,
		Summary: "A company's credit record, newest first", Description: "For the company and the street that keeps its record."},
		func(ctx context.Context, in *pageInput) (*httpapi.Body[page.Page[Item]], error) {
			return httpapi.Answer(s.Items(ctx, authz.From(ctx), in.ID, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "getCreditItem", Method: http.MethodGet, Path: items + "/{creditItemId}", Tag: tag, Permission: authz.CreditRead,
		Summary: "An item of a company's credit record"},
		func(ctx context.Context, in *ItemPath) (*httpapi.Versioned[Item], error) {
			return view(s.Item(ctx, authz.From(ctx), in.ID, in.ItemID))
		})
	httpapi.Register(api, httpapi.Op{ID: "enterCreditItem", Method: http.MethodPost, Path: items, Tag: tag, Permission: authz.CreditEnter, Status: http.StatusCreated,
		Summary:     "Give notice of a fact for a company's credit record",
		Description: "It counts for nothing until another person has decided. Against the company: a bad item, or the blacklist, not before it replied or the time for that is over."},
		func(ctx context.Context, in *enterInput) (*httpapi.Versioned[Item], error) {
			return view(s.Enter(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, NewItem(in.Body)))
		})
	httpapi.Register(api, httpapi.Op{ID: "setCreditEnrolment", Method: http.MethodPut, Path: "/organisations/{organisationId}/credit-enrolment", Tag: tag, Permission: authz.CreditEnter, Status: http.StatusNoContent,
		Summary: "Record that a company takes part in a credit system, or no longer", Description: "A company at work that does not take part is missing: a state of its own, never zero."},
		func(ctx context.Context, in *enrolInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.Enrol(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.RuleSet, in.Body.Enrolled))
		})
}

func (s *Service) registerSteps(api *httpapi.API) {
	op := func(name, path, summary, description string, permission authz.Permission) httpapi.Op {
		return httpapi.Op{ID: name, Method: http.MethodPost, Path: items + "/{creditItemId}" + path, Tag: tag, Permission: permission, Summary: summary, Description: description}
	}
	httpapi.Register(api, op("replyToCreditItem", "/reply", "Reply to a notice, for the company", "Once, within the time of the rule.", authz.CreditReply),
		func(ctx context.Context, in *replyInput) (*httpapi.Versioned[Item], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return view(s.Reply(ctx, authz.From(ctx), in.ID, in.ItemID, t, in.Body.Reply))
		})
	httpapi.Register(api, op("decideCreditItem", "/decide", "Enter an item or drop it", "By another natural person than the one who gave notice.", authz.CreditDecide),
		func(ctx context.Context, in *decideInput) (*httpapi.Versioned[Item], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return view(s.Decide(ctx, authz.From(ctx), in.ID, in.ItemID, t, Decision(in.Body)))
		})
	httpapi.Register(api, op("appealCreditItem", "/appeal", "Appeal against an item, for the company", "Until it is decided the item does not count.", authz.CreditReply),
		func(ctx context.Context, in *appealInput) (*httpapi.Versioned[Item], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return view(s.Appeal(ctx, authz.From(ctx), in.ID, in.ItemID, t, in.Body.Appeal))
		})
	httpapi.Register(api, op("decideCreditAppeal", "/appeal/decide", "Decide an appeal", "By a natural person who neither gave notice nor decided.", authz.CreditDecide),
		func(ctx context.Context, in *decideInput) (*httpapi.Versioned[Item], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return view(s.Rule(ctx, authz.From(ctx), in.ID, in.ItemID, t, Decision(in.Body)))
		})
	httpapi.Register(api, op("endCreditItem", "/end", "End an item: rectified, its fact over, or off the blacklist", "Past grades stay as they were.", authz.CreditEnter),
		func(ctx context.Context, in *endInput) (*httpapi.Versioned[Item], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return view(s.End(ctx, authz.From(ctx), in.ID, in.ItemID, t, in.Body.On, in.Body.Reason))
		})
}

func taken(ctx context.Context, m httpapi.IfMatch) (Taken, error) {
	v, err := m.Version()
	return Taken{httpapi.Once(ctx), v}, err
}

func (s *Service) registerGrades(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listCreditRuleSets", Method: http.MethodGet, Path: "/organisations/{organisationId}/credit-rule-sets", Tag: tag, Permission: authz.CreditRead,
		Summary: "The rules by which a company is graded"},
		func(ctx context.Context, in *CompanyPath) (*httpapi.Body[page.Page[RuleSetView]], error) {
			list, err := s.RuleSets(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[RuleSetView]{Items: viewSets(list)}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "getCompanyCredit", Method: http.MethodGet, Path: "/organisations/{organisationId}/credit", Tag: tag, Permission: authz.CreditRead,
		Summary: "A company's grade now, or at the end of a past day", Description: "Computed from the record, with every item that counts. For the company and the street that keeps its record."},
		func(ctx context.Context, in *creditInput) (*httpapi.Body[Grade], error) {
			return httpapi.Answer(s.Credit(ctx, authz.From(ctx), in.ID, in.RuleSet, in.On))
		})
	httpapi.Register(api, httpapi.Op{ID: "publishCreditGrade", Method: http.MethodPost, Path: "/organisations/{organisationId}/credit-grades", Tag: tag, Permission: authz.CreditEnter, Status: http.StatusCreated,
		Summary: "Publish a company's grade as it stands"},
		func(ctx context.Context, in *publishInput) (*httpapi.Body[GradeView], error) {
			return httpapi.Answer(s.Publish(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.RuleSet))
		})
	httpapi.Register(api, httpapi.Op{ID: "listCreditGrades", Method: http.MethodGet, Path: "/organisations/{organisationId}/credit-grades", Tag: tag, Permission: authz.CreditRead,
		Summary: "A company's published grades, newest first, each computed again"},
		func(ctx context.Context, in *pageInput) (*httpapi.Body[page.Page[GradeView]], error) {
			return httpapi.Answer(s.Grades(ctx, authz.From(ctx), in.ID, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "listPublicCreditGrades", Method: http.MethodGet, Path: "/public/organisations/{organisationId}/credit-grades", Tag: tag, Public: true,
		Summary: "A company's newest published grade under each rule set", Description: "Party building is shown apart, with the grade that there would be without it."},
		func(ctx context.Context, in *CompanyPath) (*httpapi.Body[page.Page[Published]], error) {
			list, err := s.PublicGrades(ctx, in.ID)
			return httpapi.Answer(page.Page[Published]{Items: list}, err)
		})
}
