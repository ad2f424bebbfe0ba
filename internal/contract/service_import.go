package contract

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/idem"
)

// Running is a contract that was running before it was entered here.
type Running struct {
	NewContract
	SignedOn     *clock.Date `json:"signedOn,omitempty"`
	FiledOn      *clock.Date `json:"filedOn,omitempty"`
	FilingNumber string      `json:"filingNumber,omitempty" maxLength:"60"`
}

// ImportRunning enters, by the street office, a contract already running: it is in force at once, and the
// arrangement follows it. The owners' side may be unknown. Faults: those of DraftContract;
// contract.other_in_force (Conflict); contract.not_started; contract.future, contract.before_signing.
func (s *Service) ImportRunning(ctx context.Context, p authz.Principal, once idem.Key, in Running) (Contract, error) {
	place, err := s.Places.ServiceArea(ctx, s.DB, in.ServiceAreaID)
	if err != nil {
		return Contract{}, err
	}
	actor, err := authz.Act(p, authz.ContractImport, authz.Object{Path: place.Path})
	if err != nil {
		return Contract{}, err
	}
	if err := in.checkDates(s.today()); err != nil {
		return Contract{}, err
	}
	return s.enter(ctx, once, actor, in.contract(place), in.Terms, place, false, s.running(in))
}

// contract is the row of a running contract before it is brought into force.
func (in Running) contract(place Place) Contract {
	c := in.NewContract.contract(place)
	c.Imported = true
	return c
}

// checkDates wants the days of a running contract in the past and in their order.
func (in Running) checkDates(today clock.Date) error {
	var c fault.Collect
	want := func(path, code string, ok bool) {
		if !ok {
			c.Add("body."+path, code)
		}
	}
	want("startsOn", "contract.not_running", in.StartsOn <= today)
	want("signedOn", "contract.future", in.SignedOn == nil || (realDay(*in.SignedOn) && *in.SignedOn <= today))
	want("filedOn", "contract.future", in.FiledOn == nil || (realDay(*in.FiledOn) && *in.FiledOn <= today))
	want("filedOn", "contract.before_signing", in.FiledOn == nil || in.SignedOn == nil || *in.FiledOn >= *in.SignedOn)
	return c.Err()
}

// running makes a new contract one that is in force since its first day.
func (s *Service) running(in Running) effect {
	return func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if prev, found, err := inForce(ctx, tx, m.now.ServiceAreaID); err != nil || found {
			if found {
				err = fault.New(fault.Conflict, "contract.other_in_force", "number", prev.Number)
			}
			return err
		}
		m.step = "import"
		m.next.State, m.next.InForceOn = InForce, &m.now.StartsOn
		m.next.SignedOn, m.next.FiledOn = in.SignedOn, in.FiledOn
		if in.FiledOn != nil {
			m.next.FilingNumber = &in.FilingNumber
		}
		m.topics = append(m.topics, "contract.in_force")
		if err := s.govern(ctx, tx, m, UnderContract, m.now.Number); err != nil {
			return err
		}
		if in.SignedOn != nil && in.FiledOn == nil {
			if err := s.planFiling(ctx, tx, m); err != nil {
				return err
			}
		}
		return s.planTerm(ctx, tx, m)
	}
}
