package renovation

import (
	"context"
	"slices"
	"strconv"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/text"
)

// NewLine is a source of money to be planned.
type NewLine struct {
	Source     Source     `json:"source" enum:"central,provincial,city,district,residents,maintenance_fund,utility,property_unit,market,common_income"`
	Payer      string     `json:"payer,omitempty" maxLength:"100" doc:"An office or a company, never a person"`
	ItemID     *id.ID     `json:"itemId,omitempty" doc:"The item it is for; absent for the project as a whole"`
	PlannedFen int64      `json:"plannedFen" minimum:"1" maximum:"1000000000000"`
	Reference  string     `json:"reference" minLength:"1" maxLength:"100" doc:"What the figure rests on"`
	On         clock.Date `json:"on"`
}

// mostLines bounds the sources of a project.
const mostLines = 60

// AddLine plans what a source gives. Faults: input.invalid with renovation.future and those of the texts; not_found for an item;
// renovation.lines_full (Conflict).
func (s *Service) AddLine(ctx context.Context, p authz.Principal, which id.ID, how Taken, in NewLine) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationFund, StepFunding, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		payer, err := text.Line("body.payer", in.Payer, 0, 100)
		if err != nil {
			return err
		}
		if in.ItemID != nil {
			if _, err := plannedItem(ctx, tx, which, *in.ItemID); err != nil {
				return err
			}
		}
		have, err := linesOf(ctx, tx, which)
		if err != nil {
			return err
		}
		if len(have) >= mostLines {
			return fault.New(fault.Conflict, "renovation.lines_full", "most", mostLines)
		}
		l := Line{ID: id.New(), ProjectID: which, ItemID: in.ItemID, Source: in.Source, Payer: payer, CreatedAt: m.at}
		if err := insertLine(ctx, tx, l); err != nil {
			return err
		}
		return s.enter(ctx, tx, m, l, Entry{Kind: EntryPlanned, Fen: in.PlannedFen, On: in.On, Reference: in.Reference})
	})
}

// NewEntry is an amount to be entered.
type NewEntry struct {
	Kind      EntryKind  `json:"kind" enum:"planned,approved,received,paid,returned"`
	Fen       int64      `json:"fen" minimum:"1" maximum:"1000000000000"`
	On        clock.Date `json:"on" doc:"The day on the document"`
	Reference string     `json:"reference" minLength:"1" maxLength:"100" doc:"Number of the document; each stands once in a line and kind, and can be entered again once it is reversed"`
	ItemID    *id.ID     `json:"itemId,omitempty" doc:"What was paid: an item of the plan"`
	Note      string     `json:"note,omitempty" maxLength:"500" doc:"Residents read it; no personal data"`
}

// Enter enters an amount of a line. Of the maintenance fund only what a request of this project has drawn is received. Faults (Conflict):
// renovation.balance, renovation.reference_taken, renovation.not_drawn, renovation.not_tendered, renovation.consent_missing,
// renovation.overrun with the most that may be paid.
func (s *Service) Enter(ctx context.Context, p authz.Principal, which, line id.ID, how Taken, in NewEntry) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationFund, StepEntry, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		l, err := lineByID(ctx, tx, which, line)
		if err != nil {
			return err
		}
		if in.Kind == EntryReceived && l.Source == FromFund {
			if err := received(ctx, tx, which, in); err != nil {
				return err
			}
		}
		if in.Kind == EntryPaid {
			if err := s.payable(ctx, tx, m, in); err != nil {
				return err
			}
		} else if in.ItemID != nil {
			return fault.InvalidField("body.itemId", "renovation.item_paid")
		}
		return s.enter(ctx, tx, m, l, Entry{Kind: in.Kind, Fen: in.Fen, On: in.On, Reference: in.Reference, ItemID: in.ItemID, Note: in.Note})
	})
}

// received wants the maintenance fund to have paid out exactly this, and no source of the project to have received it already.
func received(ctx context.Context, q dbx.Querier, project id.ID, in NewEntry) error {
	reference, err := text.Line("body.reference", in.Reference, 1, 100)
	if err != nil {
		return err
	}
	fen, err := drawn(ctx, q, project, reference)
	if err == nil && fen != in.Fen {
		err = fault.New(fault.Conflict, "renovation.not_drawn")
	}
	if err != nil {
		return err
	}
	had, err := fundReceived(ctx, q, project, reference)
	if err == nil && had {
		err = referenceTaken()
	}
	return err
}

// payable wants a contractor, the owners' decision on what is paid, and a sum within the overrun rule: of the item, and of the plan.
func (s *Service) payable(ctx context.Context, tx *dbx.Tx, m *move, in NewEntry) error {
	if !m.now.State.reached(Tendered) {
		return fault.New(fault.Conflict, "renovation.not_tendered")
	}
	f, err := s.facts(ctx, tx, m.now)
	if err != nil {
		return err
	}
	all, _ := sumLines(f.lines)
	if f.local.Overrun.Exceeded(m.now.BudgetFen, all.PaidFen+in.Fen) {
		return overrun(m.now.BudgetFen, f)
	}
	if in.ItemID == nil {
		return nil
	}
	it, err := plannedItem(ctx, tx, m.now.ID, *in.ItemID)
	if err != nil {
		return err
	}
	if !f.stands(it) {
		return fault.New(fault.Conflict, "renovation.consent_missing", "key", it.Key, "title", it.Title)
	}
	paid, err := paidFor(ctx, tx, it.ID)
	if err != nil {
		return err
	}
	budget := it.BudgetFen
	if g, ok := f.given[it.ID]; ok && it.DecisionItem != 0 {
		budget = g.BudgetFen
	}
	if f.local.Overrun.Exceeded(budget, paid+in.Fen) {
		return overrun(budget, f)
	}
	return nil
}

func overrun(budget int64, f *facts) error {
	o := f.local.Overrun
	return fault.New(fault.Conflict, "renovation.overrun", "budgetFen", budget, "percent", o.Percent, "fen", o.Fen)
}

// enter checks an entry, brings it into its line and writes both.
func (s *Service) enter(ctx context.Context, tx *dbx.Tx, m *move, l Line, e Entry) error {
	var err error
	if e.Reference, err = text.Line("body.reference", e.Reference, 1, 100); err != nil {
		return err
	}
	if e.Note, err = text.Paragraph("body.note", e.Note, 0, 500); err != nil {
		return err
	}
	if !realDay(e.On) || e.On > m.today {
		return fault.InvalidField("body.on", "renovation.future")
	}
	if e.Reverses == nil && (e.Fen < 1 || e.Fen > maxFen) {
		return fault.InvalidField("body.fen", "renovation.amount")
	}
	if err := l.add(e.Kind, e.Fen); err != nil {
		return err
	}
	e.ID, e.FundingID, e.At, e.PersonID, e.OrgID = id.New(), l.ID, m.at, m.actor.Person.Ptr(), m.actor.Org.Ptr()
	if err := insertEntry(ctx, tx, m.now.ID, e); err != nil {
		return err
	}
	m.keeps = true
	m.note("entry", e.ID)
	m.note("line", l.ID)
	m.note("source", l.Source)
	m.note("kind", e.Kind)
	m.note("fen", e.Fen)
	return updateLine(ctx, tx, l)
}

// Reverse takes an entry back by another one, once. Faults (Conflict): renovation.reversed, renovation.balance.
func (s *Service) Reverse(ctx context.Context, p authz.Principal, which, line, entry id.ID, how Taken, reason string) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationFund, StepReverse, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		reason, err := text.Paragraph("body.reason", reason, 2, 500)
		if err != nil {
			return err
		}
		l, err := lineByID(ctx, tx, which, line)
		if err != nil {
			return err
		}
		e, err := entryByID(ctx, tx, line, entry)
		if err != nil {
			return err
		}
		if e.Reverses != nil {
			return fault.New(fault.Conflict, "renovation.reversed")
		}
		if err := s.enter(ctx, tx, m, l, Entry{Kind: e.Kind, Fen: -e.Fen, On: m.today, Reference: "R-" + e.ID.String(), ItemID: e.ItemID, Reverses: &e.ID, Note: reason}); err != nil {
			return err
		}
		return freeReference(ctx, tx, e.ID)
	})
}

// Entries lists the entries of a project, the newest first: everybody who lives there reads every figure.
func (s *Service) Entries(ctx context.Context, p authz.Principal, which id.ID, req page.Request) (page.Page[Entry], error) {
	if _, err := s.project(ctx, p, which); err != nil {
		return page.Page[Entry]{}, err
	}
	last, err := before(req)
	if err != nil {
		return page.Page[Entry]{}, err
	}
	rows, err := entries(ctx, s.DB, which, last, req.Size()+1)
	if err != nil {
		return page.Page[Entry]{}, err
	}
	return page.Cut(rows, req.Size(), func(e Entry) []string { return []string{e.ID.String()} }), nil
}

// Allocate divides what is approved of the owners' money by exclusive area among the units of the item, or of the project. It can be done
// again when the amount or the register has changed; the last one counts. Faults (Conflict): renovation.not_shared,
// renovation.nothing_approved, those of divide.
func (s *Service) Allocate(ctx context.Context, p authz.Principal, which, line id.ID, how Taken) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationFund, StepAllocate, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		l, err := lineByID(ctx, tx, which, line)
		if err != nil {
			return err
		}
		if !l.Source.shared() {
			return fault.New(fault.Conflict, "renovation.not_shared")
		}
		if l.ApprovedFen == 0 && l.Round == 0 {
			return fault.New(fault.Conflict, "renovation.nothing_approved")
		}
		parts := m.now.Parts
		if l.ItemID != nil {
			it, err := plannedItem(ctx, tx, which, *l.ItemID)
			if err != nil {
				return err
			}
			parts = it.Parts
		}
		units, err := s.Places.Units(ctx, tx, m.now.ScopePath)
		if err != nil {
			return err
		}
		made, err := divide(l.ApprovedFen, units, parts)
		if err != nil {
			return err
		}
		l.Round, l.AllocatedFen = l.Round+1, l.ApprovedFen
		if err := insertShares(ctx, tx, l.ID, l.Round, made); err != nil {
			return err
		}
		m.keeps = true
		m.note("line", l.ID)
		m.note("round", l.Round)
		m.note("fen", l.AllocatedFen)
		m.note("units", len(made))
		return updateLine(ctx, tx, l)
	})
}

// undivide has the owners' money of some sources divided again: it falls on others now.
func undivide(ctx context.Context, tx *dbx.Tx, project id.ID, moved func(Line) bool) error {
	lines, err := linesOf(ctx, tx, project)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if l.AllocatedFen == 0 || !moved(l) {
			continue
		}
		l.AllocatedFen = 0
		if err := updateLine(ctx, tx, l); err != nil {
			return err
		}
	}
	return nil
}

// Shares lists what falls on each unit, by building and number and without names, for those who live there and the offices; mine are the
// units of the caller's own households.
func (s *Service) Shares(ctx context.Context, p authz.Principal, which, line id.ID, mine bool, req page.Request) (page.Page[Share], error) {
	_, obj, err := s.reach(ctx, which)
	if err != nil {
		return page.Page[Share]{}, err
	}
	if err := authz.Require(p, authz.RenovationShares, readable(obj)); err != nil {
		return page.Page[Share]{}, err
	}
	l, err := lineByID(ctx, s.DB, which, line)
	if err != nil {
		return page.Page[Share]{}, err
	}
	return s.shares(ctx, p, l.ID, l.Round, mine, req)
}

func (s *Service) shares(ctx context.Context, p authz.Principal, subject id.ID, round int64, mine bool, req page.Request) (page.Page[Share], error) {
	last, err := afterNumber(req)
	if err != nil {
		return page.Page[Share]{}, err
	}
	own := unitsOf(p)
	var only []id.ID
	if mine {
		if only = own; len(only) == 0 {
			return page.Page[Share]{Items: []Share{}}, nil
		}
	}
	rows, err := shares(ctx, s.DB, subject, round, only, last, req.Size()+1)
	if err != nil {
		return page.Page[Share]{}, err
	}
	for i := range rows {
		rows[i].Mine = slices.Contains(own, rows[i].UnitID)
	}
	return page.Cut(rows, req.Size(), func(s Share) []string { return []string{strconv.FormatInt(s.Order, 10)} }), nil
}

// afterNumber is the last number of the page before; -1 for the first page.
func afterNumber(req page.Request) (int64, error) {
	parts, err := page.Decode(req.Cursor, 1)
	if err != nil || parts == nil {
		return -1, err
	}
	last, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return -1, fault.InvalidField("query.cursor", "page.cursor")
	}
	return last, nil
}

// unitsOf lists the units of the households that the caller belongs to.
func unitsOf(p authz.Principal) []id.ID {
	var out []id.ID
	for _, g := range p.Grants {
		if !g.Unit.IsZero() {
			out = append(out, g.Unit)
		}
	}
	return out
}
