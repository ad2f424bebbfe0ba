package report

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// SnapshotView is a published month, with those of its cells that the reader may see.
type SnapshotView struct {
	ID            id.ID            `json:"id"`
	StreetID      id.ID            `json:"streetId"`
	StreetName    string           `json:"streetName,omitempty"`
	Month         string           `json:"month"`
	Revision      int64            `json:"revision" doc:"From 1"`
	Newest        bool             `json:"newest" doc:"Whether no later revision of the month is published"`
	Reason        string           `json:"reason,omitempty" doc:"Why the month was published again"`
	AsOf          clock.Instant    `json:"asOf" doc:"What was known then counts"`
	PublishedAt   clock.Instant    `json:"publishedAt"`
	PublishedRole string           `json:"publishedRole" doc:"In which capacity"`
	PublishedOrg  id.ID            `json:"publishedOrgId" doc:"The organ that published it"`
	RuleHash      string           `json:"ruleHash" doc:"The definitions it was computed by"`
	EventHash     []byte           `json:"eventHash" doc:"Keyed hash of the events and ratings it was computed from, base64"`
	Orders        int64            `json:"orders" doc:"Orders that mattered"`
	Events        int64            `json:"events" doc:"Their events"`
	Method        int64            `json:"method"`
	Entry         *int64           `json:"entry,omitempty" doc:"Its leaf in the ledger log \"rates\"; absent until it is sealed, within seconds"`
	Definitions   *DefinitionsView `json:"definitions,omitempty"`
	CellHashes    [][]byte         `json:"cellHashes,omitempty" doc:"Of all cells in their order, base64: with the fields above they make the leaf"`
	Cells         []PublishedCell  `json:"cells,omitempty"`
}

// PublishedCell is a cell of a published month, with what proves that it is part of it.
type PublishedCell struct {
	CellView
	Pos     int64  `json:"pos" doc:"Which of the cell hashes is its own"`
	Salt    []byte `json:"salt" doc:"Base64"`
	Content string `json:"content" doc:"The text whose salted hash it is"`
}

func (s Snapshot) view(street string, newest bool) SnapshotView {
	return SnapshotView{
		ID: s.ID, StreetID: s.StreetID, StreetName: street, Month: string(s.Month), Revision: s.Revision, Newest: newest, Reason: s.Reason, AsOf: s.AsOf,
		PublishedAt: s.PublishedAt, PublishedRole: s.PublishedRole, PublishedOrg: s.PublishedOrg, RuleHash: s.RuleHash.String(), EventHash: s.EventHash,
		Orders: s.Orders, Events: s.Events, Method: s.Method, Entry: s.Entry,
	}
}

// Snapshots lists published months of which the caller may see something, the newest first.
func (s *Service) Snapshots(ctx context.Context, p authz.Principal, f snapshotFilter, req page.Request) (page.Page[SnapshotView], error) {
	none := page.Page[SnapshotView]{}
	grants, err := authz.Holds(p, authz.ReportRead)
	if err != nil {
		return none, err
	}
	where, args := audience(p, grants)
	rows, err := s.pageOf(ctx, f, where, args, req)
	if err != nil {
		return none, err
	}
	streets, err := placesOf(ctx, s.DB, streetsOf(rows))
	if err != nil {
		return none, err
	}
	views := make([]SnapshotView, len(rows))
	for i, sn := range rows {
		last, err := latestSnapshot(ctx, s.DB, sn.StreetID, sn.Month)
		if err != nil {
			return none, err
		}
		views[i] = sn.view(streets[sn.StreetID].Name, last != nil && last.ID == sn.ID)
	}
	return page.Cut(views, req.Size(), func(v SnapshotView) []string { return []string{v.Month, v.ID.String()} }), nil
}

func streetsOf(rows []Snapshot) []id.ID {
	out := make([]id.ID, len(rows))
	for i, sn := range rows {
		out[i] = sn.StreetID
	}
	return out
}

// pageOf reads one row more than the page has.
func (s *Service) pageOf(ctx context.Context, f snapshotFilter, where string, args []any, req page.Request) ([]Snapshot, error) {
	after, err := page.Decode(req.Cursor, 2)
	if err != nil {
		return nil, err
	}
	month, last := "", id.Nil
	if after != nil {
		if last, err = id.Parse(after[1]); err != nil {
			return nil, fault.InvalidField("query.cursor", "page.cursor")
		}
		month = after[0]
	}
	return listSnapshots(ctx, s.DB, f, where, args, month, last, req.Size()+1)
}

// Snapshot shows a published month with the cells that the caller may see; NotFound when there are none.
func (s *Service) Snapshot(ctx context.Context, p authz.Principal, snapshot id.ID) (SnapshotView, error) {
	grants, err := authz.Holds(p, authz.ReportRead)
	if err != nil {
		return SnapshotView{}, err
	}
	sn, err := snapshotByID(ctx, s.DB, snapshot)
	if err != nil {
		return SnapshotView{}, err
	}
	where, args := audience(p, grants)
	cells, err := visibleCells(ctx, s.DB, where, args, []id.ID{snapshot})
	if err == nil && len(cells) == 0 {
		err = notFound()
	}
	if err != nil {
		return SnapshotView{}, err
	}
	return s.show(ctx, sn, cells)
}

func (s *Service) show(ctx context.Context, sn Snapshot, cells []snapshotCell) (SnapshotView, error) {
	def, err := definitionsOf(ctx, s.DB, sn.RuleHash)
	if err != nil {
		return SnapshotView{}, err
	}
	last, err := latestSnapshot(ctx, s.DB, sn.StreetID, sn.Month)
	if err != nil {
		return SnapshotView{}, err
	}
	all, err := cellsOf(ctx, s.DB, sn.ID)
	if err != nil {
		return SnapshotView{}, err
	}
	street, err := placesOf(ctx, s.DB, []id.ID{sn.StreetID})
	if err != nil {
		return SnapshotView{}, err
	}
	v := sn.view(street[sn.StreetID].Name, last != nil && last.ID == sn.ID)
	d := def.view()
	v.Definitions = &d
	for _, c := range all {
		v.CellHashes = append(v.CellHashes, c.Hash)
	}
	v.Cells, err = s.publishedCells(ctx, sn, v.StreetName, def, cells)
	return v, err
}

// publishedCells reads cells with their names and what changed since the month before.
func (s *Service) publishedCells(ctx context.Context, sn Snapshot, street string, def Definitions, cells []snapshotCell) ([]PublishedCell, error) {
	list := make([]Cell, len(cells))
	for i, c := range cells {
		list[i] = c.cell()
	}
	n, err := s.names(ctx, s.DB, street, list)
	if err != nil {
		return nil, err
	}
	past, err := pastRates(ctx, s.DB, sn)
	if err != nil {
		return nil, err
	}
	out := make([]PublishedCell, len(cells))
	for i, c := range cells {
		body, err := c.read()
		if err != nil {
			return nil, err
		}
		v := cellView(c.cell(), body.Figures, body.Ratings, def, n)
		v.Ratings.Change = changeOf(v.Ratings.Satisfaction, past[c.cell()])
		out[i] = PublishedCell{CellView: v, Pos: c.Pos, Salt: c.Salt, Content: c.Content}
	}
	return out, nil
}

// pastRates are the published satisfaction rates of the month before. Both months' answers are different ones,
// so a difference between shown rates tells of no smaller group than they do.
func pastRates(ctx context.Context, q dbx.Querier, sn Snapshot) (map[Cell]*OpinionRate, error) {
	before, err := latestSnapshot(ctx, q, sn.StreetID, sn.Month.Add(-1))
	if err != nil || before == nil {
		return nil, err
	}
	def, err := definitionsOf(ctx, q, before.RuleHash)
	if err != nil {
		return nil, err
	}
	cells, err := cellsOf(ctx, q, before.ID)
	if err != nil {
		return nil, err
	}
	out := make(map[Cell]*OpinionRate, len(cells))
	for _, c := range cells {
		body, err := c.read()
		if err != nil {
			return nil, err
		}
		out[c.cell()] = opinionView(body.Ratings, def, nil).Satisfaction
	}
	return out, nil
}

func changeOf(now, before *OpinionRate) *Change {
	if now == nil || before == nil || now.Denominator == 0 || before.Denominator == 0 {
		return nil
	}
	return &Change{points(now, before), now.apart(before)}
}

// OpenMonth is what a resident, a company or an owners' committee sees of a published month: the cells of where
// they live or work.
type OpenMonth struct {
	SnapshotID id.ID      `json:"snapshotId"`
	StreetID   id.ID      `json:"streetId"`
	Month      string     `json:"month"`
	Revision   int64      `json:"revision"`
	Reason     string     `json:"reason,omitempty" doc:"Why the month was published again"`
	Cells      []CellView `json:"cells"`
}

// Open lists the published months of where the caller lives, works or serves, the newest first and each in its
// last revision.
func (s *Service) Open(ctx context.Context, p authz.Principal, req page.Request) (page.Page[OpenMonth], error) {
	none := page.Page[OpenMonth]{}
	grants, err := authz.Holds(p, authz.ReportRead)
	if err != nil {
		return none, err
	}
	where, args := audience(p, grants)
	rows, err := s.pageOf(ctx, snapshotFilter{Newest: true}, where, args, req)
	if err != nil {
		return none, err
	}
	cut := page.Cut(rows, req.Size(), func(v Snapshot) []string { return []string{string(v.Month), v.ID.String()} })
	out := page.Page[OpenMonth]{Items: []OpenMonth{}, Next: cut.Next}
	for _, sn := range cut.Items {
		m, err := s.openMonth(ctx, sn, where, args)
		if err != nil {
			return none, err
		}
		out.Items = append(out.Items, m)
	}
	return out, nil
}

func (s *Service) openMonth(ctx context.Context, sn Snapshot, where string, args []any) (OpenMonth, error) {
	m := OpenMonth{SnapshotID: sn.ID, StreetID: sn.StreetID, Month: string(sn.Month), Revision: sn.Revision, Reason: sn.Reason, Cells: []CellView{}}
	cells, err := visibleCells(ctx, s.DB, where, args, []id.ID{sn.ID})
	if err != nil {
		return m, err
	}
	def, err := definitionsOf(ctx, s.DB, sn.RuleHash)
	if err != nil {
		return m, err
	}
	full, err := s.publishedCells(ctx, sn, "", def, cells)
	for _, c := range full {
		m.Cells = append(m.Cells, c.CellView)
	}
	return m, err
}
