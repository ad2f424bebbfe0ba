package workorder

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// Whoever may not see an order learns nothing from what is wrong with the request, not even that there is one.
func TestAStrangerLearnsNothingFromWhatIsWrongWithTheRequest(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	long, step := strings.Repeat("长", 5000), Taken{}
	view := func(_ OrderView, err error) error { return err }
	calls := map[string]func(p authz.Principal, order id.ID) error{
		"decline": func(p authz.Principal, o id.ID) error {
			return view(w.s.Decline(t.Context(), p, o, step, "no such", "no such", long))
		},
		"route": func(p authz.Principal, o id.ID) error { return view(w.s.Route(t.Context(), p, o, step, nil, "")) },
		"dispatch": func(p authz.Principal, o id.ID) error {
			return view(w.s.Dispatch(t.Context(), p, o, step, Crew{Subcontractor: long}))
		},
		"note":    func(p authz.Principal, o id.ID) error { return view(w.s.Note(t.Context(), p, o, step, "")) },
		"pause":   func(p authz.Principal, o id.ID) error { return view(w.s.Pause(t.Context(), p, o, step, WaitingFor{})) },
		"resolve": func(p authz.Principal, o id.ID) error { return view(w.s.Resolve(t.Context(), p, o, step, "")) },
		"object":  func(p authz.Principal, o id.ID) error { return view(w.s.Object(t.Context(), p, o, step, "", "")) },
		"decide objection": func(p authz.Principal, o id.ID) error {
			return view(w.s.DecideObjection(t.Context(), p, o, step, true, nil, ""))
		},
		"defer": func(p authz.Principal, o id.ID) error {
			return view(w.s.ProposeDeferral(t.Context(), p, o, step, "", ""))
		},
		"extend": func(p authz.Principal, o id.ID) error {
			return view(w.s.ProposeExtension(t.Context(), p, o, step, "", 0))
		},
		"decide": func(p authz.Principal, o id.ID) error {
			return view(w.s.DecideExtension(t.Context(), p, o, step, true, ""))
		},
		"verify":  func(p authz.Principal, o id.ID) error { return view(w.s.Verify(t.Context(), p, o, step, long)) },
		"dispute": func(p authz.Principal, o id.ID) error { return view(w.s.Dispute(t.Context(), p, o, step, "")) },
		"confirm": func(p authz.Principal, o id.ID) error { return view(w.s.Confirm(t.Context(), p, o, step, &Answer{})) },
		"reopen":  func(p authz.Principal, o id.ID) error { return view(w.s.Reopen(t.Context(), p, o, step, "")) },
		"rate":    func(p authz.Principal, o id.ID) error { return w.s.Rate(t.Context(), p, idem.Key{}, o, Answer{}) },
		"call back": func(p authz.Principal, o id.ID) error {
			return w.s.RecordCallback(t.Context(), p, idem.Key{}, o, Called{})
		},
		"check": func(p authz.Principal, o id.ID) error {
			return w.s.RecordCheck(t.Context(), p, idem.Key{}, o, true, long)
		},
		"ask": func(p authz.Principal, o id.ID) error {
			_, err := w.s.AskStatement(t.Context(), p, idem.Key{}, o, "", nil)
			return err
		},
		"photo": func(p authz.Principal, o id.ID) error {
			_, err := w.s.AddPhoto(t.Context(), p, o, "no such", 0, strings.NewReader(""))
			return err
		},
		"write": func(p authz.Principal, o id.ID) error {
			_, err := w.s.Write(t.Context(), p, idem.Key{}, o, "")
			return err
		},
		"pressure": func(p authz.Principal, o id.ID) error {
			return w.s.ReportPressure(t.Context(), p, idem.Key{}, o, "no such", long)
		},
	}
	order := w.resolved(w.repair())
	for name, call := range calls {
		require.ErrorIs(t, call(w.rivalManager, order), fault.NotFound, name)
		require.ErrorIs(t, call(w.rivalManager, id.New()), fault.NotFound, name)
	}
	require.ErrorIs(t, calls["dispute"](w.owner, order), fault.Invalid, "to whom it may concern it is told")
	_, err := w.s.List(t.Context(), authz.Principal{}, Filter{Sort: "no such"}, firstPage)
	require.ErrorIs(t, err, fault.Unauthenticated)
}

// Whom a case is about is looked at behind the permission, and a place far away is not brought near by it.
func TestAReportFromElsewhereIsRefusedBeforeItsPartyIsLookedAt(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for _, party := range []id.ID{id.New(), w.committeeOrg} {
		in := w.conduct()
		in.Where, in.PartyOrgID = Where{ServiceAreaID: &w.otherArea}, &party
		_, err := w.s.Report(t.Context(), w.owner, idem.Key{}, in)
		require.ErrorIs(t, err, fault.NotFound)
		in.Where = Where{UnitID: &w.otherUnit}
		_, err = w.s.Report(t.Context(), w.owner, idem.Key{}, in)
		require.ErrorIs(t, err, fault.NotFound, "nor is another's dwelling one's own place")
	}
}
