package contract

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// offers drafts n contracts in the name of by, in places that follow each other, and returns them.
func (w *world) offers(by authz.Principal, company, owners Org, n int, places ...id.ID) (made []Contract) {
	w.t.Helper()
	for i := range n {
		c, err := w.offer(by, company, owners, places[i%len(places)])
		require.NoError(w.t, err, "number %d", i+1)
		made = append(made, c)
	}
	return made
}

func (w *world) offer(by authz.Principal, company, owners Org, place id.ID) (Contract, error) {
	t := w.terms(Ordinary, "HT-"+id.New().String())
	t.OwnersID = &owners.ID
	return w.DraftContract(ctx, by, idem.Key{}, NewContract{place, company.ID, t})
}

// Anybody may offer to serve a place, but nobody fills its lists.
func TestOpenDraftsInOnePlaceAreBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		made := w.offers(w.rivalManager, w.rival, w.committee, maxDraftsInPlace, w.area)
		_, err := w.offer(w.rivalManager, w.rival, w.committee, w.area)
		require.Equal(t, "contract.drafts_open", code(err))
		require.Equal(t, maxDraftsInPlace, w.count(`SELECT COUNT(*) FROM contract`))
		require.Equal(t, maxDraftsInPlace, w.count(`SELECT COUNT(*) FROM contract_event`))

		w.offers(w.manager, w.company, w.committee, 1, w.area)
		w.offers(w.owner, w.rival, w.committee, 1, w.area)
		_, err = w.offer(w.rivalManager, w.rival, w.committee, w.area)
		require.Equal(t, "contract.drafts_open", code(err), "what others draft neither counts nor helps")
		_, err = w.Withdraw(ctx, w.rivalManager, made[0].ID, anew)
		require.NoError(t, err)
		w.offers(w.rivalManager, w.rival, w.committee, 1, w.area)
	})
}

func TestOpenDraftsAllAroundAreBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		street := w.dir.areas[w.street]
		all := w.org("property_committee", street)
		var places []id.ID
		for i := range 4 {
			places = append(places, w.place(street, fmt.Sprintf("小区%d", i)))
		}
		w.inForce(w.company, w.manager, "HT-1")
		w.offers(w.manager, w.company, w.committee, 2, w.area)
		w.offers(w.manager, w.company, all, maxDraftsAround, places...)
		_, err := w.offer(w.manager, w.company, all, w.sibling)
		require.Equal(t, "contract.drafts_open", code(err))
		w.offers(w.manager, w.company, w.committee, 2, w.area) // where it works it goes on
		_, err = w.offer(w.manager, w.company, all, w.sibling)
		require.Equal(t, "contract.drafts_open", code(err))
	})
}

// A repeated request is the same draft, also when it was the last one.
func TestTheLastDraftCanBeAskedForAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.offers(w.rivalManager, w.rival, w.committee, maxDraftsInPlace-1, w.area)
		key := idem.New(w.rivalManager.Account, "draftContract", "last", "/contracts", nil, w.Service.now())
		in := NewContract{w.area, w.rival.ID, w.terms(Ordinary, "HT-9")}
		first, err := w.DraftContract(ctx, w.rivalManager, key, in)
		require.NoError(t, err)
		again, err := w.DraftContract(ctx, w.rivalManager, key, in)
		require.NoError(t, err)
		require.Equal(t, first.ID, again.ID)
	})
}
