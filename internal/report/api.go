package report

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

const (
	tag      = "Reports"
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	// evaluating is how long an evaluation may take: it reads every event of a month.
	evaluating = 2 * time.Minute
)

// Register adds the operations of the audit.
func Register(api *httpapi.API, s *Service) {
	s.registerLive(api)
	s.registerPublished(api)
	s.registerPublishing(api)
}

// LiveInput chooses the orders of a live evaluation.
type LiveInput struct {
	AreaID   id.ID     `query:"areaId" doc:"Street, community, estate or service area; your own when absent"`
	Month    string    `query:"month" required:"true" pattern:"^[0-9]{4}-(0[1-9]|1[0-2])$" doc:"Month in China, as 2026-10"`
	Months   int       `query:"months" minimum:"1" maximum:"24" doc:"How many months, ending with it; 1 when absent"`
	AsOf     time.Time `query:"asOf" doc:"As known at this moment; now when absent"`
	Category string    `query:"category" maxLength:"60" doc:"Only this category; a filtered view shows no ratings"`
	Source   string    `query:"source" enum:"resident,desk,inspection,hotline,import" doc:"Only this source; a filtered view shows no ratings"`
}

func (in *LiveInput) query() (Query, error) {
	m, err := ParseMonth(in.Month)
	if err != nil {
		return Query{}, fault.InvalidField("query.month", "report.month")
	}
	q := Query{AreaID: in.AreaID, Month: m, Months: in.Months, Dimension: Total, Only: filter{in.Category, in.Source}}
	if !in.AsOf.IsZero() {
		q.AsOf = clock.At(in.AsOf)
	}
	return q, nil
}

type ratesInput struct {
	LiveInput
	Dimension Dimension `query:"dimension" enum:"total,month,community,company,project,service_area,estate,category" doc:"What to break down by; the total alone when absent"`
}

func (in *ratesInput) query() (Query, error) {
	q, err := in.LiveInput.query()
	if in.Dimension != "" {
		q.Dimension = in.Dimension
	}
	return q, err
}

type cellOrdersInput struct {
	LiveInput
	httpapi.PageInput
	Cell    string  `path:"cell" maxLength:"100" doc:"A cell's name, as total.all"`
	Measure Measure `query:"measure" required:"true" enum:"reported,closed,unanswered,declined,cancelled,reopened,bounced,open,overdue,negative,zero,missed_accept,missed_arrive,missed_control,missed_fix" doc:"Which figure; there is none about ratings"`
}

func (s *Service) registerLive(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "getRates", Method: http.MethodGet, Path: "/reports/rates", Tag: tag, Permission: authz.ReportRead, Timeout: evaluating,
		Summary: "Rates of one or more months as known at a moment",
		Description: "For the street and the community, of their own area. Every rate comes with numerator, denominator and what was left out. " +
			"Ratings come with it only for those who call back; groups of fewer than leastGroup households, and differences of fewer, are not shown."},
		func(ctx context.Context, in *ratesInput) (*httpapi.Body[RatesView], error) {
			q, err := in.query()
			if err != nil {
				return nil, err
			}
			live, err := s.Rates(ctx, authz.From(ctx), q)
			if err != nil {
				return nil, err
			}
			return httpapi.Answer(s.liveView(ctx, live, q.Dimension))
		})
	httpapi.Register(api, httpapi.Op{ID: "exportRates", Limit: "export", Method: http.MethodGet, Path: "/reports/rates/xlsx", Tag: tag, Permission: authz.ReportExport, Timeout: evaluating,
		Summary: "The same as a spreadsheet"},
		func(ctx context.Context, in *ratesInput) (*huma.StreamResponse, error) {
			q, err := in.query()
			if err != nil {
				return nil, err
			}
			return download(s.ExportRates(ctx, authz.From(ctx), q))
		})
	httpapi.Register(api, httpapi.Op{ID: "listCellOrders", Method: http.MethodGet, Path: "/reports/rates/{cell}/orders", Tag: tag, Permission: authz.ReportRead, Timeout: evaluating,
		Summary: "The orders behind a figure", Description: "Needs workorder.read for them too. Nothing in it is about ratings or persons."},
		func(ctx context.Context, in *cellOrdersInput) (*httpapi.Body[page.Page[OrderRow]], error) {
			q, err := in.query()
			if err != nil {
				return nil, err
			}
			cell, ok := ParseCell(in.Cell)
			if !ok {
				return nil, fault.InvalidField("path.cell", "report.cell")
			}
			return httpapi.Answer(s.Orders(ctx, authz.From(ctx), q, cell, in.Measure, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "getFlags", Method: http.MethodGet, Path: "/reports/flags", Tag: tag, Permission: authz.ReportRead, Timeout: evaluating,
		Summary: "What in a month asks for a look", Description: "Faults of the record, reopened and overdue orders, categories returned most, closings that nobody answered."},
		func(ctx context.Context, in *LiveInput) (*httpapi.Body[Flags], error) {
			q, err := in.query()
			if err != nil {
				return nil, err
			}
			return httpapi.Answer(s.Flags(ctx, authz.From(ctx), q))
		})
}

func download(t *Table, err error) (*huma.StreamResponse, error) {
	if err != nil {
		return nil, err
	}
	return httpapi.File(httpapi.Download{Name: t.Name(), MediaType: xlsxType, Write: t.Write}), nil
}

type snapshotsInput struct {
	httpapi.PageInput
	StreetID id.ID  `query:"streetId" doc:"Only this street's"`
	Month    string `query:"month" pattern:"^[0-9]{4}-(0[1-9]|1[0-2])$" doc:"Only this month, as 2026-10"`
	Newest   bool   `query:"newest" doc:"Only the last revision of each month"`
}

// SnapshotPath names a published month in a path.
type SnapshotPath struct {
	ID id.ID `path:"snapshotId" doc:"Published month"`
}

func (s *Service) registerPublished(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listSnapshots", Method: http.MethodGet, Path: "/reports/snapshots", Tag: tag, Permission: authz.ReportRead,
		Summary: "Published months of which you may see something, newest first"},
		func(ctx context.Context, in *snapshotsInput) (*httpapi.Body[page.Page[SnapshotView]], error) {
			return httpapi.Answer(s.Snapshots(ctx, authz.From(ctx), snapshotFilter{in.StreetID, Month(in.Month), in.Newest}, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "getSnapshot", Method: http.MethodGet, Path: "/reports/snapshots/{snapshotId}", Tag: tag, Permission: authz.ReportRead,
		Summary: "A published month, with the cells you may see", Description: "Companies see their own, residents those of where they live. Each cell comes with what proves that it is part of the publication sealed in the ledger."},
		func(ctx context.Context, in *SnapshotPath) (*httpapi.Body[SnapshotView], error) {
			return httpapi.Answer(s.Snapshot(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "exportSnapshot", Limit: "export", Method: http.MethodGet, Path: "/reports/snapshots/{snapshotId}/xlsx", Tag: tag, Permission: authz.ReportExport,
		Summary: "The same as a spreadsheet"},
		func(ctx context.Context, in *SnapshotPath) (*huma.StreamResponse, error) {
			return download(s.ExportSnapshot(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "listOpenRates", Method: http.MethodGet, Path: "/reports/open", Tag: tag, Permission: authz.ReportRead,
		Summary: "Published rates of where you live, work or serve", Description: "The last revision of each month, with the number of answers, coverage, the 95 % interval, and both in a sentence."},
		func(ctx context.Context, in *httpapi.PageInput) (*httpapi.Body[page.Page[OpenMonth]], error) {
			return httpapi.Answer(s.Open(ctx, authz.From(ctx), in.Page()))
		})
}

type publishInput struct {
	Body struct {
		StreetID id.ID  `json:"streetId" doc:"The street"`
		Month    string `json:"month" pattern:"^[0-9]{4}-(0[1-9]|1[0-2])$" doc:"A month that is over, as 2026-10"`
	}
}

type reviseInput struct {
	SnapshotPath
	Body struct {
		Reason string `json:"reason" minLength:"5" maxLength:"500" doc:"Why; it is published with the revision"`
	}
}

func (s *Service) registerPublishing(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "publishRates", Method: http.MethodPost, Path: "/reports/snapshots", Tag: tag, Permission: authz.ReportPublish, Status: http.StatusCreated, Timeout: evaluating,
		Summary: "Publish a month", Description: "Freezes a month that is over, as known two minutes ago. It is sealed in the ledger within seconds and never changes."},
		func(ctx context.Context, in *publishInput) (*httpapi.Body[SnapshotView], error) {
			m, err := ParseMonth(in.Body.Month)
			if err != nil {
				return nil, fault.InvalidField("body.month", "report.month")
			}
			made, err := s.Publish(ctx, authz.From(ctx), httpapi.Once(ctx), in.Body.StreetID, m)
			return s.answer(ctx, made, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "reviseRates", Method: http.MethodPost, Path: "/reports/snapshots/{snapshotId}/revisions", Tag: tag, Permission: authz.ReportPublish, Status: http.StatusCreated, Timeout: evaluating,
		Summary: "Publish a month again, for a reason", Description: "Only after its last revision, and only when something differs. Ratings that would tell of fewer than leastGroup households by the difference stay as they were published."},
		func(ctx context.Context, in *reviseInput) (*httpapi.Body[SnapshotView], error) {
			made, err := s.Revise(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.Reason)
			return s.answer(ctx, made, err)
		})
}

func (s *Service) answer(ctx context.Context, made Snapshot, err error) (*httpapi.Body[SnapshotView], error) {
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.Snapshot(ctx, authz.From(ctx), made.ID))
}
