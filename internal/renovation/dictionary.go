package renovation

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// Term is a code of the rules with its name.
type Term struct {
	Code string     `json:"code"`
	Name rules.Text `json:"name"`
}

// KindOfItem is what can be done in a renovation of a place.
type KindOfItem struct {
	Term
	Class    string `json:"class"`
	Unit     string `json:"unit" enum:"m,m2,set,place"`
	Decision int64  `json:"decision" doc:"Item of Civil Code 278 that the owners decide it under; 0 where they need not"`
	ShareNum int64  `json:"shareNum,omitempty" doc:"A higher share of who took part than the law asks, as a fraction"`
	ShareDen int64  `json:"shareDen,omitempty"`
	Takeover bool   `json:"takeover" doc:"A utility takes the line over"`
}

// Dictionary is what the rules say of the renovations of a place.
type Dictionary struct {
	Classes         []Term       `json:"classes"`
	Items           []KindOfItem `json:"items"`
	Dangers         []Term       `json:"dangers" doc:"Emergencies for which maintenance money is used without a vote"`
	OverrunPercent  int64        `json:"overrunPercent" doc:"A cost above what was decided needs another decision when it exceeds it by more than so many per cent and by more than overrunFen"`
	OverrunFen      int64        `json:"overrunFen"`
	OverrunSource   string       `json:"overrunSource" doc:"Where that rule stands"`
	PostingDays     int          `json:"postingDays" doc:"How long what falls on each unit is posted before maintenance money is drawn, in calendar days"`
	Supervisors     int64        `json:"supervisors" doc:"Resident supervisors at the beginning of works, at least"`
	Representatives int64        `json:"representatives" doc:"Residents who sign for an item, at least"`
	WishesTemplate  string       `json:"wishesTemplate" doc:"Template of the survey of wishes"`
	ResultTemplate  string       `json:"resultTemplate" doc:"Template of the surveys of the result"`
}

// Dictionary returns the classes, items and rules of a place, for who may read renovations.
func (s *Service) Dictionary(ctx context.Context, p authz.Principal, area id.ID) (Dictionary, error) {
	place, err := s.Places.Place(ctx, s.DB, area)
	if err != nil {
		return Dictionary{}, err
	}
	handlers, err := s.handlers(ctx, s.DB, place.Path)
	if err != nil {
		return Dictionary{}, err
	}
	if err := authz.Require(p, authz.RenovationRead, readable(authz.Object{Path: place.Path, Orgs: handlers, Open: true})); err != nil {
		return Dictionary{}, err
	}
	law, local := s.Rules.Renovation, s.Rules.Renovation.Locality(place.Division)
	out := Dictionary{Classes: []Term{}, Items: []KindOfItem{}, Dangers: []Term{}, OverrunPercent: local.Overrun.Percent, OverrunFen: local.Overrun.Fen, OverrunSource: local.Overrun.Source,
		PostingDays: local.PostingDays, Supervisors: law.Supervisors, Representatives: law.Representatives, WishesTemplate: law.Surveys.Wishes, ResultTemplate: law.Surveys.Results}
	for _, c := range law.Classes {
		if law.HasClass(c.Code, place.Division) {
			out.Classes = append(out.Classes, Term{c.Code, c.Text})
		}
	}
	for _, it := range law.Items {
		if !law.HasClass(it.Class, place.Division) {
			continue
		}
		num, den := local.Share(it.Code)
		out.Items = append(out.Items, KindOfItem{Term{it.Code, it.Text}, it.Class, it.Unit, it.Decision, num, den, it.Takeover})
	}
	for _, d := range law.Dangers {
		out.Dangers = append(out.Dangers, Term{d.Code, d.Text})
	}
	return out, nil
}
