package contract

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

type basisInput struct {
	ContractPath
	Body struct {
		Basis string `json:"basis" minLength:"1" maxLength:"300" doc:"What the record rests on"`
	}
}

func (s *Service) registerForce(api *httpapi.API) {
	httpapi.Register(api, describe(op("confirmContractStart", http.MethodPost, "/confirm-start", "Say for one party that the service has begun", authz.ContractSign), "With the word of both parties an ordinary contract takes effect. An early-stage contract takes effect by the record of the street office only: no body of the owners is a party to it."),
		func(ctx context.Context, in *ContractPath) (*httpapi.Versioned[View], error) {
			c, err := s.ConfirmStart(ctx, authz.From(ctx), in.ID, once(ctx))
			return s.answer(ctx, c, err)
		})
	httpapi.Register(api, describe(op("bringContractIntoForce", http.MethodPost, "/bring-into-force", "Record that a signed contract has taken effect", authz.ArrangementSet),
		"By the street office, from the first day of the term on. An early-stage contract in force ends with it (Civil Code 940), and the arrangement changes, all at once."),
		func(ctx context.Context, in *ContractPath) (*httpapi.Versioned[View], error) {
			c, err := s.BringIntoForce(ctx, authz.From(ctx), in.ID, once(ctx))
			return s.answer(ctx, c, err)
		})
	httpapi.Register(api, describe(op("recordContinuation", http.MethodPost, "/continuation", "Record that the company goes on after the term", authz.ArrangementSet),
		"The contract is of indefinite term from then on (Civil Code 948). It never becomes so by the clock alone."),
		func(ctx context.Context, in *basisInput) (*httpapi.Versioned[View], error) {
			c, err := s.RecordContinuation(ctx, authz.From(ctx), in.ID, once(ctx), in.Body.Basis)
			return s.answer(ctx, c, err)
		})
}

type noticeInput struct {
	ContractPath
	Body NewNotice
}

type endInput struct {
	ContractPath
	Body Ending
}

type periodInput struct {
	ContractPath
	Body Period
}

func (s *Service) registerEnd(api *httpapi.API) {
	httpapi.Register(api, describe(op("giveNotice", http.MethodPost, "/notices", "Record a written notice", authz.ContractNotice),
		"60 days for the owners (Civil Code 946), 90 days before the end for a provider that will not renew (947), 60 days for either side of a contract of indefinite term (948), unless a clause says otherwise. The earliest end is computed; nothing ends by itself."),
		func(ctx context.Context, in *noticeInput) (*httpapi.Versioned[View], error) {
			c, err := s.GiveNotice(ctx, authz.From(ctx), in.ID, once(ctx), in.Body)
			return s.answer(ctx, c, err)
		})
	httpapi.Register(api, describe(op("terminateContract", http.MethodPost, "/terminate", "Record that the contract was ended", authz.ContractNotice),
		"By a notice whose time has run; by agreement, judgment or because the company left, recorded by the street office or the community. The hand-over list is made with it."),
		func(ctx context.Context, in *endInput) (*httpapi.Versioned[View], error) {
			c, err := s.Terminate(ctx, authz.From(ctx), in.ID, once(ctx), in.Body)
			return s.answer(ctx, c, err)
		})
	httpapi.Register(api, describe(op("setContractPeriod", http.MethodPut, "/periods", "Record a clause that varies a period", authz.ContractFile), "By the street office; the deadline that rests on the period moves."),
		func(ctx context.Context, in *periodInput) (*httpapi.Versioned[View], error) {
			c, err := s.SetPeriod(ctx, authz.From(ctx), in.ID, once(ctx), in.Body)
			return s.answer(ctx, c, err)
		})
}

// ItemPath names an item of a contract's hand-over in the path.
type ItemPath struct {
	ContractPath
	Item ItemKind `path:"item" enum:"premises,facilities,files,keys,funds,prepaid_refunds,personal_data_roll,personal_data_proof" doc:"Item of the list"`
}

type deliverInput struct {
	ItemPath
	Body Delivery
}

type withholdInput struct {
	ItemPath
	Body struct {
		Reason Withheld `json:"reason" enum:"not_held,disputed,pending,arrears" doc:"That owners owe fees (arrears) is never a ground and is refused"`
		Note   string   `json:"note,omitempty" maxLength:"500"`
	}
}

type takeOverInput struct {
	ContractPath
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"Why the street office records the takeover with items open"`
	}
}

// list shows the hand-over after a step, to whom the step was allowed.
func (s *Service) list(ctx context.Context, which id.ID, err error) (*httpapi.Body[[]HandoverItem], error) {
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.HandoverItems(ctx, authz.From(ctx), which))
}

func (s *Service) registerHandover(api *httpapi.API) {
	hop := func(name, method, path, summary, about string, perm authz.Permission) httpapi.Op {
		o := describe(op(name, method, "/handover"+path, summary, perm), about)
		o.Tag = tagHandover
		return o
	}
	httpapi.Register(api, hop("getHandover", http.MethodGet, "", "The hand-over list", "That owners owe fees is no ground to refuse the hand-over (Civil Code 949).", authz.ContractRead),
		func(ctx context.Context, in *ContractPath) (*httpapi.Body[[]HandoverItem], error) {
			return httpapi.Answer(s.HandoverItems(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, hop("deliverItem", http.MethodPost, "/{item}/deliver", "Tick an item as handed over", "By the outgoing company.", authz.ContractHandover),
		func(ctx context.Context, in *deliverInput) (*httpapi.Body[[]HandoverItem], error) {
			_, err := s.Deliver(ctx, authz.From(ctx), in.ID, once(ctx), in.Item, in.Body)
			return s.list(ctx, in.ID, err)
		})
	httpapi.Register(api, hop("withholdItem", http.MethodPost, "/{item}/withhold", "Say why an item is not handed over yet", "By the outgoing company.", authz.ContractHandover),
		func(ctx context.Context, in *withholdInput) (*httpapi.Body[[]HandoverItem], error) {
			_, err := s.Withhold(ctx, authz.From(ctx), in.ID, once(ctx), in.Item, in.Body.Reason, in.Body.Note)
			return s.list(ctx, in.ID, err)
		})
	httpapi.Register(api, hop("receiveItem", http.MethodPost, "/{item}/receive", "Confirm an item", "By the incoming company, the owners' committee, the community or the street office; by another person than the one who handed it over.", authz.ContractHandover),
		func(ctx context.Context, in *ItemPath) (*httpapi.Body[[]HandoverItem], error) {
			_, err := s.Receive(ctx, authz.From(ctx), in.ID, once(ctx), in.Item)
			return s.list(ctx, in.ID, err)
		})
	httpapi.Register(api, hop("takeOver", http.MethodPost, "/take-over", "End the hand-over", "With every item confirmed, or by the street office with a reason.", authz.ContractHandover),
		func(ctx context.Context, in *takeOverInput) (*httpapi.Body[[]HandoverItem], error) {
			_, err := s.TakeOver(ctx, authz.From(ctx), in.ID, once(ctx), in.Body.Reason)
			return s.list(ctx, in.ID, err)
		})
}

// ServiceAreaPath names a service area in the path.
type ServiceAreaPath struct {
	ID id.ID `path:"serviceAreaId" doc:"Service area"`
}

type historyInput struct {
	ServiceAreaPath
	httpapi.PageInput
}

type arrangeInput struct {
	ServiceAreaPath
	Body NewArrangement
}

type ownersRepInput struct {
	ServiceAreaPath
	Body struct {
		CurrentID   *id.ID `json:"currentId,omitempty" doc:"The arrangement in force that you saw; absent while none was ever recorded"`
		OwnersRepID id.ID  `json:"ownersRepId" doc:"A committee, a property committee or the residents' committee of the place"`
	}
}

func (s *Service) registerArrangements(api *httpapi.API) {
	at := func(name, method, path, summary string, perm authz.Permission) httpapi.Op {
		return httpapi.Op{ID: name, Method: method, Path: "/service-areas/{serviceAreaId}" + path, Tag: tagArrangements, Summary: summary, Permission: perm}
	}
	httpapi.Register(api, at("getArrangement", http.MethodGet, "/arrangement", "Who handles a service area now, under what", authz.ArrangementRead),
		func(ctx context.Context, in *ServiceAreaPath) (*httpapi.Body[Arrangement], error) {
			return httpapi.Answer(s.ReadArrangement(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, at("listArrangements", http.MethodGet, "/arrangements", "The arrangements of a service area, the newest first", authz.ArrangementRead),
		func(ctx context.Context, in *historyInput) (*httpapi.Body[page.Page[Arrangement]], error) {
			return httpapi.Answer(s.Arrangements(ctx, authz.From(ctx), in.ID, in.Page()))
		})
	set := at("setArrangement", http.MethodPost, "/arrangements", "Put a service area under custody, emergency service, self-management or none", authz.ArrangementSet)
	set.Status = http.StatusCreated
	httpapi.Register(api, describe(set, "Not while a contract governs. An emergency service is appointed by the street office, for six months at most."),
		func(ctx context.Context, in *arrangeInput) (*httpapi.Body[Arrangement], error) {
			return httpapi.Answer(s.SetArrangement(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body))
		})
	httpapi.Register(api, at("setOwnersRepresentative", http.MethodPut, "/owners-representative", "Record who stands for the owners", authz.ArrangementSet),
		func(ctx context.Context, in *ownersRepInput) (*httpapi.Body[Arrangement], error) {
			return httpapi.Answer(s.SetOwnersRep(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.CurrentID, in.Body.OwnersRepID))
		})
	httpapi.Register(api, at("getPublicTerms", http.MethodGet, "/contract-terms", "What residents may know of the contract in force", authz.ContractRead),
		func(ctx context.Context, in *ServiceAreaPath) (*httpapi.Body[PublicTerms], error) {
			return httpapi.Answer(s.PublicTerms(ctx, authz.From(ctx), in.ID))
		})
}
