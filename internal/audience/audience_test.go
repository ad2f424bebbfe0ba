package audience_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/audience"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/config"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/notify"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/workorder"
)

// world is the demonstration: everybody has a user name.
type world struct {
	*app.App
	t      *testing.T
	people map[string]id.ID
	names  map[id.ID]string
	place  struct {
		ID        id.ID `db:"id"`
		Street    id.ID `db:"street_id"`
		Community id.ID `db:"community_id"`
	}
}

func each(t *testing.T, body func(w *world)) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		dir := t.TempDir()
		cfg, err := config.Load("", []string{"REDPROPERTY_DATABASE__URL=" + url, "REDPROPERTY_BLOB__DIR=" + filepath.Join(dir, "attachments"), "REDPROPERTY_KEYS__FILE=" + filepath.Join(dir, "keys")})
		require.NoError(t, err)
		a, err := app.New(t.Context(), cfg, slog.New(slog.DiscardHandler), "test")
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, a.Close()) })
		_, err = a.Demonstrate(t.Context())
		require.NoError(t, err)
		w := &world{App: a, t: t, people: map[string]id.ID{}, names: map[id.ID]string{}}
		var rows []struct {
			Person id.ID  `db:"person_id"`
			Name   string `db:"user_name"`
		}
		require.NoError(t, a.DB.Select(t.Context(), &rows, `SELECT person_id, user_name FROM account`))
		for _, r := range rows {
			w.people[r.Name], w.names[r.Person] = r.Person, r.Name
		}
		require.NoError(t, a.DB.Get(t.Context(), &w.place, `SELECT id, street_id, community_id FROM service_area`))
		body(w)
	})
}

// tell lists, by user name, whom an audience of an event is.
func (w *world) tell(kind notify.Audience, topic string, subject id.ID, payload map[string]any) []string {
	w.t.Helper()
	body, err := json.Marshal(payload)
	require.NoError(w.t, err)
	list, err := audience.Finder{Clock: w.Clock}.Recipients(w.t.Context(), w.DB, kind, outbox.Event{ID: id.New(), Topic: topic, Subject: subject, Payload: body})
	require.NoError(w.t, err)
	out := []string{}
	for _, r := range list {
		out = append(out, w.names[r.Person])
	}
	slices.Sort(out)
	return out
}

func (w *world) as(name string) authz.Principal {
	w.t.Helper()
	p := authz.Principal{Account: id.New(), Person: w.people[name]}
	for _, grants := range []func(context.Context, dbx.Querier, id.ID, clock.Instant) ([]authz.Grant, error){w.Orgs.Grants, w.Members.Grants} {
		found, err := grants(w.t.Context(), w.DB, p.Person, clock.Now(w.Clock))
		require.NoError(w.t, err)
		p.Grants = append(p.Grants, found...)
	}
	return p
}

func (w *world) one(query string, args ...any) (found id.ID) {
	w.t.Helper()
	require.NoError(w.t, w.DB.Get(w.t.Context(), &found, query, args...))
	return found
}

func TestWhoIsConcernedByAnOrder(t *testing.T) {
	each(t, func(w *world) {
		owner := w.as("owner")
		unit := owner.Grants[0].Unit
		_, err := w.Orders.Report(w.t.Context(), owner, idem.Key{}, workorder.Report{Where: workorder.Where{UnitID: &unit}, Category: "water.home_plumbing", Title: "漏水"})
		require.NoError(w.t, err)
		order := w.one(`SELECT id FROM work_order`)
		tell := func(kind notify.Audience) []string { return w.tell(kind, "workorder.reported", order, nil) }
		mates := w.tell(notify.Household, "membership.joined", id.New(), map[string]any{"household": owner.Grants[0].Household})
		require.Contains(w.t, mates, "owner")
		require.Equal(w.t, mates, tell(notify.Reporter), "who reported and who lives there, once each")
		require.NotContains(w.t, tell(notify.Reporter), "neighbour")
		require.Equal(w.t, []string{"manager"}, tell(notify.Handler))
		require.Empty(w.t, tell(notify.Assignee))
		require.Empty(w.t, tell(notify.CaseParty), "it is about nobody")
		require.Equal(w.t, []string{"community", "community-worker"}, tell(notify.Community))
		require.Equal(w.t, []string{"street-deputy", "street-office"}, tell(notify.StreetOffice))
		require.Equal(w.t, []string{"street-deputy", "street-office"}, tell(notify.StreetQueue))

		// Nobody is told of an order that is not there, nor by a payload that names nobody.
		require.Empty(w.t, w.tell(notify.Reporter, "workorder.closed", id.New(), nil))
		require.Equal(w.t, []string{"worker"}, w.tell(notify.Person, "post.ended", id.New(), map[string]any{"person": w.people["worker"], "successor": w.people["manager"]}))
		require.Equal(w.t, []string{"manager"}, w.tell(notify.Successor, "post.ended", id.New(), map[string]any{"person": w.people["worker"], "successor": w.people["manager"]}))
	})
}

// A statement is asked of everybody who may give it for the party, but of the person whom the case is about (R6.7). The answer reaches
// the community, or the street where the case is about a body of the community.
func TestWhoIsConcernedByAStatement(t *testing.T) {
	each(t, func(w *world) {
		company := w.one(`SELECT org_id FROM post WHERE person_id = ?`, w.people["manager"])
		residents := w.one(`SELECT org_id FROM post WHERE person_id = ?`, w.people["community-worker"])
		committee := w.one(`SELECT org_id FROM post WHERE person_id = ?`, w.people["committee"])
		tests := map[string]struct {
			party id.ID
			about *id.ID
			asked []string
			desk  []string
		}{
			"the company":             {party: company, asked: []string{"manager"}, desk: []string{"community", "community-worker"}},
			"the manager alone":       {party: company, about: w.people["manager"].Ptr(), asked: []string{}, desk: []string{"community", "community-worker"}},
			"the owners' committee":   {party: committee, asked: []string{"committee"}, desk: []string{"street-deputy", "street-office"}},
			"the residents' one":      {party: residents, asked: []string{"community-worker"}, desk: []string{"street-deputy", "street-office"}},
			"its only worker himself": {party: residents, about: w.people["community-worker"].Ptr(), asked: []string{}, desk: []string{"street-deputy", "street-office"}},
		}
		for name, tt := range tests {
			receipt, err := w.Orders.Report(w.t.Context(), w.as("owner"), idem.Key{}, workorder.Report{Where: workorder.Where{ServiceAreaID: &w.place.ID}, Category: "conduct.staff", PartyOrgID: &tt.party})
			require.NoError(w.t, err, name)
			statement, err := w.Orders.AskStatement(w.t.Context(), w.as("street-office"), idem.Key{}, receipt.Order.ID, "有居民反映态度粗暴，请说明。", tt.about)
			require.NoError(w.t, err, name)
			var payload string
			require.NoError(w.t, w.DB.Get(w.t.Context(), &payload, `SELECT payload FROM outbox WHERE topic = 'workorder.statement_asked' AND subject_id = ?`, statement.ID))
			said := map[string]any{}
			require.NoError(w.t, json.Unmarshal([]byte(payload), &said))
			require.Equal(w.t, tt.asked, w.tell(notify.CaseParty, "workorder.statement_asked", statement.ID, said), name)
			require.Equal(w.t, tt.asked, w.tell(notify.CaseParty, "workorder.statement_withdrawn", statement.ID, said), name)
			require.Equal(w.t, tt.desk, w.tell(notify.CaseDesk, "workorder.statement_answered", statement.ID, said), name)
		}
	})
}

// A report of pressure goes past the chain to the street's Party committee, and to nobody it may be about (R6.6).
func TestReportsOfPressureReachTheParty(t *testing.T) {
	each(t, func(w *world) {
		payload := map[string]any{"report": id.New(), "street": w.place.Street, "kind": "visited"}
		require.Equal(w.t, []string{"street-party"}, w.tell(notify.Discipline, "workorder.pressure_reported", id.New(), payload))
	})
}

func TestWhoIsConcernedByAContractAndAPlace(t *testing.T) {
	each(t, func(w *world) {
		contract := w.one(`SELECT id FROM contract`)
		for topic, subject := range map[string]id.ID{"contract.deadline_due": contract, "arrangement.changed": w.place.ID} {
			require.Equal(w.t, []string{"manager"}, w.tell(notify.Company, topic, subject, nil), "%s: who answers for it, not the workers", topic)
			require.Equal(w.t, []string{"committee"}, w.tell(notify.OwnersBody, topic, subject, nil), topic)
			require.Equal(w.t, []string{"community", "community-worker"}, w.tell(notify.Community, topic, subject, nil), topic)
			require.Equal(w.t, []string{"developer", "neighbour", "owner", "tenant"}, w.tell(notify.Residents, topic, subject, nil), topic)
		}
	})
}

// A reminder names whom it reminds, and reaches nobody else.
func TestARemindersPersonsAreTold(t *testing.T) {
	each(t, func(w *world) {
		payload := map[string]any{"serviceArea": w.place.ID, "persons": []id.ID{w.people["tenant"], w.people["neighbour"]}}
		require.Equal(w.t, []string{"neighbour", "tenant"}, w.tell(notify.Persons, "survey.reminder", id.New(), payload))
		require.Empty(w.t, w.tell(notify.Company, "survey.reminder", id.New(), payload))
	})
}

// Whose post or membership is over hears nothing more.
func TestWhoHasLeftHearsNothing(t *testing.T) {
	each(t, func(w *world) {
		m := w.one(`SELECT id FROM household_member WHERE person_id = ?`, w.people["neighbour"])
		_, err := w.Members.Leave(w.t.Context(), w.as("neighbour"), m, 1)
		require.NoError(w.t, err)
		post := w.one(`SELECT id FROM post WHERE person_id = ?`, w.people["community-worker"])
		require.NoError(w.t, w.DB.InTx(w.t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
			return tx.ExecOne(ctx, `UPDATE post SET to_at = ? WHERE id = ?`, clock.Now(w.Clock), post)
		}))
		require.Equal(w.t, []string{"developer", "owner", "tenant"}, w.tell(notify.Residents, "arrangement.changed", w.place.ID, nil))
		require.Equal(w.t, []string{"community"}, w.tell(notify.Community, "arrangement.changed", w.place.ID, nil))
	})
}
