package workorder

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
)

// CallbackResult is what came of a call-back.
type CallbackResult struct {
	Outcome string       `json:"outcome" enum:"answered,unreachable,declined" doc:"What came of it"`
	Note    string       `json:"note,omitempty" maxLength:"2000" doc:"For the community and the street"`
	Rating  *OrderAnswer `json:"rating,omitempty" doc:"The answer of a person who has not rated; it is marked as written down by you"`
}

// CheckResult is what the community found at an order of its sample.
type CheckResult struct {
	Passed bool   `json:"passed" doc:"Whether it is done; if not, the order is reopened"`
	Note   string `json:"note,omitempty" maxLength:"2000" doc:"What you found"`
}

type callbacksInput struct {
	httpapi.PageInput
	State string `query:"state" enum:"open,done" default:"open" doc:"Open or done"`
}

type checksInput struct {
	httpapi.PageInput
	State string `query:"state" enum:"open,passed,failed" default:"open" doc:"Open, passed or failed"`
}

func (s *Service) registerRatings(api *httpapi.API) {
	onceFor(api, httpapi.Op{ID: "rateWorkOrder", Method: http.MethodPost, Path: "/work-orders/{id}/ratings", Tag: tagRating, Permission: authz.OrderRate, Status: http.StatusNoContent,
		Summary: "Rate a closure", Description: "Once for each household and closure. The handler never sees it, one by one or otherwise than in published rates."},
		func(ctx context.Context, p authz.Principal, once idem.Key, order id.ID, b OrderAnswer) error {
			return s.Rate(ctx, p, once, order, *b.answer())
		})
	onceFor(api, httpapi.Op{ID: "recordWorkOrderCallback", Method: http.MethodPost, Path: "/work-orders/{id}/callback", Tag: tagRating, Permission: authz.OrderCallback, Status: http.StatusNoContent,
		Summary: "Record a call-back", Description: "By the community or the street office, never by who did the work."},
		func(ctx context.Context, p authz.Principal, once idem.Key, order id.ID, b CallbackResult) error {
			return s.RecordCallback(ctx, p, once, order, Called{b.Outcome, b.Note, b.Rating.answer()})
		})
	onceFor(api, httpapi.Op{ID: "recordWorkOrderCheck", Method: http.MethodPost, Path: "/work-orders/{id}/check", Tag: tagRating, Permission: authz.OrderVerify, Status: http.StatusNoContent,
		Summary: "Record a check of the sample"},
		func(ctx context.Context, p authz.Principal, once idem.Key, order id.ID, b CheckResult) error {
			return s.RecordCheck(ctx, p, once, order, b.Passed, b.Note)
		})
	httpapi.Register(api, httpapi.Op{ID: "listWorkOrderCallbacks", Method: http.MethodGet, Path: "/work-order-callbacks", Tag: tagRating, Permission: authz.OrderCallback,
		Summary: "Call-backs of your area", Description: "After a low answer, or where somebody cannot be reached by phone; oldest first."},
		func(ctx context.Context, in *callbacksInput) (*httpapi.Body[page.Page[OrderCallback]], error) {
			return httpapi.Answer(s.Callbacks(ctx, authz.From(ctx), in.State, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "listWorkOrderChecks", Method: http.MethodGet, Path: "/work-order-checks", Tag: tagRating, Permission: authz.OrderVerify,
		Summary: "The sample of closed orders to look at again", Description: "Drawn at random, each month, of the orders in public areas."},
		func(ctx context.Context, in *checksInput) (*httpapi.Body[page.Page[OrderCheck]], error) {
			return httpapi.Answer(s.Checks(ctx, authz.From(ctx), in.State, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "listWorkOrderRemarks", Method: http.MethodGet, Path: "/work-order-remarks", Tag: tagRating, Permission: authz.OrderDispatch,
		Summary: "What residents agreed to pass on", Description: "Words only: no score, no name; newest first. The handler gets them without orders and days, in batches of whole months that are over, each written by at least as many different households as a published rating takes; the community and the street see them as they come."},
		func(ctx context.Context, in *struct{ httpapi.PageInput }) (*httpapi.Body[page.Page[OrderRemark]], error) {
			return httpapi.Answer(s.Remarks(ctx, authz.From(ctx), in.Page()))
		})
}

type linkInput struct {
	Body struct {
		Token string `json:"token" minLength:"20" maxLength:"60" doc:"The follow token; it is sent in the body so that no log keeps it"`
	}
}

type linkAnswerInput struct {
	Body struct {
		Token  string       `json:"token" minLength:"20" maxLength:"60" doc:"The follow token"`
		Solved bool         `json:"solved" doc:"Whether it is solved; if not, the order goes back to work"`
		Reason string       `json:"reason,omitempty" maxLength:"2000" doc:"What is still wrong"`
		Rating *OrderAnswer `json:"rating,omitempty" doc:"Optional"`
	}
}

func (s *Service) registerLinks(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "followWorkOrder", Method: http.MethodPost, Path: "/work-order-links/status", Tag: tagLinks, Public: true, Quiet: true,
		Summary: "Where an order stands, by its follow token"},
		func(ctx context.Context, in *linkInput) (*httpapi.Body[OrderLink], error) {
			return httpapi.Answer(s.Follow(ctx, in.Body.Token))
		})
	httpapi.Register(api, httpapi.Op{ID: "answerWorkOrderByLink", Method: http.MethodPost, Path: "/work-order-links/answer", Tag: tagLinks, Public: true, Quiet: true,
		Summary: "Say whether it is solved, by the follow token"},
		func(ctx context.Context, in *linkAnswerInput) (*httpapi.Body[OrderLink], error) {
			b := in.Body
			return httpapi.Answer(s.AnswerByLink(ctx, b.Token, b.Solved, b.Reason, b.Rating.answer()))
		})
}

// CategoryView is a kind of trouble.
type CategoryView struct {
	Code           string               `json:"code"`
	NameZH         string               `json:"nameZh"`
	NameEN         string               `json:"nameEn"`
	Responsibility rules.Responsibility `json:"responsibility" doc:"Whose it is to put right"`
	ChannelZH      string               `json:"channelZh" doc:"What a resident is told about that"`
	ChannelEN      string               `json:"channelEn"`
	Severity       rules.Severity       `json:"severity" doc:"Of a new order"`
	Identity       rules.Identity       `json:"identityRule" doc:"Who may see the reporter"`
	ClosingZH      string               `json:"closingZh" doc:"When it counts as done"`
	ClosingEN      string               `json:"closingEn"`
	Times          ReferenceTimes       `json:"referenceTimes" doc:"参考时限: not a promise; the contract's own come first"`
	Emergency      *EmergencyView       `json:"emergency,omitempty" doc:"In danger to life: ring these numbers first"`
}

// ReferenceTimes are limits in minutes from dispatch; absent where there is none.
type ReferenceTimes struct {
	Clock   string `json:"clock" doc:"natural or working"`
	Hours   string `json:"hours,omitempty" doc:"Which working hours: service or office"`
	Accept  *int   `json:"acceptMinutes,omitempty"`
	Arrive  *int   `json:"arriveMinutes,omitempty"`
	Control *int   `json:"controlMinutes,omitempty"`
	Fix     *int   `json:"fixMinutes,omitempty"`
}

// CategoryGroup is the upper level of the tree.
type CategoryGroup struct {
	Code       string         `json:"code"`
	NameZH     string         `json:"nameZh"`
	NameEN     string         `json:"nameEn"`
	Categories []CategoryView `json:"categories"`
}

// CategoryTree is the whole dictionary, or what a search found in it, best first.
type CategoryTree struct {
	RuleHash rules.Hash      `json:"ruleHash" doc:"Hash of the file it was read from"`
	Groups   []CategoryGroup `json:"groups,omitempty"`
	Found    []CategoryView  `json:"found,omitempty" doc:"Only with q"`
}

func (s *Service) registerCategories(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listWorkOrderCategories", Method: http.MethodGet, Path: "/work-order-categories", Tag: tagOrders, Permission: authz.AccountSelf,
		Summary: "What can be reported", Description: "The tree, or with q what matches: Chinese or English words, pinyin or initials."},
		func(_ context.Context, in *struct {
			Q string `query:"q" maxLength:"100" doc:"What people call it"`
		}) (*httpapi.Body[CategoryTree], error) {
			return httpapi.Answer(s.categories(in.Q), nil)
		})
}

// mostFound bounds a search of categories.
const mostFound = 20

func (s *Service) categories(q string) CategoryTree {
	out := CategoryTree{RuleHash: s.Rules.Hash(rules.Categories)}
	if q != "" {
		for _, c := range s.Rules.Categories.Search(q, mostFound) {
			out.Found = append(out.Found, s.category(c))
		}
		return out
	}
	for _, g := range s.Rules.Categories.Groups() {
		group := CategoryGroup{Code: g.Code, NameZH: g.Zh, NameEN: g.En}
		for _, c := range g.Categories {
			group.Categories = append(group.Categories, s.category(c))
		}
		out.Groups = append(out.Groups, group)
	}
	return out
}

func (s *Service) category(c *rules.Category) CategoryView {
	t := s.Rules.Categories.Times(c, c.Severity)
	channel, _ := s.Rules.Categories.Channel(c.Responsibility)
	return CategoryView{
		Code: c.Code, NameZH: c.Zh, NameEN: c.En, Responsibility: c.Responsibility, ChannelZH: channel.Channel.Zh, ChannelEN: channel.Channel.En,
		Severity: c.Severity, Identity: c.Identity, ClosingZH: c.Closing.Zh, ClosingEN: c.Closing.En, Emergency: s.emergency(c),
		Times: ReferenceTimes{Clock: string(t.Clock), Hours: string(t.Hours), Accept: t.Accept, Arrive: t.Arrive, Control: t.Control, Fix: t.Fix},
	}
}
