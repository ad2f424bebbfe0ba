package report

import (
	"context"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/workorder"
)

// The audit reads events that package workorder writes, by names that both must agree on.
func TestNamesAreThoseOfWorkOrders(t *testing.T) {
	theirs := map[string]reflect.Type{}
	for f := range fieldsOf(reflect.TypeFor[workorder.Facts]()) {
		theirs[f.Tag.Get("json")] = f.Type
	}
	for f := range fieldsOf(reflect.TypeFor[facts]()) {
		require.Contains(t, theirs, f.Tag.Get("json"))
	}
	for ours, other := range map[string]string{
		stateClosed: string(workorder.Closed), stateDeclined: string(workorder.Declined), stateCancelled: string(workorder.Cancelled),
		stateDuplicate: string(workorder.Duplicate), stateDeferred: string(workorder.Deferred), kindObject: string(workorder.StepObject),
		kindReopen: string(workorder.StepReopen), sourceImport: string(workorder.FromImport), closedUnanswered: workorder.ClosedUnanswered,
		waitingForNobody: string(workorder.ForNobody),
	} {
		require.Equal(t, other, ours)
	}
}

func fieldsOf(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

// neighbourhood answers what package workorder asks of its neighbours.
type neighbourhood struct{ *world }

func (n neighbourhood) ServiceArea(context.Context, dbx.Querier, id.ID) (workorder.Place, error) {
	return workorder.Place{ServiceAreaID: n.areas[0].ID, EstateID: n.estates[0].ID, CommunityID: n.communities[0].ID, StreetID: n.street.ID,
		Path: n.areas[0].Path, Name: "小区1", Prefix: "WH"}, nil
}

func (n neighbourhood) Unit(ctx context.Context, q dbx.Querier, unit id.ID) (workorder.UnitPlace, error) {
	p, err := n.ServiceArea(ctx, q, id.Nil)
	return workorder.UnitPlace{Place: p, UnitID: unit, Building: "1号楼", Address: "1号楼 101", HouseholdID: n.resident.Grants[0].Household}, err
}

func (n neighbourhood) PublicArea(context.Context, dbx.Querier, id.ID) (workorder.PublicPlace, error) {
	return workorder.PublicPlace{}, notFound()
}

func (n neighbourhood) Level(context.Context, dbx.Querier, id.ID) (string, error) {
	return "street", nil
}

func (n neighbourhood) Handler(context.Context, dbx.Querier, id.ID) (id.ID, error) {
	return n.company, nil
}

func (n neighbourhood) Promise(context.Context, dbx.Querier, id.ID, string, string) (*workorder.Promise, error) {
	return &workorder.Promise{ContractID: id.New(), AcceptMin: 30, ArriveMin: 60, FixMin: 600}, nil
}

func (n neighbourhood) Org(_ context.Context, _ dbx.Querier, org id.ID) (workorder.Org, error) {
	return workorder.Org{ID: org, Kind: "company", Active: true}, nil
}

func (n neighbourhood) WorksFor(context.Context, dbx.Querier, id.ID, id.ID, clock.Instant) (bool, error) {
	return true, nil
}

func (n neighbourhood) NameAndPhone(context.Context, dbx.Querier, id.ID) (string, string, error) {
	return "王小明", "13800001234", nil
}

// A real order through the real service: contacted in time, on site late, put right in time, rated once.
func TestARealOrderIsCounted(t *testing.T) {
	each(t, func(w *world) {
		w.clock.Set(day(12, 10, 0).Time())
		vault, err := personal.OpenVault(t.Context(), personal.VaultConfig{DB: w.db, Keys: personal.KeyFile{Path: filepath.Join(t.TempDir(), "keys")}, Clock: w.clock})
		require.NoError(w.t, err)
		n := neighbourhood{w}
		s := workorder.New(workorder.Deps{DB: w.db, Clock: w.clock, Rules: testRules, Vault: vault, Reads: personal.NewReads(w.clock),
			Places: n, Areas: n, Arrangements: n, Orgs: n, People: n})
		unit := w.resident.Grants[0].Unit
		category := testRules.Categories.Groups()[0].Categories[0].Code
		ctx, how := t.Context(), workorder.Taken{}
		receipt, err := s.Report(ctx, w.resident, idem.Key{}, workorder.Report{Where: workorder.Where{UnitID: &unit}, Category: category, Description: "厨房水管漏水"})
		require.NoError(w.t, err)
		order := receipt.Order.ID
		step := func(after time.Duration, do func() (workorder.OrderView, error)) {
			w.clock.Advance(after)
			_, err := do()
			require.NoError(w.t, err)
		}
		step(30*time.Minute, func() (workorder.OrderView, error) { return s.Accept(ctx, w.manager, order, how) })
		step(0, func() (workorder.OrderView, error) { return s.Dispatch(ctx, w.manager, order, how, workorder.Crew{}) })
		step(61*time.Minute, func() (workorder.OrderView, error) { return s.Arrive(ctx, w.manager, order, how) })
		step(time.Hour, func() (workorder.OrderView, error) { return s.Resolve(ctx, w.manager, order, how, "已更换阀门") })
		step(time.Hour, func() (workorder.OrderView, error) {
			return s.Confirm(ctx, w.resident, order, how, &workorder.Answer{Solved: "yes", Satisfied: 5})
		})
		w.clock.Set(testNow)
		v := w.mustLive(w.office, Query{Dimension: Company})
		require.Equal(w.t, Orders{Reported: 1, Closed: 1}, v.Total.Orders)
		require.Equal(w.t, []RateView{{1, 1, "100.00", nil}, {0, 1, "0.00", nil}, {1, 1, "100.00", nil}}, []RateView{v.Total.Response, v.Total.Arrive, v.Total.Fix})
		require.Equal(w.t, int64((30+61+120)*60_000), v.Total.ToClose.Percentiles[0].MS)
		require.Equal(w.t, "甲物业", v.Cells[0].Name)
		require.Equal(w.t, RatingsWithheld, v.Total.Ratings.State, "one household is no group")
		sn, err := w.s.Publish(ctx, w.office, idem.Key{}, w.street.ID, october)
		require.NoError(w.t, err)
		require.Equal(w.t, int64(1), sn.Orders)
	})
}
