package vote

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// Figure is what a place asks of the procedure, with its source.
type Figure struct {
	Name     rules.VoteParam `json:"name" doc:"notice_days, notice_extra_days, roll_days, window_min_days, window_max_days, extension_max_days, proxy_cap, support_percent, undeliverable_days, publish_days, posting_days, fewest_shown, reserved_online"`
	Value    int             `json:"value"`
	Standing rules.Standing  `json:"standing" enum:"statute,local_regulation,default"`
	Source   string          `json:"source"`
}

// AskedTest is a test that a place asks for an item beside the four of the law.
type AskedTest struct {
	Matter int    `json:"matter"`
	Num    int64  `json:"num"`
	Den    int64  `json:"den"`
	OfAll  bool   `json:"ofAll" doc:"Of everybody on the roll, not of those who took part"`
	Source string `json:"source"`
}

// Demands is the procedure that applies to a vote.
type Demands struct {
	Zh      string      `json:"zh"`
	En      string      `json:"en"`
	Figures []Figure    `json:"figures"`
	Added   []AskedTest `json:"added"`
}

// shownFigures are in the order in which a vote meets them.
var shownFigures = []rules.VoteParam{rules.VoteSupportPercent, rules.VoteNoticeDays, rules.VoteNoticeExtraDays, rules.VoteRollDays, rules.VoteWindowMinDays, rules.VoteWindowMaxDays, rules.VoteExtensionMaxDays,
	rules.VoteProxyCap, rules.VoteUndeliverableDays, rules.VotePublishDays, rules.VotePostingDays, rules.VoteFewestShown, rules.VoteReservedOnline}

func demands(p *rules.VoteProcedure) Demands {
	out := Demands{Zh: p.Text.Zh, En: p.Text.En, Added: []AskedTest{}}
	for _, name := range shownFigures {
		f := p.Figure(name)
		out.Figures = append(out.Figures, Figure{name, f.Value, f.Standing, f.Source})
	}
	for _, t := range p.Added {
		out.Added = append(out.Added, AskedTest{t.Item, t.Num, t.Den, t.OfAll, t.Source})
	}
	return out
}

// Procedure is what a place asks of a vote that would be held there, for whoever sees the votes of the place.
func (s *Service) Procedure(ctx context.Context, p authz.Principal, scope Scope, which id.ID, entrance string) (Demands, error) {
	place, err := s.Places.Place(ctx, s.DB, scope, which, entrance)
	if err != nil {
		return Demands{}, err
	}
	if err := authz.Require(p, authz.VoteRead, Vote{ScopePath: place.Path}.object()); err != nil {
		return Demands{}, err
	}
	return demands(s.Rules.Votes.ForDivision(place.Division)), nil
}
