package survey

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
	"github.com/redproperty/redproperty/internal/scorecard"
)

// Extent is a service area with how many dwellings the register has in it.
type Extent struct {
	Place
	Dwellings int64
}

// Extents knows areas and what lies in them.
type Extents interface {
	// AreaPath is the scope path of an area or a service area; the fault not_found.
	AreaPath(ctx context.Context, q dbx.Querier, area id.ID) (string, error)
	// Near tells whether an area is a community, or lies in one.
	Near(ctx context.Context, q dbx.Querier, area id.ID) (bool, error)
	// Within lists the service areas at or below a path.
	Within(ctx context.Context, q dbx.Querier, path string) ([]Extent, error)
}

// Companies knows property companies.
type Companies interface {
	// KeeperPath is the scope path of the street whose office keeps a company's record; the fault not_found for anything else.
	KeeperPath(ctx context.Context, q dbx.Querier, company id.ID) (string, error)
	// Served lists the scope paths of the service areas where a company works now.
	Served(ctx context.Context, q dbx.Querier, company id.ID) ([]string, error)
	// Moment gives a change of what a company's grades rest on a moment of its own: now or later, later than that of every grade that was
	// committed before, and held until tx commits.
	Moment(ctx context.Context, tx *dbx.Tx, company id.ID, now clock.Instant) (clock.Instant, error)
}

// weighed is what all service areas of a round have in common in figures across rounds.
type weighed struct {
	design   ballot.Hash
	rules    rules.Hash
	again    RecontactResult
	rejected bool // by an audit
	aside    bool // the re-contact says to set it aside
}

// weighing reads it once for each round, as it stood at a moment.
type weighing struct {
	s    *Service
	q    dbx.Querier
	at   clock.Instant
	seen map[id.ID]weighed
}

func (s *Service) weighing(q dbx.Querier, at clock.Instant) weighing {
	return weighing{s, q, at, map[id.ID]weighed{}}
}

func (w weighing) round(ctx context.Context, which id.ID) (weighed, error) {
	if v, ok := w.seen[which]; ok {
		return v, nil
	}
	v, err := w.weigh(ctx, which)
	w.seen[which] = v
	return v, err
}

func (w weighing) weigh(ctx context.Context, which id.ID) (weighed, error) {
	r, err := roundByID(ctx, w.q, which)
	if err != nil {
		return weighed{}, err
	}
	std, err := w.s.standardOf(ctx, w.q, r)
	if err != nil {
		return weighed{}, err
	}
	out := weighed{rules: r.RuleHash, design: std.design}
	list, err := recontactsOf(ctx, w.q, which)
	if err != nil {
		return out, err
	}
	if list = answeredBy(list, w.at); len(list) > 0 {
		if out.again, err = recontactOf(ctx, w.q, r, std.law, list); err != nil {
			return out, err
		}
	}
	out.aside = out.again.Verdict == RecontactSetAside
	if err = w.s.believed(ctx, w.q, r); fault.Is(err, "survey.rejected") {
		out.rejected, err = true, nil
	}
	return out, err
}

// standard is what a round is scored by. It was fixed when the round opened.
type standard struct {
	design ballot.Hash
	law    *rules.SurveyRules
}

// standardOf reads it once: figures over a large place ask for it again and again.
func (s *Service) standardOf(ctx context.Context, q dbx.Querier, r Round) (standard, error) {
	if kept, ok := s.standards.Load(r.ID); ok {
		return kept.(standard), nil
	}
	form, template, law, err := scoredBy(ctx, q, r)
	if err != nil {
		return standard{}, err
	}
	design, err := designOf(form, template)
	if err != nil {
		return standard{}, err
	}
	out := standard{design, law}
	s.standards.Store(r.ID, out)
	return out, nil
}

// score makes a service area's part of a published score one of a figure.
func (w weighing) score(ctx context.Context, row publishedRow) (AreaScore, error) {
	of, err := w.round(ctx, row.RoundID)
	if err != nil {
		return AreaScore{}, err
	}
	var card scorecard.ProjectCard
	if err := json.Unmarshal([]byte(row.Content), &card); err != nil {
		return AreaScore{}, err
	}
	out := AreaScore{ServiceAreaID: row.AreaID, Name: row.Name, CompanyID: row.CompanyID, Standing: Counts, RoundID: row.RoundID.Ptr(), Revision: row.Revision,
		ClosedOn: clock.DateOf(row.ClosedAt.Time()), Dwellings: card.Result.Counts.Dwellings, Answers: card.Result.Counts.Answers,
		Rules: &of.rules, Result: &row.Hash, Design: &of.design, Index: card.Result.Overall}
	if wide := of.again.widen(out.Index); wide != out.Index {
		out.Index = out.Index.Covering(*wide.Interval)
	}
	out.stand(of.rejected || of.aside)
	return out, nil
}

// stand says whether the score counts.
func (a *AreaScore) stand(doubted bool) {
	switch {
	case doubted:
		a.Standing = NotTrusted
	case a.Index.State != score.Scored:
		a.Standing = NoFigure
	default:
		a.Standing = Counts
	}
}

func (w weighing) scores(ctx context.Context, rows []publishedRow) ([]AreaScore, error) {
	out := make([]AreaScore, len(rows))
	for i, row := range rows {
		var err error
		if out[i], err = w.score(ctx, row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Changes are how the scores of a round's service areas changed since the last published round of each. Until it is published
// only those with a part in the round see them.
func (s *Service) Changes(ctx context.Context, p authz.Principal, round id.ID) ([]AreaChange, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return nil, err
	}
	return s.changes(ctx, r, r.State.Public() || (r.State.Over() && takesPart(p, r, projects)))
}

// PublicChanges are those of a published round, for everybody.
func (s *Service) PublicChanges(ctx context.Context, round id.ID) ([]AreaChange, error) {
	r, err := roundByID(ctx, s.DB, round)
	if err != nil {
		return nil, err
	}
	return s.changes(ctx, r, r.State.Public())
}

func (s *Service) changes(ctx context.Context, r Round, shown bool) ([]AreaChange, error) {
	if !shown {
		return nil, fault.New(fault.NotFound, "survey.no_score")
	}
	projects, err := projectsOf(ctx, s.DB, r.ID)
	if err != nil {
		return nil, err
	}
	w, out := s.weighing(s.DB, s.now()), []AreaChange{}
	for _, pr := range projects {
		row, err := scoreOf(ctx, s.DB, r.ID, pr.ServiceAreaID, r.Revision-1)
		if err != nil {
			return nil, err
		}
		now, err := w.score(ctx, publishedRow{r.ID, *r.ClosedAt, row.Revision, row.AreaID, row.CompanyID, row.Content, row.Hash, pr.Name})
		if err != nil {
			return nil, err
		}
		before, err := w.before(ctx, pr.ServiceAreaID, *r.ClosedAt)
		if err != nil {
			return nil, err
		}
		out = append(out, changeOf(now, before))
	}
	return out, nil
}

// before is the last published score of a service area of a round that closed before a moment; nil where there is none.
func (w weighing) before(ctx context.Context, serviceArea id.ID, at clock.Instant) (*AreaScore, error) {
	rows, err := publishedAt(ctx, w.q, serviceArea, 0, at)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	out, err := w.score(ctx, rows[len(rows)-1])
	return &out, err
}

// maxPeriod is how many days a figure across rounds may reach back: two years.
const maxPeriod = 731

// period checks the days of a figure; without them it is the twelve months that end today.
func (s *Service) period(from, until clock.Date) (clock.Date, clock.Date, error) {
	until = cmp.Or(until, clock.DateOf(s.now().Time()))
	from = cmp.Or(from, clock.DateOf(until.Start().AddDate(-1, 0, 1)))
	if from > until || until > from.AddDays(maxPeriod) {
		return "", "", fault.InvalidField("query.from", "survey.period", "days", maxPeriod)
	}
	return from, until, nil
}

// AcrossArea estimates the score over all service areas of a division, an estate or a service area from the newest round of each that
// was published and closed in the period, with a page of them. Residents see that of their community and of what lies in it, around their home.
func (s *Service) AcrossArea(ctx context.Context, p authz.Principal, area id.ID, from, until clock.Date, req page.Request) (Across, error) {
	path, err := s.Extents.AreaPath(ctx, s.DB, area)
	if err != nil {
		return Across{}, err
	}
	companies, err := s.ratedWithin(ctx, path)
	if err != nil {
		return Across{}, err
	}
	near, err := s.Extents.Near(ctx, s.DB, area)
	if err != nil {
		return Across{}, err
	}
	if err := authz.Require(p, authz.SurveyRead, authz.Object{Path: path, Orgs: companies, Open: near}); err != nil {
		return Across{}, err
	}
	if from, until, err = s.period(from, until); err != nil {
		return Across{}, err
	}
	rows, err := publishedWithin(ctx, s.DB, path, clock.At(from.Start()), clock.At(until.AddDays(1).Start()))
	if err != nil {
		return Across{}, err
	}
	return s.acrossOf(ctx, rows, []string{path}, from, until, req)
}

// ratedWithin is the company at work in a service area, who sees its figure; a larger place is nobody's.
func (s *Service) ratedWithin(ctx context.Context, path string) ([]id.ID, error) {
	list, err := s.Extents.Within(ctx, s.DB, path)
	if err != nil || len(list) != 1 || list[0].Path != path {
		return nil, err
	}
	a, err := s.Arrangements.Serving(ctx, s.DB, list[0].ServiceAreaID)
	return []id.ID{a.Company}, err
}

// AcrossCompany is AcrossArea over the service areas in which a company was rated, and those where it works and was not. The company sees
// it, and the street that keeps its record.
func (s *Service) AcrossCompany(ctx context.Context, p authz.Principal, company id.ID, from, until clock.Date, req page.Request) (Across, error) {
	keeper, err := s.Companies.KeeperPath(ctx, s.DB, company)
	if err != nil {
		return Across{}, err
	}
	if err := authz.Require(p, authz.SurveyRead, authz.Object{Path: keeper, Orgs: []id.ID{company}}); err != nil {
		return Across{}, err
	}
	if from, until, err = s.period(from, until); err != nil {
		return Across{}, err
	}
	rows, err := publishedOf(ctx, s.DB, company, clock.At(from.Start()), clock.At(until.AddDays(1).Start()))
	if err != nil {
		return Across{}, err
	}
	paths, err := s.Companies.Served(ctx, s.DB, company)
	if err != nil {
		return Across{}, err
	}
	return s.acrossOf(ctx, rows, paths, from, until, req)
}

// acrossOf makes the estimate of published scores, with a page of the service areas, those at the paths that have none among them.
func (s *Service) acrossOf(ctx context.Context, rows []publishedRow, paths []string, from, until clock.Date, req page.Request) (Across, error) {
	list, err := s.weighing(s.DB, s.now()).scores(ctx, rows)
	if err != nil {
		return Across{}, err
	}
	list = newestOf(list)
	rated := map[id.ID]bool{}
	for _, a := range list {
		rated[a.ServiceAreaID] = true
	}
	for _, path := range paths {
		extents, err := s.Extents.Within(ctx, s.DB, path)
		if err != nil {
			return Across{}, err
		}
		for _, e := range extents {
			if !rated[e.ServiceAreaID] {
				rated[e.ServiceAreaID] = true
				list = append(list, AreaScore{ServiceAreaID: e.ServiceAreaID, Name: e.Name, Standing: NoRound, Dwellings: e.Dwellings, Index: score.Estimate{State: score.Insufficient}})
			}
		}
	}
	slices.SortFunc(list, func(a, b AreaScore) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ServiceAreaID.String(), b.ServiceAreaID.String()))
	})
	out, err := across(slices.Concat([]AreaScore{}, list), bands(s.Rules.Surveys))
	out.From, out.Until, out.TierRules = from, until, s.Rules.Surveys.Hash
	if err == nil {
		err = out.cut(req)
	}
	return out, err
}

// cut leaves one page of the service areas. The figures are those of all.
func (a *Across) cut(req page.Request) error {
	last, err := page.Decode(req.Cursor, 2)
	if err != nil {
		return err
	}
	if last != nil {
		a.Areas = slices.DeleteFunc(a.Areas, func(x AreaScore) bool {
			return cmp.Or(cmp.Compare(x.Name, last[0]), cmp.Compare(x.ServiceAreaID.String(), last[1])) <= 0
		})
	}
	cut := page.Cut(a.Areas, req.Size(), func(x AreaScore) []string { return []string{x.Name, x.ServiceAreaID.String()} })
	a.Areas, a.Next = cut.Items, cut.Next
	return nil
}

// bands are the rule's tiers as the statistics take them.
func bands(law *rules.SurveyRules) []score.Band {
	out := make([]score.Band, len(law.Tiers))
	for i, t := range law.Tiers {
		out[i] = score.Band{Code: t.Code, From: t.From, Below: t.Below}
	}
	return out
}

var errPooled = errors.New("the quarters of a rolling score have no round")

// SettledAcross is AcrossCompany for another feature, which lets money or a grade follow from it: as it stood at a moment, of the twelve
// months before, with only those scores whose time for objections was over, about which no objection or audit was under way, and that no
// audit had rejected. It also tells how many were held up.
func (s *Service) SettledAcross(ctx context.Context, q dbx.Querier, company id.ID, at clock.Instant) (Across, int64, error) {
	until := clock.DateOf(at.Time())
	from := clock.DateOf(until.Start().AddDate(-1, 0, 1))
	rows, err := settlingOf(ctx, q, company, clock.At(from.Start()), at)
	if err != nil {
		return Across{}, 0, err
	}
	w, held := s.weighing(q, at), int64(0)
	var list []AreaScore
	for _, row := range rows {
		r, err := roundByID(ctx, q, row.RoundID)
		if err != nil {
			return Across{}, 0, err
		}
		std, err := s.standardOf(ctx, q, r)
		if err != nil {
			return Across{}, 0, err
		}
		shown, err := shownAt(ctx, q, r, row.Revision)
		if err != nil {
			return Across{}, 0, err
		}
		if row.Open > 0 || at < wholeDays(shown, std.law.Objection.FileDays) {
			held++
			continue
		}
		a, err := w.score(ctx, row.publishedRow)
		if err != nil {
			return Across{}, 0, err
		}
		a.stand(row.Rejected > 0 || w.seen[row.RoundID].aside) // as it was at that moment, whatever came later
		list = append(list, a)
	}
	out, err := across(newestOf(list), bands(s.Rules.Surveys))
	out.From, out.Until, out.TierRules = from, until, s.Rules.Surveys.Hash
	return out, held, err
}

// moment is when a change of what figures rest on happens in a round, one after the other with the grades of the companies that were rated.
func (s *Service) moment(ctx context.Context, tx *dbx.Tx, round id.ID) (clock.Instant, error) {
	at := s.now()
	companies, err := ratedIn(ctx, tx, round)
	for _, company := range companies {
		if err == nil {
			at, err = s.Companies.Moment(ctx, tx, company, at)
		}
	}
	return at, err
}

// shownAt is when a revision of a round's score was published: the first with the round, a later one as it was made.
func shownAt(ctx context.Context, q dbx.Querier, r Round, revision int64) (clock.Instant, error) {
	if revision == 0 {
		return *r.PublishedAt, nil
	}
	row, err := scoreOf(ctx, q, r.ID, id.Nil, revision)
	return row.MadeAt, err
}
