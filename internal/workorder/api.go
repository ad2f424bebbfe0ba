package workorder

import (
	"context"
	"net/http"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
)

const (
	tagOrders = "Work orders"
	tagSteps  = "Work order steps"
	tagRating = "Work order ratings"
	tagLinks  = "Work orders without an account"
)

// The limits of reporting, as the rate limiter names them.
const (
	limitOrder = "work_order"
	limitDesk  = "desk_order"
)

// Register adds the operations of work orders.
func Register(api *httpapi.API, s *Service) {
	s.registerReports(api)
	s.registerReading(api)
	s.registerSteps(api)
	s.registerDecisions(api)
	s.registerClosing(api)
	s.registerRatings(api)
	s.registerLinks(api)
	s.registerCategories(api)
	s.registerEscalation(api)
	s.registerRelay(api)
	s.registerReveals(api)
	s.registerStatements(api)
	s.registerPressure(api)
	s.registerPhotos(api)
	s.registerStream(api)
	s.registerExport(api)
	s.registerBulk(api)
}

// ReportWhere is the place of a report: exactly one of dwelling, public area and service area.
type ReportWhere struct {
	UnitID        *id.ID `json:"unitId,omitempty" doc:"The dwelling, for what is wrong inside it or at its door"`
	PublicAreaID  *id.ID `json:"publicAreaId,omitempty" doc:"The public area"`
	ServiceAreaID *id.ID `json:"serviceAreaId,omitempty" doc:"The whole service area, when nothing narrower fits"`
	Detail        string `json:"detail,omitempty" maxLength:"100" doc:"Where exactly, in your words"`
}

// ReportFields are what every report has.
type ReportFields struct {
	Where       ReportWhere `json:"where"`
	Category    string      `json:"category" maxLength:"60" doc:"Code of a category"`
	Title       string      `json:"title,omitempty" maxLength:"240" doc:"Up to 120 characters; the category's name when absent"`
	Description string      `json:"description,omitempty" maxLength:"8000" doc:"Up to 4000 characters; photos are optional and added afterwards"`
	PartyOrgID  *id.ID      `json:"partyOrgId,omitempty" doc:"Conduct cases: the organisation it is about; the company that serves the place when absent. It never handles the case"`
}

func (b ReportFields) report() Report {
	return Report{Where: Where(b.Where), Category: b.Category, Title: b.Title, Description: b.Description, PartyOrgID: b.PartyOrgID}
}

type reportInput struct {
	Body struct {
		ReportFields
		ContactName   string `json:"contactName,omitempty" maxLength:"80" doc:"Whom to ask for at the door, when not you"`
		ContactPhone  string `json:"contactPhone,omitempty" maxLength:"40" doc:"Whom to ring, when not you"`
		ContactOptOut bool   `json:"contactOptOut,omitempty" doc:"The worker shall not see name and phone"`
	}
}

type unnamedInput struct {
	Body struct{ ReportFields }
}

type callInput struct {
	Body struct {
		ReportFields
		CallerName     string         `json:"callerName,omitempty" maxLength:"80" doc:"Optional"`
		CallerPhone    string         `json:"callerPhone,omitempty" maxLength:"40" doc:"Optional: without it the community calls on the person"`
		ExternalNumber string         `json:"externalNumber,omitempty" maxLength:"120" doc:"Number of a hotline case (12345)"`
		ExternalDueAt  *clock.Instant `json:"externalDueAt,omitempty" doc:"Deadline the hotline set"`
	}
}

func (s *Service) registerReports(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "reportWorkOrder", Method: http.MethodPost, Path: "/work-orders", Tag: tagOrders, Status: http.StatusCreated,
		Summary: "Report something", Permission: authz.OrderReport, Limit: limitOrder,
		Description: "For your household, or for a public area where you live. In danger to life the answer begins with the numbers to ring; the report does not replace the call."},
		func(ctx context.Context, in *reportInput) (*httpapi.Body[OrderReceipt], error) {
			r := in.Body.report()
			r.ContactName, r.ContactPhone, r.ContactOptOut = in.Body.ContactName, in.Body.ContactPhone, in.Body.ContactOptOut
			return httpapi.Answer(s.Report(ctx, authz.From(ctx), httpapi.Once(ctx), r))
		})
	httpapi.Register(api, httpapi.Op{ID: "reportHazardUnnamed", Method: http.MethodPost, Path: "/hazard-reports", Tag: tagOrders, Status: http.StatusCreated,
		Summary: "Report a hazard or defect without a name", Permission: authz.OrderReport, Limit: limitOrder, Quiet: true,
		Description: "Nothing that names you is stored with it, in the order or in any log. The answer holds a token, shown once, by which you follow it."},
		func(ctx context.Context, in *unnamedInput) (*httpapi.Body[OrderReceipt], error) {
			return httpapi.Answer(s.ReportUnnamed(ctx, authz.From(ctx), httpapi.Once(ctx), in.Body.report()))
		})
	httpapi.Register(api, httpapi.Op{ID: "reportForCaller", Method: http.MethodPost, Path: "/front-desk-orders", Tag: tagOrders, Status: http.StatusCreated,
		Summary: "Take down a report of somebody without an account", Permission: authz.OrderReportFor, Limit: limitDesk,
		Description: "At the front desk, on the phone, or for a hotline case with its own number and deadline. Name and phone are optional."},
		func(ctx context.Context, in *callInput) (*httpapi.Body[OrderReceipt], error) {
			b := in.Body
			return httpapi.Answer(s.ReportForCaller(ctx, authz.From(ctx), httpapi.Once(ctx), Call{Report: b.report(), CallerName: b.CallerName,
				CallerPhone: b.CallerPhone, ExternalNumber: b.ExternalNumber, ExternalDueAt: b.ExternalDueAt}))
		})
	httpapi.Register(api, httpapi.Op{ID: "reportInspection", Method: http.MethodPost, Path: "/inspection-orders", Tag: tagOrders, Status: http.StatusCreated,
		Summary: "Report what staff found", Permission: authz.OrderInspect, Limit: limitDesk,
		Description: "Nobody can be asked whether it is solved, so it closes only after somebody independent has verified it."},
		func(ctx context.Context, in *unnamedInput) (*httpapi.Body[OrderReceipt], error) {
			return httpapi.Answer(s.Inspect(ctx, authz.From(ctx), httpapi.Once(ctx), in.Body.report()))
		})
}

type listInput struct {
	httpapi.PageInput
	OrderFilter
}

// OrderFilter is what a list is narrowed to. It is exported because embedded fields must be.
type OrderFilter struct {
	State         []string   `query:"state" maxItems:"12" doc:"Only these states, separated by commas"`
	Category      string     `query:"category" maxLength:"60" doc:"Only this category"`
	Severity      string     `query:"severity" maxLength:"20" doc:"Only this severity"`
	Source        string     `query:"source" enum:"resident,desk,inspection,hotline,import" doc:"Only this source"`
	Open          bool       `query:"open" doc:"Only what is not over"`
	Overdue       bool       `query:"overdue" doc:"Only what is past its limit, the longest overdue first"`
	Mine          bool       `query:"mine" doc:"Your own reports; for staff, what is assigned to you"`
	WaitingForMe  bool       `query:"waitingForMe" doc:"Only what waits for your move"`
	AssigneeID    id.ID      `query:"assigneeId" doc:"Only what is assigned to this person"`
	HandlerID     id.ID      `query:"handlerId" doc:"Only what this organisation has"`
	EstateID      id.ID      `query:"estateId" doc:"Only in this estate"`
	ServiceAreaID id.ID      `query:"serviceAreaId" doc:"Only in this service area"`
	CommunityID   id.ID      `query:"communityId" doc:"Only in this community"`
	From          clock.Date `query:"from" doc:"Reported on this day or later"`
	To            clock.Date `query:"to" doc:"Reported on this day or earlier"`
	ChangedSince  time.Time  `query:"changedSince" doc:"Changed at this moment or later; with open, what the summary counts as changed"`
	Q             string     `query:"q" maxLength:"120" doc:"Part of the title or description, or a whole number"`
	Sort          string     `query:"sort" enum:"newest,due" doc:"newest (default), or due: what is due first, of what has a running clock"`
}

func (in *OrderFilter) filter() Filter {
	f := Filter{Category: in.Category, Severity: in.Severity, Source: Source(in.Source), Open: in.Open, Overdue: in.Overdue, Mine: in.Mine, ForMe: in.WaitingForMe,
		AssigneeID: in.AssigneeID.Ptr(), HandlerID: in.HandlerID.Ptr(), EstateID: in.EstateID.Ptr(), ServiceAreaID: in.ServiceAreaID.Ptr(), CommunityID: in.CommunityID.Ptr(),
		From: in.From, To: in.To, Text: in.Q, Sort: in.Sort}
	if !in.ChangedSince.IsZero() {
		f.ChangedSince = clock.At(in.ChangedSince)
	}
	for _, s := range in.State {
		f.States = append(f.States, State(s))
	}
	return f
}

type summaryInput struct {
	SoonHours int       `query:"soonHours" minimum:"1" maximum:"168" default:"4" doc:"Hours that are soon"`
	Since     time.Time `query:"since" doc:"What is new since then; a day ago when absent"`
}

func (in *summaryInput) of() SummaryOf {
	of := SummaryOf{Soon: time.Duration(in.SoonHours) * time.Hour}
	if !in.Since.IsZero() {
		of.Since = clock.At(in.Since).Ptr()
	}
	return of
}

// OrderPath names an order in a path. It is exported because embedded fields must be.
type OrderPath struct {
	ID id.ID `path:"id" doc:"The order"`
}

type contactInput struct {
	ID   id.ID `path:"id" doc:"The order"`
	Body struct {
		Reason reasonText `json:"reason" enum:"visit,callback,emergency,inquiry,authority" doc:"Why you need it; recorded, and shown to the reporter"`
	}
}

func (s *Service) registerReading(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listWorkOrders", Method: http.MethodGet, Path: "/work-orders", Tag: tagOrders, Permission: authz.OrderRead,
		Summary: "List the orders you may see", Description: "Residents: their own and their household's. Companies: what they have. Communities and the street: their area."},
		func(ctx context.Context, in *listInput) (*httpapi.Body[page.Page[OrderView]], error) {
			return httpapi.Answer(s.List(ctx, authz.From(ctx), in.filter(), in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "getWorkOrderSummary", Method: http.MethodGet, Path: "/work-orders/summary", Tag: tagOrders, Permission: authz.OrderRead,
		Summary: "How many orders are open, wait for you, are overdue or due soon", Description: "Of the orders you may see, each counted once. The head of a workbench and of a resident's home."},
		func(ctx context.Context, in *summaryInput) (*httpapi.Body[OrderSummary], error) {
			return httpapi.Answer(s.Summary(ctx, authz.From(ctx), in.of()))
		})
	httpapi.Register(api, httpapi.Op{ID: "getWorkOrder", Method: http.MethodGet, Path: "/work-orders/{id}", Tag: tagOrders, Permission: authz.OrderRead,
		Summary: "One order, with every step and whether you may take it"},
		func(ctx context.Context, in *OrderPath) (*httpapi.Versioned[OrderDetail], error) {
			d, err := s.Detail(ctx, authz.From(ctx), in.ID)
			return httpapi.AnswerVersion(d, d.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listWorkOrderEvents", Method: http.MethodGet, Path: "/work-orders/{id}/events", Tag: tagOrders, Permission: authz.OrderRead,
		Summary: "What happened to an order", Description: "Oldest first, with the role that took each step."},
		func(ctx context.Context, in *OrderPath) (*httpapi.Body[[]OrderEvent], error) {
			return httpapi.Answer(s.History(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "readWorkOrderContact", Method: http.MethodPost, Path: "/work-orders/{id}/contact", Tag: tagOrders, Permission: authz.OrderRead,
		Summary: "Name and phone of the reporter", Description: "For the worker a repair in a home is assigned to, until it is closed, and for the community and the street office. Each reading is recorded."},
		func(ctx context.Context, in *contactInput) (*httpapi.Body[OrderContact], error) {
			return httpapi.Answer(s.ContactOf(ctx, authz.From(ctx), in.ID, in.Body.Reason.reason()))
		})
}

// OrderTarget is the order a step is taken on, and the version it was seen at.
type OrderTarget struct {
	httpapi.IfMatch
	ID id.ID `path:"id" doc:"The order"`
}

// taken is how the step was asked for. If-Match is optional: the state guards a step by itself.
func (t OrderTarget) taken(ctx context.Context) (Taken, error) {
	how := Taken{Once: httpapi.Once(ctx)}
	if t.Match == "" {
		return how, nil
	}
	v, err := t.Version()
	how.Version = &v
	return how, err
}

// stepOp describes the operation of a step.
func stepOp(opID, verb string, perm authz.Permission, summary, description string) httpapi.Op {
	return httpapi.Op{ID: opID, Method: http.MethodPost, Path: "/work-orders/{id}/" + verb, Tag: tagSteps, Permission: perm, Summary: summary, Description: description}
}

// bare registers a step without a body.
func bare(api *httpapi.API, op httpapi.Op, do func(context.Context, authz.Principal, id.ID, Taken) (OrderView, error)) {
	httpapi.Register(api, op, func(ctx context.Context, in *OrderTarget) (*httpapi.Versioned[OrderView], error) {
		how, err := in.taken(ctx)
		if err != nil {
			return nil, err
		}
		v, err := do(ctx, authz.From(ctx), in.ID, how)
		return httpapi.AnswerVersion(v, v.Version, err)
	})
}

type stepInput[B any] struct {
	OrderTarget
	Body B
}

// withBody registers a step with a body.
func withBody[B any](api *httpapi.API, op httpapi.Op, do func(context.Context, authz.Principal, id.ID, Taken, B) (OrderView, error)) {
	httpapi.Register(api, op, func(ctx context.Context, in *stepInput[B]) (*httpapi.Versioned[OrderView], error) {
		how, err := in.taken(ctx)
		if err != nil {
			return nil, err
		}
		v, err := do(ctx, authz.From(ctx), in.ID, how, in.Body)
		return httpapi.AnswerVersion(v, v.Version, err)
	})
}

// onceFor registers an operation on an order that is not a step and answers with nothing.
func onceFor[B any](api *httpapi.API, op httpapi.Op, do func(context.Context, authz.Principal, idem.Key, id.ID, B) error) {
	httpapi.Register(api, op, func(ctx context.Context, in *struct {
		OrderPath
		Body B
	}) (*httpapi.Empty, error) {
		return httpapi.Done(do(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body))
	})
}
