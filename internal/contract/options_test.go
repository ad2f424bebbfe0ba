package contract

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
)

// may tells what p reads about each step that is possible in the contract's state.
func (w *world) may(p authz.Principal, c Contract) map[Step]string {
	w.t.Helper()
	v, err := w.Show(ctx, p, c.ID)
	require.NoError(w.t, err)
	out := map[Step]string{}
	for _, o := range v.Options {
		require.Equal(w.t, o.Why == "", o.Allowed)
		if o.Why != "contract.step_illegal" {
			out[o.Step] = o.Why
		}
	}
	return out
}

func TestOptionsSayWhoMayDoWhatAndWhyNot(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const forbidden = "auth.forbidden"
		c := w.draft(w.company, w.manager, w.terms(Ordinary, "HT-1"))
		require.Equal(t, map[Step]string{StepReplace: "", StepDecision: "contract.not_owners_side", StepSign: "contract.decision_missing", StepWithdraw: "", StepAttach: ""}, w.may(w.manager, c))
		require.Equal(t, map[Step]string{StepReplace: forbidden, StepDecision: forbidden, StepSign: forbidden, StepWithdraw: forbidden, StepAttach: ""}, w.may(w.office, c))
		require.Empty(t, w.may(w.owner, c)[StepDecision])
		_, err := w.RecordDecision(ctx, w.owner, c.ID, anew, Evidence{"2026-02-01", w.paper(c, w.owner), passing})
		require.NoError(t, err)
		w.dir.conflict = append(w.dir.conflict, w.owner.Person)
		require.Equal(t, "contract.conflict_of_interest", w.may(w.owner, c)[StepSign])
		w.dir.conflict = nil
		_, err = w.Sign(ctx, w.manager, c.ID, anew)
		require.NoError(t, err)
		require.Equal(t, "contract.side_done", w.may(w.manager, c)[StepSign])
		both := w.manager
		both.Grants = append(both.Grants, w.owner.Grants...)
		both.Capacity = w.owner.Grants[0].ID
		require.Equal(t, "contract.same_person", w.may(both, c)[StepSign])
		c, err = w.Sign(ctx, w.owner, c.ID, anew)
		require.NoError(t, err)

		require.Equal(t, map[Step]string{StepWithdraw: forbidden, StepConfirm: forbidden, StepEnforce: "", StepAttach: "", StepFile: "", StepPeriod: ""}, w.may(w.office, c))
		require.Equal(t, "contract.office_only", w.may(w.communityHead, c)[StepEnforce], "the community may set an arrangement, never bring a contract into force")
		other := w.inForce(w.rival, w.rivalManager, "HT-2")
		require.Equal(t, "contract.other_in_force", w.may(w.office, c)[StepEnforce])
		require.Equal(t, "contract.term_running", w.may(w.office, other)[StepContinue])
		end := Ending{Ground: ByAgreement, EndedOn: "2026-03-02"}
		doc := w.paper(other, w.office)
		end.Document = &doc
		other, err = w.Terminate(ctx, w.office, other.ID, anew, end)
		require.NoError(t, err)
		require.Equal(t, map[Step]string{StepAttach: "", StepFile: forbidden, StepPeriod: forbidden, StepDeliver: "", StepWithhold: "", StepTakeOver: "contract.incoming_only"}, w.may(w.rivalManager, other))
		require.Equal(t, "contract.items_open", w.may(w.communityHead, other)[StepTakeOver])
		require.Empty(t, w.may(w.office, other)[StepTakeOver], "the street office may record it with a reason")
		require.Empty(t, w.may(w.office, c)[StepEnforce])
	})
}
