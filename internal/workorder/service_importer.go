package workorder

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/sheet"
)

// stepImport is the one event of an imported order.
const stepImport Step = "import"

// importChunk bounds how many rows are written in one transaction.
const importChunk = 500

// outcomeNoted marks a line of a report that says something about a row without deciding its outcome.
const outcomeNoted sheet.Outcome = "noted"

// ImportWorkOrders brings closed history in from another system's file. Rows are known again by their number and
// the service area, so a second run changes nothing; one that has changed since is rejected, for history is not
// rewritten. Rows that end before they begin are kept and noted. The orders stand in no live list, run no clock and ask
// nobody. progress, if not nil, is told after each part how many of the accepted rows are done.
// Faults: workorder.import_mapping, workorder.import_conflict, those of package sheet.
func (s *Service) ImportWorkOrders(ctx context.Context, p authz.Principal, in ImportInput, progress func(done, total int)) (*sheet.Report, error) {
	place, err := s.Places.ServiceArea(ctx, s.DB, in.Target)
	if err != nil {
		return nil, err
	}
	actor, err := authz.Act(p, authz.OrderImport, authz.Object{Path: place.Path})
	if err != nil {
		return nil, err
	}
	if len(in.Mapping) == 0 {
		if in.Mapping, err = configs.Mappings.ReadFile("mappings/template.yaml"); err != nil {
			return nil, err
		}
	}
	m, err := parseMapping(in.Mapping, s.Rules.Categories)
	if err != nil {
		return nil, err
	}
	run := &orderImport{s: s, m: m, place: place, actor: actor, now: s.now(), progress: progress}
	if err := run.read(ctx, in); err != nil {
		return nil, err
	}
	if in.DryRun || run.report.Counts.Accepted == 0 {
		return run.report, nil
	}
	return run.report, run.write(ctx)
}

// orderImport is an import under way.
type orderImport struct {
	s        *Service
	m        *mapping
	place    Place
	actor    authz.Actor
	now      clock.Instant
	report   *sheet.Report
	fresh    []pastOrder
	progress func(done, total int)
}

// read goes through the file and decides what becomes of each row.
func (r *orderImport) read(ctx context.Context, in ImportInput) error {
	book, err := sheet.OpenBytes(in.Name, in.Data, sheet.DefaultLimits())
	if err != nil {
		return err
	}
	defer book.Close()
	table, err := book.Table(r.m.schema())
	if err != nil {
		return err
	}
	defer table.Close()
	before, err := importedRows(ctx, r.s.DB, r.place.ServiceAreaID)
	if err != nil {
		return err
	}
	r.report = sheet.NewReport(table, nil)
	seen := map[string]bool{}
	for table.Next() {
		r.take(table.Row(), before, seen)
	}
	if err := table.Err(); err != nil {
		return err
	}
	r.report.Finish()
	return nil
}

func (r *orderImport) take(row *sheet.Row, before map[string][sha256.Size]byte, seen map[string]bool) {
	past := r.m.read(row, r.now)
	if row.OK() && seen[past.number] {
		row.Reject(colNumber, "workorder.import_twice", "")
	}
	known, again := before[past.number]
	if row.OK() && again && known != past.hash() {
		row.Reject(colNumber, "workorder.import_changed", "")
	}
	if !row.OK() {
		r.report.Reject(row)
		return
	}
	seen[past.number] = true
	if past.backwards() {
		r.report.Lines = append(r.report.Lines, sheet.Line{From: row.Number, To: row.Number, Outcome: outcomeNoted,
			Problems: []sheet.Problem{{Row: row.Number, Column: colClosed, Code: "workorder.import_closed_before_opened"}}})
	}
	if again {
		r.report.Accept(row, sheet.Unchanged, past.canonical...)
		return
	}
	r.report.Accept(row, sheet.Created, past.canonical...)
	r.fresh = append(r.fresh, past)
}

// write stores the new orders, part by part. The record of the import is in the first transaction: from then on
// there may be changes, and no change is without a record. An import broken off is simply run again.
func (r *orderImport) write(ctx context.Context) error {
	chunks := slices.Collect(slices.Chunk(r.fresh, importChunk))
	if len(chunks) == 0 {
		chunks = [][]pastOrder{nil} // nothing new, but that it was tried is recorded
	}
	object, done := id.New(), 0
	for i, chunk := range chunks {
		err := r.s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			if err := r.store(ctx, tx, chunk); err != nil {
				return err
			}
			if i > 0 {
				return nil
			}
			return r.record(ctx, tx, object)
		})
		if dbx.IsDuplicate(err) {
			return fault.New(fault.Conflict, "workorder.import_conflict").Because(err)
		}
		if err != nil {
			return err
		}
		if done += len(chunk); r.progress != nil {
			r.progress(done, len(r.fresh))
		}
	}
	r.s.hub.wake()
	return nil
}

func (r *orderImport) store(ctx context.Context, tx *dbx.Tx, chunk []pastOrder) error {
	orders := make([]*Order, len(chunk))
	hashes := make([][sha256.Size]byte, len(chunk))
	for i, past := range chunk {
		cat, err := r.s.Rules.Categories.Find(past.category)
		if err != nil {
			return err
		}
		orders[i], hashes[i] = past.order(r.place, cat, r.s.Rules, r.now), past.hash()
	}
	if err := r.number(ctx, tx, orders); err != nil {
		return err
	}
	events := make([]Event, len(chunk))
	for i, o := range orders {
		info := map[string]any{"imported": true}
		if chunk[i].backwards() {
			info["closedBeforeOpened"] = true
		}
		detail, err := encodeDetail(o.all(), info)
		if err != nil {
			return err
		}
		events[i] = Event{OrderID: o.ID, Seq: 1, At: r.now, Kind: stepImport, To: o.State, ActorRole: string(r.actor.Role),
			ActorID: r.actor.Person.Ptr(), ActorOrg: r.actor.Org.Ptr(), Detail: detail}
	}
	return insertHistory(ctx, tx, r.place.ServiceAreaID, orders, hashes, events)
}

// number gives the orders numbers of the days they were opened.
func (r *orderImport) number(ctx context.Context, tx *dbx.Tx, orders []*Order) error {
	days := map[clock.Date][]*Order{}
	for _, o := range orders {
		day := clock.DateOf(o.ReportedAt.Time())
		days[day] = append(days[day], o)
	}
	for _, day := range slices.Sorted(maps.Keys(days)) { // in one order everywhere, so that two imports do not lock each other out
		first, err := reserveNumbers(ctx, tx, r.place.Prefix, day, int64(len(days[day])))
		if err != nil {
			return err
		}
		for i, o := range days[day] {
			o.Number = fmt.Sprintf("%s-%s-%04d", r.place.Prefix, strings.ReplaceAll(string(day), "-", ""), first+int64(i))
		}
	}
	return nil
}

func (r *orderImport) record(ctx context.Context, tx *dbx.Tx, object id.ID) error {
	c := r.report.Counts
	return audit.Record(ctx, tx, r.now, audit.Entry{
		Actor: r.actor, Action: "import.work_orders", ObjectKind: "import", ObjectID: object, ScopePath: r.place.Path,
		Detail: map[string]any{"serviceArea": r.place.ServiceAreaID, "mapping": r.m.Name, "rows": r.report.Hash(), "categories": r.s.Rules.Hash(rules.Categories),
			"created": c.Created, "unchanged": c.Unchanged, "rejected": c.Rejected, "skipped": c.Skipped},
	})
}
