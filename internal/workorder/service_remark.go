package workorder

import (
	"context"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

// Remarks lists what residents agreed to pass on, newest first: to a handler in batches that tell nobody's rating,
// to the community and the street as written. Whoever has a post in the organisation that a remark is for reads
// it as that organisation does, in no other capacity.
func (s *Service) Remarks(ctx context.Context, p authz.Principal, req page.Request) (page.Page[OrderRemark], error) {
	grants, err := authz.Holds(p, authz.OrderDispatch)
	if err != nil {
		return page.Page[OrderRemark]{}, err
	}
	var handlers []id.ID
	for _, g := range grants {
		if authz.TieOf(g.Role) == authz.ByOrg && !slices.Contains(handlers, g.Org) {
			handlers = append(handlers, g.Org)
		}
	}
	if len(handlers) > 0 {
		return s.remarksFor(ctx, handlers, req)
	}
	where, args, err := s.areaCondition(p, authz.OrderDispatch)
	if err != nil {
		return page.Page[OrderRemark]{}, err
	}
	sc := scan{where, args}
	if posts := postsOf(p); len(posts) > 0 {
		sc = sc.and("(r.handler_org_id IS NULL OR NOT "+in("r.handler_org_id", len(posts))+")", anys(posts)...)
	}
	return listRemarks(ctx, s.DB, sc.where, sc.args, req)
}

// remarksFor is a page of the batches of some organisations.
func (s *Service) remarksFor(ctx context.Context, orgs []id.ID, req page.Request) (page.Page[OrderRemark], error) {
	after, err := page.Decode(req.Cursor, 2)
	if err != nil {
		return page.Page[OrderRemark]{}, err
	}
	present := string(clock.DateOf(s.Clock.Now()))[:7]
	var all []batched
	for _, org := range orgs {
		rows, err := remarksPassedOn(ctx, s.DB, org)
		if err != nil {
			return page.Page[OrderRemark]{}, err
		}
		all = append(all, batches(rows, s.Rules.Report.Suppression.K, present)...)
	}
	slices.SortStableFunc(all, later)
	if after != nil {
		last := batched{OrderRemark: OrderRemark{Until: after[0]}, key: after[1]}
		all = slices.DeleteFunc(all, func(b batched) bool { return later(b, last) <= 0 })
	}
	cut := page.Cut(all[:min(len(all), req.Size()+1)], req.Size(), func(b batched) []string { return []string{b.Until, b.key} })
	return s.worded(ctx, cut)
}

// later orders batches from the newest, and within one by what tells nothing.
func later(a, b batched) int {
	if c := strings.Compare(b.Until, a.Until); c != 0 {
		return c
	}
	return strings.Compare(a.key, b.key)
}

// worded reads the words of a page.
func (s *Service) worded(ctx context.Context, cut page.Page[batched]) (page.Page[OrderRemark], error) {
	out := page.Page[OrderRemark]{Items: make([]OrderRemark, len(cut.Items)), Next: cut.Next}
	ids := make([]id.ID, len(cut.Items))
	for i, b := range cut.Items {
		ids[i] = b.row
	}
	words, err := remarkTexts(ctx, s.DB, ids)
	for i, b := range cut.Items {
		out.Items[i] = b.OrderRemark
		out.Items[i].Text = personal.Redact(words[b.row])
	}
	return out, err
}
