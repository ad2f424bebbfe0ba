package e2e

import (
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const crowd = 50

// atOnce lets a crowd do the same at once and returns the answers.
func atOnce(do func(i int) reply) []reply {
	answers := make([]reply, crowd)
	var ready, all sync.WaitGroup
	start := make(chan struct{})
	for i := range answers {
		ready.Add(1)
		all.Go(func() {
			ready.Done()
			<-start
			answers[i] = do(i)
		})
	}
	ready.Wait()
	close(start)
	all.Wait()
	return answers
}

// statuses counts the answers by status; every refusal must be a proper problem document.
func statuses(t *testing.T, answers []reply) map[int]int {
	t.Helper()
	out := map[int]int{}
	for _, r := range answers {
		r.arrived()
		out[r.Status]++
		if r.Status >= 400 {
			r.problem()
		}
	}
	return out
}

// Of a crowd that does the same at once, one does it; the database says so too.
func TestRacesOverHTTP(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e engine) {
		w := explore(install(t, e).up("demo"))
		owner, manager, worker, db := w.as("owner"), w.as("manager"), w.as("worker"), w.database()
		mate := w.joins(w.as("community"), w.unit, "occupant")

		order := w.report(owner, w.unit)
		same := statuses(t, atOnce(func(int) reply { return manager.try(http.MethodPost, "/work-orders/"+order+"/accept", nil) }))
		require.Equal(t, map[int]int{200: 1, 409: crowd - 1}, same, "the same step")
		require.EqualValues(t, 1, count(t, db, "SELECT COUNT(*) FROM work_order_event WHERE kind = 'accept'"))

		w.step(manager, order, "dispatch", obj{"assigneeId": w.team}).want(200)
		w.step(worker, order, "arrive", nil).want(200)
		w.step(worker, order, "resolve", obj{"text": "好了"}).want(200)
		w.step(owner, order, "confirm", obj{}).want(200)
		members := []*user{owner, mate}
		rated := statuses(t, atOnce(func(i int) reply {
			return members[i%2].try(http.MethodPost, "/work-orders/"+order+"/ratings", obj{"solved": "yes", "satisfied": 5})
		}))
		require.Equal(t, map[int]int{204: 1, 409: crowd - 1}, rated, "ratings of one closure by one household")
		require.EqualValues(t, 1, count(t, db, "SELECT COUNT(*) FROM work_order_rating"))

		desk, key := w.as("community-worker"), once()
		call := obj{"where": obj{"unitId": w.unit}, "category": "water.home_plumbing", "callerName": "某人"}
		answers := atOnce(func(int) reply { return desk.try(http.MethodPost, "/front-desk-orders", call, key...) })
		require.Equal(t, map[int]int{201: crowd}, statuses(t, answers), "one key")
		for _, r := range answers {
			require.Equal(t, answers[0].id("order.id"), r.id("order.id"))
		}
		require.EqualValues(t, 1, count(t, db, "SELECT COUNT(*) FROM work_order WHERE source = 'desk'"))
		call["callerName"] = "另一人"
		desk.post("/front-desk-orders", call, key...).want(422)
		w.verify()
	})
}
