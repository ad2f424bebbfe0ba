package report

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// Snapshot is a published month of a street in one revision. It never changes; what is wrong in it is put
// right by the next revision.
type Snapshot struct {
	ID            id.ID         `db:"id"`
	StreetID      id.ID         `db:"street_id"`
	StreetPath    string        `db:"street_path"`
	Month         Month         `db:"month"`
	Revision      int64         `db:"revision"` // from 1
	AsOf          clock.Instant `db:"as_of"`    // what was known then counts
	Method        int64         `db:"method"`   // of folding and suppression
	RuleHash      rules.Hash    `db:"rule_hash"`
	EventHash     []byte        `db:"event_hash"`
	Orders        int64         `db:"order_count"` // orders that mattered
	Events        int64         `db:"event_count"`
	Reason        string        `db:"reason"` // of a revision
	PublishedRole string        `db:"published_role"`
	PublishedOrg  id.ID         `db:"published_org"`
	PublishedAt   clock.Instant `db:"published_at"`
	Salt          []byte        `db:"salt"`
	Entry         *int64        `db:"entry"` // its number in the ledger, nil until it is sealed
}

// method is the version of the way figures are computed, in case a later program does it otherwise.
const method = 1

// content is what a cell publishes, in its canonical form.
type content struct {
	Figures
	Ratings Judged `json:"ratings"`
}

// snapshotCell is a row of a snapshot.
type snapshotCell struct {
	Snapshot  id.ID     `db:"snapshot_id"`
	Pos       int64     `db:"pos"`
	Dimension Dimension `db:"dimension"`
	Key       string    `db:"cell_key"`
	ScopePath string    `db:"scope_path"`
	CompanyID *id.ID    `db:"company_id"`
	Content   string    `db:"content"`
	Salt      []byte    `db:"salt"`
	Hash      []byte    `db:"hash"`
}

func (c snapshotCell) cell() Cell { return Cell{c.Dimension, c.Key} }

func (c snapshotCell) read() (content, error) {
	var out content
	if err := json.Unmarshal([]byte(c.Content), &out); err != nil {
		return out, fmt.Errorf("snapshot %s, cell %s: %w", c.Snapshot, c.cell(), err)
	}
	return out, nil
}

// street finds a street that p may publish for.
func (s *Service) street(ctx context.Context, p authz.Principal, street id.ID) (place, authz.Actor, error) {
	at, err := placeByID(ctx, s.DB, street)
	if err != nil {
		return at, authz.Actor{}, err
	}
	actor, err := authz.Act(p, authz.ReportPublish, authz.Object{Path: at.Path})
	if err == nil && at.Kind != "street" {
		err = fault.InvalidField("body.streetId", "report.not_a_street")
	}
	return at, actor, err
}

// Publish freezes a month of a street as it is known now. Of several who publish at once one does. Faults:
// report.month_not_over, report.published_already.
func (s *Service) Publish(ctx context.Context, p authz.Principal, once idem.Key, street id.ID, month Month) (Snapshot, error) {
	at, actor, err := s.street(ctx, p, street)
	if err != nil {
		return Snapshot{}, err
	}
	asOf := s.now().Add(-settled)
	if asOf < month.End() {
		return Snapshot{}, fault.New(fault.Conflict, "report.month_not_over", "month", string(month))
	}
	latest, err := latestSnapshot(ctx, s.DB, street, month)
	if err != nil {
		return Snapshot{}, err
	}
	def := s.present()
	d := draft{street: at, month: month, actor: actor, asOf: asOf, def: def, taken: latest != nil}
	if !d.taken {
		if err := s.compose(ctx, &d, nil); err != nil {
			return Snapshot{}, err
		}
	}
	return s.store(ctx, once, d)
}

// Revise publishes a month again, for a reason that is published with it, by the definitions of its first
// revision. Faults: report.not_latest, report.nothing_differs.
func (s *Service) Revise(ctx context.Context, p authz.Principal, once idem.Key, snapshot id.ID, reason string) (Snapshot, error) {
	old, err := snapshotByID(ctx, s.DB, snapshot)
	if err != nil {
		return Snapshot{}, err
	}
	actor, err := authz.Act(p, authz.ReportPublish, authz.Object{Path: old.StreetPath})
	if err != nil {
		return Snapshot{}, err
	}
	if reason, err = text.Paragraph("body.reason", reason, 5, 500); err != nil {
		return Snapshot{}, err
	}
	at, err := placeByID(ctx, s.DB, old.StreetID)
	if err != nil {
		return Snapshot{}, err
	}
	before, err := revisions(ctx, s.DB, old.StreetID, old.Month)
	if err != nil {
		return Snapshot{}, err
	}
	def, err := definitionsOf(ctx, s.DB, old.RuleHash)
	if err != nil {
		return Snapshot{}, err
	}
	d := draft{street: at, month: old.Month, actor: actor, asOf: s.now().Add(-settled), def: def, reason: reason}
	if d.taken = before[len(before)-1].ID != snapshot; d.taken {
		d.refusal = fault.New(fault.Conflict, "report.not_latest")
	} else if err := s.compose(ctx, &d, before); err != nil {
		return Snapshot{}, err
	}
	return s.store(ctx, once, d)
}

// draft is a publication on its way.
type draft struct {
	street   place
	month    Month
	actor    authz.Actor
	asOf     clock.Instant
	def      Definitions
	reason   string
	snapshot Snapshot
	cells    []snapshotCell
	taken    bool // it is refused unless it repeats a call that was answered
	refusal  error
}

// compose computes what will be published after these revisions.
func (s *Service) compose(ctx context.Context, d *draft, before []Snapshot) error {
	d.snapshot = Snapshot{
		ID: id.New(), StreetID: d.street.ID, StreetPath: d.street.Path, Month: d.month, Revision: int64(len(before)) + 1, AsOf: d.asOf, Method: method,
		RuleHash: d.def.Hash, Reason: d.reason, PublishedRole: string(d.actor.Role), PublishedOrg: d.actor.Org, PublishedAt: s.now(), Salt: make([]byte, 32),
	}
	if _, err := rand.Read(d.snapshot.Salt); err != nil {
		return err
	}
	if len(before) > 0 && d.asOf <= before[len(before)-1].AsOf {
		d.taken, d.refusal = true, fault.New(fault.Conflict, "report.nothing_differs")
		return nil
	}
	e, err := evaluate(ctx, s.DB, taskOf(d.snapshot, d.street, d.def, before))
	if err != nil {
		return err
	}
	d.snapshot.EventHash, d.snapshot.Orders, d.snapshot.Events = e.hash[:], e.orders, e.events
	if d.cells, err = s.cells(ctx, d, e); err != nil || len(before) == 0 {
		return err
	}
	old, err := cellsOf(ctx, s.DB, before[len(before)-1].ID)
	if err == nil && sameCells(old, d.cells) {
		d.taken, d.refusal = true, fault.New(fault.Conflict, "report.nothing_differs")
	}
	return err
}

// taskOf is the evaluation that a snapshot publishes; before are the revisions before it.
func taskOf(sn Snapshot, street place, def Definitions, before []Snapshot) task {
	var made []clock.Instant
	for _, b := range before {
		made = append(made, b.AsOf)
	}
	return task{
		scope: scope{place: street}, period: sn.Month.Period(), asOf: sn.AsOf, def: def, dims: published(),
		revisions: append(made, sn.AsOf), salt: sn.Salt,
	}
}

func sameCells(a, b []snapshotCell) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].cell() != b[i].cell() || a[i].Content != b[i].Content {
			return false
		}
	}
	return true
}

// cells makes the rows of a publication, each tied to where it belongs.
func (s *Service) cells(ctx context.Context, d *draft, e *evaluation) ([]snapshotCell, error) {
	list := sorted(e.figures)
	places, err := placesOf(ctx, s.DB, areasOf(list))
	if err != nil {
		return nil, err
	}
	out := make([]snapshotCell, len(list))
	for i, c := range list {
		body, err := contentOf(e, c)
		if err != nil {
			return nil, err
		}
		salt := make([]byte, 16)
		if _, err := rand.Read(salt); err != nil {
			return nil, err
		}
		hash := cellHash(salt, c, body)
		out[i] = snapshotCell{
			Snapshot: d.snapshot.ID, Pos: int64(i), Dimension: c.Dimension, Key: c.Key, ScopePath: d.street.Path,
			CompanyID: c.company().Ptr(), Content: body, Salt: salt, Hash: hash[:],
		}
		if p, ok := places[c.area()]; ok {
			out[i].ScopePath = p.Path
		}
	}
	return out, nil
}

func contentOf(e *evaluation, c Cell) (string, error) {
	body, err := json.Marshal(content{e.figures[c], e.of(c)})
	return string(body), err
}

func areasOf(cells []Cell) []id.ID {
	var out []id.ID
	for _, c := range cells {
		if a := c.area(); !a.IsZero() {
			out = append(out, a)
		}
	}
	return out
}

// store writes a publication in one transaction with its audit record. The database lets one of several
// through.
func (s *Service) store(ctx context.Context, once idem.Key, d draft) (Snapshot, error) {
	var result id.ID
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		made, again, err := once.Claim(ctx, tx, d.snapshot.ID)
		if err != nil {
			return err
		}
		result = made
		if again {
			return nil
		}
		if d.refusal != nil {
			return d.refusal
		}
		if d.taken {
			return fault.New(fault.Conflict, "report.published_already", "month", string(d.month))
		}
		return s.insert(ctx, tx, d)
	})
	if err != nil {
		return Snapshot{}, err
	}
	return snapshotByID(ctx, s.DB, result)
}

func (s *Service) insert(ctx context.Context, tx *dbx.Tx, d draft) error {
	err := insertSnapshot(ctx, tx, d.snapshot, d.cells)
	if dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "report.published_already", "month", string(d.month))
	}
	if err != nil {
		return err
	}
	detail := map[string]any{"street": d.street.ID, "month": d.month, "revision": d.snapshot.Revision, "asOf": d.asOf, "ruleHash": d.def.Hash, "cells": len(d.cells)}
	err = audit.Record(ctx, tx, d.snapshot.PublishedAt, audit.Entry{
		Actor: d.actor, Action: "report.publish", ObjectKind: "rate_snapshot", ObjectID: d.snapshot.ID, ScopePath: d.street.Path, Detail: detail,
	})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, d.snapshot.PublishedAt, "report.published", d.snapshot.ID, detail)
}
