package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/ledger"
)

// Verification is what `redproperty verify rates` found.
type Verification struct {
	Snapshots   int      // publications of the month that were computed again
	Cells       int      // cells that agree with the record
	Entries     int64    // publications of all months in the ledger
	Checkpoints int      // signed checkpoints that fit
	Unsealed    int      // publications of the month that wait to be sealed
	Problems    []string // empty when everything agrees; the first difference of each publication is named
}

func (v *Verification) add(format string, args ...any) {
	v.Problems = append(v.Problems, fmt.Sprintf(format, args...))
}

// VerifyRates checks the ledger of publications, then computes every revision of a month again from the events
// and ratings, by the definitions it cites, and compares each cell with what was published. street zero takes
// all streets.
func VerifyRates(ctx context.Context, q dbx.Querier, l *ledger.Ledger, month Month, street id.ID) (Verification, error) {
	var v Verification
	if err := v.ledger(ctx, q, l); err != nil {
		return v, err
	}
	list, err := publishedIn(ctx, q, month, street)
	if err != nil {
		return v, err
	}
	var before []Snapshot
	for _, sn := range list {
		if len(before) > 0 && before[0].StreetID != sn.StreetID {
			before = nil
		}
		if err := v.snapshot(ctx, q, sn, before); err != nil {
			return v, err
		}
		before = append(before, sn)
	}
	return v, nil
}

// ledger compares every sealed publication, of whatever month, with its leaf, and the tree with its checkpoints.
func (v *Verification) ledger(ctx context.Context, q dbx.Querier, l *ledger.Ledger) error {
	broken := false
	found, err := l.Verify(ctx, q, Log, func(lf ledger.Leaf) (string, error) {
		if broken {
			return "", nil
		}
		problem, err := compareLeaf(ctx, q, lf)
		broken = problem != ""
		return problem, err
	})
	if err != nil {
		return err
	}
	v.Entries, v.Checkpoints, v.Problems = found.Head.Size, found.Checkpoints, found.Problems
	beyond, err := sealedFrom(ctx, q, found.Head.Size, 1)
	if err == nil && len(beyond) > 0 {
		v.add("entry %d (%s) was added: the ledger ends before it", *beyond[0].Entry, beyond[0].title())
	}
	return err
}

func compareLeaf(ctx context.Context, q dbx.Querier, lf ledger.Leaf) (string, error) {
	rows, err := sealedFrom(ctx, q, lf.Index, 1)
	if err != nil {
		return "", err
	}
	if len(rows) == 0 || *rows[0].Entry != lf.Index {
		return fmt.Sprintf("entry %d was dropped", lf.Index), nil
	}
	leaf, err := leafOf(ctx, q, &rows[0])
	if err != nil || bytes.Equal(leaf[:], lf.Hash) {
		return "", err
	}
	return fmt.Sprintf("entry %d (%s) was altered", lf.Index, rows[0].title()), nil
}

func (s *Snapshot) title() string {
	return fmt.Sprintf("street %s, %s, revision %d", s.StreetID, s.Month, s.Revision)
}

// snapshot computes one publication again.
func (v *Verification) snapshot(ctx context.Context, q dbx.Querier, sn Snapshot, before []Snapshot) error {
	v.Snapshots++
	if sn.Entry == nil {
		v.Unsealed++
	}
	if sn.Method != method {
		v.add("%s: computed by method %d, which this program does not know", sn.title(), sn.Method)
		return nil
	}
	if sn.Revision != int64(len(before))+1 {
		v.add("%s: revision %d is missing", sn.title(), len(before)+1)
		return nil
	}
	def, err := definitionsOf(ctx, q, sn.RuleHash)
	if err != nil {
		return fmt.Errorf("%s: %w", sn.title(), err)
	}
	street, err := placeByID(ctx, q, sn.StreetID)
	if err != nil {
		return fmt.Errorf("%s: %w", sn.title(), err)
	}
	e, err := evaluate(ctx, q, taskOf(sn, street, def, before))
	if err != nil {
		return fmt.Errorf("%s: %w", sn.title(), err)
	}
	cells, err := cellsOf(ctx, q, sn.ID)
	if err != nil {
		return err
	}
	return v.compare(sn, cells, e)
}

// compare names the first cell that differs, or says that the record is another one.
func (v *Verification) compare(sn Snapshot, cells []snapshotCell, e *evaluation) error {
	again := sorted(e.figures)
	for i, c := range cells {
		if h := cellHash(c.Salt, c.cell(), c.Content); !bytes.Equal(h[:], c.Hash) {
			v.add("%s: cell %s does not have the hash stored with it", sn.title(), c.cell())
			return nil
		}
		if i >= len(again) || again[i] != c.cell() {
			v.add("%s: cell %s was published, the record does not give it", sn.title(), c.cell())
			return nil
		}
		body, err := contentOf(e, c.cell())
		if err != nil {
			return err
		}
		if body != c.Content {
			where, err := difference(c.Content, body)
			if err != nil {
				return err
			}
			v.add("%s: cell %s: %s", sn.title(), c.cell(), where)
			return nil
		}
		v.Cells++
	}
	if len(again) > len(cells) {
		v.add("%s: cell %s was not published, the record gives it", sn.title(), again[len(cells)])
		return nil
	}
	if !bytes.Equal(e.hash[:], sn.EventHash) || e.events != sn.Events || e.orders != sn.Orders {
		v.add("%s: the figures agree, but the record of events is not the one they were published from (%d events of %d orders then, %d of %d now)",
			sn.title(), sn.Events, sn.Orders, e.events, e.orders)
	}
	return nil
}

// difference names the first field in which two contents differ.
func difference(published, again string) (string, error) {
	var a, b any
	if err := json.Unmarshal([]byte(published), &a); err != nil {
		return "the published content cannot be read", nil //nolint:nilerr // that is the finding
	}
	if err := json.Unmarshal([]byte(again), &b); err != nil {
		return "", err
	}
	if d := firstDifference("", a, b); d != "" {
		return d, nil
	}
	return "it is written in another form", nil
}

func firstDifference(path string, a, b any) string {
	x, xMap := a.(map[string]any)
	y, yMap := b.(map[string]any)
	if xMap && yMap {
		keys := maps.Clone(x)
		maps.Copy(keys, y)
		for _, k := range slices.Sorted(maps.Keys(keys)) {
			if d := firstDifference(path+"."+k, x[k], y[k]); d != "" {
				return d
			}
		}
		return ""
	}
	p, _ := json.Marshal(a) // what was just read can be written
	r, _ := json.Marshal(b)
	if bytes.Equal(p, r) {
		return ""
	}
	return fmt.Sprintf("%s: published %s, the record gives %s", path[1:], p, r)
}
