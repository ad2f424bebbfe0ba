package renovation

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/text"
)

// Plan is a version of the plan with what it changed.
type Plan struct {
	Number    int64         `json:"number"`
	Hash      blob.Hash     `json:"hash" doc:"SHA-256 of the items as they were published"`
	Reason    string        `json:"reason" doc:"Why the plan was made or changed; residents read it"`
	BudgetFen int64         `json:"budgetFen"`
	MadeAt    clock.Instant `json:"madeAt"`
	Items     []PlanItem    `json:"items"`
	Changes   []Change      `json:"changes" doc:"Against the version before; of the first, every item"`
}

// PublishPlan puts a version of the plan in force. An item that changes in what the owners decided on needs their decision again, and is
// looked at and signed for again; what is built or accepted already cannot shrink below that. Faults: those of the items;
// renovation.item_begun, renovation.item_funded (Conflict) with the item's key; renovation.plan_same (Conflict) where nothing changes.
func (s *Service) PublishPlan(ctx context.Context, p authz.Principal, which id.ID, how Taken, reason string, items []PlanItem) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationManage, StepPlan, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		reason, err := text.Paragraph("body.reason", reason, 2, 1000)
		if err != nil {
			return err
		}
		place, err := s.Places.Place(ctx, tx, m.now.AreaID)
		if err != nil {
			return err
		}
		place.Division = m.now.Division // the rules of the place as it was when the project was made
		pl := planner{rules: s.Rules.Renovation, place: place, parts: m.now.Parts}
		if pl.utilities, err = s.utilities(ctx, tx, items); err != nil {
			return err
		}
		items, err := pl.clean(items)
		if err != nil {
			return err
		}
		number := m.now.PlanNumber + 1
		row, err := planOf(number, items)
		if err != nil {
			return err
		}
		before, err := plans(ctx, tx, which, m.now.PlanNumber, 1)
		if err != nil {
			return err
		}
		if len(before) > 0 && before[0].Hash == row.Hash {
			return fault.New(fault.Conflict, "renovation.plan_same")
		}
		row.Reason, row.MadeAt, row.PersonID, row.OrgID = reason, m.at, m.actor.Person.Ptr(), m.actor.Org.Ptr()
		if err := insertPlan(ctx, tx, which, row); err != nil {
			return err
		}
		if err := s.putItems(ctx, tx, pl, m, number, items); err != nil {
			return err
		}
		m.next.PlanNumber, m.next.BudgetFen = number, row.BudgetFen
		m.note("number", number)
		m.note("budgetFen", row.BudgetFen)
		m.note("hash", row.Hash)
		m.because(reason)
		m.tell("renovation.planned", map[string]any{"number": number})
		return nil
	})
}

// utilities lists, of the organisations that a plan names, those that are utilities at work.
func (s *Service) utilities(ctx context.Context, q dbx.Querier, items []PlanItem) ([]id.ID, error) {
	var out []id.ID
	for _, it := range items {
		if it.UtilityID == nil || slices.Contains(out, *it.UtilityID) {
			continue
		}
		o, err := s.Orgs.Org(ctx, q, *it.UtilityID)
		if fault.Is(err, "not_found") || err == nil && (!o.Active || o.Kind != "utility") {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, o.ID)
	}
	return out, nil
}

// planOf is the row of a version without who made it.
func planOf(number int64, items []PlanItem) (planRow, error) {
	content, err := json.Marshal(items)
	if err != nil {
		return planRow{}, err
	}
	r := planRow{Number: number, Content: string(content), Hash: sha256.Sum256(content)}
	for _, it := range items {
		r.BudgetFen += it.BudgetFen
	}
	return r, nil
}

// putItems brings the items of a project to what a version of the plan says.
func (s *Service) putItems(ctx context.Context, tx *dbx.Tx, pl planner, m *move, number int64, items []PlanItem) error {
	have, err := itemsOf(ctx, tx, m.now.ID)
	if err != nil {
		return err
	}
	for n, it := range items {
		want := pl.item(m.now.ID, it, number, int64(n))
		i := slices.IndexFunc(have, func(h Item) bool { return h.Key == it.Key })
		if i < 0 {
			if err := insertItem(ctx, tx, want); err != nil {
				return err
			}
			continue
		}
		if err := replaceItem(ctx, tx, m, have[i], want); err != nil {
			return err
		}
	}
	for _, h := range have {
		if h.State == ItemDropped || slices.ContainsFunc(items, func(it PlanItem) bool { return it.Key == h.Key }) {
			continue
		}
		gone := h
		gone.State, gone.PlanNumber = ItemDropped, number
		if err := unfunded(ctx, tx, h); err != nil {
			return err
		}
		if err := replaceItem(ctx, tx, m, h, gone); err != nil {
			return err
		}
	}
	return nil
}

// unfunded wants no money to be approved for an item that is taken out, nor paid: it would stand for nothing that residents can see.
func unfunded(ctx context.Context, tx *dbx.Tx, it Item) error {
	paid, err := paidFor(ctx, tx, it.ID)
	if err != nil {
		return err
	}
	lines, err := linesOf(ctx, tx, it.ProjectID)
	if err != nil {
		return err
	}
	if paid > 0 || slices.ContainsFunc(lines, func(l Line) bool { return l.ItemID != nil && *l.ItemID == it.ID && l.ApprovedFen > 0 }) {
		return fault.New(fault.Conflict, "renovation.item_funded", "key", it.Key, "title", it.Title)
	}
	return nil
}

// replaceItem changes an item, unless what was built of it would be lost. What was found of it and signed for was about the item as it was.
func replaceItem(ctx context.Context, tx *dbx.Tx, m *move, have, want Item) error {
	want.ID = have.ID
	same := have.ContentHash == want.ContentHash && have.State == want.State
	if same && have.BudgetFen == want.BudgetFen {
		want.PlanNumber = have.PlanNumber
	}
	begun := have.DoneQuantity > 0 && (want.State == ItemDropped || want.Quantity < have.DoneQuantity || want.Code != have.Code)
	if begun || have.AcceptedOn != nil && !same {
		return fault.New(fault.Conflict, "renovation.item_begun", "key", have.Key, "title", have.Title)
	}
	if err := updateItem(ctx, tx, want); err != nil || same {
		return err
	}
	if err := voidAcceptance(ctx, tx, have.ID, m.at); err != nil {
		return err
	}
	if slices.Equal(have.Parts, want.Parts) {
		return nil
	}
	return undivide(ctx, tx, have.ProjectID, func(l Line) bool { return l.ItemID != nil && *l.ItemID == have.ID })
}

// Plans lists the versions of the plan, the newest first, each with what it changed.
func (s *Service) Plans(ctx context.Context, p authz.Principal, which id.ID, req page.Request) (page.Page[Plan], error) {
	pr, err := s.project(ctx, p, which)
	if err != nil {
		return page.Page[Plan]{}, err
	}
	upTo := pr.PlanNumber
	parts, err := page.Decode(req.Cursor, 1)
	if err != nil {
		return page.Page[Plan]{}, err
	}
	if parts != nil {
		if upTo, err = strconv.ParseInt(parts[0], 10, 64); err != nil {
			return page.Page[Plan]{}, fault.InvalidField("query.cursor", "page.cursor")
		}
	}
	rows, err := plans(ctx, s.DB, which, upTo, req.Size()+1)
	if err != nil {
		return page.Page[Plan]{}, err
	}
	list, err := versions(rows)
	if err != nil {
		return page.Page[Plan]{}, err
	}
	out := page.Page[Plan]{Items: list}
	if len(list) > req.Size() {
		out.Items, out.Next = list[:req.Size()], page.Encode(strconv.FormatInt(list[req.Size()].Number, 10))
	}
	return out, nil
}

// versions reads rows that are the newest first; each is compared with the one after it.
func versions(rows []planRow) ([]Plan, error) {
	out := make([]Plan, len(rows))
	for i := len(rows) - 1; i >= 0; i-- {
		r := rows[i]
		out[i] = Plan{Number: r.Number, Hash: r.Hash, Reason: r.Reason, BudgetFen: r.BudgetFen, MadeAt: r.MadeAt}
		if err := json.Unmarshal([]byte(r.Content), &out[i].Items); err != nil {
			return nil, fmt.Errorf("renovation plan %d: %w", r.Number, err)
		}
		var before []PlanItem
		if i+1 < len(out) {
			before = out[i+1].Items
		}
		out[i].Changes = Diff(before, out[i].Items)
	}
	return out, nil
}
