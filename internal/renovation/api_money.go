package renovation

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// FundingPath names a source's line of a project in the path.
type FundingPath struct {
	ProjectPath
	FundingID id.ID `path:"fundingId" doc:"Line of what a source gives"`
}

type lineInput struct {
	ProjectPath
	Body NewLine
}

type entryInput struct {
	FundingPath
	Body NewEntry
}

type reverseInput struct {
	FundingPath
	EntryID id.ID `path:"entryId" doc:"Entry of the line"`
	Body    struct {
		Reason string `json:"reason" minLength:"2" maxLength:"500" doc:"Residents read it"`
	}
}

type sharesInput struct {
	FundingPath
	httpapi.PageInput
	Mine bool `query:"mine" doc:"Only the units of my own households"`
}

func (s *Service) registerMoney(api *httpapi.API) {
	httpapi.Register(api, op("addRenovationFunding", http.MethodPost, "/funding", "Plan what a source gives", authz.RenovationFund),
		func(ctx context.Context, in *lineInput) (*httpapi.Versioned[View], error) {
			p, err := s.AddLine(ctx, authz.From(ctx), in.ID, once(ctx), in.Body)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(op("enterRenovationAmount", http.MethodPost, "/funding/{fundingId}/entries", "Enter an amount: planned, approved, received, paid or returned", authz.RenovationFund),
		"Received never exceeds approved, nor paid and returned what was received. Of the maintenance fund only what a request of this project has drawn is received. What is paid of an item stays within the owners' decision and the overrun rule."),
		func(ctx context.Context, in *entryInput) (*httpapi.Versioned[View], error) {
			p, err := s.Enter(ctx, authz.From(ctx), in.ID, in.FundingID, once(ctx), in.Body)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(op("reverseRenovationAmount", http.MethodPost, "/funding/{fundingId}/entries/{entryId}/reverse", "Take an entry back by another one", authz.RenovationFund), "Entries are never changed."),
		func(ctx context.Context, in *reverseInput) (*httpapi.Versioned[View], error) {
			p, err := s.Reverse(ctx, authz.From(ctx), in.ID, in.FundingID, in.EntryID, once(ctx), in.Body.Reason)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, op("listRenovationEntries", http.MethodGet, "/entries", "Every amount of a project, the newest first", authz.RenovationRead),
		func(ctx context.Context, in *pagedProject) (*httpapi.Body[page.Page[Entry]], error) {
			return httpapi.Answer(s.Entries(ctx, authz.From(ctx), in.ID, in.Page()))
		})
	httpapi.Register(api, describe(op("allocateRenovationFunding", http.MethodPost, "/funding/{fundingId}/allocation", "Divide the owners' money by area", authz.RenovationFund),
		"What is approved of residents' money or of the maintenance fund, by exclusive area of the units concerned. The shares make the amount exactly: the fen that are left go one each to the largest remainders."),
		func(ctx context.Context, in *FundingPath) (*httpapi.Versioned[View], error) {
			p, err := s.Allocate(ctx, authz.From(ctx), in.ID, in.FundingID, once(ctx))
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(op("listRenovationShares", http.MethodGet, "/funding/{fundingId}/shares", "What falls on each unit", authz.RenovationShares), "By building and number, without names."),
		func(ctx context.Context, in *sharesInput) (*httpapi.Body[page.Page[Share]], error) {
			return httpapi.Answer(s.Shares(ctx, authz.From(ctx), in.ID, in.FundingID, in.Mine, in.Page()))
		})
}
